internal import Features
internal import Maps

/// Brings geometries of layers into a coordinate system of the body.
///
/// Each vertex is projected; edges are not made denser, so that an edge which is straight between longitudes and latitudes
/// is straight on the map as well. On maps that repeat themselves shapes stay in one piece: one over the map's edge goes on
/// beyond it. A shape with a vertex that the map does not show is left without a place.
struct FeatureProjection: Sendable {
    let crs: MapCRS
    /// Whether the system is that of the layers.
    let isIdentity: Bool

    init(_ crs: MapCRS) {
        self.crs = crs
        isIdentity =
            crs.isGeographic && crs.axisOrder != .northWest && crs.axisOrder != .westNorth
            && Self.isPlain(crs)
    }

    /// Whether the system leaves angles as they are: spheres and planetocentric ellipsoids do, planetographic ones do not.
    private static func isPlain(_ crs: MapCRS) -> Bool {
        var (x, y) = ([-120.0, 30], [45.0, -60])
        guard (try? crs.project(x: &x, y: &y)) != nil else { return false }
        return abs(x[0] + 120) < 1e-9 && abs(x[1] - 30) < 1e-9 && abs(y[0] - 45) < 1e-9
            && abs(y[1] + 60) < 1e-9
    }

    /// How many places after the point coordinates are written with.
    var decimals: Decimals { crs.isGeographic ? .degrees : .metres }

    /// The geometries of a page in the system.
    func geometries(of features: [Feature]) throws(MapsError) -> [Geometry?] {
        if isIdentity { return features.map(\.geometry) }
        var (xs, ys) = ([Double](), [Double]())
        xs.reserveCapacity(features.count)
        ys.reserveCapacity(features.count)
        for feature in features {
            feature.geometry?.forEachPosition { place in
                xs.append(place.x)
                ys.append(place.y)
            }
        }
        let longitudes = xs
        try crs.project(x: &xs, y: &ys)
        let isWest = crs.axisOrder == .westNorth || crs.axisOrder == .northWest
        var source = Source(
            longitudes: longitudes, xs: xs, ys: ys, period: crs.periodX,
            middle: (crs.domain.minX + crs.domain.maxX) / 2, sense: isWest ? -1 : 1)
        return features.map { feature in feature.geometry.flatMap { source.rebuilt($0) } }
    }

    /// A box of longitudes and latitudes as a box of the system, by places along its sides; nil when the map shows none.
    func box(_ box: FeatureBox) throws(MapsError) -> FeatureBox? {
        if isIdentity { return box }
        var (xs, ys) = ([Double](), [Double]())
        for step in 0...16 {
            let share = Double(step) / 16
            let (x, y) = (box.minX + share * (box.maxX - box.minX), box.minY + share * (box.maxY - box.minY))
            xs += [x, x, box.minX, box.maxX]
            ys += [box.minY, box.maxY, y, y]
        }
        try crs.project(x: &xs, y: &ys)
        let (x, y) = (xs.filter(\.isFinite), ys.filter(\.isFinite))
        guard let west = x.min(), let east = x.max(), let south = y.min(), let north = y.max() else {
            return nil
        }
        return FeatureBox(minX: west, minY: south, maxX: east, maxY: north)
    }

    /// Projected places that are taken out in the order in which they were put in.
    private struct Source {
        /// A place that others are put beside.
        struct Anchor {
            let longitude: Double
            let x: Double
        }

        let longitudes: [Double]
        let xs: [Double]
        let ys: [Double]
        /// The length after which the map repeats itself, which is that of 360 degrees on every map that does.
        let period: Double?
        let middle: Double
        /// 1 where x grows to the east, -1 where it grows to the west.
        let sense: Double
        var next = 0
        var isBroken = false

        init(
            longitudes: [Double], xs: [Double], ys: [Double], period: Double?, middle: Double, sense: Double
        ) {
            self.longitudes = longitudes
            self.xs = xs
            self.ys = ys
            self.period = period
            self.middle = middle
            self.sense = sense
        }

        mutating func rebuilt(_ geometry: Geometry) -> Geometry? {
            isBroken = false
            let geometry = part(geometry)
            return isBroken ? nil : geometry
        }

        private mutating func part(_ geometry: Geometry) -> Geometry {
            switch geometry {
            case .point: .point(position())
            case .multiPoint(let places): .multiPoint(places.map { _ in position() })
            case .line(let places): .line(centred([line(places.count)])[0])
            case .multiLine(let lines): .multiLine(lines.map { centred([line($0.count)])[0] })
            case .polygon(let rings): .polygon(polygon(rings))
            case .multiPolygon(let polygons): .multiPolygon(polygons.map { polygon($0) })
            case .collection(let parts): .collection(parts.map { part($0) })
            }
        }

        private mutating func position() -> Position {
            let place = Position(xs[next], ys[next])
            next += 1
            if !place.x.isFinite || !place.y.isFinite { isBroken = true }
            return place
        }

        /// A line, of which each place lies on the turn of the map that its longitude has beside that of the first one.
        private mutating func line(_ count: Int, behind start: Anchor? = nil) -> [Position] {
            var anchor = start
            var places: [Position] = []
            places.reserveCapacity(count)
            for _ in 0..<count {
                let longitude = longitudes[next]
                var place = position()
                if let period {
                    if let anchor {
                        let expected = anchor.x + sense * (longitude - anchor.longitude) / 360 * period
                        place.x += ((expected - place.x) / period).rounded() * period
                    } else {
                        anchor = Anchor(longitude: longitude, x: place.x)
                    }
                }
                places.append(place)
            }
            return places
        }

        private mutating func polygon(_ rings: [[Position]]) -> [[Position]] {
            guard next < longitudes.count else { return rings }
            let anchor = Anchor(longitude: longitudes[next], x: xs[next])
            var result: [[Position]] = []
            for ring in rings { result.append(line(ring.count, behind: anchor)) }
            return centred(result)
        }

        /// The same shape on the turn of the map on which its first line lies.
        private func centred(_ lines: [[Position]]) -> [[Position]] {
            guard let period, let first = lines.first, let low = first.map(\.x).min(),
                let high = first.map(\.x).max(), low.isFinite, high.isFinite
            else { return lines }
            let turns = (((low + high) / 2 - middle) / period).rounded()
            guard turns != 0 else { return lines }
            return lines.map { $0.map { Position($0.x - turns * period, $0.y) } }
        }
    }
}

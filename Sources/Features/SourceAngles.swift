internal import GDAL
internal import Glibc
internal import PlanetaryFrames

/// How the coordinates of a source become planetocentric degrees, east-positive, on any turn.
struct SourceAngles {
    /// What the coordinates are.
    private enum Kind {
        /// Longitudes and latitudes in degrees; with an ellipsoid where latitudes are planetographic.
        case degrees(LongitudeSense, graphicOn: Spheroid?)
        /// Another unit, or a projection.
        case map(MapTransformer)
    }

    private let kind: Kind
    /// Degrees by which longitudes are turned to the east afterwards.
    private var turn = 0.0
    /// What was assumed, one sentence each.
    let assumptions: [String]
    /// What the coordinates are taken for, in a few words.
    let summary: String

    /// Settles what the coordinates of a layer are.
    /// - Parameters:
    ///   - definition: the layer's system; nil where it has none, or the coordinates are columns of a table.
    ///   - isImplied: the format has no other system than the Earth's, which says nothing.
    ///   - losesSense: the format does not keep in which sense the longitudes of a system grow.
    init(
        _ request: ImportRequest, definition: String?, isImplied: Bool, losesSense: Bool,
        catalogue: BodyCatalogue,
        sense: LongitudeSense?
    ) throws {
        let body = request.body
        if let definition = request.srs ?? (isImplied ? nil : definition) {
            let frame = try MapFrame(
                definition: definition, declaredBody: body, catalogue: catalogue,
                overrides: FrameOverrides(latitude: request.latitude, longitude: request.longitude ?? sense),
                source: request.path)
            guard frame.body.naifCode == body.naifCode else {
                throw FeatureError.source(
                    path: request.path,
                    reason: "its system is one of \(frame.body.name), and \(body.name) was asked for")
            }
            if losesSense, request.srs == nil, request.longitude == nil, sense == nil,
                request.senseColumn == nil,
                frame.latitudeKind == .planetographic, frame.longitudeSense == .east,
                body.planetographicLongitudeIsWest == true
            {
                throw FeatureError.source(
                    path: request.path,
                    reason:
                        "its latitudes are planetographic (\(frame.crsName)), with which longitudes of \(body.name) grow "
                        + "to the west, and this format does not keep the sense; state --lon-sense west or east"
                )
            }
            summary = frame.crsName
            assumptions = frame.notes
            if frame.projection == .geographic, let period = frame.periodX, abs(period - 360) < 1e-9 {
                kind = .degrees(
                    frame.longitudeSense,
                    graphicOn: frame.latitudeKind == .planetographic ? frame.spheroid : nil)
            } else {
                kind = .map(try frame.makeTransformer())
            }
            return
        }
        var notes: [String] = []
        let direction = request.longitude ?? sense ?? .east
        let latitude = request.latitude ?? .planetocentric
        notes.append(
            isImplied
                ? "the format's own system, WGS 84 of the Earth, was not believed"
                : "the source does not say what its coordinates are")
        if request.longitude == nil, sense == nil, request.senseColumn == nil {
            notes.append("longitudes were taken to grow to the east")
        }
        if request.latitude == nil { notes.append("latitudes were taken to be planetocentric") }
        if latitude == .planetographic, body.isTriaxial {
            throw FeatureError.source(
                path: request.path,
                reason: "\(body.name) has three different axes, on which latitudes are not planetographic; "
                    + "leave out --lat-kind planetographic or state the ellipsoid with --srs")
        }
        kind = .degrees(direction, graphicOn: latitude == .planetographic ? body.spheroid : nil)
        assumptions = notes
        summary = "degrees, \(latitude.rawValue), \(direction.rawValue)-positive"
    }

    /// Degrees as layers have them, on any turn.
    init() {
        kind = .degrees(.east, graphicOn: nil)
        assumptions = []
        summary = "degrees, planetocentric, east-positive"
    }

    /// Degrees to the east of HiPS that others made.
    /// - Parameters:
    ///   - turn: degrees from their longitudes to those on the body.
    ///   - spheroid: the ellipsoid where latitudes are planetographic.
    init(turnedBy turn: Double, graphicOn spheroid: Spheroid?) {
        kind = .degrees(.east, graphicOn: spheroid)
        self.turn = turn
        assumptions = []
        summary = "degrees of a HiPS"
    }

    /// The places of coordinates; nil where one of them is none.
    func places(_ source: [Position], rowSense: LongitudeSense?) -> [Position]? {
        switch kind {
        case .degrees(let sense, let spheroid):
            var places = source
            let isWest = (rowSense ?? sense) == .west
            for index in places.indices {
                let place = places[index]
                // Sums in other programs miss the pole by a hair.
                guard abs(place.x) <= 720, abs(place.y) <= 90 + 1e-9 else { return nil }
                let y = min(max(place.y, -90), 90)
                places[index] = Position(
                    (isWest ? 0 - place.x : place.x) + turn,
                    spheroid?.planetocentricDegrees(planetographicDegrees: y) ?? y)
            }
            return places
        case .map(let transformer):
            var places: [Position] = []
            places.reserveCapacity(source.count)
            for place in unprojected(source, transformer) {
                guard let place else { return nil }
                places.append(place)
            }
            return places
        }
    }

    /// The places along a line or a ring.
    ///
    /// On a map that is no map of degrees an edge goes the way that the map draws it: edges that pass over much of the map are
    /// followed, and where they turn more than a quarter, or otherwise than the shorter way, the places along them are
    /// put between their ends.
    func path(_ source: [Position], rowSense: LongitudeSense?) -> [Position]? {
        guard case .map(let transformer) = kind, let first = source.first else {
            return places(source, rowSense: rowSense)
        }
        let frame = transformer.frame
        let long = 0.01 * frame.radiusMetres / frame.metresPerUnit
        var dense = [first]
        // For each vertex behind the first, whether its edge is followed.
        var isFollowed: [Bool] = []
        for (from, to) in zip(source, source.dropFirst()) {
            isFollowed.append(hypot(to.x - from.x, to.y - from.y) > long)
            if isFollowed.last == true {
                for step in 1..<Self.steps {
                    let part = Double(step) / Double(Self.steps)
                    dense.append(Position(from.x + part * (to.x - from.x), from.y + part * (to.y - from.y)))
                }
            }
            dense.append(to)
        }
        let found = unprojected(dense, transformer)
        guard let start = found[0] else { return nil }
        var path = [start]
        var index = 0
        for isFollowed in isFollowed {
            let count = isFollowed ? Self.steps : 1
            let between = found[(index + 1)..<(index + count)].compactMap { $0 }
            index += count
            guard let end = found[index], let from = path.last else { return nil }
            // An edge that leaves the map in between is nobody's line.
            if isFollowed, between.count == count - 1 {
                let stops = [from] + between + [end]
                let turned = zip(stops, stops.dropFirst()).reduce(0.0) {
                    $0 + remainder($1.1.x - $1.0.x, 360)
                }
                if abs(turned) > 90 || abs(turned - remainder(end.x - from.x, 360)) > 1 { path += between }
            }
            path.append(end)
        }
        return path
    }

    /// The parts that an edge is followed in.
    private static let steps = 16

    private func unprojected(_ source: [Position], _ transformer: MapTransformer) -> [Position?] {
        let (x, y) = (source.map(\.x), source.map(\.y))
        var lon = [Double](repeating: 0, count: x.count)
        var lat = lon
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        let degrees = 180 / Double.pi
        return x.indices.map { index in
            guard lon[index].isFinite else { return nil }
            let east = lon[index] * degrees
            return Position(east > 180 ? east - 360 : east, lat[index] * degrees)
        }
    }

    /// Whether the numbers are longitudes and latitudes.
    var isGeographic: Bool { if case .degrees = kind { true } else { false } }

    /// Whether the turn of a longitude is the program's own choice, and not the source's.
    var choosesTurn: Bool { if case .map = kind { true } else { false } }
}

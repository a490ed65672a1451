internal import Features
internal import Maps
internal import PlanetaryFrames

/// Turns coordinates of a request into the places of layers: planetocentric degrees, east-positive, on any turn.
struct RequestPlaces {
    let crs: MapCRS
    /// The latitude comes first.
    let isNorthFirst: Bool
    /// What a message calls the coordinates' place in the request.
    let locator: String
    /// How many places there may still be.
    let budget: PlaceBudget

    /// Edges of projected systems are made denser until they are so near to straight ones in degrees.
    private static let sagitta = 1e-4
    private static let mostHalvings = 10

    private func place(_ x: Double, _ y: Double) throws(OGCException) -> Position? {
        guard x.isFinite, y.isFinite else { return nil }
        do {
            guard let place = try crs.direction(x: x, y: y) else { return nil }
            return Position(place.lonDeg > 180 ? place.lonDeg - 360 : place.lonDeg, place.latDeg)
        } catch {
            throw OGCException(.operationProcessingFailed, locator: locator, error.description)
        }
    }

    private func offMap(_ place: Position) -> OGCException {
        OGCException(
            .invalidParameterValue, locator: locator,
            "The place (\(place.x), \(place.y)) is not on the map of \(crs.identifier); coordinates of that system are expected."
        )
    }

    /// One place of a pair of numbers.
    func place(_ pair: Position) throws(OGCException) -> Position {
        let (x, y) = isNorthFirst ? (pair.y, pair.x) : (pair.x, pair.y)
        guard let place = try place(x, y) else { throw offMap(pair) }
        guard crs.isGeographic else { return place }
        // The turn that the request is on is part of what it says.
        let east = crs.axisOrder == .northWest || crs.axisOrder == .westNorth ? -x : x
        // What is the same angle keeps its digits, which radians would lose.
        let lon = place.x + ((east - place.x) / 360).rounded() * 360
        return Position(abs(lon - east) < 1e-9 ? east : lon, abs(place.y - y) < 1e-9 ? y : place.y)
    }

    /// The places of a line or a ring. Its edges are straight in the request's system.
    func line(_ pairs: [Position]) throws(OGCException) -> [Position] {
        guard !crs.isGeographic else { return try pairs.map { pair throws(OGCException) in try place(pair) } }
        guard let first = pairs.first else { return [] }
        var places = [try place(first)]
        for (from, to) in zip(pairs, pairs.dropFirst()) {
            guard from != to else { continue }
            // An edge may go all around the body: its quarters do not.
            var last = from
            for part in 1...4 {
                let share = Double(part) / 4
                let next =
                    part == 4
                    ? to : Position(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
                try edge(last, next, &places, depth: 0)
                last = next
            }
        }
        return places
    }

    private func edge(
        _ from: Position, _ to: Position, _ places: inout [Position], depth: Int
    ) throws(OGCException) {
        let last = places[places.count - 1]
        let next = turned(try place(to), to: last)
        let middle = Position((from.x + to.x) / 2, (from.y + to.y) / 2)
        let between = turned(try place(middle), to: last)
        let straight = Position((last.x + next.x) / 2, (last.y + next.y) / 2)
        let isStraight =
            abs(between.x - straight.x) < Self.sagitta && abs(between.y - straight.y) < Self.sagitta
            && abs(next.x - last.x) < 120
        if isStraight || depth == Self.mostHalvings {
            guard budget.take() else {
                throw OGCException(
                    .operationProcessingFailed, locator: locator,
                    "The geometries have too many long edges in \(crs.identifier), which become more than \(PlaceBudget.most) places; simplify them, or ask in degrees."
                )
            }
            places.append(next)
        } else {
            try edge(from, middle, &places, depth: depth + 1)
            try edge(middle, to, &places, depth: depth + 1)
        }
    }

    private func turned(_ place: Position, to last: Position) -> Position {
        Position(place.x + ((last.x - place.x) / 360).rounded() * 360, place.y)
    }

    /// What a box of a request is.
    enum Box {
        /// A box of longitudes and latitudes.
        case degrees(FeatureBox)
        /// A shape on the body, and the box around it.
        case shape(Geometry, FeatureBox)
    }

    /// A corner with a latitude of a body: windows of programs go on beyond the poles.
    private func clamped(_ corner: Position) -> Position {
        let latitude = { (value: Double) in min(max(value, -90), 90) }
        return isNorthFirst
            ? Position(latitude(corner.x), corner.y) : Position(corner.x, latitude(corner.y))
    }

    /// The box of two corners.
    func box(_ low: Position, _ high: Position) throws(OGCException) -> Box {
        if crs.isGeographic {
            let (one, two) = (try place(clamped(low)), try place(clamped(high)))
            guard one.y <= two.y else {
                throw OGCException(
                    .invalidParameterValue, locator: locator,
                    "The box begins at latitude \(one.y) and ends at \(two.y); the lower one is expected first."
                )
            }
            let isWest = crs.axisOrder == .northWest || crs.axisOrder == .westNorth
            let (west, east) = isWest ? (two.x, one.x) : (one.x, two.x)
            return .degrees(FeatureBox(minX: west, minY: one.y, maxX: east, maxY: two.y))
        }
        guard low.x <= high.x, low.y <= high.y else {
            throw OGCException(
                .invalidParameterValue, locator: locator,
                "The box from (\(low.x), \(low.y)) to (\(high.x), \(high.y)) is reversed; the lesser values are expected first."
            )
        }
        if crs.frame.projection == .equirectangular { return try .degrees(cylinder(low, high)) }
        return try shape(low, high)
    }

    /// A box of an equirectangular map: its sides are meridians and parallels.
    private func cylinder(_ low: Position, _ high: Position) throws(OGCException) -> FeatureBox {
        let middle = crs.domain
        let turn = crs.periodX ?? middle.width
        // Rows beyond the poles hold nothing.
        let (south, north) = (max(low.y, middle.minY), min(high.y, middle.maxY))
        guard south <= north, let one = try place(low.x, south), let two = try place(low.x, north) else {
            throw offMap(low)
        }
        let width = (high.x - low.x) / turn * 360
        let isWest = crs.axisOrder == .westNorth
        let west = isWest ? one.x - width : one.x
        return FeatureBox(
            minX: west, minY: min(one.y, two.y), maxX: west + min(width, 360), maxY: max(one.y, two.y))
    }

    private func shape(_ low: Position, _ high: Position) throws(OGCException) -> Box {
        let corners = [
            low, Position(high.x, low.y), high, Position(low.x, high.y), low,
        ]
        let whole = crs.domain
        // What sticks out of the map has no border there: it is what is seen of the map that counts.
        if low.x < whole.minX || high.x > whole.maxX || low.y < whole.minY || high.y > whole.maxY {
            return try seen(low, high)
        }
        let ring: [Position]
        do { ring = try line(corners) } catch { return try seen(low, high) }
        let geometry: Geometry?
        do { geometry = try Geometry.polygon([ring]).inLayers() } catch {
            throw OGCException(.operationProcessingFailed, locator: locator, error.description)
        }
        guard let geometry, let box = geometry.box else { return try seen(low, high) }
        return .shape(geometry, box)
    }

    /// The box of longitudes and latitudes around what a box shows of the map, from places 64 apart in each direction.
    private func seen(_ low: Position, _ high: Position) throws(OGCException) -> Box {
        let whole = crs.domain
        let (left, right) = (max(low.x, whole.minX), min(high.x, whole.maxX))
        let (bottom, top) = (max(low.y, whole.minY), min(high.y, whole.maxY))
        guard left <= right, bottom <= top else { return .degrees(Self.nothing) }
        let steps = 64
        var box: FeatureBox?
        var (eastern, western) = (false, false)
        for row in 0...steps {
            for column in 0...steps {
                let x = left + (right - left) * Double(column) / Double(steps)
                let y = bottom + (top - bottom) * Double(row) / Double(steps)
                guard let place = try place(x, y) else { continue }
                if place.x > 90 { eastern = true }
                if place.x < -90 { western = true }
                let one = FeatureBox(minX: place.x, minY: place.y, maxX: place.x, maxY: place.y)
                box =
                    box.map {
                        FeatureBox(
                            minX: min($0.minX, one.minX), minY: min($0.minY, one.minY),
                            maxX: max($0.maxX, one.maxX), maxY: max($0.maxY, one.maxY))
                    } ?? one
            }
        }
        guard let box else { return .degrees(Self.nothing) }
        // Between two places of the lattice there may be more; over the seam all longitudes are.
        let margin = max((box.maxY - box.minY) / Double(steps) * 4, 1)
        let (south, north) = (max(-90, box.minY - margin), min(90, box.maxY + margin))
        let isAll = eastern && western || south == -90 || north == 90
        let side = max((box.maxX - box.minX) / Double(steps) * 4, 1)
        return .degrees(
            FeatureBox(
                minX: isAll ? -180 : box.minX - side, minY: south, maxX: isAll ? 180 : box.maxX + side,
                maxY: north))
    }

    /// A box that meets nothing.
    private static let nothing = FeatureBox(minX: 0, minY: 91, maxX: 0, maxY: 91)
}

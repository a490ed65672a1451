internal import Maps

extension MapCRS {
    /// The box in another system around a box of this one.
    ///
    /// Where the other system repeats itself, the box is the narrowest one that holds all of it: it reaches over the end of
    /// the system's domain where the area does.
    func box(around box: MapBox, in other: MapCRS) throws(MapsError) -> MapBox {
        if other == self { return box }
        let steps = 64
        var places: [(lonDeg: Double, latDeg: Double)] = []
        func add(_ column: Double, _ row: Double) throws(MapsError) {
            let place = try direction(x: box.minX + box.width * column, y: box.minY + box.height * row)
            if let place { places.append(place) }
        }
        for row in 0...steps {
            for column in 0...steps { try add(Double(column) / Double(steps), Double(row) / Double(steps)) }
        }
        // What reaches furthest lies on an edge, or is a pole.
        let fine = 1024
        for step in 0...fine {
            let part = Double(step) / Double(fine)
            for side in [0.0, 1] {
                try add(part, side)
                try add(side, part)
            }
        }
        var holdsPole = false
        for lat in [-90.0, 90] where try holds((0, lat), box) {
            holdsPole = true
            places.append((0, lat))
        }
        let found = try other.coordinates(of: places).filter { $0.x.isFinite && $0.y.isFinite }
        guard let minY = found.map(\.y).min(), let maxY = found.map(\.y).max() else { throw .badBox(box) }
        guard let turn = other.periodX else {
            let xs = found.map(\.x)
            let around = MapBox(minX: xs.min() ?? 0, minY: minY, maxX: xs.max() ?? 0, maxY: maxY)
            guard let inside = around.intersection(other.domain) else { throw .badBox(box) }
            return inside
        }
        let domain = other.domain
        let (minX, maxX) =
            holdsPole
            ? (domain.minX, domain.maxX) : Self.span(of: found.map(\.x), turn: turn, from: domain.minX)
        let around = MapBox(
            minX: minX, minY: max(minY, domain.minY), maxX: maxX, maxY: min(maxY, domain.maxY))
        guard around.isProper else { throw .badBox(box) }
        return around
    }

    /// Whether a place lies within a box of this system, on whatever turn.
    private func holds(
        _ place: (lonDeg: Double, latDeg: Double), _ box: MapBox
    ) throws(MapsError) -> Bool {
        guard let at = try coordinates(of: [place]).first, at.x.isFinite, at.y.isFinite,
            at.y >= box.minY, at.y <= box.maxY
        else { return false }
        // Where the system repeats itself a pole is a line, which any box touches that reaches so far; its edges tell.
        return periodX == nil && at.x >= box.minX && at.x <= box.maxX
    }

    /// The complement of the widest gap between coordinates of a circle; the whole turn where they lie all around.
    ///
    /// It begins in the turn from `start`, and may end in the next one.
    private static func span(of xs: [Double], turn: Double, from start: Double) -> (low: Double, high: Double)
    {
        let sorted = xs.map { x in
            let part = (x - start).truncatingRemainder(dividingBy: turn)
            return part < 0 ? part + turn : part
        }.sorted()
        guard let first = sorted.first, let last = sorted.last else { return (start, start) }
        var (gap, low, high) = (first + turn - last, first, last)
        for (a, b) in zip(sorted, sorted.dropFirst()) where b - a > gap {
            (gap, low, high) = (b - a, b, a + turn)
        }
        // Places are seen this far from each other in an area all around the body.
        guard gap > turn / 40 else { return (start, start + turn) }
        // The end of the turn is its beginning too.
        if low > turn * (1 - 1e-12) { (low, high) = (low - turn, high - turn) }
        return (start + low, start + high)
    }
}

extension Geometry {
    /// The geometry as layers hold it: within -180 to 180, divided at longitude 180, rings closed and valid.
    ///
    /// Coordinates are planetocentric degrees, east-positive, on any turn from -720 to 720. What is put right is what an import
    /// puts right: edges of more than half a turn go the short way round, a ring around a pole holds the pole, rings that cross
    /// themselves are repaired. Rings of four edges along meridians and parallels are boxes, which keep their longitudes.
    /// - Returns: nil when nothing is left of it.
    /// - Throws: ``FeatureError/badGeometry(reason:)`` for coordinates that are no places.
    public func inLayers() throws(FeatureError) -> Geometry? {
        let outcome = GeometryPlacer(angles: SourceAngles()).place(withStraightBoxes, rowSense: nil)
        guard !outcome.isRefused else {
            throw .badGeometry(
                reason: outcome.findings.contains(.outOfRange)
                    ? "a latitude is beyond 90 degrees, or a longitude beyond 720"
                    : "the rings cannot be made valid")
        }
        return outcome.geometry
    }

    /// Edges of boxes in parts of less than half a turn, which have only one way to go.
    private var withStraightBoxes: Geometry {
        switch self {
        case .polygon(let rings): .polygon(rings.map { Self.straightened($0) })
        case .multiPolygon(let polygons): .multiPolygon(polygons.map { $0.map { Self.straightened($0) } })
        case .collection(let parts): .collection(parts.map(\.withStraightBoxes))
        default: self
        }
    }

    private static func straightened(_ ring: [Position]) -> [Position] {
        guard ring.count == 5, ring[0] == ring[4],
            zip(ring, ring.dropFirst()).allSatisfy({ ($0.x == $1.x) != ($0.y == $1.y) })
        else { return ring }
        var places = [ring[0]]
        for (a, b) in zip(ring, ring.dropFirst()) {
            if abs(b.x - a.x) > 120, abs(b.x - a.x) < 360 {
                for part in 1...2 { places.append(Position(a.x + (b.x - a.x) * Double(part) / 3, a.y)) }
            }
            places.append(b)
        }
        return places
    }
}

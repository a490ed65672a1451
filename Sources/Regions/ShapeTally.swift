/// What was found while shapes were read.
public struct ShapeTally: Equatable, Sendable {
    /// Shapes: points, circles, boxes, polygons.
    public internal(set) var shapes = 0
    /// Members of a collection without a shape.
    public internal(set) var empty = 0
    /// Rings that were not closed and have been.
    public internal(set) var closedRings = 0
    /// Places that are none on the sphere and were left out.
    public internal(set) var droppedVertices = 0
    /// Rings of fewer than three vertices that were left out.
    public internal(set) var droppedRings = 0

    /// Makes an empty tally.
    public init() {}

    /// Whether something was repaired.
    public var hasRepairs: Bool { closedRings + droppedVertices + droppedRings > 0 }
}

extension ShapeTally {
    /// Adds what another reader found.
    mutating func add(_ other: ShapeTally) {
        shapes += other.shapes
        empty += other.empty
        closedRings += other.closedRings
        droppedVertices += other.droppedVertices
        droppedRings += other.droppedRings
    }
}

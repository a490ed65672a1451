/// How shapes in files are taken.
public struct ShapeOptions: Sendable {
    /// Which side of polygons is inside.
    public var interior: Interior
    /// What joins the vertices of polygons.
    public var edges: EdgeKind
    /// Whether what is wrong is put right instead of refused: open rings are closed, places that are none on the sphere
    /// are left out, and rings that have fewer than three vertices then.
    public var repairs: Bool

    /// Options; by default the smaller side of great circles, and nothing is repaired.
    public init(interior: Interior = .smaller, edges: EdgeKind = .greatCircle, repairs: Bool = false) {
        self.interior = interior
        self.edges = edges
        self.repairs = repairs
    }
}

/// The four corners of a cell.
public struct Corners: Hashable, Sendable {
    /// The southern corner, (x, y) in the face.
    public var south: Direction

    /// The eastern corner, (x + 1, y).
    public var east: Direction

    /// The northern corner, (x + 1, y + 1).
    public var north: Direction

    /// The western corner, (x, y + 1).
    public var west: Direction

    /// Corners from four directions.
    public init(south: Direction, east: Direction, north: Direction, west: Direction) {
        self.south = south
        self.east = east
        self.north = north
        self.west = west
    }

    /// South, east, north, west: counter-clockwise seen from outside the sphere.
    public var all: [Direction] { [south, east, north, west] }
}

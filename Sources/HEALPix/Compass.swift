/// The eight ways from a cell to its neighbours, clockwise from the south-west.
public enum Compass: Int, CaseIterable, Hashable, Sendable {
    /// Across the south-western edge, x - 1.
    case southWest
    /// Across the western corner, x - 1 and y + 1.
    case west
    /// Across the north-western edge, y + 1.
    case northWest
    /// Across the northern corner, x + 1 and y + 1.
    case north
    /// Across the north-eastern edge, x + 1.
    case northEast
    /// Across the eastern corner, x + 1 and y - 1.
    case east
    /// Across the south-eastern edge, y - 1.
    case southEast
    /// Across the southern corner, x - 1 and y - 1.
    case south

    /// The step in the columns and rows of a face.
    var step: (x: Int64, y: Int64) {
        switch self {
        case .southWest: (-1, 0)
        case .west: (-1, 1)
        case .northWest: (0, 1)
        case .north: (1, 1)
        case .northEast: (1, 0)
        case .east: (1, -1)
        case .southEast: (0, -1)
        case .south: (-1, -1)
        }
    }
}

extension Compass {
    /// The way of a step by at most 1 in each of the columns and rows of a face; nil for no step or a longer one.
    public init?(x: Int, y: Int) {
        guard let way = Self.allCases.first(where: { $0.step == (Int64(x), Int64(y)) }) else { return nil }
        self = way
    }
}

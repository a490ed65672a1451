public import Maps
internal import PlanetaryFrames

/// A pyramid of square tiles in one coordinate system of a body (OGC 07-057r7, section 6.1).
public struct TileMatrixSet: Sendable, Hashable {
    /// Which map of the body a set divides.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Equirectangular, centred on longitude 0: two tiles side by side at level 0.
        case equirectangular = "EquidistantCylindricalSphere"
        /// Polar stereographic around the north pole: one tile at level 0, which reaches the equator in the middle of
        /// its edges.
        case north = "NorthPolarStereographicSphere"
        /// The same around the south pole.
        case south = "SouthPolarStereographicSphere"
        /// Degrees: two tiles side by side at level 0.
        case geographic = "GeographicSphere"

        /// The number of the system in the IAU's scheme.
        var systemKind: Int {
            switch self {
            case .equirectangular: 10
            case .north: 30
            case .south: 35
            case .geographic: 0
            }
        }

        /// How the tiles are told apart from those of other sets in file names and on command lines.
        public var word: String {
            switch self {
            case .equirectangular: "equirectangular"
            case .north: "north"
            case .south: "south"
            case .geographic: "geographic"
            }
        }
    }

    /// Which map of the body is divided.
    public let kind: Kind
    /// The name in requests, which is that of the set of these tiles in the register of planetary sets where that has one.
    public let identifier: String
    /// The coordinate system.
    public let crs: MapCRS
    /// All tiles of a level together.
    public let box: MapBox
    /// Columns of level 0; rows are half as many, or as many on polar maps.
    let columns: Int
    let rows: Int

    /// Pixels along the side of a tile.
    public static let tileSize = 256
    /// The levels that may be asked for: those of the register.
    public static let levels = 0...23

    /// A set of a body; nil where the body has no such system.
    init?(_ kind: Kind, of systems: MapSystems) {
        let number = String(systems.body.naifCode * 100 + kind.systemKind)
        guard
            let crs = systems.advertised.first(where: {
                !$0.isAlias && $0.identifier.code == number
                    && $0.identifier.naifCode ?? systems.body.naifCode == systems.body.naifCode
            })
        else { return nil }
        self.kind = kind
        self.crs = crs
        identifier = systems.body.name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } + kind.rawValue
        // The box of the system itself is off by what PROJ rounds.
        let half =
            switch kind {
            case .equirectangular: crs.frame.radiusMetres * .pi
            case .north, .south: crs.frame.radiusMetres * 2
            case .geographic: 180.0
            }
        let isPolar = kind == .north || kind == .south
        let height = isPolar ? half : half / 2
        box = MapBox(minX: -half, minY: -height, maxX: half, maxY: height)
        (columns, rows) = isPolar ? (1, 1) : (2, 1)
    }

    /// Columns and rows of a level.
    public func size(of level: Int) -> (columns: Int, rows: Int) { (columns << level, rows << level) }

    /// The length of a pixel of a level in units of the system.
    public func pixel(of level: Int) -> Double {
        box.width / Double(Self.tileSize * size(of: level).columns)
    }

    /// The denominator of a level's scale, by the pixel of 0.28 mm of the standard.
    ///
    /// A degree counts 111319.49 m, as on the Earth, whatever the body: clients know no other degree.
    public func scaleDenominator(of level: Int) -> Double {
        pixel(of: level) * (crs.isGeographic ? Self.metresOfDegree : 1) / 0.00028
    }

    private static let metresOfDegree = 111_319.49079327358

    /// What a tile shows.
    /// - Precondition: the tile is one of the level's.
    public func window(_ tile: TilePlace) throws(MapsError) -> MapWindow {
        let side = pixel(of: tile.level) * Double(Self.tileSize)
        // Neighbours have the same number for their common edge.
        let (left, right) = (Double(tile.column), Double(tile.column + 1))
        let (top, bottom) = (Double(tile.row), Double(tile.row + 1))
        return try MapWindow(
            crs: crs,
            box: MapBox(
                minX: box.minX + left * side, minY: box.maxY - bottom * side, maxX: box.minX + right * side,
                maxY: box.maxY - top * side), width: Self.tileSize, height: Self.tileSize)
    }

    /// The columns and rows of a level that a box touches; those next to it when it has no area of the set's.
    public func tiles(in part: MapBox, level: Int) -> (columns: ClosedRange<Int>, rows: ClosedRange<Int>) {
        let side = pixel(of: level) * Double(Self.tileSize)
        let (columns, rows) = size(of: level)
        // A box that ends at an edge does not touch the tile beyond it.
        let hair = 1e-9 * Double(columns)
        func range(_ low: Double, _ high: Double, _ count: Int) -> ClosedRange<Int> {
            let first = min(max(0, Int((low + hair).rounded(.down))), count - 1)
            let last = min(max(first, Int((high - hair).rounded(.up)) - 1), count - 1)
            return first...last
        }
        return (
            range((part.minX - box.minX) / side, (part.maxX - box.minX) / side, columns),
            range((box.maxY - part.maxY) / side, (box.maxY - part.minY) / side, rows)
        )
    }

    /// The first level whose pixels are no larger than an angle, in degrees where the map is true to scale, and the last one
    /// that there is when none is that fine.
    public func level(forPixelOf degrees: Double) -> Int {
        let metres = crs.frame.radiusMetres * degrees * .pi / 180
        let size = crs.isGeographic ? degrees : metres
        return Self.levels.first { pixel(of: $0) <= size * 1.01 } ?? Self.levels.upperBound
    }
}

/// A tile of a set.
public struct TilePlace: Sendable, Hashable {
    /// The level, from the coarsest.
    public var level: Int
    /// The row, from the top.
    public var row: Int
    /// The column, from the left.
    public var column: Int

    /// A tile.
    public init(level: Int, row: Int, column: Int) {
        self.level = level
        self.row = row
        self.column = column
    }
}

/// The tile matrix sets that a body's maps are offered in.
public struct TileMatrixSets: Sendable {
    /// The sets, the first one for those who have no wish.
    public let all: [TileMatrixSet]

    /// The sets of a body.
    /// - Parameters:
    ///   - systems: its coordinate systems.
    ///   - withGeographic: whether there is one in degrees as well, which clients read in different ways.
    public init(_ systems: MapSystems, withGeographic: Bool) {
        all = TileMatrixSet.Kind.allCases.filter { withGeographic || $0 != .geographic }
            .compactMap { TileMatrixSet($0, of: systems) }
    }

    /// The set of a name.
    public subscript(identifier: String) -> TileMatrixSet? { all.first { $0.identifier == identifier } }
}

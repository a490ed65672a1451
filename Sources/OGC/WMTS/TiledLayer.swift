public import Maps

/// A layer as the documents of the tile service describe it.
public struct TiledLayer: Sendable, Hashable {
    /// What a layer has in one tile matrix set.
    public struct Part: Sendable, Hashable {
        /// The set.
        public var set: TileMatrixSet
        /// The smallest box around the layer in the set's system.
        public var box: MapBox
        /// The first level that shows all that the layer has.
        public var deepest: Int

        /// A part.
        public init(set: TileMatrixSet, box: MapBox, deepest: Int) {
            self.set = set
            self.box = box
            self.deepest = deepest
        }
    }

    /// What all services say of it.
    public var description: ServiceLayer
    /// The sets that it can be seen in.
    public var parts: [Part]

    /// A layer of these parts.
    public init(description: ServiceLayer, parts: [Part]) {
        self.description = description
        self.parts = parts
    }

    /// Describes a layer.
    /// - Throws: ``MapsError`` when PROJ fails.
    public init(_ layer: MapLayer, _ description: ServiceLayer, in sets: TileMatrixSets) throws(MapsError) {
        self.description = description
        parts = []
        for set in sets.all {
            let degrees = layer.pixelScaleDegrees
            // The box of a map in the other hemisphere is there all the same, with nothing in it.
            guard let found = try layer.boundingBox(in: set.crs), try set.shows(layer) else { continue }
            // The whole map's box is off the set's by what PROJ rounds.
            let isWhole = found == set.crs.domain
            let box = isWhole ? set.box : found.intersection(set.box) ?? set.box
            parts.append(Part(set: set, box: box, deepest: set.level(forPixelOf: degrees)))
        }
    }
}

extension TileMatrixSet {
    /// Whether any of the coarsest tiles shows something of a layer.
    fileprivate func shows(_ layer: MapLayer) throws(MapsError) -> Bool {
        let (columns, rows) = size(of: 0)
        for row in 0..<rows {
            for column in 0..<columns {
                let window = try window(TilePlace(level: 0, row: row, column: column))
                if !layer.hasNothing(in: window) { return true }
            }
        }
        return false
    }
}

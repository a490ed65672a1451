public import Maps
internal import PlanetaryFrames

/// The description of a layer's tiles for web maps, by TileJSON 2.2.0 (3.0.0 wants the fields of vector tiles).
public struct TileJSON: Sendable {
    /// The layer.
    public var layer: ServiceLayer
    /// What it has in the tile matrix set.
    public var part: TiledLayer.Part
    /// The body.
    public var body: String
    /// The address of the tiles below their set, such as `http://127.0.0.1:8080/mars/tiles/mola/MarsGeographicSphere`.
    public var address: String
    /// What stands behind the question mark of addresses of tiles; empty for nothing.
    public var query: String
    /// The format of the tiles.
    public var format: MapFormat

    /// A description.
    public init(
        layer: ServiceLayer, part: TiledLayer.Part, body: String, address: String, query: String,
        format: MapFormat
    ) {
        self.layer = layer
        self.part = part
        self.body = body
        self.address = address
        self.query = query
        self.format = format
    }

    /// The document.
    ///
    /// `bounds` are degrees of east longitude and planetocentric latitude. What the standard has no words for stands in
    /// `crs`, `tile_matrix_set`, `extent` (in units of the system) and `resolutions` (units in a pixel of each level).
    public var text: String {
        let bounds = layer.geographicExtent
        let template = address + "/{z}/{y}/{x}." + format.tileExtension + (query.isEmpty ? "" : "?" + query)
        let credit = [layer.credit, layer.licence].compactMap { $0 }.joined(separator: ", ")
        func numbers(_ values: [Double]) -> String {
            "[" + values.map(JSONText.number).joined(separator: ",") + "]"
        }
        let set = part.set
        let members: [(String, String)] = [
            ("tilejson", JSONText.quoted("2.2.0")), ("name", JSONText.quoted(layer.title)),
            ("description", JSONText.quoted(layer.abstract ?? layer.title)),
            ("attribution", JSONText.quoted(credit)), ("scheme", JSONText.quoted("xyz")),
            ("tiles", "[" + JSONText.quoted(template) + "]"), ("minzoom", "0"),
            ("maxzoom", "\(part.deepest)"),
            ("bounds", numbers([bounds.minX, bounds.minY, bounds.maxX, bounds.maxY])),
            (
                "center",
                "[\(JSONText.number((bounds.minX + bounds.maxX) / 2)),\(JSONText.number((bounds.minY + bounds.maxY) / 2)),0]"
            ),
            ("format", JSONText.quoted(format.tileExtension)),
            ("tilesize", "\(TileMatrixSet.tileSize)"), ("body", JSONText.quoted(body)),
            ("crs", JSONText.quoted(set.crs.identifier.description)),
            ("tile_matrix_set", JSONText.quoted(set.identifier)),
            ("extent", numbers([set.box.minX, set.box.minY, set.box.maxX, set.box.maxY])),
            ("resolutions", numbers((0...part.deepest).map(set.pixel))),
        ]
        return "{" + members.map { JSONText.quoted($0.0) + ":" + $0.1 }.joined(separator: ",\n") + "}\n"
    }
}

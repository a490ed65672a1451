public import HEALPix
public import HiPS
public import MOC
public import PlanetaryFrames
internal import Pixels
internal import Synchronization
public import Tiles

/// One HiPS as a layer of maps.
///
/// A layer describes the map as it was when it was opened; one that was rebuilt is opened again, and shares no decoded
/// tile with the earlier one.
public final class MapLayer: Sendable {
    /// The name of the map, which is that of its folder.
    public let name: String
    /// The title, the name where the map has none.
    public let title: String
    /// What the map shows.
    public let abstract: String?
    /// Whose data these are.
    public let credit: String?
    /// A page on the origin of the data.
    public let creditURL: String?
    /// The licence of the data.
    public let licence: String?
    /// The body.
    public let body: Body
    /// What the pixels are.
    public let kind: LayerKind
    /// The samples that the tiles hold.
    public let sampleKind: LayerSampleKind
    /// The orders that have tiles.
    public let orders: ClosedRange<Order>
    /// Pixels along the side of a tile, a power of two.
    public let tileWidth: Int
    /// The tiles that are drawn from.
    public let format: TileFormat
    /// What the map covers; nil where it does not say.
    public let coverage: MOC?
    /// The properties of the HiPS.
    public let properties: HiPSProperties
    /// The values shown darkest and brightest where nothing else is asked for; nil for pictures.
    public let cut: ClosedRange<Double>?

    /// Tells layers apart in a cache.
    let id: Int
    let files: any HiPSFiles
    let samples: SampleType
    /// Added to the longitude of the HiPS to have that on the body, in radians.
    let lonOffsetRad: Double
    /// (a/b)^2 where the latitudes of the HiPS are planetographic, else 1.
    let graphicFactor: Double
    private static let nextID = Atomic(0)

    /// The types in which tiles are kept once they are decoded.
    enum SampleType: Sendable {
        case bytes, colours, int16, float, double
    }

    /// Opens a HiPS.
    ///
    /// - Parameters:
    ///   - name: The name of the map.
    ///   - properties: Its properties.
    ///   - note: What is known of a map that others made: where its pixels lie on the body.
    ///   - files: What reads its files.
    ///   - catalogue: The known bodies.
    /// - Throws: ``MapsError/unusableLayer(name:reason:)``.
    public init(
        name: MapName, properties: HiPSProperties, note: AdoptionNote?, files: any HiPSFiles,
        catalogue: BodyCatalogue
    ) throws(MapsError) {
        let opener = LayerOpener(name: name, properties: properties, files: files)
        self.name = name.name
        title = properties.title ?? name.name
        abstract = properties.abstract
        credit = properties.credit
        creditURL = properties.creditURL
        licence = properties.licence
        self.properties = properties
        self.files = files
        body = try opener.body(in: catalogue)
        orders = try opener.orders()
        tileWidth = try opener.tileWidth()
        coverage = try opener.coverage()
        let content = try opener.content(orders: orders, coverage: coverage, tileWidth: tileWidth)
        format = content.format
        kind = content.kind
        samples = content.samples
        sampleKind = content.sampleKind
        cut = content.cut
        lonOffsetRad = (note?.lonOffsetDegrees ?? 0) * .pi / 180
        let flattening = body.equatorialRadiusMetres / body.polarRadiusMetres
        graphicFactor = note?.latitudeKind == .planetographic ? flattening * flattening : 1
        id = Self.nextID.add(1, ordering: .relaxed).newValue
    }

    /// The angle of a pixel of the deepest tiles in degrees.
    public var pixelScaleDegrees: Double {
        pixelOrder.cellAreaSr.squareRoot() * 180 / .pi
    }

    /// The order of the pixels of the deepest tiles, as cells.
    var pixelOrder: Order { Order(orders.upperBound.value + widthOrder) ?? .maximum }

    /// log2 of the width of a tile.
    var widthOrder: Int { tileWidth.trailingZeroBitCount }

    /// The styles that can be asked for by name, the first being what is drawn by default.
    public var styles: [String] { MapStyle.names(for: kind) }
}

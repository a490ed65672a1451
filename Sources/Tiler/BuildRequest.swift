public import Pixels
public import PlanetaryFrames
public import Rasters
public import Tiles

/// What a user asks for: a source and how to show it. What is nil is chosen from the source.
public struct BuildRequest: Sendable {
    /// Path of the raster.
    public var source: String
    /// What is declared about the source beside what its file says.
    public var declaration: SourceDeclaration
    /// Name of the map; by default the file's stem.
    public var name: String?
    /// `creator_did`, an `ivo://` identifier; by default `ivo://localhost/<body>/<name>`.
    public var id: String?
    /// Title for people; by default body and name.
    public var title: String?
    /// What the map shows.
    public var description: String?
    /// Whose data these are.
    public var credit: String?
    /// Under which terms they may be used.
    public var licence: String?
    /// Order of the leaves.
    public var order: Int?
    /// Formats of the tiles.
    public var formats: [TileFormat]?
    /// How samples become pixels; bilinear by default.
    public var resampling: Resampling = .at(.bilinear)
    /// Values of the darkest and the brightest level.
    public var cut: (low: Double, high: Double)?
    /// The curve between them.
    public var stretch: ByteStretch.Curve = .linear
    /// Colour map of values; grey by default.
    public var colourMap: String?
    /// Order of the coverage map; three orders below the leaves by default.
    public var mocOrder: Int?
    /// What values are counted from, where they are heights; nil where the survey does not say.
    public var vertical: VerticalReference?

    /// A request for a source with everything chosen from it.
    public init(source: String, declaration: SourceDeclaration = SourceDeclaration()) {
        self.source = source
        self.declaration = declaration
    }
}

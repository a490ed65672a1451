public import Maps

/// What is asked for of a coverage, with everything that a protocol has to say resolved.
public struct CoverageRequest: Sendable {
    /// The part that is asked for.
    public enum Area: Sendable, Hashable {
        /// All of it.
        case whole
        /// Pixels of the coverage's own grid.
        case pixels(CoveragePixels)
        /// A box of any system; of the coverage's own grid, the pixels whose centres lie in it.
        ///
        /// In another system than that of the answer, the box around it there.
        case box(MapBox, MapCRS)
        /// A box whose edges are those of the answer to the last digit, as in WCS 1.0.0; in the system of the answer.
        case exactly(MapBox)
    }

    /// The part.
    public var area: Area
    /// The system of the answer; nil for that of the coverage.
    public var outputCRS: MapCRS?
    /// Columns of the answer; nil for as many as the grid has there.
    public var width: Int?
    /// Rows of the answer; nil for as many as the grid has there.
    public var height: Int?
    /// How values are found where the answer's pixels are not the grid's; nil for the coverage's default.
    public var interpolation: CoverageInterpolation?
    /// Bands in the order of the answer, counted from 0; nil for all.
    public var bands: [Int]?
    /// The format.
    public var format: CoverageFormat

    /// A request.
    public init(
        area: Area = .whole, outputCRS: MapCRS? = nil, width: Int? = nil, height: Int? = nil,
        interpolation: CoverageInterpolation? = nil, bands: [Int]? = nil,
        format: CoverageFormat = CoverageFormat()
    ) {
        self.area = area
        self.outputCRS = outputCRS
        self.width = width
        self.height = height
        self.interpolation = interpolation
        self.bands = bands
        self.format = format
    }
}

/// A format with its options.
public struct CoverageFormat: Sendable, Hashable {
    /// The formats.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case geoTIFF, fits, png, jpeg

        /// The media type for HTTP.
        public var mediaType: String {
            switch self {
            case .geoTIFF: "image/tiff"
            case .fits: "image/fits"
            case .png: "image/png"
            case .jpeg: "image/jpeg"
            }
        }

        /// What the names of files end with.
        public var fileExtension: String {
            switch self {
            case .geoTIFF: "tif"
            case .fits: "fits"
            case .png: "png"
            case .jpeg: "jpg"
            }
        }
    }

    /// How samples of a GeoTIFF are compressed.
    public enum Compression: String, Sendable, Hashable, CaseIterable {
        case none, deflate, zstd
    }

    /// The format.
    public var kind: Kind
    /// The compression of a GeoTIFF.
    public var compression: Compression
    /// Whether differences of neighbours are compressed in their place (the predictor of TIFF 6.0, section 14).
    public var predicts: Bool
    /// Columns and rows of the tiles of a GeoTIFF, multiples of 16; nil for strips.
    public var tile: TileSize?
    /// Whether the GeoTIFF is laid out for reading over the network, with overviews.
    public var isCloudOptimised: Bool

    /// The media type for HTTP, with the profile of a cloud-optimised GeoTIFF.
    public var mediaType: String {
        isCloudOptimised && kind == .geoTIFF
            ? kind.mediaType + ";application=geotiff;profile=cloud-optimized" : kind.mediaType
    }

    /// The size of a tile.
    public struct TileSize: Sendable, Hashable {
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int

        /// A size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// A format; an uncompressed GeoTIFF in strips where nothing else is said.
    public init(
        _ kind: Kind = .geoTIFF, compression: Compression = .none, predicts: Bool = false,
        tile: TileSize? = nil, isCloudOptimised: Bool = false
    ) {
        self.kind = kind
        self.compression = compression
        self.predicts = predicts
        self.tile = tile
        self.isCloudOptimised = isCloudOptimised
    }
}

/// What an answer may cost.
public struct CoverageLimits: Sendable, Hashable {
    /// Pixels of an answer, all bands counting once.
    public var pixels: Int
    /// Bytes of the samples of an answer before compression.
    public var bytes: Int
    /// Bytes of a file on disk that an answer is put together in: compressed, tiled and cloud-optimised GeoTIFFs.
    public var spooledBytes: Int
    /// Bytes of samples in memory for one answer.
    public var memoryBytes: Int
    /// Pixels of a file on a server that an answer in another size is made of.
    public var sourcePixels: Int

    /// Limits; a whole planet of 32768 x 16384 floats fits into those that are not named.
    public init(
        pixels: Int = 1 << 30, bytes: Int = 4 << 30, spooledBytes: Int = 4 << 30,
        memoryBytes: Int = 64 << 20, sourcePixels: Int = 1 << 28
    ) {
        self.pixels = pixels
        self.bytes = bytes
        self.spooledBytes = spooledBytes
        self.memoryBytes = memoryBytes
        self.sourcePixels = sourcePixels
    }
}

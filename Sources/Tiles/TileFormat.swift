/// A format in which HiPS image tiles are stored (HiPS 1.0, section 4.1 and `hips_tile_format`).
public enum TileFormat: String, CaseIterable, Sendable, Comparable {
    /// Values, in FITS.
    case fits
    /// A lossless picture.
    case png
    /// A lossy picture without transparency.
    case jpeg
    /// A lossy picture with transparency; an extension that the clients read.
    case webp

    /// The format that a word of `hips_tile_format` or a file extension names, in any case.
    public init?(word: String) {
        let word = word.lowercased()
        self.init(rawValue: word == "jpg" ? "jpeg" : word)
    }

    /// The format that the first bytes of a file give away; nil when they fit none.
    public init?(signatureOf bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else if bytes.starts(with: "SIMPLE  =".utf8) {
            self = .fits
        } else {
            return nil
        }
    }

    /// The extension of a tile's file: `fits`, `png`, `jpg` or `webp`.
    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// The word for `hips_tile_format`: `fits`, `png`, `jpeg` or `webp`.
    public var propertyWord: String { rawValue }

    /// The media type for HTTP.
    public var mediaType: String {
        switch self {
        case .fits: "image/fits"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        }
    }

    /// Formats sort in the order in which they are declared: values first, then from lossless to lossy.
    public static func < (left: TileFormat, right: TileFormat) -> Bool {
        func rank(_ format: TileFormat) -> Int {
            switch format {
            case .fits: 0
            case .png: 1
            case .jpeg: 2
            case .webp: 3
            }
        }
        return rank(left) < rank(right)
    }
}

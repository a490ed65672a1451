public import HEALPix
public import Tiles

/// A file that a HiPS of pixels may hold; nothing else in its directory is anybody's business.
///
/// The names are those of HiPS 1.0, section 4.
public enum HiPSFile: Hashable, Sendable {
    /// `properties`: the keys that describe the HiPS.
    case properties
    /// `Moc.fits`: the coverage.
    case coverage
    /// `metadata.xml`: a VOTable of further metadata.
    case metadata
    /// `preview.jpg`: a picture of 256 x 256 pixels.
    case preview
    /// `index.html`: a page for people.
    case indexPage
    /// `NorderK/Allsky.ext`: all tiles of an order, reduced, in one file.
    case allsky(Order, TileFormat)
    /// `NorderK/DirD/NpixN.ext`: one tile.
    case tile(Cell, TileFormat)

    /// Reads a path relative to the root of a HiPS; nil unless it is exactly the path of one of the cases.
    public init?(path: some StringProtocol) {
        switch path {
        case "properties": self = .properties
        case "Moc.fits": self = .coverage
        case "metadata.xml": self = .metadata
        case "preview.jpg": self = .preview
        case "index.html": self = .indexPage
        default:
            if let (cell, format) = TilePath.parse(path) {
                self = .tile(cell, format)
                return
            }
            var scanner = PathScanner(path)
            guard
                scanner.skip("Norder"), let number = scanner.number(), let order = Order(Int(number)),
                scanner.skip("/Allsky"), let format = scanner.formatExtension()
            else { return nil }
            self = .allsky(order, format)
        }
    }

    /// The path relative to the root of the HiPS.
    public var path: String {
        switch self {
        case .properties: "properties"
        case .coverage: "Moc.fits"
        case .metadata: "metadata.xml"
        case .preview: "preview.jpg"
        case .indexPage: "index.html"
        case .allsky(let order, let format): "Norder\(order.value)/Allsky.\(format.fileExtension)"
        case .tile(let cell, let format): cell.tilePath(format)
        }
    }

    /// The media type to serve the file with.
    public var mediaType: String {
        switch self {
        case .properties: "text/plain; charset=utf-8"
        case .coverage: "application/fits"
        case .metadata: "application/x-votable+xml"
        case .preview: "image/jpeg"
        case .indexPage: "text/html; charset=utf-8"
        case .allsky(_, let format), .tile(_, let format): format.mediaType
        }
    }
}

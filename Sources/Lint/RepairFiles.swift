internal import HEALPix
internal import HiPS
internal import Storage
internal import Tiles

/// Reads the tiles of the copy that is being repaired.
struct RepairFiles: Sendable {
    let store: FolderStore
    var root: String { store.root }
    /// The same files for the checks.
    var reader: any HiPSReader { StoreReader(store, properties: store) }

    /// A file's bytes; nil where there is none that can be read.
    func bytes(_ path: String) throws(LintError) -> [UInt8]? {
        guard case .found(let bytes, _) = try reader.read(path, limit: Self.limit) else {
            return nil
        }
        return bytes
    }

    /// A tile in the type of its samples.
    /// - Parameter width: what it has to be wide; nil for any width.
    func image(
        _ cell: Cell, _ format: TileFormat, width: Int? = nil
    ) throws(LintError) -> Result<RepairImage, PixelImage.Failure> {
        let path = cell.tilePath(format)
        guard let bytes = try bytes(path) else { return .failure(.init(reason: "\(path) cannot be read")) }
        let decoded = RepairImage.decode(bytes, format, maximumSize: Self.widest)
        guard case .success(let image) = decoded else { return decoded }
        if let width, image.width != width || image.height != width {
            return .failure(
                .init(reason: "\(path) has \(image.width) x \(image.height) pixels, not \(width) x \(width)"))
        }
        return decoded
    }

    /// A tile as the checks see it; nil where it cannot be read.
    func plainImage(_ cell: Cell, _ format: TileFormat, width: Int) throws(LintError) -> PixelImage? {
        guard let bytes = try bytes(cell.tilePath(format)),
            case .success(let image) = PixelImage.decode(bytes, format, maximumSize: Self.widest),
            image.width == width, image.height == width
        else { return nil }
        return image
    }

    private static let limit = 1 << 29
    /// The widest tile that properties can state.
    private static let widest = 8192
}

internal import Glibc
internal import HEALPix
internal import Pixels
internal import Synchronization

/// Keeps the roots of finished subtrees raw on disk until the orders above them are made.
///
/// Samples are stored as they lie in memory: the files are read by the process that wrote them.
final class RootStore: Sendable {
    private let folder: String
    private let kept = Mutex<Set<Cell>>([])

    init(folder: String) throws(TilerError) {
        self.folder = folder
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw .file(operation: "make the folder", path: folder, code: errno)
        }
    }

    private func path(_ cell: Cell) -> String { "\(folder)/\(cell.order.value)-\(cell.npix).raw" }

    func save<Sample: Pixel>(
        _ samples: UnsafePointer<Sample>, count: Int, of cell: Cell
    ) throws(TilerError) {
        let bytes = [UInt8](
            UnsafeRawBufferPointer(start: samples, count: count * MemoryLayout<Sample>.stride))
        try TileStore.write(bytes, path: path(cell))
        kept.withLock { _ = $0.insert(cell) }
    }

    /// - Returns: false when the subtree held no data.
    func load<Sample: Pixel>(
        into samples: UnsafeMutablePointer<Sample>, count: Int, of cell: Cell
    ) throws(TilerError) -> Bool {
        guard kept.withLock({ $0.contains(cell) }) else { return false }
        guard let bytes = try TileStore.read(path: path(cell)) else {
            throw .file(operation: "read", path: path(cell), code: ENOENT)
        }
        guard bytes.count == count * MemoryLayout<Sample>.stride else {
            throw .file(operation: "read the whole of", path: path(cell), code: EIO)
        }
        bytes.withUnsafeBytes {
            UnsafeMutableRawPointer(samples).copyMemory(from: $0.baseAddress!, byteCount: bytes.count)
        }
        return true
    }

    func removeAll() throws(TilerError) {
        for cell in kept.withLock({ $0 }) { unlink(path(cell)) }
        guard rmdir(folder) == 0 else { throw .file(operation: "remove", path: folder, code: errno) }
    }
}

internal import Glibc
internal import Synchronization

/// The tiles that a server has said it does not have, so that a run that goes on does not ask again.
final class AbsenceJournal: Sendable {
    private let known: Set<String>
    private let file: Int32
    private let path: String
    private let lock = Mutex(())

    /// Opens the journal at a path, or makes it.
    init(_ path: String) throws(AdoptionError) {
        self.path = path
        file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw Staging.failure("create", path) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(file, &block, block.count), count > 0 { bytes += block[..<count] }
        // What was being written when an earlier run ended has no end of line, and is asked again.
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        known = Set(lines.dropLast().map(String.init))
        if lines.last?.isEmpty == false { append("") }
    }

    deinit {
        close(file)
    }

    /// Whether an earlier run was told that there is no such tile.
    func contains(_ tile: String) -> Bool { known.contains(tile) }

    /// Notes that there is no such tile. A line that is lost costs a question.
    func append(_ tile: String) {
        let bytes = Array((tile + "\n").utf8)
        lock.withLock { _ in
            _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        }
    }
}

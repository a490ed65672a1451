internal import CGDAL
internal import CGDALShims
internal import Glibc

/// Whole files in GDAL's virtual file systems: object stores (`/vsis3/`, `/vsigs/`, `/vsiaz/`), servers (`/vsicurl/`),
/// archives and memory (`/vsimem/`).
///
/// That there is no file is told from that it could not be read: a server that answers 503 or refuses the key is an
/// error, and only its plain word that there is none counts as such. The calls block for as long as the network takes;
/// connections, retries and their limits are those of ``GDALLibrary``.
public enum VirtualFile {
    /// What is known of a file without reading it.
    public struct Status: Sendable, Equatable {
        /// Bytes of the file.
        public let size: Int
        /// Time of the last change in nanoseconds since 1970, in whole seconds; 0 where the store does not say.
        public let modifiedNanoseconds: Int64
    }

    /// Reads a whole file.
    /// - Parameter limit: bytes that the file may have at most.
    /// - Returns: nil when there is no such file.
    /// - Throws: ``GDALError`` when it is larger, or could not be read.
    public static func read(_ path: String, atMost limit: Int) throws(GDALError) -> [UInt8]? {
        for attempt in 0... {
            switch try readOnce(path, limit) {
            case .absent: return nil
            case .whole(let bytes): return bytes
            case .short(let reason):
                // A connection that ends in the middle of a body is not among what GDAL tries again.
                guard isOnNetwork(path), attempt < NetworkSettings.repetitions else {
                    throw GDALError(operation: "read", path: path, message: reason)
                }
                NetworkSettings.pause(before: attempt + 1)
            }
        }
        return nil
    }

    private enum Reading {
        case absent
        case whole([UInt8])
        case short(String)
    }

    private static func readOnce(_ path: String, _ limit: Int) throws(GDALError) -> Reading {
        var size = 0
        var isOpen = false
        let (bytes, messages) = asking(path) { () -> [UInt8] in
            guard let file = VSIFOpenEx2L(path, "rb", 1, nil) else { return [] }
            defer { VSIFCloseL(file) }
            isOpen = true
            guard VSIFSeekL(file, 0, SEEK_END) == 0 else { return [] }
            size = Int(clamping: VSIFTellL(file))
            guard size > 0, size <= limit, VSIFSeekL(file, 0, SEEK_SET) == 0 else { return [] }
            return [UInt8](unsafeUninitializedCapacity: size) { buffer, initialised in
                initialised = VSIFReadL(buffer.baseAddress, 1, size, file)
            }
        } fails: { _ in
            !isOpen
        }
        guard isOpen else {
            if isAbsent(path, messages) { return .absent }
            throw GDALError(operation: "open", path: path, message: messages.reason)
        }
        guard size <= limit else {
            throw GDALError(
                operation: "read", path: path,
                message: "it has \(size) bytes, and at most \(limit) were expected")
        }
        guard bytes.count == size else {
            let reason = messages.reason
            return .short(
                "\(bytes.count) of its \(size) bytes could be read" + (reason.isEmpty ? "" : ": " + reason))
        }
        return .whole(bytes)
    }

    /// Writes a whole file in the place of any earlier one.
    /// - Throws: ``GDALError``; the file may then be there in part, or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws(GDALError) {
        let (isWritten, messages) = FileMessages.capturing { () -> Bool in
            // Object stores have no folders, the other file systems want them made.
            if !isOnNetwork(path), let slash = path.lastIndex(of: "/") {
                VSIMkdirRecursive(String(path[..<slash]), 0o777)
            }
            guard let file = VSIFOpenEx2L(path, "wb", 1, nil) else { return false }
            let count = bytes.withUnsafeBytes { buffer in
                buffer.isEmpty ? 0 : VSIFWriteL(buffer.baseAddress, 1, buffer.count, file)
            }
            // A store takes the bytes only now.
            return VSIFCloseL(file) == 0 && count == bytes.count
        }
        guard isWritten else { throw GDALError(operation: "write", path: path, message: messages.reason) }
    }

    /// Looks at a file.
    /// - Returns: nil when there is no such file; a folder is none.
    /// - Throws: ``GDALError`` when this could not be found out.
    public static func status(of path: String) throws(GDALError) -> Status? {
        var (size, modified): (Int64, Int64) = (0, 0)
        let (isFound, messages) = asking(path) { () -> Bool in
            // Asked about a file, a store that fails is taken for one without it; opening it tells the two apart, and
            // what was learnt is kept as long as the file is open. A folder cannot be opened.
            guard let file = VSIFOpenEx2L(path, "rb", 1, nil) else { return false }
            defer { VSIFCloseL(file) }
            return tessera_vsi_stat(path, &size, &modified) == 0
        } fails: {
            !$0
        }
        guard isFound else {
            if isAbsent(path, messages) { return nil }
            throw GDALError(operation: "examine", path: path, message: messages.reason)
        }
        return Status(size: Int(size), modifiedNanoseconds: modified)
    }

    /// Runs `body`, and again when it fails without a word.
    ///
    /// So it does when another thread has just failed with the same file, or lists its folder: that there was none is
    /// then remembered, and not why.
    private static func asking<T>(
        _ path: String, _ body: () -> T, fails: (T) -> Bool
    ) -> (result: T, messages: FileMessages) {
        var answer = FileMessages.capturing(body)
        var attempt = 1
        while isOnNetwork(path), fails(answer.result), answer.messages.isEmpty, attempt < 10 {
            forget(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path)
            answer = FileMessages.capturing(body)
            attempt += 1
        }
        return answer
    }

    /// Whether a failure means that there is no file; elsewhere than on the network nothing else is told.
    private static func isAbsent(_ path: String, _ messages: FileMessages) -> Bool {
        messages.saysAbsent || (!isOnNetwork(path) && messages.failures.isEmpty)
    }

    /// Whether the path leads over the network: to a server, or into an object store.
    public static func isOnNetwork(_ path: String) -> Bool {
        NetworkSettings.prefixes.contains { path.hasPrefix($0) }
    }
}

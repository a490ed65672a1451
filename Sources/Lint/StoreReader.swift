internal import HiPS
internal import Storage

/// Reads a HiPS in a directory or an object store.
final class StoreReader: HiPSReader {
    private let files: any FileStore
    private let properties: any FileStore

    init(_ files: any FileStore, properties: any FileStore) {
        self.files = files
        self.properties = properties
    }

    func read(_ path: String, limit: Int) throws(LintError) -> ReadResult {
        let store = path == HiPSFile.properties.path ? properties : files
        do {
            guard let bytes = try store.read(path, atMost: limit) else { return .absent }
            return .found(bytes, fields: [:])
        } catch {
            // A file that the system keeps back, or that is too long, is a finding; a store that does not answer would
            // make one of every file.
            if error.code != nil { return .refused(error.reason) }
            if let status = try? store.status(of: path), status.size > limit { return .refused(error.reason) }
            throw LintError(error)
        }
    }
}

extension LintError {
    /// What a store could not do.
    init(_ error: StoreError) {
        self = .file(operation: error.operation, path: error.path, reason: error.reason)
    }
}

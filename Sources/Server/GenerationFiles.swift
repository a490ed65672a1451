internal import HiPS
internal import Maps
internal import Storage
internal import Synchronization

/// The files of one state of a map, for drawing: each call waits, and is made on the threads that draw.
struct GenerationFiles: HiPSFiles {
    let generation: Generation

    func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
        do {
            let bytes = try generation.files.readWaiting(file.path)
            if bytes == nil { generation.lastMiss.withLock { $0 = .now } }
            return bytes
        } catch {
            throw StoreError(
                operation: "read", path: file.path, reason: error.description, mayPass: error.mayPass)
        }
    }
}

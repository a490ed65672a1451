internal import HiPS
internal import Maps
internal import Storage

/// The files of one state of a map, for drawing: each call waits, and is made on the threads that draw.
struct GenerationFiles: HiPSFiles {
    let files: any MapFiles

    func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
        do {
            return try files.readWaiting(file.path)
        } catch {
            throw StoreError(operation: "read", path: file.path, reason: error.description)
        }
    }
}

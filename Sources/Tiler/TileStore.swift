internal import Glibc
internal import HEALPix
internal import HiPS
internal import Tiles

/// Writes the files of a HiPS under the folder it is built in; one per worker.
struct TileStore {
    let root: String
    private var madeFolders: Set<String> = []

    init(root: String) {
        self.root = root
    }

    /// Writes a tile's file, making its folder when needed.
    mutating func write(_ bytes: [UInt8], tile: Cell, format: TileFormat) throws(TilerError) {
        try write(bytes, to: tile.tilePath(format))
    }

    /// Writes a file at a path below the root.
    mutating func write(_ bytes: [UInt8], to relative: String) throws(TilerError) {
        let folder = relative.lastIndex(of: "/").map { String(relative[..<$0]) } ?? ""
        if !folder.isEmpty, madeFolders.insert(folder).inserted {
            var path = root
            for part in folder.split(separator: "/") {
                path += "/" + part
                guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                    throw .file(operation: "make the folder", path: path, code: errno)
                }
            }
        }
        try Self.write(bytes, path: root + "/" + relative)
    }

    /// Writes a whole file.
    static func write(_ bytes: [UInt8], path: String) throws(TilerError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .file(operation: "create", path: path, code: errno) }
        var code: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    code = errno
                    return
                }
                done += count
            }
        }
        // A full disk may be told only at the end.
        if close(file) != 0, code == 0 { code = errno }
        guard code == 0 else { throw .file(operation: "write", path: path, code: code) }
    }

    /// Reads a whole file; nil when there is none.
    static func read(path: String) throws(TilerError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(operation: "open", path: path, code: errno)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .file(operation: "examine", path: path, code: errno) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .file(operation: "read", path: path, code: count < 0 ? errno : EIO) }
            done += count
        }
        return bytes
    }
}

internal import Glibc

/// Goes through folders on disk; what cannot be read is passed over.
enum FolderWalk {
    /// The names in a folder, without `.` and `..`.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Calls `visit` with each regular file below a folder; folders that are empty afterwards are removed, the first one
    /// excepted. Links are not followed.
    static func files(below folder: String, _ visit: (String, stat) -> Void) {
        for name in names(in: folder) {
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: visit(path, status)
            case S_IFDIR:
                files(below: path, visit)
                // Fails, as it should, when anything is in it.
                if name.first != "." { rmdir(path) }
            default: break
            }
        }
    }
}

internal import CGDAL

extension VirtualFile {
    /// The names of the files and folders in a folder, sorted; none when there is no such folder.
    /// - Throws: ``GDALError`` when the store could not or would not list it.
    public static func names(in folder: String) throws(GDALError) -> [String] {
        for attempt in 0... {
            let (names, messages) = FileMessages.capturing { () -> [String]? in
                // GDAL takes what failed once for an empty folder from then on, and what is not in a list that it has
                // for absent.
                forget(folder)
                defer { forget(folder) }
                guard let list = VSIReadDirEx(folder, 0) else { return nil }
                defer { CSLDestroy(list) }
                var names: Set<String> = []
                var entry = list
                while let name = entry.pointee {
                    names.insert(String(cString: name))
                    entry += 1
                }
                names.subtract([".", "..", ""])
                return names.sorted()
            }
            if let names { return names }
            // A store without such a folder gives an empty list without a word.
            guard isOnNetwork(folder), !messages.isSilent else { return [] }
            guard attempt < NetworkSettings.repetitions, !messages.isRefusal else {
                throw GDALError(operation: "list", path: folder, message: messages.reason)
            }
            NetworkSettings.pause(before: attempt + 1)
        }
        return []
    }

    /// Removes a file.
    /// - Returns: false when there is none.
    /// - Throws: ``GDALError`` when it could not be removed.
    public static func remove(_ path: String) throws(GDALError) -> Bool {
        // In memory a folder would go as well, and leave what is in it.
        if !isOnNetwork(path), try status(of: path) == nil { return false }
        let (result, messages) = FileMessages.capturing { VSIUnlink(path) }
        if result == 0 { return true }
        guard messages.isSilent else {
            throw GDALError(operation: "remove", path: path, message: messages.reason)
        }
        return false
    }

    /// Removes a folder with all that is in it.
    /// - Throws: ``GDALError`` when it could not be removed.
    public static func removeFolder(_ path: String) throws(GDALError) {
        let (result, messages) = FileMessages.capturing { VSIRmdirRecursive(path) }
        guard result == 0 else {
            throw GDALError(operation: "remove the folder", path: path, message: messages.reason)
        }
    }

    /// Lets go of all that is remembered of the files whose paths begin so.
    public static func forget(_ prefix: String) {
        if isOnNetwork(prefix) { VSICurlPartialClearCache(prefix) }
    }
}

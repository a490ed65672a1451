import Glibc

/// A directory for one test, removed with all that is in it at the end.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/tessera-server-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template)!)
    }

    deinit {
        remove(path)
    }

    /// Writes a file and makes the directories above it.
    func write(_ text: String, to name: String) {
        write(Array(text.utf8), to: name)
    }

    /// Writes a file of any bytes and makes the directories above it.
    func write(_ bytes: [UInt8], to name: String) {
        var parent = path
        for part in name.split(separator: "/").dropLast() {
            parent += "/" + part
            mkdir(parent, 0o777)
        }
        let file = fopen(path + "/" + name, "w")!
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    func makeDirectory(_ name: String) {
        write("", to: name + "/.keep")
        unlink(path + "/" + name + "/.keep")
    }

    func link(_ name: String, to target: String) {
        symlink(target, path + "/" + name)
    }

    func exists(_ name: String) -> Bool {
        access(path + "/" + name, F_OK) == 0
    }

    func read(_ name: String) -> String? {
        Self.text(path + "/" + name)
    }

    /// The text of a file of at most 64 kB; nil when there is none.
    static func text(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(directory)
        }
        rmdir(path)
    }
}

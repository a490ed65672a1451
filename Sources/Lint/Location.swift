import Glibc

/// Where a HiPS is read from.
enum Location: Sendable {
    case directory(String)
    case remote(HTTPAddress)

    /// A directory that exists, or an address; what holds `://` is an address.
    init(_ text: String) throws(LintError) {
        if text.contains("://") {
            self = .remote(try HTTPAddress(text))
            return
        }
        var status = stat()
        guard stat(text, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .noDirectory(path: text)
        }
        self = .directory(text)
    }

    var reader: any HiPSReader {
        switch self {
        case .directory(let path): DirectoryReader(root: path)
        case .remote(let address): RemoteReader(address)
        }
    }
}

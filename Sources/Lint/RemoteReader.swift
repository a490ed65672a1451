/// Reads a HiPS over HTTP.
final class RemoteReader: HiPSReader {
    let root: HTTPAddress
    private let connection: HTTPConnection

    init(_ root: HTTPAddress) {
        self.root = root
        connection = HTTPConnection(root)
    }

    func read(_ path: String, limit: Int) throws(LintError) -> ReadResult {
        var target = root.path + "/" + path
        // A server may send a reader on a few times, though not to another host.
        for _ in 0..<5 {
            let answer = try connection.request("GET", target, limit: limit)
            switch answer.status {
            case 200: return .found(answer.body, fields: answer.fields)
            case 404, 410: return .absent
            case 301, 302, 307, 308:
                guard let place = answer.fields["location"] else {
                    return .refused("status \(answer.status) without a location")
                }
                guard place.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
                    return .refused("the server points to an address with blanks")
                }
                if place.hasPrefix("/") {
                    target = place
                } else if let address = try? HTTPAddress(place), address.authority == root.authority {
                    target = address.path
                } else {
                    return .refused("the server points to \(place)")
                }
            default: return .refused("status \(answer.status)")
            }
        }
        return .refused("the server sends the reader in a circle")
    }

    /// The status of a HEAD request.
    func head(_ path: String) throws(LintError) -> Int {
        try connection.request("HEAD", root.path + "/" + path, limit: 0).status
    }
}

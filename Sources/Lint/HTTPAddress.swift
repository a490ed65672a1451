/// An `http://` address taken apart (RFC 3986, section 3).
struct HTTPAddress: Equatable, Sendable {
    let host: String
    let port: String
    /// The path without a slash at its end; a query is not kept.
    let path: String

    init(_ text: String) throws(LintError) {
        guard text.lowercased().hasPrefix("http://") else {
            let secure = text.lowercased().hasPrefix("https://")
            throw .address(
                text,
                reason: secure
                    ? "addresses with https:// cannot be read; give one with http://, or mirror the HiPS"
                    : "it does not begin with http://")
        }
        var rest = text.dropFirst(7)
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var path = rest[slash...]
        while path.hasSuffix("/") { path.removeLast() }
        guard !authority.contains("@") else {
            throw .address(text, reason: "a user name in an address is not supported")
        }
        // The colons of an IPv6 address stand between brackets.
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            host = authority[..<colon].filter { $0 != "[" && $0 != "]" }
            port = String(authority[authority.index(after: colon)...])
        } else {
            host = authority.filter { $0 != "[" && $0 != "]" }
            port = "80"
        }
        self.path = String(path)
        guard !host.isEmpty else { throw .address(text, reason: "it names no host") }
        guard let number = UInt16(port), number > 0 else {
            throw .address(text, reason: "\(port) is no port; expected 1 to 65535")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .address(text, reason: "it holds a blank or a control character")
        }
    }

    /// The value of the `Host` field.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == "80" ? name : name + ":" + port
    }

    /// The whole address.
    var url: String { "http://" + authority + path }
}

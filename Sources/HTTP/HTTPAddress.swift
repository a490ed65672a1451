/// An `http://` or `https://` address taken apart (RFC 3986, section 3).
public struct HTTPAddress: Equatable, Sendable {
    /// `http` or `https`.
    public let scheme: String
    /// The host without the brackets of an IPv6 address.
    public let host: String
    /// The port in digits, stated or that of the scheme.
    public let port: String
    /// The path without a slash at its end; a query is not kept.
    public let path: String

    /// Takes an address that names nothing but a place on a server.
    /// - Throws: ``HTTPError/address(_:reason:)``.
    public init(_ text: String) throws(HTTPError) {
        let lower = text.lowercased()
        guard let scheme = ["http", "https"].first(where: { lower.hasPrefix($0 + "://") }) else {
            throw .address(text, reason: "it does not begin with http:// or https://")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .address(text, reason: "it holds a blank or a control character")
        }
        self.scheme = scheme
        var rest = text.dropFirst(scheme.count + 3)
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
            port = Self.port(of: scheme)
        }
        self.path = String(path)
        guard !host.isEmpty else { throw .address(text, reason: "it names no host") }
        guard let number = UInt16(port), number > 0 else {
            throw .address(text, reason: "\(port) is no port; expected 1 to 65535")
        }
    }

    private static func port(of scheme: String) -> String { scheme == "https" ? "443" : "80" }

    /// Host and port as the `Host` field of a request has them; the port of the scheme is left out.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.port(of: scheme) ? name : name + ":" + port
    }

    /// The whole address without a slash at its end.
    public var url: String { scheme + "://" + authority + path }

    /// The address of a file below this one.
    public func url(of relativePath: String) -> String { url + "/" + relativePath }
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The address under which clients see the server.
struct ServiceAddress: Sendable {
    /// The address that was configured, without a slash at its end; it goes over everything that a request says.
    let configured: String?
    /// The proxies whose `X-Forwarded-*` is believed.
    let proxies: TrustedProxies

    /// Scheme and authority of the request as the client wrote it, such as `http://127.0.0.1:8080`, and the path that a
    /// proxy has put in front of the server's own.
    ///
    /// A trusted proxy says them in `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix`. A name that could
    /// not stand in a URL is not repeated.
    /// - Parameter channel: the connection that the request came by.
    func root(of request: Request, by channel: any Channel) -> String {
        if let configured { return configured }
        let isForwarded = proxies.contain(channel.remoteAddress)
        func forwarded(_ name: HTTPField.Name) -> String? {
            isForwarded ? Self.first(request.headers[name]) : nil
        }
        let scheme = forwarded(.forwardedProto)?.lowercased() == "https" ? "https" : "http"
        var prefix = forwarded(.forwardedPrefix) ?? ""
        while prefix.hasSuffix("/") { prefix.removeLast() }
        if !Self.isPrefix(prefix) { prefix = "" }
        for named in [forwarded(.forwardedHost), request.head.authority] {
            if let named, Self.isAuthority(named) { return scheme + "://" + named + prefix }
        }
        let local = channel.localAddress
        let (host, port) = (local?.ipAddress ?? "localhost", local?.port ?? 80)
        return scheme + "://" + TileServer.authority(host: host, port: port) + prefix
    }

    /// The path of an address without a slash at its end: what stands in front of the server's own paths.
    static func path(of root: String) -> String {
        let parts = root.split(separator: "://", maxSplits: 1)
        return String((parts.last ?? "").drop { $0 != "/" })
    }

    /// The first of the values that a chain of proxies wrote.
    private static func first(_ field: String?) -> String? {
        field?.split(separator: ",").first.map { String($0.filter { $0 != " " && $0 != "\t" }) }
    }

    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy {
                isWord($0) || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains($0)
            }
    }

    private static func isPrefix(_ text: String) -> Bool {
        text.isEmpty
            || text.utf8.count <= 255 && text.hasPrefix("/") && !text.contains("//")
                && text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "~") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension HTTPField.Name {
    /// `X-Forwarded-Proto`
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
    /// `X-Forwarded-Host`
    static let forwardedHost = HTTPField.Name("X-Forwarded-Host")!
    /// `X-Forwarded-Prefix`
    static let forwardedPrefix = HTTPField.Name("X-Forwarded-Prefix")!
    /// `X-Forwarded-For`
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The address under which a client sees the server.
enum ServiceAddress {
    /// Scheme and authority of the request as the client wrote it, such as `http://127.0.0.1:8080`.
    ///
    /// A proxy in front says them in `X-Forwarded-Proto` and `X-Forwarded-Host`. A name that could not
    /// stand in a URL is not repeated.
    /// - Parameter local: the address of this end of the connection, for a client that names no host.
    static func root(of request: Request, local: SocketAddress?) -> String {
        let forwardedScheme = first(request.headers[.forwardedProto])?.lowercased()
        let scheme = forwardedScheme == "https" ? "https" : "http"
        let named = first(request.headers[.forwardedHost]) ?? request.head.authority
        if let named, isAuthority(named) { return scheme + "://" + named }
        let (host, port) = (local?.ipAddress ?? "localhost", local?.port ?? 80)
        return scheme + "://" + TileServer.authority(host: host, port: port)
    }

    /// The first of the values that a chain of proxies wrote.
    private static func first(_ field: String?) -> String? {
        field?.split(separator: ",").first.map { String($0.filter { $0 != " " && $0 != "\t" }) }
    }

    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }
}

extension HTTPField.Name {
    /// `X-Forwarded-Proto`
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
    /// `X-Forwarded-Host`
    static let forwardedHost = HTTPField.Name("X-Forwarded-Host")!
}

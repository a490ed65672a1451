import HiPS
import NIOCore
import Testing

@testable import Server

@Suite struct ProxyTests {
    private static let path = "/hips/mars/viking/properties"

    private func url(_ reply: Reply) throws -> String? {
        try HiPSProperties(parsing: reply.text)["hips_service_url"]
    }

    @Test func trustedProxiesSayTheAddress() async throws {
        try await Fixture.serve(configure: { configuration, _ in
            configuration.trustedProxies = ["127.0.0.0/8"]
        }) {
            server in
            let fields = ["X-Forwarded-Proto: https, http", "X-Forwarded-Host: maps.example.org, inner"]
            #expect(
                try url(try await server.ask(Self.path, fields: fields))
                    == "https://maps.example.org/hips/mars/viking")
            #expect(
                try url(try await server.ask(Self.path, fields: fields + ["X-Forwarded-Prefix: /planets/"]))
                    == "https://maps.example.org/planets/hips/mars/viking")
            for field in [
                "X-Forwarded-Proto: javascript", "X-Forwarded-Host: a\"><b",
                "X-Forwarded-Prefix: //evil.example",
                "X-Forwarded-Prefix: /a\"b",
            ] {
                #expect(
                    try url(try await server.ask(Self.path, fields: [field]))
                        == "http://test.example:81/hips/mars/viking", "\(field)")
            }
            let list = try await server.ask("/hipslist", fields: fields + ["X-Forwarded-Prefix: /planets"])
            #expect(list.text.contains("https://maps.example.org/planets/hips/mars/viking"))
            let page = try await server.ask("/", fields: fields + ["X-Forwarded-Prefix: /planets"])
            #expect(page.text.contains("href=\"/planets/hips/mars/viking/\""))
            #expect(page.text.contains("<code>https://maps.example.org/planets/hips/mars/viking</code>"))
            let redirect = try await server.ask("/hips/mars/viking", fields: ["X-Forwarded-Prefix: /planets"])
            #expect(redirect.fields["location"] == "/planets/hips/mars/viking/")
        }
    }

    @Test func aConfiguredAddressGoesOverAllElse() async throws {
        try await Fixture.serve(configure: { configuration, _ in
            configuration.baseURL = "https://maps.example.org/planets"
            configuration.trustedProxies = ["127.0.0.1"]
        }) { server in
            let reply = try await server.ask(Self.path, fields: ["X-Forwarded-Host: other.example"])
            #expect(
                try url(reply)
                    == "https://maps.example.org/planets/hips/mars/viking")
        }
    }

    @Test(arguments: [
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false), ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false), ("192.168.4.0/22", "192.168.7.255", true),
        ("192.168.4.0/22", "192.168.8.0", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false),
        ("fd00::/8", "fdab::1", true), ("fd00::/8", "fe80::1", false), ("::1", "::1", true),
        ("127.0.0.1", "::ffff:127.0.0.1", true), ("nonsense", "10.1.2.3", false),
        ("10.0.0.0/33", "10.1.2.3", false),
    ])
    func networks(_ network: String, _ address: String, _ isTrusted: Bool) throws {
        let peer = try SocketAddress(ipAddress: address, port: 1)
        #expect(TrustedProxies([network]).contain(peer) == isTrusted)
    }

    @Test func theClientIsTheLastThatNoTrustedProxyWroteOf() throws {
        let proxies = TrustedProxies(["127.0.0.1", "10.0.0.0/8"])
        let peer = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        func client(_ forwarded: String...) -> String? { proxies.client(peer: peer, forwarded: forwarded) }
        #expect(client() == "127.0.0.1")
        #expect(client("203.0.113.9") == "203.0.113.9")
        #expect(
            client("198.51.100.1, 203.0.113.9, 10.3.3.3") == "203.0.113.9",
            "what stands before may be made up")
        #expect(client("198.51.100.1", "203.0.113.9") == "203.0.113.9")
        #expect(client("<script>") == "127.0.0.1")
        let other = try SocketAddress(ipAddress: "203.0.113.7", port: 1)
        #expect(proxies.client(peer: other, forwarded: ["198.51.100.1"]) == "203.0.113.7")
    }
}

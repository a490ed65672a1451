internal import Glibc
internal import NIOCore

/// The addresses whose word about the client and about the server's own address is believed.
struct TrustedProxies: Sendable {
    private struct Network: Sendable {
        let bytes: [UInt8]
        let prefix: Int
    }

    private let networks: [Network]

    /// The proxies at addresses such as `10.1.2.3` and in networks such as `10.0.0.0/8`; texts that are neither are
    /// passed over.
    init(_ texts: [String]) {
        networks = texts.compactMap { text in
            let parts = text.split(separator: "/", maxSplits: 1)
            guard let first = parts.first, let bytes = Self.bytes(String(first)) else { return nil }
            guard parts.count == 2 else { return Network(bytes: bytes, prefix: bytes.count * 8) }
            guard let prefix = Int(parts[1]), (0...bytes.count * 8).contains(prefix) else { return nil }
            return Network(bytes: bytes, prefix: prefix)
        }
    }

    /// Whether a proxy is believed.
    func contain(_ address: SocketAddress?) -> Bool {
        guard !networks.isEmpty, let text = address?.ipAddress else { return false }
        return contain(text)
    }

    /// The client's address: the last one in the fields `X-Forwarded-For` that is not a trusted proxy's.
    /// - Parameter forwarded: the values of the fields.
    func client(peer: SocketAddress?, forwarded: [String]) -> String? {
        let peerText = peer?.ipAddress
        guard contain(peer) else { return peerText }
        var client = peerText
        for part in forwarded.joined(separator: ",").split(separator: ",").reversed() {
            let text = String(part.filter { $0 != " " && $0 != "\t" })
            guard Self.bytes(text) != nil else { break }
            client = text
            if !contain(text) { break }
        }
        return client
    }

    private func contain(_ text: String) -> Bool {
        guard let bytes = Self.bytes(text) else { return false }
        return networks.contains { network in
            guard network.bytes.count == bytes.count else { return false }
            return (0..<network.prefix).allSatisfy { bit in
                let mask = UInt8(128) >> UInt8(bit & 7)
                return network.bytes[bit >> 3] & mask == bytes[bit >> 3] & mask
            }
        }
    }

    /// The bytes of an address; those of IPv4 also for one that is written as an address of IPv6.
    private static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 64 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        return bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    }
}

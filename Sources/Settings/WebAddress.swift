internal import Glibc

/// Checks of addresses in settings.
enum WebAddress {
    /// An address below which a server's paths stand, without the slash at its end; nil for anything else.
    static func base(_ text: String) -> String? {
        let parts = text.split(separator: "://", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let (scheme, rest) = (parts[0].lowercased(), parts[1])
        guard ["http", "https"].contains(scheme) else { return nil }
        let host = rest.prefix { $0 != "/" }
        let signs = "-._~:/[]%"
        guard !host.isEmpty, host.utf8.count <= 255, !rest.contains("//"),
            rest.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || signs.contains($0)) })
        else { return nil }
        let trailing = rest.reversed().prefix { $0 == "/" }.count
        return scheme + "://" + rest.dropLast(trailing)
    }

    /// Whether a text is the address of a machine, or of a network with the length of its prefix.
    static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return false }
        var space = [UInt8](repeating: 0, count: 16)
        let bits: Int
        if inet_pton(AF_INET, String(parts[0]), &space) == 1 {
            bits = 32
        } else if inet_pton(AF_INET6, String(parts[0]), &space) == 1 {
            bits = 128
        } else {
            return false
        }
        return parts.count == 1 || Int(parts[1]).map { (0...bits).contains($0) } ?? false
    }
}

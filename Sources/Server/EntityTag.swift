internal import NIOCore

/// A strong entity tag made from the bytes of an answer (RFC 9110, section 8.8.3).
///
/// Since it depends on nothing else, a rebuild leaves the tag of an unchanged tile as it was, and two
/// servers with the same files give the same tags.
struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// The tag in its quotes.
    let description: String

    init(_ buffer: ByteBuffer) {
        self.init(hash: buffer.withUnsafeReadableBytes(Self.hash), count: buffer.readableBytes)
    }

    init(_ text: String) {
        var text = text
        let (hash, count) = text.withUTF8 { (Self.hash(UnsafeRawBufferPointer($0)), $0.count) }
        self.init(hash: hash, count: count)
    }

    private init(hash: UInt64, count: Int) {
        description = "\"" + String(hash, radix: 16) + "-" + String(count, radix: 16) + "\""
    }

    /// Whether a field `If-None-Match` names this tag; weak tags compare like strong ones (section 13.1.2).
    func isNamed(in field: String) -> Bool {
        field.split(separator: ",").contains { entry in
            var entry = entry.drop { $0 == " " || $0 == "\t" }
            while entry.last == " " || entry.last == "\t" { entry.removeLast() }
            if entry == "*" { return true }
            if entry.hasPrefix("W/") { entry = entry.dropFirst(2) }
            return entry == description
        }
    }

    /// 64 bits from folded 128-bit products, after the scheme of wyhash: one product for 16 bytes.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
        func mix(_ a: UInt64, _ b: UInt64) {
            let product = (a ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
                by: b ^ hash ^ 0xE703_7ED1_A0B4_28DB)
            hash = product.high ^ product.low
        }
        let whole = bytes.count & ~15
        for i in stride(from: 0, to: whole, by: 16) {
            mix(
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i + 8, as: UInt64.self)))
        }
        var tail: (UInt64, UInt64) = (0, 0)
        for i in whole..<bytes.count {
            let shift = UInt64(i & 7) * 8
            if i & 15 < 8 { tail.0 |= UInt64(bytes[i]) << shift } else { tail.1 |= UInt64(bytes[i]) << shift }
        }
        mix(tail.0, tail.1)
        mix(hash, 0)
        return hash
    }
}

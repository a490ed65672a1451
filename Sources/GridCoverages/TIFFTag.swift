/// A field of a TIFF directory with its value as it lies in the file, in little-endian order (TIFF 6.0, section 2).
struct TIFFTag: Sendable, Hashable {
    let number: UInt16
    let type: UInt16
    let count: Int
    let bytes: [UInt8]

    /// Bytes of a value of each type: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 12 DOUBLE, 16 LONG8 of BigTIFF.
    private static let sizes: [UInt16: Int] = [1: 1, 2: 1, 3: 2, 4: 4, 12: 8, 16: 8]

    private init(_ number: UInt16, _ type: UInt16, count: Int, _ bytes: [UInt8]) {
        self.number = number
        self.type = type
        self.count = count
        self.bytes = bytes
    }

    static func shorts(_ number: UInt16, _ values: [Int]) -> TIFFTag {
        TIFFTag(number, 3, count: values.count, values.flatMap { little(UInt16(truncatingIfNeeded: $0)) })
    }

    static func longs(_ number: UInt16, _ values: [Int]) -> TIFFTag {
        TIFFTag(number, 4, count: values.count, values.flatMap { little(UInt32(truncatingIfNeeded: $0)) })
    }

    static func longs8(_ number: UInt16, _ values: [Int]) -> TIFFTag {
        TIFFTag(number, 16, count: values.count, values.flatMap { little(UInt64(truncatingIfNeeded: $0)) })
    }

    static func doubles(_ number: UInt16, _ values: [Double]) -> TIFFTag {
        TIFFTag(number, 12, count: values.count, values.flatMap { little($0.bitPattern) })
    }

    static func text(_ number: UInt16, _ text: String) -> TIFFTag {
        let bytes = Array(text.utf8) + [0]
        return TIFFTag(number, 2, count: bytes.count, bytes)
    }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
    }

    /// The fields of the first directory of a little-endian TIFF that this program made; those of other types are left out.
    static func read(_ file: [UInt8]) -> [TIFFTag] {
        func number(_ position: Int, _ count: Int) -> Int? {
            guard position >= 0, position + count <= file.count else { return nil }
            return (0..<count).reduce(0) { $0 | Int(file[position + $1]) << (8 * $1) }
        }
        guard file.starts(with: [0x49, 0x49, 42, 0]), let start = number(4, 4), let fields = number(start, 2)
        else { return [] }
        var tags: [TIFFTag] = []
        for field in 0..<fields {
            let position = start + 2 + 12 * field
            guard let tag = number(position, 2), let type = number(position + 2, 2),
                let count = number(position + 4, 4), let size = sizes[UInt16(type)]
            else { continue }
            let length = count * size
            guard let first = length <= 4 ? position + 8 : number(position + 8, 4),
                first + length <= file.count
            else { continue }
            tags.append(
                TIFFTag(UInt16(tag), UInt16(type), count: count, Array(file[first..<(first + length)])))
        }
        return tags
    }
}

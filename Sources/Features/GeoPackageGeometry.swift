/// Geometries as GeoPackages hold them: a head with the number of their system and their box, and well-known binary
/// (OGC 12-128r18, section 2.1.3).
enum GeoPackageGeometry {
    /// Writes a geometry. Points have no box, for they are one.
    static func blob(_ geometry: Geometry, system: Int32, box: FeatureBox?) -> [UInt8] {
        var isPoint = false
        if case .point = geometry { isPoint = true }
        var bytes: [UInt8] = [UInt8(ascii: "G"), UInt8(ascii: "P"), 0]
        let envelope: UInt8 = isPoint || box == nil ? 0 : 1
        bytes.append(1 | envelope << 1 | (box == nil ? 1 << 4 : 0))
        withUnsafeBytes(of: system.littleEndian) { bytes.append(contentsOf: $0) }
        if envelope == 1, let box {
            for value in [box.minX, box.maxX, box.minY, box.maxY] {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes + WellKnownBinary.bytes(of: geometry)
    }

    /// Reads a geometry; nil for bytes that hold none.
    static func geometry(_ bytes: Span<UInt8>) -> Geometry? {
        guard let start = bodyStart(bytes) else { return nil }
        guard let read = try? WellKnownBinary.read(bytes.extracting(start..<bytes.count)) else { return nil }
        return read.geometry
    }

    /// The box that the head states, or that of the geometry; nil for empty geometries.
    static func box(_ bytes: Span<UInt8>) -> FeatureBox? {
        guard let start = bodyStart(bytes) else { return nil }
        if start >= 40, bytes[3] & 1 == 1 {
            func number(_ index: Int) -> Double {
                var value: UInt64 = 0
                for byte in 0..<8 { value |= UInt64(bytes[8 + 8 * index + byte]) << UInt64(8 * byte) }
                return Double(bitPattern: value)
            }
            return FeatureBox(minX: number(0), minY: number(2), maxX: number(1), maxY: number(3))
        }
        return geometry(bytes)?.box
    }

    static func bodyStart(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count > 8, bytes[0] == UInt8(ascii: "G"), bytes[1] == UInt8(ascii: "P") else {
            return nil
        }
        let sizes = [0, 32, 48, 48, 64]
        let kind = Int(bytes[3] >> 1 & 7)
        guard kind < sizes.count, bytes.count >= 8 + sizes[kind] else { return nil }
        return 8 + sizes[kind]
    }
}

extension SampleBytes {
    /// One pixel many times.
    static func repeated(_ pixel: [UInt8], count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        var bytes = pixel
        bytes.reserveCapacity(pixel.count * count)
        while bytes.count < pixel.count * count {
            bytes += bytes.prefix(pixel.count * count - bytes.count)
        }
        return bytes
    }

    /// One value many times; zeros where the type has no such value.
    static func repeated(_ value: Double, _ type: CoverageSampleType, count: Int) -> [UInt8] {
        func whole<T: FixedWidthInteger>(_ type: T.Type) -> [UInt8] {
            copy([T](repeating: T(exactly: value.rounded()) ?? 0, count: count))
        }
        switch type {
        case .uint8: return whole(UInt8.self)
        case .int8: return whole(Int8.self)
        case .uint16: return whole(UInt16.self)
        case .int16: return whole(Int16.self)
        case .uint32: return whole(UInt32.self)
        case .int32: return whole(Int32.self)
        case .float32: return copy([Float](repeating: Float(value), count: count))
        case .float64: return copy([Double](repeating: value, count: count))
        }
    }
}

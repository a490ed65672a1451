extension RGBA8 {
    /// Drops the fourth channel.
    /// - Parameter out: room for `4 * count` bytes, of which the first `3 * count` are the result.
    public static func packRGB(
        _ source: UnsafePointer<RGBA8>, count: Int, into out: UnsafeMutablePointer<UInt8>
    ) {
        let bytes = UnsafeRawPointer(source)
        let target = UnsafeMutableRawPointer(out)
        // Four pixels are 16 bytes in and 12 out. Each store writes 4 bytes of which the next one overwrites
        // the last: `out` has the room.
        for i in 0..<count {
            target.storeBytes(
                of: bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self), toByteOffset: 3 * i,
                as: UInt32.self)
        }
    }
}

internal import CCFITSIO

extension FITSImage {
    /// Reads the primary array of a FITS file in memory.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, not compressed.
    ///   - maximumSize: The largest width and height, in samples, that is accepted.
    /// - Returns: The image with its stored values.
    /// - Throws: ``FITSError`` when the bytes are no FITS file, end before the data does, hold no
    ///   two-dimensional array of a supported type, or exceed `maximumSize`.
    public static func decode(
        _ bytes: [UInt8], maximumSize: Int = 16384
    ) throws(FITSError) -> FITSImage {
        try withFITSFile(bytes) { (file) throws(FITSError) in
            var status: Int32 = 0
            var bitpix: Int32 = 0
            var axisCount: Int32 = 0
            var axes: (Int64, Int64) = (0, 0)
            withUnsafeMutablePointer(to: &axes) { pair in
                // A homogeneous tuple is laid out as an array of its element.
                pair.withMemoryRebound(to: Int64.self, capacity: 2) {
                    _ = ffgiprll(file, 2, &bitpix, &axisCount, $0, &status)
                }
            }
            try check(status, "read the image size")
            guard axisCount == 2 else {
                throw .unsupported("its primary array has \(axisCount) axes where two are expected")
            }
            guard axes.0 > 0, axes.1 > 0 else {
                throw .malformed("its image is \(axes.0) x \(axes.1) samples")
            }
            guard axes.0 <= maximumSize, axes.1 <= maximumSize else {
                throw .tooLarge(
                    "\(axes.0) x \(axes.1) samples where at most \(maximumSize) a side are accepted")
            }
            let (width, height) = (Int(axes.0), Int(axes.1))
            // Checked before anything is allocated, so that a header alone cannot claim memory.
            var dataStart: Int64 = 0
            ffghadll(file, nil, &dataStart, nil, &status)
            try check(status, "find the image data")
            let needed = width * height * Int(abs(bitpix) / 8)
            guard Int64(bytes.count) - dataStart >= Int64(needed) else {
                throw .malformed(
                    "the image takes \(needed) bytes after the header, "
                        + "but \(Int64(bytes.count) - dataStart) follow"
                )
            }
            // Stored values are wanted: scaling off.
            ffpscl(file, 1, 0, &status)
            try check(status, "switch scaling off")
            let count = width * height
            let samples: Samples
            switch Int(bitpix) {
            case UInt8.bitpix: samples = .uint8(try read(file, TBYTE, count))
            case Int16.bitpix: samples = .int16(try read(file, TSHORT, count))
            case Int32.bitpix: samples = .int32(try read(file, TINT, count))
            case Float.bitpix: samples = .float(try read(file, TFLOAT, count))
            case Double.bitpix: samples = .double(try read(file, TDOUBLE, count))
            default: throw .unsupported("BITPIX is \(bitpix) where 8, 16, 32, -32 or -64 is expected")
            }
            let cards = try readCards(file)
            return FITSImage(width: width, height: height, cards: cards, samples: samples)
        }
    }

    private static func read<T: FITSSample>(
        _ file: FITSFilePointer, _ type: Int32, _ count: Int
    ) throws(FITSError) -> [T] {
        var status: Int32 = 0
        let samples = [T](unsafeUninitializedCapacity: count) { buffer, initialised in
            ffgpv(file, type, 1, Int64(count), nil, buffer.baseAddress, nil, &status)
            initialised = status == 0 ? count : 0
        }
        try check(status, "read the image data")
        return samples
    }
}

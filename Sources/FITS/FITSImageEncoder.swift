internal import CCFITSIO

/// Writes images as FITS files in memory.
public struct FITSImageEncoder: Sendable {
    /// Makes an encoder; it keeps nothing between files, so that any number of workers may share it.
    public init() {}

    /// Writes one image as the primary array of a FITS file.
    ///
    /// - Parameters:
    ///   - samples: `width * height` physical values, row-major; the first row is the first of the file,
    ///     which viewers draw at the bottom.
    ///   - width: `NAXIS1`.
    ///   - height: `NAXIS2`.
    ///   - cards: Further keywords, written in this order after the mandatory ones.
    /// - Returns: The file, a whole number of 2880-byte blocks.
    /// - Throws: ``FITSError`` when the sizes do not agree or a card cannot be written.
    public func encode<T: FITSSample>(
        _ samples: Span<T>, width: Int, height: Int, cards: [FITSCard] = []
    ) throws(FITSError) -> [UInt8] {
        guard width > 0, height > 0, width.multipliedReportingOverflow(by: height).overflow == false,
            samples.count == width * height
        else {
            throw .sampleCount(found: samples.count, width: width, height: height)
        }
        let block = 2880
        let dataSize = samples.count * MemoryLayout<T>.stride
        let expected = (dataSize / block + 2 + cards.count / 30 + 1) * block
        return try makeFITSFile(expectedSize: expected) { (file) throws(FITSError) in
            var status: Int32 = 0
            var axes = (Int64(width), Int64(height))
            withUnsafeMutablePointer(to: &axes) { pair in
                // A homogeneous tuple is laid out as an array of its element.
                pair.withMemoryRebound(to: Int64.self, capacity: 2) {
                    _ = ffcrimll(file, Int32(T.bitpix), 2, $0, &status)
                }
            }
            // CFITSIO adds two cards of commentary to every file; a tile has no use for them.
            ffdkey(file, "COMMENT", &status)
            ffdkey(file, "COMMENT", &status)
            try check(status, "create an image of \(width) x \(height)")
            try writeCards(file, cards)
            samples.withUnsafeBufferPointer {
                // The array is only read; CFITSIO's prototype lacks `const`.
                let values = UnsafeMutableRawPointer(mutating: $0.baseAddress)
                _ = ffppr(file, dataType(of: T.self), 1, Int64($0.count), values, &status)
            }
            try check(status, "write the image data")
        }
    }

    private func dataType<T: FITSSample>(of type: T.Type) -> Int32 {
        switch T.bitpix {
        case UInt8.bitpix: TBYTE
        case Int16.bitpix: TSHORT
        case Int32.bitpix: TINT
        case Float.bitpix: TFLOAT
        default: TDOUBLE
        }
    }
}

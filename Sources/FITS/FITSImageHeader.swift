internal import CCFITSIO

/// The header of an image in a FITS file whose data are left alone.
public struct FITSImageHeader: Sendable, Equatable {
    /// Number of the HDU, 0 for the primary one.
    public let number: Int
    /// NAXIS1, NAXIS2, ...
    public let axes: [Int]
    /// BITPIX.
    public let bitpix: Int
    /// Keywords in the order of the header, without those that state the structure.
    public let cards: [FITSCard]

    /// HDUs that are looked through.
    private static let mostUnits = 64

    /// Reads the header of the first image of two or more axes.
    /// - Parameter head: the beginning of the file, as much as the headers take; data may be cut off.
    /// - Returns: nil when no image is found in what is there.
    /// - Throws: ``FITSError`` when the bytes are no FITS file or the header is damaged.
    public static func firstImage(_ head: [UInt8]) throws(FITSError) -> FITSImageHeader? {
        try withFITSFile(head) { (file) throws(FITSError) in
            for number in 0..<mostUnits {
                var status: Int32 = 0
                var kind: Int32 = 0
                ffmahd(file, Int32(number + 1), &kind, &status)
                guard status == 0 else {
                    ffcmsg()
                    return nil
                }
                guard kind == IMAGE_HDU else { continue }
                var count: Int32 = 0
                ffgidm(file, &count, &status)
                try check(status, "read the number of axes")
                guard count >= 2, count < 16 else { continue }
                var axes = [Int64](repeating: 0, count: Int(count))
                var bitpix: Int32 = 0
                ffgiszll(file, count, &axes, &status)
                ffgidt(file, &bitpix, &status)
                try check(status, "read the size of the image")
                return FITSImageHeader(
                    number: number, axes: axes.map { Int(clamping: $0) }, bitpix: Int(bitpix),
                    cards: try readCards(file))
            }
            return nil
        }
    }
}

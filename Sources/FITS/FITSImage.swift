/// A two-dimensional FITS image: the primary array of a file with its header.
public struct FITSImage: Sendable, Equatable {
    /// The samples as stored, in the type that `BITPIX` names.
    ///
    /// Row-major; the first row is the first of the file, which viewers draw at the bottom.
    public enum Samples: Sendable, Equatable {
        /// `BITPIX` 8.
        case uint8([UInt8])
        /// `BITPIX` 16.
        case int16([Int16])
        /// `BITPIX` 32.
        case int32([Int32])
        /// `BITPIX` -32.
        case float([Float])
        /// `BITPIX` -64.
        case double([Double])
    }

    /// `NAXIS1`, samples in a row.
    public let width: Int
    /// `NAXIS2`, rows.
    public let height: Int
    /// Every keyword with a value, in the order of the file; those that state the structure are left out.
    public let cards: [FITSCard]
    /// `width * height` stored values; `BSCALE` and `BZERO`, if any, are not applied.
    public let samples: Samples

    /// `BITPIX` of the file: 8, 16, 32, -32 or -64.
    public var bitpix: Int {
        switch samples {
        case .uint8: UInt8.bitpix
        case .int16: Int16.bitpix
        case .int32: Int32.bitpix
        case .float: Float.bitpix
        case .double: Double.bitpix
        }
    }
}

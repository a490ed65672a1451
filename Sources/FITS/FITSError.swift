/// What went wrong while FITS bytes were read or written.
///
/// Every case says what was met, what would have been right and, where that helps, what to do.
public enum FITSError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are not a FITS file, or are cut short.
    case malformed(String)
    /// The bytes are FITS, but of a kind that this module does not read.
    case unsupported(String)
    /// The image or table is larger than the caller allows.
    case tooLarge(String)
    /// A header card that was to be written breaks the rules of FITS 4.0, section 4.
    case invalidCard(keyword: String, reason: String)
    /// The number of samples differs from width times height.
    case sampleCount(found: Int, width: Int, height: Int)
    /// CFITSIO refused an operation; `status` is its error code.
    case library(operation: String, status: Int, reason: String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .malformed(let text): "These bytes are not a usable FITS file: \(text)."
        case .unsupported(let text): "This FITS file is not supported: \(text)."
        case .tooLarge(let text): "This FITS file is too large: \(text)."
        case .invalidCard(let keyword, let reason):
            "The FITS header card \"\(keyword)\" cannot be written: \(reason)."
        case .sampleCount(let found, let width, let height):
            "A FITS image of \(width) x \(height) needs as many samples, but \(found) were given."
        case .library(let operation, let status, let reason):
            "CFITSIO failed to \(operation) (status \(status): \(reason))."
        }
    }
}

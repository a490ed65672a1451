/// What went wrong while a coverage was made, read or written.
public enum MOCError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is no MOC in the ASCII or JSON form (MOC 2.0, section 4.3.2 and 4.3.3).
    case text(form: String, reason: String, position: Int)
    /// A cell or order does not exist.
    case cell(order: Int64, npix: Int64)
    /// An interval or order of time does not exist.
    case timeCell(order: Int64, number: Int64)
    /// The FITS bytes hold no MOC that can be read.
    case fits(String)
    /// One of many positions is no position.
    case position(index: Int, lonRad: Double, latRad: Double)
    /// Coverages of two bodies were to be combined.
    case bodies(String, String)
    /// The result would take more memory than is sensible.
    case tooLarge(String)
    /// A text is no date and time.
    case time(String, String)
    /// A form or an operation is not for this kind of coverage.
    case form(String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .text(let form, let reason, let position):
            "This is not a MOC in \(form) form: \(reason) (at character \(position + 1))."
        case .cell(let order, let npix):
            "There is no HEALPix cell \(order)/\(npix): orders are 0 to 29, with 12 * 4^order cells each."
        case .timeCell(let order, let number):
            "There is no interval of time \(order)/\(number): orders are 0 to 61, with 2^(order + 1) intervals each."
        case .fits(let reason): "This FITS file is not a MOC that can be read: \(reason)."
        case .position(let index, let lonRad, let latRad):
            "Position \(index + 1) is none: longitude \(lonRad * 180 / .pi), latitude \(latRad * 180 / .pi) degrees, "
                + "where finite longitudes and latitudes of -90 to 90 are expected."
        case .bodies(let first, let second):
            "One coverage is of \(first) and another of \(second): those of two bodies have nothing in common."
        case .tooLarge(let reason): "This would take too much memory: \(reason)."
        case .time(let text, let reason): "\"\(text)\" is no time such as 2021-02-18T20:55:00: \(reason)."
        case .form(let reason): "This cannot be done with the coverage: \(reason)."
        }
    }
}

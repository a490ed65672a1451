/// What went wrong while a coverage was read or written.
public enum MOCError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is no MOC in the ASCII or JSON form (MOC 2.0, section 4.3.2 and 4.3.3).
    case text(form: String, reason: String, position: Int)
    /// A cell or order does not exist.
    case cell(order: Int64, npix: Int64)
    /// The FITS bytes hold no MOC that can be read.
    case fits(String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .text(let form, let reason, let position):
            "This is not a MOC in \(form) form: \(reason) (at character \(position + 1))."
        case .cell(let order, let npix):
            "There is no HEALPix cell \(order)/\(npix): orders are 0 to 29, with 12 * 4^order cells each."
        case .fits(let reason): "This FITS file is not a spatial MOC: \(reason)."
        }
    }
}

/// A form in which coverages are written (MOC 2.0, section 4.3).
public enum MOCFormat: String, Sendable, CaseIterable {
    /// FITS with NUNIQ numbers where only space is covered, which MOC 1.1 readers take as well; otherwise with ranges.
    case fits
    /// FITS with the bounds of ranges, MOC 2.0 only.
    case fitsRange = "fits-range"
    /// FITS with NUNIQ numbers and no other keywords than those of MOC 1.1.
    case fitsV1 = "fits-v1"
    /// Text such as `1/1 2 4 2/12-14`.
    case ascii
    /// Text such as `{"1":[1,2,4],"2":[12,13,14]}`.
    case json

    /// The form that the name of a file asks for by its suffix; nil for others than .fits, .fit, .txt, .ascii, .moc
    /// and .json.
    public init?(suffixOf name: String) {
        let suffix = name.split(separator: "/").last.flatMap { name in
            name.lastIndex(of: ".").map { name[$0...].lowercased() }
        }
        switch suffix {
        case ".fits", ".fit": self = .fits
        case ".txt", ".ascii", ".moc": self = .ascii
        case ".json": self = .json
        default: return nil
        }
    }

    /// The media type to serve it with.
    public var mediaType: String {
        switch self {
        case .fits, .fitsRange, .fitsV1: "application/fits"
        case .ascii: "text/plain; charset=utf-8"
        case .json: "application/json"
        }
    }
}

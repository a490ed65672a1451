/// The identifier of a coordinate reference system in its canonical spelling, such as `IAU_2015:49900`.
public struct CRSIdentifier: Sendable, Hashable, CustomStringConvertible {
    /// The authority in PROJ's spelling: `IAU_2015`, `EPSG`, `ESRI`, `OGC`.
    public let authority: String
    /// The code within the authority.
    public let code: String

    /// The canonical spelling, `authority:code`.
    public var description: String { "\(authority):\(code)" }

    /// The NAIF code of the body for codes of `IAU_2015`; nil for other authorities.
    public var naifCode: Int? {
        authority == Self.iau2015 ? Int(code).map { $0 / 100 } : nil
    }

    static let iau2015 = "IAU_2015"

    /// Reads an identifier in any spelling that servers and files use.
    ///
    /// Taken are `IAU_2015:49900`, `IAU:49900`, `IAU:2015:49900`, `urn:ogc:def:crs:IAU_2015::49900`,
    /// `urn:ogc:def:crs:IAU:2015:49900`, `http(s)://www.opengis.net/def/crs/IAU_2015/0/49900`,
    /// `.../def/crs/IAU/2015/49900`, a bare number of five digits or more, the same forms with `EPSG`, `ESRI`
    /// and other authorities, and `IAU2000:49900`, whose numbering differs and is translated where its
    /// systems are the same (`IAU2000:49912` is `IAU_2015:49915`).
    ///
    /// - Returns: nil when the text is not an identifier at all.
    /// - Throws: `FrameError.unsupportedIdentifier` for an identifier that stands for nothing known.
    public static func parse(_ text: String) throws(FrameError) -> CRSIdentifier? {
        let trimmed = text.trimmedASCII
        guard let parts = parts(of: trimmed) else { return nil }
        let authority = parts.authority.uppercased()
        switch (authority, parts.version) {
        case ("IAU_2015", _), ("IAU2015", _), ("IAU", "2015"), ("IAU", ""), ("IAU", "0"):
            return CRSIdentifier(authority: iau2015, code: String(try iauNumber(parts.code, in: trimmed)))
        case ("IAU_2000", _), ("IAU2000", _), ("IAU", "2000"):
            return try fromIAU2000(try iauNumber(parts.code, in: trimmed), spelling: trimmed)
        case ("IAU", _):
            throw .unsupportedIdentifier(
                text: trimmed, reason: "version \(parts.version) of the IAU's codes is not known, 2015 is")
        case ("CRS", _):
            return CRSIdentifier(authority: "OGC", code: "CRS" + parts.code)
        case ("EPSG", _) where isESRIPlanetary(parts.code):
            // Planetary tile services write Esri's codes under EPSG's name; EPSG itself has none so high.
            return CRSIdentifier(authority: "ESRI", code: parts.code)
        default:
            return CRSIdentifier(authority: authority, code: parts.code.uppercased())
        }
    }

    private static func isESRIPlanetary(_ code: String) -> Bool {
        Int(code).map { (104_900...104_999).contains($0) } ?? false
    }

    private static func iauNumber(_ code: String, in text: String) throws(FrameError) -> Int {
        guard let number = Int(code), (1000...999_999_999).contains(number) else {
            throw .unsupportedIdentifier(
                text: text, reason: "an IAU code is the NAIF number times 100 plus the kind, such as 49900")
        }
        return number
    }

    /// Authority, version (empty when not said) and code of any spelling; nil when it is no identifier.
    private static func parts(of text: String) -> (authority: String, version: String, code: String)? {
        let lower = text.lowercased()
        var fields: [String]
        if lower.hasPrefix("urn:") {
            let pieces = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard pieces.count == 7,
                lower.hasPrefix("urn:ogc:def:crs:") || lower.hasPrefix("urn:x-ogc:def:crs:")
            else { return nil }
            fields = Array(pieces[4...])
        } else if lower.hasPrefix("http://") || lower.hasPrefix("https://") {
            let pieces = text.split(separator: "/").map(String.init)
            guard pieces.count == 7, pieces[1].lowercased().hasSuffix("opengis.net"),
                pieces[2].lowercased() == "def", pieces[3].lowercased() == "crs"
            else { return nil }
            fields = Array(pieces[4...])
        } else {
            fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            if fields.count == 1, text.count >= 5, text.allSatisfy({ "0123456789".contains($0) }) {
                fields = [iau2015, text]
            }
            guard fields.count == 2 || fields.count == 3 else { return nil }
        }
        let version = fields.count == 3 ? fields[1] : ""
        guard let code = fields.last, isWord(fields[0]), isWord(code), fields[0].first?.isLetter == true
        else {
            return nil
        }
        return (fields[0], version, code)
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == ".")
            }
    }
}

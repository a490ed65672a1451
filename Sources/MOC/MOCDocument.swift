public import FITS

/// A coverage together with what a file says about it.
///
/// The body: no standard has a keyword for it. It is written to `MOCBODY`, while `COORDSYS` is `C` so that mocpy and Aladin
/// take the file; Aladin Desktop, which takes any other word of `COORDSYS` for a body, gets such a file on request.
public struct MOCDocument: Sendable {
    /// What is covered.
    public var coverage: Coverage
    /// The body whose body-fixed frame the cells belong to, lower case; nil for none that is known, and for the sky.
    public var body: String?
    /// The keywords of a FITS file that do not say what the table holds, such as `MOCTOOL`, `MOCID` or `DATE`.
    public var cards: [FITSCard] = []
    /// The form that it was read from.
    public private(set) var format: MOCFormat?
    /// What was put right while it was read, a sentence each.
    public private(set) var repairs: [String] = []

    /// A document of a coverage.
    public init(_ coverage: Coverage, body: String? = nil) {
        self.coverage = coverage
        self.body = body?.lowercased()
    }

    /// Reads any of the forms, which are told apart by their first bytes.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - repairs: What is put right, and told in ``repairs``, rather than refused.
    ///   - isTime: Whether cells of an unnamed axis in a text are intervals of time, as mocpy writes time MOCs.
    /// - Throws: ``MOCError`` with the place of the mistake, or ``FITSError``.
    public init(reading bytes: [UInt8], accepting repairs: MOCRepairs = [], isTime: Bool = false) throws {
        let unnamed: Axis = isTime ? .time : .space
        let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        if bytes.starts(with: "SIMPLE".utf8) {
            var reading = try FITSReading(bytes, accepting: repairs)
            coverage = try reading.coverage()
            body = try Self.body(reading.cards)
            cards = reading.cards.filter { !Self.described.contains($0.keyword) }
            format = reading.cards.string("ORDERING")?.hasPrefix("RANGE") == true ? .fitsRange : .fits
            self.repairs = reading.repairs
        } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            (coverage, self.repairs) = try Coverage.read(
                json: bytes, unnamedAxis: unnamed, accepting: repairs)
            format = .json
        } else {
            (coverage, self.repairs) = try Coverage.read(
                ascii: bytes, unnamedAxis: unnamed, accepting: repairs)
            format = .ascii
        }
    }

    /// Writes the document.
    ///
    /// - Parameters:
    ///   - format: The form.
    ///   - isBodyFramed: Whether `COORDSYS` is the body rather than `C`; the texts have no place for either.
    /// - Throws: ``FITSError`` when a card cannot be written; ``MOCError/form(_:)`` when the form cannot hold the
    ///   coverage, or no body is known to frame it.
    public func encoded(as format: MOCFormat, isBodyFramed: Bool = false) throws -> [UInt8] {
        switch format {
        case .ascii: return coverage.asciiBytes
        case .json: return coverage.jsonBytes
        case .fits, .fitsRange, .fitsV1:
            guard body != nil || !isBodyFramed else {
                throw MOCError.form("COORDSYS is to name the body, but none is known")
            }
            return try coverage.fitsBytes(
                format, system: isBodyFramed ? body ?? "C" : "C", more: Self.cards(of: body) + cards)
        }
    }

    /// The keyword of a body, if there is one.
    static func cards(of body: String?) -> [FITSCard] {
        guard let body else { return [] }
        return [FITSCard("MOCBODY", .string(body), comment: "body-fixed frame, east-positive")]
    }

    /// The one body of several documents; nil when none of them says.
    /// - Throws: ``MOCError/bodies(_:_:)`` for the first two that differ.
    public static func commonBody(_ bodies: some Sequence<String?>) throws(MOCError) -> String? {
        var common: String?
        for body in bodies {
            guard let body else { continue }
            if let common, common != body { throw .bodies(common, body) }
            common = body
        }
        return common
    }

    /// Keywords that follow from the coverage, the form and the body.
    private static let described: Set<String> = [
        "MOCVERS", "MOCDIM", "ORDERING", "COORDSYS", "TIMESYS", "MOCORD_S", "MOCORD_T", "MOCORDER", "PIXTYPE",
        "MOCBODY",
    ]

    /// The body that the keywords name: `MOCBODY`, or a `COORDSYS` that is no frame of the sky.
    private static func body(_ cards: [FITSCard]) throws(MOCError) -> String? {
        func word(_ keyword: String) throws(MOCError) -> String? {
            guard let text = cards.string(keyword) else { return nil }
            // FITS has no other letters (FITS 4.0, section 4.2.1), and so such a name could not be written again.
            guard text.utf8.allSatisfy({ (32...126).contains($0) }) else {
                throw .fits("\(keyword) is \(text.debugDescription) where a name in plain ASCII is expected")
            }
            return text.lowercased()
        }
        let named = try word("MOCBODY")
        let system = try word("COORDSYS") ?? "c"
        let ofSky = ["", "c", "g", "e", "celestial", "galactic", "ecliptic", "equatorial", "icrs"]
        let framed = ofSky.contains(system) ? nil : system
        return try commonBody([named?.isEmpty == true ? nil : named, framed])
    }
}

public import Maps

/// Why a coverage cannot be given; `description` says what was found, what was expected and what to do.
///
/// No path of the server's disk is told.
public enum CoverageError: Error, Sendable, CustomStringConvertible {
    /// More than the limit; `found` and `limit` in the unit that is named.
    case tooLarge(found: Int, limit: Int, unit: String)
    /// More of the file behind the coverage than the limit; `found` and `limit` in the unit that is named.
    case tooMuchRead(found: Int, limit: Int, unit: String, remedy: String)
    /// An area that shares nothing with the coverage, or is no box; the box is in the coverage's system.
    case outside(coverage: String, extent: MapBox)
    /// A size that no answer has.
    case badSize(width: Int, height: Int, reason: String)
    /// A system that the coverage is not given in; `offered` says what is.
    case unsupportedCRS(found: String, coverage: String, remedy: String)
    /// A way of interpolation that the coverage does not offer.
    case unsupportedInterpolation(found: String, offered: [String])
    /// A band that the coverage does not have.
    case unknownBand(found: String, offered: [String])
    /// A format, or an option of one, that the answer cannot be written in.
    case unsupportedFormat(found: String, reason: String)
    /// The file that the map was built from is not what it was.
    case sourceGone(coverage: String)
    /// The server of the file that the map was built from does not answer.
    case sourceUnreachable(coverage: String)
    /// A part of the file that the map was built from cannot be read, though the file is there; or something was changed
    /// about it in the middle of the answer.
    case sourceUnreadable(coverage: String)
    /// The map cannot be drawn.
    case maps(MapsError)
    /// The answer cannot be written.
    case writing(reason: String)
    /// Nobody waits for the answer any more.
    case cancelled

    /// A sentence for people.
    public var description: String {
        switch self {
        case .tooLarge(let found, let limit, let unit):
            "The answer would have \(found) \(unit), and at most \(limit) are given; ask for a smaller part or for "
                + "fewer pixels."
        case .tooMuchRead(let found, let limit, let unit, let remedy):
            "The answer would take \(found) \(unit) of the file behind it, and at most \(limit) are given; \(remedy)."
        case .outside(let coverage, let box):
            "The area that is asked for shares nothing with \(coverage), which reaches from (\(box.minX), \(box.minY)) "
                + "to (\(box.maxX), \(box.maxY))."
        case .badSize(let width, let height, let reason):
            "An answer of \(width) x \(height) pixels cannot be given: \(reason)."
        case .unsupportedCRS(let found, let coverage, let remedy):
            "\(coverage) is not given in \(found); \(remedy)."
        case .unsupportedInterpolation(let found, let offered):
            "There is no interpolation \"\(found)\"; there is \(offered.joined(separator: ", "))."
        case .unknownBand(let found, let offered):
            "There is no band \"\(found)\"; there is \(offered.joined(separator: ", "))."
        case .unsupportedFormat(let found, let reason): "The answer cannot be given as \(found): \(reason)."
        case .sourceGone(let coverage):
            "The file behind \(coverage) is no longer what it was when the map was built; ask for the map itself, without "
                + "\(GridCoverage.nativeSuffix)."
        case .sourceUnreachable(let coverage):
            "The server of the file behind \(coverage) does not answer at present; ask again later, or for the map itself, "
                + "without \(GridCoverage.nativeSuffix)."
        case .sourceUnreadable(let coverage):
            "The part of the file behind \(coverage) that was asked for cannot be read at present; ask again, for another "
                + "part, or for the map itself, without \(GridCoverage.nativeSuffix)."
        case .maps(let error): error.description
        case .writing(let reason): "The answer cannot be written: \(reason)."
        case .cancelled: "The answer was given up, for nobody waits for it any more."
        }
    }
}

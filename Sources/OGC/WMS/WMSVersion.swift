/// The versions of the Web Map Service that are spoken.
public enum WMSVersion: String, Sendable, CaseIterable {
    /// OGC 01-068r3.
    case v111 = "1.1.1"
    /// OGC 06-042, which is ISO 19128.
    case v130 = "1.3.0"

    /// The version to speak to a client that asks for one in GetCapabilities (OGC 06-042, section 6.2.4): the highest that
    /// is not higher than the client's, else the lowest; the highest without a wish.
    public static func negotiated(_ wish: String?) throws(OGCException) -> WMSVersion {
        guard let wish, !wish.isEmpty else { return .v130 }
        guard let numbers = numbers(wish) else {
            throw .invalid(
                "VERSION", "is \(OGCException.quoted(wish)); three numbers such as 1.3.0 were expected")
        }
        return numbers.lexicographicallyPrecedes([1, 3, 0]) ? .v111 : .v130
    }

    /// The version of a request that is not GetCapabilities, which must be one of ours; releases in between count as the
    /// one before, since clients write 1.1.0.
    public static func stated(_ text: String) throws(OGCException) -> WMSVersion {
        switch numbers(text)?.prefix(2) {
        case [1, 0], [1, 1]: return .v111
        case [1, 3]: return .v130
        default:
            throw .invalid(
                "VERSION", "is \(OGCException.quoted(text)); the service speaks 1.1.1 and 1.3.0")
        }
    }

    /// The version in whose form a mistake is told, whatever is wrong with the request.
    static func lenient(_ text: String?) -> WMSVersion {
        text.flatMap { try? negotiated($0) } ?? .v130
    }

    private static func numbers(_ text: String) -> [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.count <= 6 ? Int(part) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
        return numbers.count == 2 ? numbers + [0] : numbers
    }

    /// The parameter that names the coordinate system.
    var crsParameter: String { self == .v130 ? "CRS" : "SRS" }
    /// The parameters of the pixel that a feature info is asked for.
    var pixelParameters: (column: String, row: String) { self == .v130 ? ("I", "J") : ("X", "Y") }

    /// Whether an identifier can stand in documents: the authority `CRS` came with 1.3.0.
    func knows(_ crs: String) -> Bool { self == .v130 || !crs.hasPrefix("CRS:") }

    /// The media type of the capabilities.
    var capabilitiesType: String { self == .v130 ? "text/xml" : "application/vnd.ogc.wms_xml" }
    /// The media type of an exception in XML.
    var exceptionType: String { self == .v130 ? "text/xml" : "application/vnd.ogc.se_xml" }
}

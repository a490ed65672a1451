/// The versions of the Web Coverage Service that are spoken.
public enum WCSVersion: String, Sendable, Hashable, CaseIterable {
    /// OGC 03-065r6, for QGIS and old clients.
    case v100 = "1.0.0"
    /// OGC 09-110r4.
    case v201 = "2.0.1"

    /// The version that a request states; the second version had corrections that change no request.
    init?(stated text: String) {
        switch text {
        case "1.0.0", "1.0": self = .v100
        case "2.0.1", "2.0.0", "2.0", "2.0.2": self = .v201
        default: return nil
        }
    }

    /// The version of a request that must state it.
    static func required(_ text: String) throws(OGCException) -> WCSVersion {
        guard let version = WCSVersion(stated: text) else {
            throw .invalid("VERSION", "is \(OGCException.quoted(text)); the service speaks 2.0.1 and 1.0.0")
        }
        return version
    }

    /// The version of the capabilities: the first of the list that a client takes (OGC 06-121r9, section 7.3.2), or what
    /// the older rule makes of a single number: it itself, else the highest one below, else the lowest (OGC 03-065r6,
    /// section 6.2.4).
    /// - Throws: `VersionNegotiationFailed` when the list holds none that is spoken.
    static func negotiated(accepted: [String]?, stated: String?) throws(OGCException) -> WCSVersion {
        if let accepted {
            for text in accepted {
                if let version = WCSVersion(stated: text) { return version }
            }
            throw OGCException(
                .versionNegotiationFailed, locator: "ACCEPTVERSIONS",
                "ACCEPTVERSIONS is \(OGCException.quoted(accepted.joined(separator: ","))); the service speaks 2.0.1 and 1.0.0."
            )
        }
        guard let stated else { return .v201 }
        if let version = WCSVersion(stated: stated) { return version }
        let parts = stated.split(separator: ".").prefix(2).map { Int($0) ?? -1 }
        return parts.first.map { (0...1).contains($0) } ?? false ? .v100 : .v201
    }
}

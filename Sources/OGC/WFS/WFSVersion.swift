/// The versions of the Web Feature Service that are spoken.
public enum WFSVersion: String, Sendable, CaseIterable {
    /// OGC 02-058.
    case v100 = "1.0.0"
    /// OGC 04-094.
    case v110 = "1.1.0"
    /// OGC 09-025r2, which is ISO 19142.
    case v200 = "2.0.0"

    /// The version to speak to a client that asks for one in GetCapabilities: the highest that is not higher than the
    /// client's, else the lowest; the highest without a wish (OGC 04-094, section 6.2.4).
    static func negotiated(_ wish: String) throws(OGCException) -> WFSVersion {
        guard let numbers = numbers(wish) else {
            throw .invalid(
                "VERSION", "is \(OGCException.quoted(wish)); three numbers such as 2.0.0 were expected")
        }
        return allCases.last { version in
            guard let own = Self.numbers(version.rawValue) else { return false }
            return !numbers.lexicographicallyPrecedes(own)
        } ?? .v100
    }

    /// The first of a list that is spoken (OGC 06-121r3, section 7.3.2).
    static func accepted(_ list: String) throws(OGCException) -> WFSVersion {
        let words = list.split(separator: ",").map { $0.filter { $0 != " " } }
        for word in words {
            if let version = WFSVersion(stated: word) { return version }
        }
        throw OGCException(
            .versionNegotiationFailed, locator: "ACCEPTVERSIONS",
            "ACCEPTVERSIONS is \(OGCException.quoted(list)); the service speaks "
                + allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }

    /// The version of a request that is not GetCapabilities; 2.0.2 and its like count as 2.0.0.
    static func stated(_ text: String) throws(OGCException) -> WFSVersion {
        guard let version = WFSVersion(stated: text) else {
            throw .invalid(
                "VERSION",
                "is \(OGCException.quoted(text)); the service speaks "
                    + allCases.map(\.rawValue).joined(separator: ", "))
        }
        return version
    }

    /// The version in whose form a mistake is told, whatever is wrong with the request.
    static func lenient(_ text: String?) -> WFSVersion { text.flatMap { try? negotiated($0) } ?? .v200 }

    private init?(stated text: String) {
        guard let numbers = Self.numbers(text) else { return nil }
        switch (numbers[0], numbers[1]) {
        case (1, 0): self = .v100
        case (1, 1): self = .v110
        case (2, 0): self = .v200
        default: return nil
        }
    }

    private static func numbers(_ text: String) -> [Int]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.utf8.count <= 6 ? Int(part) : nil
        }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
        return numbers.count == 2 ? numbers + [0] : numbers
    }

    /// The form of the Geography Markup Language that the version answers in by itself.
    public var gml: GMLVersion {
        switch self {
        case .v100: .v212
        case .v110: .v311
        case .v200: .v321
        }
    }
}

/// The forms of the Geography Markup Language that features are written in.
public enum GMLVersion: String, Sendable, CaseIterable {
    /// OGC 02-069.
    case v212 = "2.1.2"
    /// OGC 03-105r1.
    case v311 = "3.1.1"
    /// OGC 07-036, which is ISO 19136.
    case v321 = "3.2.1"

    /// The namespace of its elements.
    var namespace: String {
        self == .v321 ? "http://www.opengis.net/gml/3.2" : "http://www.opengis.net/gml"
    }

    /// Where its schema is found.
    var schemaLocation: String {
        switch self {
        case .v212: "http://schemas.opengis.net/gml/2.1.2/feature.xsd"
        case .v311: "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd"
        case .v321: "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
        }
    }

    /// The type of a property that holds a geometry of a layer, by the type's name in GeoPackages.
    func propertyType(_ geometry: String) -> String {
        let isOld = self == .v212
        switch geometry {
        case "POINT": return "PointPropertyType"
        case "LINESTRING": return isOld ? "LineStringPropertyType" : "CurvePropertyType"
        case "POLYGON": return isOld ? "PolygonPropertyType" : "SurfacePropertyType"
        case "MULTIPOINT": return "MultiPointPropertyType"
        case "MULTILINESTRING": return isOld ? "MultiLineStringPropertyType" : "MultiCurvePropertyType"
        case "MULTIPOLYGON": return isOld ? "MultiPolygonPropertyType" : "MultiSurfacePropertyType"
        case "GEOMETRYCOLLECTION": return "MultiGeometryPropertyType"
        default: return isOld ? "GeometryAssociationType" : "GeometryPropertyType"
        }
    }
}

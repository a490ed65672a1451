/// What a service of features answers in.
public enum WFSFormat: Sendable, Hashable {
    /// The Geography Markup Language.
    case gml(GMLVersion)
    /// RFC 7946, with the planet's system named in a member of its own.
    case geoJSON
    /// RFC 4180.
    case csv
    /// IVOA VOTable 1.4, with `TABLEDATA`.
    case voTable
    /// OGC 12-128r18: a SQLite file.
    case geoPackage

    /// The formats beside GML in the order in which documents list them.
    static let others: [WFSFormat] = [.geoJSON, .csv, .voTable, .geoPackage]

    /// The word for it in documents.
    var name: String {
        switch self {
        case .gml(.v212): "text/xml; subtype=gml/2.1.2"
        case .gml(.v311): "text/xml; subtype=gml/3.1.1"
        case .gml(.v321): "application/gml+xml; version=3.2"
        case .geoJSON: "application/geo+json"
        case .csv: "text/csv"
        case .voTable: "application/x-votable+xml"
        case .geoPackage: "application/geopackage+sqlite3"
        }
    }

    /// Whether documents say how many features there are, and where the others are.
    var hasLinks: Bool { self == .gml(.v321) || self == .geoJSON }

    /// The value of `Content-Type`.
    var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8; header=present"
        default: name
        }
    }

    /// Formats of a version in the order in which documents list them: its own GML first.
    static func listed(_ version: WFSVersion) -> [WFSFormat] {
        let own = version.gml
        return [.gml(own)] + GMLVersion.allCases.reversed().filter { $0 != own }.map { .gml($0) } + others
    }

    /// Reads the value of OUTPUTFORMAT: media types in any spelling that clients and servers write, and short words.
    ///
    /// A `+` that a client forgot to escape has become a blank.
    init(parameter text: String, version: WFSVersion) throws(OGCException) {
        let plain = String(text.lowercased().filter { $0 != " " && $0 != "\"" && $0 != "+" })
        switch plain {
        case "gml", "text/xml", "application/xml", "xmlschema", "application/gmlxml": self = .gml(version.gml)
        case "gml2", "gml212", "text/xml;subtype=gml/2.1.2", "text/xml;subtype=gml/2.1",
            "application/gmlxml;version=2.1", "application/gmlxml;version=2.1.2":
            self = .gml(.v212)
        case "gml3", "gml31", "gml311", "text/xml;subtype=gml/3.1.1", "text/xml;subtype=gml/3.1",
            "application/gmlxml;version=3.1", "application/gmlxml;version=3.1.1",
            "text/xml;subtype=gml/3.1.1/profiles/gmlsf/0":
            self = .gml(.v311)
        case "gml32", "gml321", "text/xml;subtype=gml/3.2.1", "text/xml;subtype=gml/3.2",
            "application/gmlxml;version=3.2", "application/gmlxml;version=3.2.1":
            self = .gml(.v321)
        case "json", "geojson", "application/json", "application/geojson", "application/vnd.geojson",
            "application/json;subtype=geojson":
            self = .geoJSON
        case "csv", "text/csv": self = .csv
        case "votable", "application/x-votablexml", "text/xml;content=x-votable": self = .voTable
        case "gpkg", "geopackage", "application/geopackagesqlite3", "application/geopackagevnd.sqlite3",
            "application/x-gpkg":
            self = .geoPackage
        default:
            throw .invalid(
                "OUTPUTFORMAT",
                "is \(OGCException.quoted(text)); the service writes "
                    + Self.listed(version).map(\.name).joined(separator: ", "))
        }
    }
}

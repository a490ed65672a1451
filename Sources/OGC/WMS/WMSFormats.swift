internal import Maps

extension MapFormat {
    /// The format that a parameter asks for: its name in the capabilities, or another spelling that clients use.
    init?(parameter text: String) {
        switch text.lowercased().filter({ $0 != " " }) {
        case "image/png", "png", "image/png;mode=24bit": self = .png
        case "image/png;mode=8bit", "image/png8", "png8": self = .png8
        case "image/jpeg", "image/jpg", "jpeg", "jpg": self = .jpeg
        case "image/webp", "webp": self = .webp
        default: return nil
        }
    }

    /// The name in the capabilities, which is the media type of answers as well.
    var name: String { self == .png8 ? "image/png; mode=8bit" : mediaType }

    /// The formats for a message.
    static var list: String { allCases.map(\.name).joined(separator: ", ") }
}

/// The formats of what is at a place.
public enum FeatureInfoFormat: String, Sendable, CaseIterable {
    /// Lines of names and values.
    case text = "text/plain"
    /// A collection of features of GeoJSON (RFC 7946), with the body's own longitudes and latitudes.
    case json = "application/json"
    /// A collection of features of GML 2.
    case gml = "application/vnd.ogc.gml"
    /// A page.
    case html = "text/html"

    init?(parameter text: String) {
        switch text.lowercased().filter({ $0 != " " }) {
        case "text/plain": self = .text
        case "application/json", "application/geo+json", "application/geojson": self = .json
        case "application/vnd.ogc.gml": self = .gml
        case "text/html": self = .html
        default: return nil
        }
    }

    /// The media type of an answer.
    var mediaType: String {
        switch self {
        case .text, .html: rawValue + "; charset=utf-8"
        case .json, .gml: rawValue
        }
    }

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// How an exception is told.
enum ExceptionsFormat: Sendable {
    /// A document.
    case xml
    /// A picture with the words in it.
    case inImage
    /// An empty picture.
    case blank

    init?(parameter text: String) {
        switch text.uppercased() {
        case "XML", "APPLICATION/VND.OGC.SE_XML", "TEXT/XML": self = .xml
        case "INIMAGE", "APPLICATION/VND.OGC.SE_INIMAGE": self = .inImage
        case "BLANK", "APPLICATION/VND.OGC.SE_BLANK": self = .blank
        default: return nil
        }
    }

    /// The words of the capabilities.
    static func names(_ version: WMSVersion) -> [String] {
        switch version {
        case .v130: ["XML", "INIMAGE", "BLANK"]
        case .v111:
            [
                "application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage",
                "application/vnd.ogc.se_blank",
            ]
        }
    }
}

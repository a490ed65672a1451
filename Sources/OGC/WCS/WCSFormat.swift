internal import GridCoverages

/// What a coverage can be asked for as.
enum WCSFormat: String, Sendable, CaseIterable {
    case geoTIFF, cloudOptimised, fits, png, jpeg, gml

    /// The media type, which is the name in requests of 2.0.
    var mediaType: String {
        switch self {
        case .gml: "application/gml+xml"
        case .cloudOptimised: CoverageFormat(.geoTIFF, isCloudOptimised: true).mediaType
        default: kind?.mediaType ?? ""
        }
    }

    /// The format of the file; nil for a document of GML.
    var kind: CoverageFormat.Kind? {
        switch self {
        case .geoTIFF, .cloudOptimised: .geoTIFF
        case .fits: .fits
        case .png: .png
        case .jpeg: .jpeg
        case .gml: nil
        }
    }

    /// The name in 1.0.0; nil where it has none.
    var plainName: String? {
        switch self {
        case .geoTIFF: "GTiff"
        case .fits: "FITS"
        case .png: "PNG"
        case .jpeg: "JPEG"
        case .gml, .cloudOptimised: nil
        }
    }

    /// The format of a name in any version.
    init?(parameter text: String) {
        switch text.lowercased().filter({ $0 != " " }) {
        case "image/tiff", "image/geotiff", "image/tiff;subtype=\"geotiff\"",
            "image/tiff;application=geotiff",
            "gtiff", "geotiff", "tiff", "geotiffint16", "geotifffloat32":
            self = .geoTIFF
        case "image/tiff;application=geotiff;profile=cloud-optimized", "cog": self = .cloudOptimised
        case "image/fits", "application/fits", "fits": self = .fits
        case "image/png", "png": self = .png
        case "image/jpeg", "image/jpg", "jpeg", "jpg": self = .jpeg
        case "application/gml+xml", "gml", "text/xml;subtype=gml/3.2.1": self = .gml
        default: return nil
        }
    }

    /// The media types for a message.
    static var list: String { allCases.map(\.mediaType).joined(separator: ", ") }
}

extension CoverageInterpolation {
    /// The name of the OGC's register.
    var uri: String {
        let word =
            switch self {
            case .nearest: "nearest-neighbor"
            case .linear: "linear"
            case .cubic: "cubic"
            }
        return "http://www.opengis.net/def/interpolation/OGC/1/" + word
    }

    /// The name in 1.0.0 (OGC 03-065r6, table 8).
    var plainName: String {
        switch self {
        case .nearest: "nearest neighbor"
        case .linear: "bilinear"
        case .cubic: "bicubic"
        }
    }

    /// The interpolation of a name of any version: the last part of an address counts.
    init?(parameter text: String) {
        let word = text.split(separator: "/").last.map { $0.lowercased() } ?? ""
        switch word.filter({ $0 != " " && $0 != "-" && $0 != "_" }) {
        case "nearest", "nearestneighbor", "nearestneighbour", "none": self = .nearest
        case "linear", "bilinear": self = .linear
        case "cubic", "bicubic": self = .cubic
        default: return nil
        }
    }
}

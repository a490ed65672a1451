/// The ways in which services and files write the identifier of a coordinate reference system.
///
/// All of them are read by `CRSIdentifier.parse(_:)`.
public enum CRSSpelling: Sendable, Hashable, CaseIterable {
    /// `IAU_2015:49900`, as PROJ, QGIS and GDAL write it. No legal `xs:anyURI`, for its scheme has an underscore.
    case code
    /// `IAU:49900`, GeoServer's form.
    case shortCode
    /// `IAU:2015:49900`, which GDAL reads.
    case versionedCode
    /// `urn:ogc:def:crs:IAU_2015::49900`, the URN that QGIS and GDAL understand.
    case urn
    /// `urn:ogc:def:crs:IAU:2015:49900`, the URN of the OGC.
    case officialURN
    /// `http://www.opengis.net/def/crs/IAU_2015/0/49900`, the URI that QGIS and GDAL understand.
    case uri
    /// `http://www.opengis.net/def/crs/IAU/2015/49900`, the URI of the OGC's Naming Authority (PROJ 9.2 and later).
    case officialURI
}

extension CRSIdentifier {
    /// The identifier in one spelling; authorities other than the IAU's have no year in it.
    public func spelled(_ spelling: CRSSpelling) -> String {
        let isIAU = authority == Self.iau2015
        let name = isIAU ? "IAU" : authority
        switch spelling {
        case .code: return "\(authority):\(code)"
        case .shortCode: return "\(name):\(code)"
        case .versionedCode: return isIAU ? "IAU:2015:\(code)" : "\(authority):\(code)"
        case .urn: return "urn:ogc:def:crs:\(authority)::\(code)"
        case .officialURN: return "urn:ogc:def:crs:\(name):\(isIAU ? "2015" : ""):\(code)"
        case .uri: return "http://www.opengis.net/def/crs/\(authority)/0/\(code)"
        case .officialURI: return "http://www.opengis.net/def/crs/\(name)/\(isIAU ? "2015" : "0")/\(code)"
        }
    }

    /// The identifier as a service's documents have to write it for today's clients.
    public func text(for service: CRSService) -> String { spelled(service.spelling) }
}

/// A service or format that writes identifiers of coordinate reference systems.
///
/// Which spelling each takes was measured with QGIS 3.22, GDAL 3.6 (PROJ 9.1 and 9.5) and OWSLib 0.35: the official
/// forms of the OGC are not understood by most of them.
public enum CRSService: String, Sendable, Hashable, CaseIterable {
    /// Web Map Service 1.1.1 and 1.3.0.
    case wms
    /// Web Map Tile Service 1.0.0, whose schema wants an `xs:anyURI`.
    case wmts
    /// Web Coverage Service 1.0.0.
    case wcs1 = "wcs 1.0"
    /// Web Coverage Service 1.1.
    case wcs11 = "wcs 1.1"
    /// Web Coverage Service 2.0.
    case wcs2 = "wcs 2.0"
    /// Web Feature Service 1.0, 1.1 and 2.0.
    case wfs
    /// Geography Markup Language outside of a WFS.
    case gml
    /// OGC API Features, Maps, Tiles, Coverages.
    case ogcAPI = "ogc api"
    /// STAC's `proj:code`, HiPS properties and other plain texts.
    case plain

    /// The spelling that the clients of the service understand.
    public var spelling: CRSSpelling {
        switch self {
        case .wms, .wcs1, .plain: .code
        case .wmts, .wcs11, .wfs, .gml: .urn
        case .wcs2, .ogcAPI: .uri
        }
    }
}

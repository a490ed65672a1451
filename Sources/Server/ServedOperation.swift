internal import HiPS

/// What a request was for, in metrics and in the access log.
enum ServedOperation: Int, CaseIterable, Sendable {
    case tile, allsky, properties, coverage, preview, metadata, indexPage
    case landingPage, hipsList, region, search, preflight, unknown
    case health, ready, metrics
    case wmsCapabilities, wmsMap, wmsFeatureInfo, wmsLegend, wmsOther
    case wmtsCapabilities, wmtsTile, wmtsFeatureInfo, wmtsOther
    case webTile, webTileJSON, webTileOther
    case wfsCapabilities, wfsSchema, wfsFeature, wfsValue, wfsStoredQuery, wfsOther
    case wcsOther

    /// The service, a word in lower case.
    var service: String { names.service }

    /// The operation within it; for an OGC service the name that its standard gives it.
    var name: String { names.operation }

    private var names: (service: String, operation: String) {
        switch self {
        case .tile: ("hips", "tile")
        case .allsky: ("hips", "allsky")
        case .properties: ("hips", "properties")
        case .coverage: ("hips", "coverage")
        case .preview: ("hips", "preview")
        case .metadata: ("hips", "metadata")
        case .indexPage: ("hips", "page")
        case .landingPage: ("site", "page")
        case .hipsList: ("site", "hipslist")
        case .region: ("site", "region")
        case .search: ("site", "search")
        case .preflight: ("site", "preflight")
        case .unknown: ("site", "unknown")
        case .health: ("operations", "health")
        case .ready: ("operations", "ready")
        case .metrics: ("operations", "metrics")
        case .wmsCapabilities: ("wms", "GetCapabilities")
        case .wmsMap: ("wms", "GetMap")
        case .wmsFeatureInfo: ("wms", "GetFeatureInfo")
        case .wmsLegend: ("wms", "GetLegendGraphic")
        case .wmsOther: ("wms", "other")
        case .wmtsCapabilities: ("wmts", "GetCapabilities")
        case .wmtsTile: ("wmts", "GetTile")
        case .wmtsFeatureInfo: ("wmts", "GetFeatureInfo")
        case .wmtsOther: ("wmts", "other")
        case .webTile: ("tiles", "tile")
        case .webTileJSON: ("tiles", "tilejson")
        case .webTileOther: ("tiles", "other")
        case .wfsCapabilities: ("wfs", "GetCapabilities")
        case .wfsSchema: ("wfs", "DescribeFeatureType")
        case .wfsFeature: ("wfs", "GetFeature")
        case .wfsValue: ("wfs", "GetPropertyValue")
        case .wfsStoredQuery: ("wfs", "StoredQueries")
        case .wfsOther: ("wfs", "other")
        case .wcsOther: ("wcs", "other")
        }
    }
}

extension ServedOperation {
    /// What a route asks for.
    init(_ route: Route) {
        switch route {
        case .landingPage: self = .landingPage
        case .hipsList: self = .hipsList
        case .map: self = .indexPage
        case .coverage: self = .coverage
        case .region: self = .region
        case .webMap: self = .wmsOther
        case .webMapTiles: self = .wmtsOther
        case .tiles: self = .webTileOther
        case .webFeatures: self = .wfsOther
        case .webCoverages: self = .wcsOther
        case .search: self = .search
        case .health: self = .health
        case .ready: self = .ready
        case .metrics: self = .metrics
        case .unknown: self = .unknown
        case .file(_, let file):
            switch file {
            case .tile: self = .tile
            case .allsky: self = .allsky
            case .properties: self = .properties
            case .coverage: self = .coverage
            case .preview: self = .preview
            case .metadata: self = .metadata
            case .indexPage: self = .indexPage
            }
        }
    }
}

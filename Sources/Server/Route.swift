internal import HiPS
internal import MOC

/// What a path asks for.
enum Route: Equatable {
    /// `/`
    case landingPage
    /// `/hipslist`
    case hipsList
    /// `/hips/<body>/<name>`, with or without a slash at its end
    case map(MapName, endsInSlash: Bool)
    /// `/hips/<body>/<name>/<file>`
    case file(MapName, HiPSFile)
    /// `/hips/<body>/<name>/Moc.fits`, `Moc.json` or `Moc.txt`
    case coverage(MapName, MOCFormat)
    /// `/<body>/moc`
    case region(body: String)
    /// `/health`: whether the process answers
    case health
    /// `/ready`: whether the maps can be had
    case ready
    /// `/metrics`
    case metrics
    /// `/<body>/wms`
    case webMap(body: String)
    /// `/<body>/wmts`, and what lies below it
    case webMapTiles(body: String, rest: [String])
    /// `/<body>/wfs`
    case webFeatures(body: String)
    /// `/<body>/wcs`
    case webCoverages(body: String)
    /// `/<body>/search`
    case search(body: String)
    /// `/<body>/tiles/...`
    case tiles(body: String, rest: [String])
    /// Nothing that the server knows.
    case unknown

    init(_ path: RequestPath) {
        let parts = path.parts
        switch parts.first {
        case nil: self = .landingPage
        case "hipslist" where parts.count == 1: self = .hipsList
        case "health" where parts.count == 1: self = .health
        case "ready" where parts.count == 1: self = .ready
        case "metrics" where parts.count == 1: self = .metrics
        case "hips" where parts.count >= 3:
            guard let map = try? MapName(body: parts[1], name: parts[2]) else {
                self = .unknown
                return
            }
            if parts.count == 3 {
                self = .map(map, endsInSlash: path.endsInSlash)
            } else if parts.count == 4, let format = Self.coverageFormats[parts[3]] {
                self = .coverage(map, format)
            } else if let file = HiPSFile(path: parts[3...].joined(separator: "/")) {
                self = .file(map, file)
            } else {
                self = .unknown
            }
        case let body? where parts.count == 2 && parts[1] == "moc": self = .region(body: body.lowercased())
        case let body? where parts.count == 2 && parts[1] == "wms": self = .webMap(body: body.lowercased())
        case let body? where parts.count == 2 && parts[1] == "search":
            self = .search(body: body.lowercased())
        case let body? where parts.count == 2 && parts[1] == "wfs":
            self = .webFeatures(body: body.lowercased())
        case let body? where parts.count == 2 && parts[1] == "wcs":
            self = .webCoverages(body: body.lowercased())
        case let body? where parts.count >= 2 && parts[1] == "wmts":
            self = .webMapTiles(body: body.lowercased(), rest: Array(parts[2...]))
        case let body? where parts.count > 2 && parts[1] == "tiles":
            self = .tiles(body: body.lowercased(), rest: Array(parts[2...]))
        default: self = .unknown
        }
    }

    /// Whether a request may come as a document in the body of a POST.
    var takesDocuments: Bool {
        switch self {
        case .webFeatures, .webCoverages: true
        default: false
        }
    }

    private static let coverageFormats: [String: MOCFormat] = [
        "Moc.fits": .fits, "Moc.json": .json, "Moc.txt": .ascii,
    ]
}

extension MapName {
    /// The path of the map's root in URLs, without a slash at its end.
    var urlPath: String { "/hips/" + RequestPath.escaped(body) + "/" + RequestPath.escaped(name) }
}

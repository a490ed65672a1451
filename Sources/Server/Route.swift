internal import HiPS

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
    /// Nothing that the server knows.
    case unknown

    init(_ path: RequestPath) {
        let parts = path.parts
        switch parts.first {
        case nil: self = .landingPage
        case "hipslist" where parts.count == 1: self = .hipsList
        case "hips" where parts.count >= 3:
            guard let map = try? MapName(body: parts[1], name: parts[2]) else {
                self = .unknown
                return
            }
            if parts.count == 3 {
                self = .map(map, endsInSlash: path.endsInSlash)
            } else if let file = HiPSFile(path: parts[3...].joined(separator: "/")) {
                self = .file(map, file)
            } else {
                self = .unknown
            }
        default: self = .unknown
        }
    }
}

extension MapName {
    /// The path of the map's root in URLs, without a slash at its end.
    var urlPath: String { "/hips/" + RequestPath.escaped(body) + "/" + RequestPath.escaped(name) }
}

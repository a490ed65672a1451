/// A setting of the server with one value or a plain list: a key of the file and a variable of the environment.
struct ServerKey: Sendable {
    /// Where the value goes, and what it may be.
    enum Field: Sendable {
        /// Text on one line.
        case text(any WritableKeyPath<ServerSettings, String?> & Sendable)
        /// A whole number within a range.
        case integer(any WritableKeyPath<ServerSettings, Int?> & Sendable, ClosedRange<Int>)
        /// `true` or `false`.
        case flag(any WritableKeyPath<ServerSettings, Bool?> & Sendable)
        /// Some texts; with commas between them in the environment.
        case texts(any WritableKeyPath<ServerSettings, [String]?> & Sendable)
        /// `http://` or `https://` with a host, and no more than a path behind it.
        case address(any WritableKeyPath<ServerSettings, String?> & Sendable)
        /// Addresses of machines and networks.
        case networks(any WritableKeyPath<ServerSettings, [String]?> & Sendable)
        /// A kind of access log.
        case logFormat
        /// An order of axes.
        case gmlAxis
        /// A kind of coordinate system.
        case defaultCRS
    }

    /// The key, with a dot between it and the section that it stands in.
    let name: String
    let field: Field

    init(_ name: String, _ field: Field) {
        self.name = name
        self.field = field
    }

    /// The variable of the environment: `TESSERA_LIMITS_QUEUE` for `limits.queue`.
    var variable: String {
        "TESSERA_" + String(name.uppercased().map { $0 == "." ? "_" : $0 })
    }

    /// Sets a value that another one has.
    func copy(from other: ServerSettings, into settings: inout ServerSettings) {
        switch field {
        case .text(let path), .address(let path): Self.copy(path, other, &settings)
        case .integer(let path, _): Self.copy(path, other, &settings)
        case .flag(let path): Self.copy(path, other, &settings)
        case .texts(let path), .networks(let path): Self.copy(path, other, &settings)
        case .logFormat: Self.copy(\.accessLog.format, other, &settings)
        case .gmlAxis: Self.copy(\.features.gmlAxis, other, &settings)
        case .defaultCRS: Self.copy(\.features.defaultCRS, other, &settings)
        }
    }

    private static func copy<Value>(
        _ path: WritableKeyPath<ServerSettings, Value?>, _ other: ServerSettings,
        _ settings: inout ServerSettings
    ) {
        if let value = other[keyPath: path] { settings[keyPath: path] = value }
    }

    static let all: [ServerKey] = [
        ServerKey("data", .text(\.data)),
        ServerKey("host", .text(\.host)),
        ServerKey("port", .integer(\.port, 0...65535)),
        ServerKey("base_url", .address(\.baseURL)),
        ServerKey("trusted_proxies", .networks(\.trustedProxies)),
        ServerKey("tile_max_age", .integer(\.tileMaxAge, 0...31_536_000)),
        ServerKey("earth_aliases", .flag(\.earthAliases)),
        ServerKey("geographic_tiles", .flag(\.geographicTiles)),
        ServerKey("wms.wrap_extent", .flag(\.wms.wrapExtent)),
        ServerKey("service.title", .text(\.service.title)),
        ServerKey("service.description", .text(\.service.description)),
        ServerKey("service.keywords", .texts(\.service.keywords)),
        ServerKey("service.fees", .text(\.service.fees)),
        ServerKey("service.access_constraints", .text(\.service.accessConstraints)),
        ServerKey("contact.person", .text(\.contact.person)),
        ServerKey("contact.position", .text(\.contact.position)),
        ServerKey("contact.organization", .text(\.contact.organization)),
        ServerKey("contact.email", .text(\.contact.email)),
        ServerKey("contact.phone", .text(\.contact.phone)),
        ServerKey("contact.url", .text(\.contact.url)),
        ServerKey("contact.address", .text(\.contact.address)),
        ServerKey("contact.city", .text(\.contact.city)),
        ServerKey("contact.state", .text(\.contact.state)),
        ServerKey("contact.postcode", .text(\.contact.postcode)),
        ServerKey("contact.country", .text(\.contact.country)),
        ServerKey("cache.tiles", .integer(\.cache.tiles, 0...1_000_000)),
        ServerKey("cache.decoded", .integer(\.cache.decoded, 0...1_000_000)),
        ServerKey("cache.sources", .integer(\.cache.sources, 0...1_000_000)),
        ServerKey("cache.rendered", .integer(\.cache.rendered, 0...1_000_000)),
        ServerKey("cache.disk", .integer(\.cache.disk, 0...1_000_000_000)),
        ServerKey("cache.directory", .text(\.cache.directory)),
        ServerKey("limits.map_width", .integer(\.limits.mapWidth, 1...16384)),
        ServerKey("limits.map_height", .integer(\.limits.mapHeight, 1...16384)),
        ServerKey("limits.map_megapixels", .integer(\.limits.mapMegapixels, 1...4096)),
        ServerKey("limits.map_layers", .integer(\.limits.mapLayers, 1...100)),
        ServerKey("limits.workers", .integer(\.limits.workers, 1...1024)),
        ServerKey("limits.queue", .integer(\.limits.queue, 0...100_000)),
        ServerKey("limits.unsent", .integer(\.limits.unsent, 1...1_000_000)),
        ServerKey("limits.connections", .integer(\.limits.connections, 1...1_000_000)),
        ServerKey("limits.idle_seconds", .integer(\.limits.idleSeconds, 1...86400)),
        ServerKey("limits.drain_seconds", .integer(\.limits.drainSeconds, 0...86400)),
        ServerKey("coverages.native", .flag(\.coverages.native)),
        ServerKey("coverages.remote", .flag(\.coverages.remote)),
        ServerKey("coverages.megapixels", .integer(\.coverages.megapixels, 1...1_000_000)),
        ServerKey("coverages.megabytes", .integer(\.coverages.megabytes, 1...10_000_000)),
        ServerKey("coverages.spool", .integer(\.coverages.spool, 0...10_000_000)),
        ServerKey("coverages.memory", .integer(\.coverages.memory, 1...100_000)),
        ServerKey("access_log.format", .logFormat),
        ServerKey("access_log.file", .text(\.accessLog.file)),
        ServerKey("features.gml_axis", .gmlAxis),
        ServerKey("features.default_crs", .defaultCRS),
        ServerKey("features.count_default", .integer(\.features.countDefault, 1...1_000_000)),
    ]

    /// The sections of a file and the keys in them, in their order.
    static let sections: [(name: String, keys: [String])] = {
        var sections: [(name: String, keys: [String])] = []
        for key in all {
            let parts = key.name.split(separator: ".").map(String.init)
            guard parts.count == 2 else { continue }
            if sections.last?.name != parts[0] { sections.append((parts[0], [])) }
            sections[sections.count - 1].keys.append(parts[1])
        }
        return sections
    }()

    /// The keys of a file that stand in no section, and the names of the sections.
    static let topLevel =
        all.map(\.name).filter { !$0.contains(".") } + sections.map(\.name) + ["bodies", "maps"]
}

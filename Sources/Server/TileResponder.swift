internal import HTTPTypes
internal import HiPS
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import OGC

/// What the answer to a request may depend on beside the request.
struct ServerContext: InitializableFromSource {
    /// The connection that the request came by.
    let channel: any Channel
    /// What is found out about the request.
    let record = RequestRecord()

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}

/// Answers all requests.
struct TileResponder: HTTPResponder {
    typealias Context = ServerContext

    let catalogue: Catalogue
    let cache: TileCache
    /// Tiles of the tile service.
    let rendered: RenderedTiles
    private let absences = Absences()
    let coverages = Coverages()
    /// What calculates for long goes through here.
    let gate: WorkGate
    /// What waits for the servers of others goes through here, so that nobody else has to wait with it.
    let remoteGate: WorkGate
    /// What maps are drawn from.
    let services: MapServices
    /// What features are read from.
    let features: FeatureServices
    let metrics = Metrics()
    let address: ServiceAddress
    let unsent: UnsentAnswers
    let tileCaching: String
    let logger: Logger

    init(configuration: TileServer.Configuration, logger: Logger) {
        cache = TileCache(bytes: configuration.cacheBytes)
        rendered = RenderedTiles(configuration, logger: logger)
        let services = MapServices(
            settings: configuration.settings, directory: configuration.data.directory, logger: logger)
        self.services = services
        catalogue = Catalogue(
            source: configuration.data.maps, logger: logger, forget: { services.forget($0) },
            keep: { services.keep(only: $0) })
        features = FeatureServices(configuration)
        gate = WorkGate(workers: configuration.workers, queue: configuration.queue)
        remoteGate = WorkGate(workers: 4, queue: configuration.queue)
        unsent = UnsentAnswers(most: configuration.unsentBytes)
        tileCaching = "public, max-age=\(max(0, configuration.tileMaxAge)), must-revalidate"
        address = ServiceAddress(
            configured: configuration.baseURL, proxies: TrustedProxies(configuration.trustedProxies))
        self.logger = logger
        registerReadings()
        rendered.registerReadings(metrics)
    }

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request, context)
        } catch let error as ServerError where error.mayPass {
            report(error, request, context)
            response = .unavailable
        } catch let full as WorkGate.Full {
            response = .busy(full)
        } catch is CancellationError {
            // The client has gone, or the server is to stop: hardly anybody reads this.
            response = .unavailable
        } catch {
            report("\(error)", request, context)
            response = .text(.internalServerError, "The server could not read what was asked for.\n")
        }
        if request.method == .head {
            response = response.createHeadResponse()
        }
        return response
    }

    /// Writes down why a request failed, with the identifier that its answer carries.
    func report(_ error: some CustomStringConvertible, _ request: Request, _ context: ServerContext) {
        metrics.errors.add()
        let identifier = context.record.identifier(RequestIdentifier.given(request.headers))
        logger.error("\(request.method) \(LogText.escaped(request.uri.string)) [\(identifier)]: \(error)")
    }

    private func answer(_ request: Request, _ context: ServerContext) async throws -> Response {
        let isReading = request.method == .get || request.method == .head
        if isReading, let tile = try await renderedTile(request, context) { return tile }
        if request.method == .options {
            context.record.operation = .preflight
            // The path may be * here, which is none.
            return .preflight(request, of: RequestPath(request.uri.path).map(Route.init) ?? .unknown)
        }
        guard let path = RequestPath(request.uri.path) else {
            return .text(.badRequest, "This is not a path that the server could have given out.\n")
        }
        var root: String { address.root(of: request, by: context.channel) }
        let route = Route(path)
        guard isReading || request.method == .post && route.takesDocuments else {
            return .methodNotAllowed(route)
        }
        context.record.operation = ServedOperation(route)
        switch route {
        case .landingPage:
            let page = LandingPage.html(
                try await catalogue.entries(), root: root, featureBodies: try await featureBodies(context))
            return .page(page, type: "text/html; charset=utf-8", for: request)
        case .hipsList:
            let list = HiPSList.text(try await catalogue.entries()) { [root] in root + $0.map.urlPath }
            return .page(list, type: "text/plain; charset=utf-8", for: request)
        case .map(let map, let endsInSlash):
            return try await mapPage(
                map, endsInSlash: endsInSlash, below: ServiceAddress.path(of: root), request)
        case .file(let map, .properties):
            guard let generation = try await catalogue.generation(of: map) else { return .notFound }
            var properties = generation.properties
            properties["hips_service_url"] = root + map.urlPath
            return .page(properties.text, type: HiPSFile.properties.mediaType, for: request)
        case .coverage(let map, let format):
            return try await coverage(format, of: map, request)
        case .webMap(let body):
            return try await webMap(body, request, root: root, context)
        case .webMapTiles(let body, let rest):
            let exchange =
                rest.isEmpty ? WMTSExchange(query: request.uri.query ?? "") : WMTSExchange(resource: rest)
            return try await webMapTiles(exchange, of: body, request, root: root, context)
        case .tiles(let body, let rest):
            let exchange = WMTSExchange(tiles: rest, query: request.uri.query ?? "")
            return try await webMapTiles(exchange, of: body, request, root: root, context)
        case .webFeatures(let body):
            return try await webFeatures(body, request, root: root, context)
        case .webCoverages(let body):
            return try await webCoverages(body, request, root: root, context)
        case .region(let body):
            return try await region(body, request, root: root)
        case .search(let body):
            return try await search(body, request, context)
        case .health: return .state(.ok, "ok\n")
        case .ready: return await readiness()
        case .metrics:
            return .state(.ok, metrics.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
        case .file(let map, let file):
            return try await content(file, of: map, context.record).map { .content($0, for: request) }
                ?? .notFound
        case .unknown:
            return .notFound
        }
    }

    /// The page of a map under the address of its root; a HiPS from elsewhere without one gets ours.
    private func mapPage(_ map: MapName, endsInSlash: Bool, below prefix: String, _ request: Request)
        async throws -> Response
    {
        guard let generation = try await catalogue.generation(of: map) else { return .notFound }
        guard endsInSlash else { return .redirect(to: prefix + map.urlPath + "/") }
        if let content = try await content(.indexPage, of: map) { return .content(content, for: request) }
        return .page(IndexPage.html(generation.properties), type: HiPSFile.indexPage.mediaType, for: request)
    }

    /// A file out of memory or after one read; nil when the map has no such file.
    func content(
        _ file: HiPSFile, of map: MapName, _ record: RequestRecord? = nil
    ) async throws -> TileCache.Content? {
        try await contentAndGeneration(file, of: map, record)?.content
    }

    /// The same, and the state of the map that the file is of.
    func contentAndGeneration(
        _ file: HiPSFile, of map: MapName, _ record: RequestRecord? = nil
    ) async throws -> (content: TileCache.Content, generation: UInt64)? {
        guard var generation = try await catalogue.generation(of: map) else { return nil }
        // The map may have been rebuilt, and the files of the old build be gone; on a busy machine more than once
        // before this request has its turn.
        for _ in 0..<8 {
            if let content = try await content(file, of: generation, record) {
                return (content, generation.number)
            }
            guard let newer = try await catalogue.refreshed(map), newer !== generation else { return nil }
            generation = newer
        }
        return nil
    }

    private func content(
        _ file: HiPSFile, of generation: Generation, _ record: RequestRecord?
    ) async throws -> TileCache.Content? {
        let key = TileCache.Key(generation: generation.number, file: file)
        if let content = cache[key] {
            metrics.cacheHits.add()
            record?.cacheUse = .hit
            return content
        }
        metrics.cacheMisses.add()
        record?.cacheUse = .miss
        let remembersAbsence = generation.files.remembersAbsence
        if remembersAbsence, absences.contains(key) { return nil }
        guard let body = try await generation.files.read(file.path) else {
            if remembersAbsence { absences.insert(key) }
            return nil
        }
        let caching = file == .indexPage ? Response.revalidated : tileCaching
        let tag = EntityTag(body)
        let content = TileCache.Content(
            body: body, tag: tag,
            headers: Response.headers(
                type: file.mediaType, count: body.readableBytes, tag: tag, caching: caching))
        cache.insert(content, for: key)
        return content
    }
}

internal import HTTPTypes
internal import HiPS
internal import Hummingbird
internal import Logging
internal import Maps
internal import NIOCore
internal import NIOPosix
internal import OGC
internal import PlanetaryFrames
internal import Synchronization
internal import Tiles

extension TileResponder {
    /// A tile that was sent before to the same request, if its map is still the same.
    func renderedTile(_ request: Request, _ context: ServerContext) async throws -> Response? {
        guard let target = request.head.path, !target.hasPrefix("/hips/"), let entry = rendered[target],
            try await catalogue.generation(of: entry.map)?.number == entry.generation
        else { return nil }
        context.record.operation = entry.operation
        context.record.cacheUse = .hit
        rendered.hits.add()
        return .content(entry.content, for: request)
    }

    /// `/<body>/wmts` with what lies below it, and `/<body>/tiles/...`.
    func webMapTiles(
        _ exchange: WMTSExchange, of body: String, _ request: Request, root: String, _ context: ServerContext
    ) async throws -> Response {
        context.record.operation = ServedOperation(exchange)
        switch exchange.request {
        case .failure(let mistake):
            guard try await hasMaps(body) else { return .notFound }
            return refuse(mistake, exchange, request)
        case .success(.capabilities(let wish)):
            return try await metadata(wish, exchange, of: body, request, root: root, context)
        case .success(.tile(let tile)):
            return try await self.tile(tile, exchange, of: body, request, context)
        case .success(.featureInfo(let tile, let point)):
            return try await withLayer(tile.layer, exchange, of: body, request, context) {
                service, layer, _, _ in
                try service.report(tile, point, layer)
            }
        case .success(.tileJSON(let name, let set, let format, let style)):
            let address =
                root + "/" + RequestPath.escaped(body) + "/tiles/" + RequestPath.escaped(name) + "/" + set
            let style = style.lowercased()
            let query = style.isEmpty ? "" : "style=" + RequestPath.escaped(style)
            return try await withLayer(name, exchange, of: body, request, context) {
                service, layer, tiled, _ in
                guard let tiled, let part = tiled.parts.first(where: { $0.set.identifier == set }) else {
                    throw OGCException.nothing("The layer \(name) is not offered in such a tile matrix set.")
                }
                guard style.isEmpty || layer.styles.contains(style) else {
                    throw OGCException.nothing("The layer \(name) has no such style.")
                }
                let document = TileJSON(
                    layer: tiled.description, part: part, body: service.systems.body.name, address: address,
                    query: query, format: format)
                return OGCAnswer(mediaType: "application/json", body: Array(document.text.utf8))
            }
        }
    }

    private func refuse(_ mistake: OGCException, _ exchange: WMTSExchange, _ request: Request) -> Response {
        .answer(exchange.refusal(mistake), caching: tileCaching, for: request)
    }

    // MARK: Tiles

    private func tile(
        _ parameters: TileParameters, _ exchange: WMTSExchange, of body: String, _ request: Request,
        _ context: ServerContext
    ) async throws -> Response {
        guard let map = try? MapName(body: body, name: parameters.layer),
            var generation = try await catalogue.generation(of: map)
        else { return try await noLayer(parameters.layer, exchange, of: body, request) }
        context.record.cacheUse = .miss
        do {
            // A map may be rebuilt while it is drawn: the files of the old build go away, and each leaves a hole.
            for isLast in [false, false, false, true] {
                let work = TileWork(
                    parameters: parameters, map: map, generation: generation, services: services,
                    rendered: rendered, caching: tileCaching)
                if let path = work.knownPath, let found = try await work.read(path) {
                    keep(found, of: map, generation, request, context)
                    return .content(found, for: request)
                }
                let (result, missed) = try await gate.run(for: await ClientPresence.of(context.channel)) {
                    [generation] cancellation in
                    let result = Result { try work.draw { cancellation.isCancelled } }
                    let missed = generation.lastMiss.withLock { $0 }
                    if missed == nil, case .success(let drawn) = result { work.keep(drawn) }
                    return (result, missed)
                }
                if case .failure(let error) = result, error is MapsError, !isLast {
                    // The files of the layer may be gone with the build that they were of.
                    let (present, _) = try await catalogue.state(of: map, since: generation.failure)
                    if let present, present.number != generation.number {
                        generation = present
                        continue
                    }
                }
                let drawn = try result.get()
                guard let missed else {
                    keep(drawn.content, of: map, generation, request, context)
                    return .content(drawn.content, for: request)
                }
                let (present, isCertain) = try await catalogue.state(of: map, since: missed)
                guard let present else {
                    return try await noLayer(parameters.layer, exchange, of: body, request)
                }
                if present.number == generation.number, isCertain {
                    keep(drawn.content, of: map, generation, request, context)
                    try await NIOThreadPool.singleton.runIfActive { work.keep(drawn) }
                    return .content(drawn.content, for: request)
                }
                if isLast || present.number == generation.number {
                    var headers = drawn.content.headers
                    headers[.cacheControl] = Response.revalidated
                    return .content(
                        .init(body: drawn.content.body, tag: drawn.content.tag, headers: headers),
                        for: request)
                }
                generation = present
            }
            return .unavailable
        } catch let mistake as OGCException {
            return refuse(mistake, exchange, request)
        } catch let full as WorkGate.Full {
            return refuse(.busy(after: full.retryAfter), exchange, request)
        } catch MapsError.cancelled {
            throw CancellationError()
        } catch let error as MapsError {
            return told(exchange.refusal(WebMapTileService.mistake(error)), isKnown: true, request, context)
        }
    }

    /// Keeps a tile in memory.
    private func keep(
        _ content: TileCache.Content, of map: MapName, _ generation: Generation, _ request: Request,
        _ context: ServerContext
    ) {
        guard let target = request.head.path else { return }
        rendered.insert(
            .init(
                map: map, generation: generation.number, operation: context.record.operation, content: content
            ),
            for: target)
    }

    private func noLayer(
        _ name: String, _ exchange: WMTSExchange, of body: String, _ request: Request
    ) async throws -> Response {
        guard try await hasMaps(body) else { return .notFound }
        return refuse(.noLayer(of: body), exchange, request)
    }

    // MARK: Documents

    /// Answers from one layer, behind the gate.
    private func withLayer(
        _ name: String, _ exchange: WMTSExchange, of body: String, _ request: Request,
        _ context: ServerContext,
        _ answer:
            @escaping @Sendable (WebMapTileService, MapLayer, TiledLayer?, Generation) throws -> OGCAnswer
    ) async throws -> Response {
        guard let map = try? MapName(body: body, name: name),
            let generation = try await catalogue.generation(of: map)
        else { return try await noLayer(name, exchange, of: body, request) }
        let services = services
        return try await lookingAgain(at: [(map, generation)], exchange.refusal, request, context) {
            found, _ in
            guard let (map, generation) = found.first else {
                return exchange.refusal(.noLayer(of: body))
            }
            do {
                let (service, systems) = try services.tileService(of: body)
                let layer = try services.layer(map, generation)
                let tiled = try services.tiledLayer(layer, map, generation, in: systems)
                return try answer(service, layer, tiled, generation)
            } catch let mistake as OGCException {
                return exchange.refusal(mistake)
            } catch let error as MapsError {
                return exchange.refusal(WebMapTileService.mistake(error))
            }
        }
    }

    /// The service metadata.
    private func metadata(
        _ wish: WMTSDocumentParameters, _ exchange: WMTSExchange, of body: String, _ request: Request,
        root: String, _ context: ServerContext
    ) async throws -> Response {
        let found = try await catalogue.maps(of: body)
        guard !found.isEmpty else { return .notFound }
        let (services, logger) = (services, logger)
        return try await lookingAgain(at: found, exchange.refusal, request, context) { found, _ in
            do {
                let (_, systems) = try services.tileService(of: body)
                var layers: [TiledLayer] = []
                var described: [UInt64] = []
                for (map, generation) in found where !services.isHidden(map) {
                    do {
                        let layer = try services.layer(map, generation)
                        layers.append(try services.tiledLayer(layer, map, generation, in: systems))
                        described.append(generation.number)
                    } catch {
                        // One map that cannot be drawn must not take the others out of the document.
                        logger.warning("\(map) is left out of the tile service: \(error)")
                    }
                }
                var identity = services.identity
                if let title = services.title(of: body) { identity.title = title }
                let path = "/" + RequestPath.escaped(body)
                let document = WMTSCapabilities(
                    identity: identity, body: systems.all.body.name, root: root, path: path + "/wmts",
                    legendPath: path + "/wms", layers: layers.filter { !$0.parts.isEmpty },
                    updateSequence: services.updateSequence(of: body + "/wmts", described))
                return try document.answer(wish)
            } catch let mistake as OGCException {
                return exchange.refusal(mistake)
            }
        }
    }
}

extension MapServices {
    /// The tile service of a body.
    func tileService(of body: String) throws -> (service: WebMapTileService, systems: BodySystems) {
        guard let systems = try systems(of: body) else {
            throw OGCException(.noApplicableCode, "No body is known by the name \(body).", status: 404)
        }
        return (tileService(systems), systems)
    }

    func tileService(_ systems: BodySystems) -> WebMapTileService {
        WebMapTileService(sets: systems.tiles, systems: systems.all, renderer: renderer, encoder: encoder)
    }
}

extension OGCException {
    /// For the name of a layer that there is not.
    static func noLayer(of body: String) -> OGCException {
        .invalid("LAYER", "names no layer of \(body); the capabilities list them")
    }

    /// For addresses that lead nowhere.
    static func nothing(_ text: String) -> OGCException {
        OGCException(.invalidParameterValue, text, status: 404)
    }
}

extension ServedOperation {
    /// What a request to the tile service is for.
    init(_ exchange: WMTSExchange) {
        let isWebMap = exchange.binding == .webMap
        switch try? exchange.request.get() {
        case .capabilities: self = .wmtsCapabilities
        case .tile: self = isWebMap ? .webTile : .wmtsTile
        case .featureInfo: self = .wmtsFeatureInfo
        case .tileJSON: self = .webTileJSON
        case nil: self = isWebMap ? .webTileOther : .wmtsOther
        }
    }
}

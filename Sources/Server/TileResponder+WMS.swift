internal import HTTPTypes
internal import HiPS
internal import Hummingbird
internal import Logging
internal import Maps
internal import NIOCore
internal import OGC
internal import PlanetaryFrames
internal import Synchronization

extension TileResponder {
    /// `/<body>/wms`: the Web Map Service of a body.
    func webMap(_ body: String, _ request: Request, root: String, _ context: ServerContext) async throws
        -> Response
    {
        let exchange = WMSExchange(request.uri.query ?? "", limits: services.limits)
        context.record.operation = ServedOperation(exchange)
        switch exchange.request {
        case .failure(let mistake):
            guard try await hasMaps(body) else { return .notFound }
            return try await refuse(mistake, exchange, request, context)
        case .success(.capabilities(let version, let sequence)):
            return try await capabilities(
                of: body, request, root: root, context, exchange
            ) { (document) throws(OGCException) in try document.answer(version, sequence: sequence) }
        case .success:
            return try await draw(exchange, of: body, request, context)
        }
    }

    /// Tells a mistake, behind the gate: it may be told as a picture of the size that was asked for.
    private func refuse(
        _ mistake: OGCException, _ exchange: WMSExchange, _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        let answer: OGCAnswer
        do {
            answer = try await gate.run(for: await ClientPresence.of(context.channel)) { _ in
                exchange.refusal(mistake)
            }
        } catch let full as WorkGate.Full {
            answer = exchange.refusal(.busy(after: full.retryAfter))
        }
        return .answer(answer, caching: tileCaching, for: request)
    }

    /// Draws a map, a legend, or says what lies at a place, behind the gate.
    private func draw(
        _ exchange: WMSExchange, of body: String, _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        var found: [MapState] = []
        for name in exchange.layerNames {
            guard let map = try? MapName(body: body, name: name),
                let generation = try await catalogue.generation(of: map)
            else { continue }
            found.append((map, generation))
        }
        if found.isEmpty, try await !hasMaps(body) { return .notFound }
        let services = services
        return try await lookingAgain(
            at: found, exchange.refusal, request, context, whileNotFull: exchange.wantsMap ? unsent : nil
        ) { layers, cancellation in
            guard let systems = try services.systems(of: body) else {
                return exchange.refusal(.unknownBody(body))
            }
            var opened: [MapLayer] = []
            do {
                for (map, generation) in layers { opened.append(try services.layer(map, generation)) }
            } catch {
                return exchange.refusal(OGCException(error))
            }
            var service = WebMapService(
                systems: systems.all, renderer: services.renderer, encoder: services.encoder)
            service.limits = services.limits
            for ((map, _), layer) in zip(layers, opened) {
                service.defaultStyles[map.name] = services.defaultStyle(of: map, layer)
            }
            return try service.answer(exchange, layers: opened) { cancellation.isCancelled }
        }
    }

    /// A document about all layers of a body.
    private func capabilities(
        of body: String, _ request: Request, root: String, _ context: ServerContext, _ exchange: WMSExchange,
        _ answer: @escaping @Sendable (WMSCapabilities) throws(OGCException) -> OGCAnswer
    ) async throws -> Response {
        let found = try await catalogue.maps(of: body)
        guard !found.isEmpty else { return .notFound }
        let (services, logger) = (services, logger)
        return try await lookingAgain(at: found, exchange.refusal, request, context) { found, _ in
            guard let systems = try services.systems(of: body) else {
                return exchange.refusal(.unknownBody(body))
            }
            var layers: [ServiceLayer] = []
            var described: [UInt64] = []
            for (map, generation) in found where !services.isHidden(map) {
                do {
                    let layer = try services.layer(map, generation)
                    layers.append(
                        try services.description(of: layer, map, generation, in: systems.listed))
                    described.append(generation.number)
                } catch {
                    // One map that cannot be drawn must not take the others out of the document.
                    logger.warning("\(map) is left out of the map service: \(error)")
                }
            }
            var identity = services.identity
            if let title = services.title(of: body) { identity.title = title }
            let document = WMSCapabilities(
                identity: identity, body: systems.all.body.name, root: root,
                path: "/" + RequestPath.escaped(body) + "/wms",
                layers: layers, limits: services.limits,
                updateSequence: services.updateSequence(of: body + "/wms", described))
            do throws(OGCException) {
                return try answer(document)
            } catch {
                return exchange.refusal(error)
            }
        }
    }

    /// The answer as it is sent; what lies with the server is written down.
    /// - Parameter isKnown: whether the maps are known to be in the state that was drawn, so that it may be kept.
    func told(
        _ answer: OGCAnswer, isKnown: Bool, _ request: Request, _ context: ServerContext
    ) -> Response {
        if let fault = answer.fault { report(fault, request, context) }
        return .answer(answer, caching: isKnown ? tileCaching : Response.revalidated, for: request)
    }

    /// Whether there is a service for a body: where there is no map, there is none.
    func hasMaps(_ body: String) async throws -> Bool {
        try await !catalogue.maps(of: body).isEmpty
    }
}

extension OGCException {
    /// For a word that is no body's name.
    static func unknownBody(_ word: String) -> OGCException {
        OGCException(.noApplicableCode, "No body is known by the name \(word).", status: 404)
    }

    /// For when more is asked for than there are threads and places to wait.
    static func busy(after seconds: Int) -> OGCException {
        OGCException(
            .noApplicableCode, "The server has too much to do at the moment; try again in \(seconds) s.",
            status: 503, retryAfter: seconds)
    }
}

extension ServedOperation {
    /// What a request to the map service is for.
    init(_ exchange: WMSExchange) {
        switch try? exchange.request.get() {
        case .capabilities: self = .wmsCapabilities
        case .map: self = .wmsMap
        case .featureInfo: self = .wmsFeatureInfo
        case .legend: self = .wmsLegend
        case nil: self = .wmsOther
        }
    }
}

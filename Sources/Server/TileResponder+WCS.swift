internal import GridCoverages
internal import HiPS
internal import Hummingbird
internal import Logging
internal import Maps
internal import OGC
internal import PlanetaryFrames

extension TileResponder {
    /// `/<body>/wcs`: the Web Coverage Service of a body.
    func webCoverages(_ body: String, _ request: Request, root: String, _ context: ServerContext) async throws
        -> Response
    {
        let exchange: WCSExchange
        do {
            if let document = try await document(of: request) {
                exchange = WCSExchange(document: document)
            } else {
                exchange = WCSExchange(query: request.uri.query ?? "")
            }
        } catch let mistake as OGCException {
            exchange = WCSExchange(mistake: mistake)
        }
        context.record.operation = ServedOperation(exchange)
        // Where there is no map there is no service.
        guard try await hasMaps(body) else { return .notFound }
        switch exchange.request {
        case .failure(let mistake):
            return .answer(exchange.refusal(mistake), caching: tileCaching, for: request)
        case .success(.capabilities(let wish)):
            return try await capabilities(wish, of: body, request, root: root, context, exchange)
        case .success:
            return try await coverages(exchange, of: body, request, context)
        }
    }

    private func capabilities(
        _ wish: WCSDocumentParameters, of body: String, _ request: Request, root: String,
        _ context: ServerContext, _ exchange: WCSExchange
    ) async throws -> Response {
        let found = try await catalogue.maps(of: body)
        let (services, logger) = (services, logger)
        return try await havingWaited { waits in
            try await lookingAgain(at: found, exchange.refusal, request, context) { found, _ in
                guard let systems = try services.systems(of: body) else {
                    return exchange.refusal(.unknownBody(body))
                }
                var coverages: [GridCoverage] = []
                var described: [UInt64] = []
                for (map, generation) in found where !services.isHidden(map) {
                    do {
                        let own = try services.coverages(map, generation, remote: .known, waits: waits)
                            .coverages
                        coverages += own
                        // That of the source's grid comes and goes with the file.
                        described += [generation.number, UInt64(own.count)]
                    } catch let pending as RemoteSources.Pending {
                        throw pending
                    } catch {
                        // One map that cannot be read must not take the others out of the document.
                        logger.warning("\(map) is left out of the coverage service: \(error)")
                    }
                }
                var identity = services.identity
                if let title = services.title(of: body) { identity.title = title }
                let document = WCSCapabilities(
                    identity: identity, body: systems.all.body.name, root: root,
                    path: "/" + RequestPath.escaped(body) + "/wcs", coverages: coverages,
                    systems: systems.listed,
                    updateSequence: services.updateSequence(of: body + "/wcs", described))
                do throws(OGCException) {
                    return try document.answer(wish)
                } catch {
                    return exchange.refusal(error)
                }
            }
        }
    }

    /// Answers, and once more where something on another server has to be waited for, which keeps no thread.
    private func havingWaited(_ answer: (_ waits: Bool) async throws -> Response) async throws -> Response {
        // The files behind several maps may be waited for one after the other, but not for ever.
        let end = ContinuousClock.now + .seconds(5)
        while true {
            do {
                return try await answer(ContinuousClock.now < end)
            } catch let pending as RemoteSources.Pending {
                try await pending.wait()
            }
        }
    }

    /// The numbers come from a file on another server, and are not to be waited for with those of maps.
    private struct LiesElsewhere: Error {}

    /// Describes coverages or sends one, behind the gate; behind one of its own what waits for other servers.
    private func coverages(
        _ exchange: WCSExchange, of body: String, _ request: Request, _ context: ServerContext
    ) async throws -> Response {
        let found = try await states(of: exchange.coverageNames, of: body)
        do {
            return try await havingWaited {
                try await coverages(
                    exchange, found, of: body, request, context, isElsewhere: false, waits: $0)
            }
        } catch is LiesElsewhere {
            return try await coverages(
                exchange, found, of: body, request, context, isElsewhere: true, waits: false)
        }
    }

    private func coverages(
        _ exchange: WCSExchange, _ found: [MapState], of body: String, _ request: Request,
        _ context: ServerContext, isElsewhere: Bool, waits: Bool
    ) async throws -> Response {
        let (services, logger, source) = (services, logger, catalogue.source)
        return try await lookingAgain(
            at: found, exchange.refusal, request, context, whileNotFull: exchange.wantsSamples ? unsent : nil,
            through: isElsewhere ? remoteGate : gate
        ) { found, cancellation in
            guard let systems = try services.systems(of: body) else {
                return exchange.refusal(.unknownBody(body))
            }
            var coverages: [GridCoverage] = []
            for (map, generation) in found {
                do {
                    let own = try services.coverages(
                        map, generation, remote: exchange.remoteWish(for: map), waits: waits)
                    coverages += own.coverages
                    if let name = own.unreachable.first(where: { exchange.names($0) }) {
                        return exchange.refusal(.unreachable(name))
                    }
                } catch let pending as RemoteSources.Pending {
                    throw pending
                } catch {
                    guard exchange.coverageNames == nil else {
                        return exchange.refusal(OGCException(error))
                    }
                    logger.warning("\(map) is left out of the coverage service: \(error)")
                }
            }
            if !isElsewhere, exchange.isForNumbers,
                coverages.contains(where: { $0.isRemote && exchange.names($0.identifier) })
            {
                throw LiesElsewhere()
            }
            let service = WebCoverageService(
                systems: systems.all, listed: systems.listed, maker: services.coverageMaker)
            var answer = try service.answer(exchange, coverages: coverages) { cancellation.isCancelled }
            answer.rest = answer.rest.map { WatchedPieces($0, of: found, source: source) }
            return answer
        }
    }

    /// The maps that names of coverages mean; all that are listed where none is given.
    private func states(of names: [String]?, of body: String) async throws -> [MapState] {
        guard let names else {
            return try await catalogue.maps(of: body).filter { !services.isHidden($0.map) }
        }
        var found: [MapState] = []
        var others: [String] = []
        for name in names {
            let plain =
                name.hasSuffix(GridCoverage.nativeSuffix)
                ? String(name.dropLast(GridCoverage.nativeSuffix.count)) : name
            var isFound = false
            for candidate in Set([name, plain]) {
                guard let map = try? MapName(body: body, name: candidate),
                    let generation = try await catalogue.generation(of: map)
                else { continue }
                isFound = true
                if !found.contains(where: { $0.map == map }) { found.append((map, generation)) }
            }
            if !isFound { others.append(plain) }
        }
        guard !others.isEmpty else { return found }
        // Names that XML cannot hold as they are have another spelling in the documents.
        for state in try await catalogue.maps(of: body)
        where others.contains(where: { WebCoverageService.isNamed(state.map.name, $0) }) {
            if !found.contains(where: { $0.map == state.map }) { found.append((state.map, state.generation)) }
        }
        return found
    }
}

extension WCSExchange {
    /// Whether a coverage is asked for by its name.
    fileprivate func names(_ identifier: String) -> Bool {
        coverageNames?.contains { WebCoverageService.isNamed(identifier, $0) } ?? false
    }

    /// What is wanted of the file behind a map, where that lies on a server.
    fileprivate func remoteWish(for map: MapName) -> MapServices.RemoteWish {
        guard coverageNames != nil else { return .known }
        return names(map.name + GridCoverage.nativeSuffix) ? .now : .none
    }

    /// Whether numbers are asked for, and not what is known of them.
    fileprivate var isForNumbers: Bool {
        switch try? request.get() {
        case .coverage, .plainCoverage: true
        case .capabilities, .description, nil: false
        }
    }
}

extension ServedOperation {
    /// What a request to the coverage service is for.
    init(_ exchange: WCSExchange) {
        switch try? exchange.request.get() {
        case .capabilities: self = .wcsCapabilities
        case .description: self = .wcsDescription
        case .coverage, .plainCoverage: self = .wcsCoverage
        case nil: self = .wcsOther
        }
    }
}

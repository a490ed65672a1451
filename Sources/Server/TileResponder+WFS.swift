internal import Features
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import OGC

extension TileResponder {
    /// `/<body>/wfs`: the Web Feature Service of a body.
    func webFeatures(_ body: String, _ request: Request, root: String, _ context: ServerContext) async throws
        -> Response
    {
        let query = request.uri.query ?? ""
        let read: @Sendable () -> WFSExchange
        do {
            // A document is read behind the gate, for it may be large.
            if let document = try await document(of: request) {
                read = { WFSExchange(document: document) }
            } else {
                read = { WFSExchange(query: query) }
            }
        } catch let mistake as OGCException {
            read = { WFSExchange(refused: mistake) }
        }
        let (services, features) = (services, features)
        let address = root + "/" + RequestPath.escaped(body) + "/wfs"
        do {
            let presence = await ClientPresence.of(context.channel)
            let (answer, operation) = try await gate.run(for: presence) { cancellation in
                let exchange = read()
                let operation = ServedOperation(exchange)
                guard let present = try features.current() else { return (nil as OGCAnswer?, operation) }
                let layers = present.layers(of: body)
                guard !layers.isEmpty, let systems = try services.systems(of: body) else {
                    return (nil, operation)
                }
                var identity = services.identity
                if let title = services.title(of: body) { identity.title = title }
                let service = WebFeatureService(
                    identity: identity, systems: systems.all, listed: systems.listed, store: present.store,
                    layers: layers, address: address, updateSequence: present.number,
                    options: features.options)
                return (cancellation.patience.with { service.answer(exchange) }, operation)
            }
            context.record.operation = operation
            guard let answer else { return .notFound }
            if let fault = answer.fault { report(fault, request, context) }
            return await sent(answer, caching: tileCaching, request, context)
        } catch let full as WorkGate.Full {
            return .answer(
                WFSExchange(query: query).refusal(.busy(after: full.retryAfter)), caching: tileCaching,
                for: request)
        } catch let error as FeatureError {
            report(error, request, context)
            return .unavailable
        }
    }
}

extension TileResponder {
    /// The bodies that have features; none where they cannot be read at the moment, or too many others wait.
    func featureBodies(_ context: ServerContext) async throws -> [String] {
        let features = features
        do {
            return try await gate.run(for: await ClientPresence.of(context.channel)) { _ in
                let bodies = (try? features.current())?.layers.map(\.name.body) ?? []
                return Set(bodies).sorted()
            }
        } catch is WorkGate.Full {
            return []
        }
    }
}

extension Cancellation {
    /// What queries of features have before they are given up: a minute, and the client.
    var patience: QueryPatience { QueryPatience(seconds: 60) { self.isCancelled } }
}

extension ServedOperation {
    /// What a request to the service of features is for.
    init(_ exchange: WFSExchange) {
        switch try? exchange.request.get() {
        case .capabilities: self = .wfsCapabilities
        case .describeFeatureType: self = .wfsSchema
        case .features: self = .wfsFeature
        case .values: self = .wfsValue
        case .listStoredQueries, .describeStoredQueries: self = .wfsStoredQuery
        case nil: self = .wfsOther
        }
    }
}

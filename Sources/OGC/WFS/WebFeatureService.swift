public import Features
internal import Glibc
public import Maps
internal import PlanetaryFrames

/// The Web Feature Service of a body (OGC 09-025r2, 04-094, 02-058): from requests as they were read to answers.
public struct WebFeatureService: Sendable {
    /// What can be chosen of a service.
    public struct Options: Sendable, Hashable {
        /// Which system an answer is in when a request names none.
        public enum DefaultSystem: String, Sendable, Hashable, CaseIterable {
            /// The equirectangular map around longitude 0: clients that turn the axes of longitudes and latitudes, in
            /// requests or in answers alone, find nothing otherwise.
            case projected
            /// Longitudes and latitudes.
            case geographic
        }

        /// The order of the axes in GML.
        public var axes = GeometryAxes()
        /// The default system.
        public var defaultSystem = DefaultSystem.projected
        /// The most bytes of a GeoPackage.
        public var mostGeoPackageBytes = 512 << 20
        /// How many features a request that says nothing gets at most; nil for all.
        public var countDefault: Int?

        /// The usual options.
        public init() {}
    }

    /// Who offers the service.
    public var identity: ServiceIdentity
    /// The systems of the body, for what requests name.
    public let systems: MapSystems
    /// The systems in documents, the default one first.
    public let listed: [MapCRS]
    /// The features.
    public let store: FeatureStore
    /// The layers of the body.
    public let layers: [FeatureLayer]
    /// The address of the service, without a question mark.
    public let address: String
    /// The number of the present state of the documents.
    public let updateSequence: Int64
    /// What was chosen.
    public let options: Options

    /// A service.
    /// - Parameters:
    ///   - listed: the systems that documents list, in any order.
    ///   - layers: those of the body.
    /// - Precondition: there is a layer and a system.
    public init(
        identity: ServiceIdentity, systems: MapSystems, listed: [MapCRS], store: FeatureStore,
        layers: [FeatureLayer], address: String, updateSequence: Int64, options: Options
    ) {
        precondition(!layers.isEmpty && !listed.isEmpty, "nothing is served")
        self.identity = identity
        self.systems = systems
        self.store = store
        self.layers = layers
        self.address = address
        self.updateSequence = updateSequence
        self.options = options
        let first =
            switch options.defaultSystem {
            case .projected:
                listed.firstIndex { $0.frame.projection == .equirectangular && !$0.isAlias }
                    ?? listed.firstIndex { !$0.isGeographic }
            case .geographic: listed.firstIndex { $0.isGeographic && !$0.isAlias }
            }
        var listed = listed
        if let first { listed.insert(listed.remove(at: first), at: 0) }
        self.listed = listed
    }

    /// The body in paths and namespaces.
    var bodyPath: String { layers[0].name.body }

    /// Answers a request. What goes wrong is an answer too.
    public func answer(_ exchange: WFSExchange) -> OGCAnswer {
        do {
            return try answer(exchange.request.get(), exchange.version)
        } catch let error as OGCException {
            return exchange.refusal(error)
        } catch let error as FeatureError {
            return exchange.refusal(OGCException(error))
        } catch let error as MapsError {
            return exchange.refusal(OGCException(error))
        } catch {
            return exchange.refusal(OGCException(.noApplicableCode, "\(error)", status: 500))
        }
    }

    private func answer(_ request: WFSRequest, _ version: WFSVersion) throws -> OGCAnswer {
        switch request {
        case .capabilities(let wish): return try capabilities.answer(wish)
        case .describeFeatureType(let names, let format):
            return try describe(names, format)
        case .features(let request): return try features(request, version, reference: nil)
        case .values(let request, let reference):
            return try features(request, version, reference: reference)
        case .listStoredQueries: return StoredQueryDocuments(types: types, bodyPath: bodyPath).list
        case .describeStoredQueries(let names):
            for name in names where !WFSRequest.featureByIDNames.contains(name) {
                throw WFSWords.unknownStoredQuery(name)
            }
            return StoredQueryDocuments(types: types, bodyPath: bodyPath).description
        }
    }

    var types: [FeatureType] { layers.map { FeatureType($0) } }

    private var capabilities: WFSCapabilities {
        WFSCapabilities(
            identity: identity, body: systems.body.name, bodyPath: bodyPath, address: address, types: types,
            systems: listed, updateSequence: updateSequence, countDefault: options.countDefault)
    }

    private func describe(_ names: [String], _ format: WFSFormat) throws(OGCException) -> OGCAnswer {
        guard case .gml(let gml) = format else { throw .invalid("OUTPUTFORMAT", "is no form of GML") }
        var types: [FeatureType] = []
        for name in names {
            let type = try type(name, parameter: "TYPENAME")
            if !types.contains(where: { $0.name == type.name }) { types.append(type) }
        }
        let schema = FeatureTypeSchema(
            body: bodyPath, types: types.isEmpty ? self.types : types, gml: gml)
        return OGCAnswer(
            mediaType: gml == .v321 ? format.mediaType : gml == .v311 ? format.mediaType : "text/xml",
            body: schema.document)
    }

    /// The type of a name.
    func type(_ name: String, parameter: String) throws(OGCException) -> FeatureType {
        guard let layer = layers.first(where: { $0.name.name == name }) else {
            throw .invalid(
                parameter,
                "names \(OGCException.quoted(name)), which is no type of \(systems.body.name); there is "
                    + layers.map { FeatureType.prefix + ":" + $0.name.name }.joined(separator: ", "))
        }
        return FeatureType(layer)
    }

    // MARK: Features

    private func features(
        _ request: WFSFeatureRequest, _ version: WFSVersion, reference: String?
    ) throws -> OGCAnswer {
        var request = request
        // The answer is the feature itself, of which there are no pages (OGC 09-025r2, 7.9.3.6).
        if request.isSingle { (request.count, request.start, request.isHits) = (nil, 0, false) }
        if request.count == nil, !request.isSingle, !request.isHits { request.count = options.countDefault }
        if reference != nil, request.queries.count > 1 {
            throw OGCException.invalid(
                "TYPENAMES", "asks for \(request.queries.count) queries; values are those of one query alone")
        }
        let isGML = if case .gml = request.format { true } else { false }
        if reference != nil, request.format != .gml(.v321) {
            throw OGCException.invalid(
                "OUTPUTFORMAT", "is another one than \(WFSFormat.gml(.v321).name), the only one for values")
        }
        // Where only the number is asked for, tables have no place for it.
        if request.isHits, !isGML, request.format != .geoJSON { request.format = .gml(version.gml) }
        let budget = PlaceBudget()
        let questions = try request.queries.flatMap { query in
            try FeatureQuestion.questions(
                query, request, version, of: self, reference: reference, budget: budget)
        }
        if reference != nil, questions.count > 1 {
            throw OGCException.invalid(
                "RESOURCEID", "names features of \(questions.count) types; values are those of one type alone"
            )
        }
        switch request.format {
        case .csv: try CSVFeatureWriter.check(questions)
        case .geoPackage: try GeoPackageSpool.check(questions)
        case .gml, .geoJSON, .voTable: break
        }
        let parts = try parts(request, questions)
        let link = PageLink(service: self, version: version, reference: reference)
        let (head, matched) = try head(request, parts, link)
        if request.isSingle, matched == 0 {
            guard case .identifiers(let names) = request.queries[0].condition else {
                throw WFSWords.unknown("")
            }
            throw OGCException(
                .notFound, locator: "ID",
                "There is no feature \(OGCException.quoted(names.first ?? "")) of \(systems.body.name).",
                status: 404)
        }
        if request.format == .geoPackage {
            return try GeoPackageSpool(limit: options.mostGeoPackageBytes).answer(
                parts, body: systems.body, name: bodyPath)
        }
        let writer = try writer(request, parts, questions, reference)
        var document = FeatureDocument(parts, try bounded(head, parts, isGML), writer)
        let first = try document.next() ?? []
        var answer = OGCAnswer(
            mediaType: reference == nil ? request.format.mediaType : WFSFormat.gml(.v321).mediaType,
            body: first)
        if !document.isDone { answer.rest = document }
        if case .csv = request.format { answer.fileName = "\(bodyPath)_\(parts[0].type.name).csv" }
        var seen: Set<String> = []
        answer.warnings = questions.flatMap(\.warnings).filter { seen.insert($0).inserted }
        return answer
    }

    /// Asks the store; where there are several questions, offset and limit count through all of them.
    private func parts(
        _ request: WFSFeatureRequest, _ questions: [FeatureQuestion]
    ) throws -> [FeaturePart] {
        var (skip, left) = (request.start, request.isHits ? 0 : request.count ?? Int.max)
        var parts: [FeaturePart] = []
        // What several queries of one layer find is put together, and has to be of one import.
        var states: [LayerName: LayerState] = [:]
        for question in questions {
            let name = question.type.layer.name
            if questions.count > 1, states[name] == nil { states[name] = try store.layerState(of: name) }
            var query = question.query
            query.limit = left
            query.offset = skip
            if questions.count > 1, skip > 0 {
                let count = try store.count(of: name, matching: query, expecting: states[name])
                query.offset = min(skip, count)
            }
            let part = try FeaturePart(
                question.type, question.projection, system: question.system,
                isNorthFirst: question.isNorthFirst, query, in: store, expecting: states[name],
                // The answer begins with that page; those of the others would only lie in memory.
                readsFirst: !parts.contains { $0.returned > 0 })
            skip -= query.offset
            if left < Int.max { left -= part.returned }
            parts.append(part)
        }
        return parts
    }

    private func head(
        _ request: WFSFeatureRequest, _ parts: [FeaturePart], _ link: PageLink
    ) throws(OGCException) -> (FeatureHead, matched: Int) {
        let matched = parts.reduce(0) { $0 + $1.matched }
        var head = FeatureHead(
            matched: matched, returned: parts.reduce(0) { $0 + $1.returned }, time: Self.now)
        // The first versions have one number alone.
        if request.isHits, request.format == .gml(.v311) {
            head.returned = max(0, min(request.count ?? Int.max, matched - request.start))
        }
        guard let count = request.count, count > 0, !request.isHits else { return (head, matched) }
        if request.start < matched - count {
            head.next = try link.address(request, start: request.start + count, count: count)
        }
        if request.start > 0 {
            head.previous = try link.address(
                request, start: max(0, request.start - count), count: min(count, request.start))
        }
        return (head, matched)
    }

    /// The head with the box around all features where that is known.
    private func bounded(
        _ head: FeatureHead, _ parts: [FeaturePart], _ isGML: Bool
    ) throws -> FeatureHead {
        guard isGML, parts.count == 1 else { return head }
        var head = head
        head.bounds = try parts[0].bounds()
        return head
    }

    private func writer(
        _ request: WFSFeatureRequest, _ parts: [FeaturePart], _ questions: [FeatureQuestion],
        _ reference: String?
    ) throws(OGCException) -> any FeatureWriter {
        if reference != nil {
            return GMLValueWriter(parts[0], questions[0].subject, body: bodyPath, gml: .v321)
        }
        switch request.format {
        case .gml(let gml):
            return try GMLFeatureWriter(
                parts, gml: gml, body: bodyPath, address: address, isSingle: request.isSingle)
        case .csv: return CSVFeatureWriter(parts)
        case .voTable: return VOTableFeatureWriter(parts, body: systems.body.name)
        case .geoJSON, .geoPackage:
            return GeoJSONFeatureWriter(parts, system: geographic.identifier.text(for: .gml))
        }
    }

    /// The body's own longitudes and latitudes, which the layers are in.
    var geographic: MapCRS { systems.advertised[0] }

    /// The present time as XML Schema has it.
    private static var now: String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}

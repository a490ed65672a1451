public import Features
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

    /// The body's own longitudes and latitudes, which the layers are in.
    var geographic: MapCRS { systems.advertised[0] }
}

internal import Features
internal import Maps
internal import PlanetaryFrames
internal import XML

/// A query whose words have been understood: what is asked of the store, and how it is answered.
struct FeatureQuestion {
    let type: FeatureType
    let projection: FeatureProjection
    /// The name of the system in the answer.
    let system: String
    /// Whether y comes first in GML.
    let isNorthFirst: Bool
    var query: FeatureQuery
    /// What is to be said of the system.
    let warnings: [String]
    /// What of the features is wanted where it is one value alone.
    var subject = GMLValueWriter.Subject.column

    /// The names of the key in what features are sorted by.
    static let keyNames = ["@gml:id", "gml:id", "@id", "fid"]

    /// The questions of a query: one, but where identifiers of several types are asked for.
    static func questions(
        _ query: WFSQuery, _ request: WFSFeatureRequest, _ version: WFSVersion, of service: WebFeatureService,
        reference: String?, budget: PlaceBudget
    ) throws -> [FeatureQuestion] {
        var asked: [(FeatureType, FeatureFilter?)] = []
        if case .identifiers(let names) = query.condition {
            asked = try keys(names, query, request, of: service).map { ($0, .ids($1)) }
        } else {
            guard let name = query.type else { throw OGCException.missing("TYPENAMES") }
            asked = [(try service.type(name, parameter: "TYPENAMES"), nil)]
        }
        return try asked.map { type, filter in
            try FeatureQuestion(
                type, filter, query, request, version, of: service, reference: reference, budget: budget)
        }
    }

    /// The keys in identifiers, by their types. What has never been an identifier is not found; one of another type than that
    /// which is asked for is a mistake.
    private static func keys(
        _ names: [String], _ query: WFSQuery, _ request: WFSFeatureRequest, of service: WebFeatureService
    ) throws(OGCException) -> [(FeatureType, [Int64])] {
        var found: [(FeatureType, [Int64])] = []
        if let name = query.type { found = [(try service.type(name, parameter: "TYPENAMES"), [])] }
        for name in names {
            guard let (typeName, key) = FeatureType.parse(identifier: name),
                service.layers.contains(where: { $0.name.name == typeName })
            else { continue }
            if let index = found.firstIndex(where: { $0.0.name == typeName }) {
                found[index].1.append(key)
            } else if query.type == nil {
                found.append((try service.type(typeName, parameter: "RESOURCEID"), [key]))
            } else {
                throw .invalid(
                    "RESOURCEID",
                    "names \(OGCException.quoted(name)), which is of another type than \(found[0].0.name)")
            }
        }
        return found.isEmpty ? [(FeatureType(service.layers[0]), [])] : found
    }

    private init(
        _ type: FeatureType, _ filter: FeatureFilter?, _ query: WFSQuery, _ request: WFSFeatureRequest,
        _ version: WFSVersion, of service: WebFeatureService, reference: String?, budget: PlaceBudget
    ) throws {
        let (stated, warnings) = try Self.system(query.system, of: service)
        self.warnings = warnings
        let spelled = query.system
        let crs =
            switch request.format {
            case .gml: stated ?? service.listed[0]
            // Tables are in degrees unless something else is said.
            case .csv, .voTable: stated ?? service.geographic
            case .geoJSON, .geoPackage: service.geographic
            }
        projection = FeatureProjection(crs)
        let isURN =
            spelled.map { $0.lowercased().hasPrefix("urn:") || $0.lowercased().hasPrefix("http") } ?? true
        // The Earth's systems are turned round by everybody, where their names are URNs; those of the planets by nobody.
        system = crs.isAlias && !isURN ? crs.identifier.description : crs.identifier.text(for: .wfs)
        isNorthFirst =
            version != .v100 && isURN && crs.axisOrder.isNorthFirst
            && (service.options.axes.rule == .authority || crs.isAlias)
        var asked = FeatureQuery()
        asked.filter = filter
        try asked.restrict(
            by: query.condition, type, coordinatesIn: stated, of: service, budget: budget)
        asked.order = try query.order.map { name, isDescending in
            Self.keyNames.contains(name)
                ? FeatureOrder(.key, isDescending: isDescending)
                : FeatureOrder(
                    .column(try type.column(name, parameter: "SORTBY").name), isDescending: isDescending)
        }
        if let reference {
            var reference = reference[...]
            while reference.first == "/" { reference = reference.dropFirst() }
            switch PropertyName.local(String(reference)) {
            case "id" where reference.contains("@"), "@id":
                subject = .identifier
                self.type = try type.narrowed(to: ["@gml:id"])
            case PropertyName.geometry:
                subject = .geometry
                self.type = try type.narrowed(to: [PropertyName.geometry])
                asked.also(.not(.hasNoPlace))
            default:
                let column = try type.column(String(reference), parameter: "VALUEREFERENCE")
                self.type = try type.narrowed(to: [PropertyName.encoded(column.name)])
                asked.also(.not(.isNull(.column(column.name))))
            }
        } else {
            self.type = try type.narrowed(to: query.properties)
        }
        asked.columns = self.type.columns.count == type.columns.count ? nil : self.type.columns.map(\.name)
        asked.readsGeometry = self.type.hasGeometry
        self.query = asked
    }

    /// The system that a request names.
    private static func system(
        _ name: String?, of service: WebFeatureService
    ) throws(OGCException) -> (crs: MapCRS?, warnings: [String]) {
        guard let name else { return (nil, []) }
        do {
            let (crs, warnings) = try service.systems.parse(name)
            return (crs, warnings)
        } catch {
            throw OGCException(.invalidParameterValue, locator: "SRSNAME", error.description)
        }
    }
}

extension FeatureQuery {
    /// Another condition that has to hold.
    mutating func also(_ condition: FeatureFilter) {
        filter = filter.map { .and([$0, condition]) } ?? condition
    }
}

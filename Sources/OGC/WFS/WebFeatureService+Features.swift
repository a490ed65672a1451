internal import Features
internal import Glibc
internal import Maps
internal import PlanetaryFrames

/// Answers with features, or with values of them.
extension WebFeatureService {
    func features(
        _ request: WFSFeatureRequest, _ version: WFSVersion, reference: String?
    ) throws -> OGCAnswer {
        var request = request
        // The answer is the feature itself, of which there are no pages (OGC 09-025r2, 7.9.3.6).
        if request.isSingle { (request.count, request.start, request.isHits) = (nil, 0, false) }
        let saysNumber = request.count != nil
        if !saysNumber, !request.isSingle, !request.isHits { request.count = options.countDefault }
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
        var answer: OGCAnswer
        if request.format == .geoPackage {
            answer = try GeoPackageSpool(limit: options.mostGeoPackageBytes).answer(
                parts, body: systems.body, name: bodyPath)
        } else {
            let writer = try writer(request, parts, questions, reference)
            var document = FeatureDocument(parts, try bounded(head, parts, isGML), writer)
            let first = try document.next() ?? []
            answer = OGCAnswer(
                mediaType: reference == nil ? request.format.mediaType : WFSFormat.gml(.v321).mediaType,
                body: first)
            if !document.isDone { answer.rest = document }
            if case .csv = request.format { answer.fileName = "\(bodyPath)_\(parts[0].type.name).csv" }
        }
        var seen: Set<String> = []
        answer.warnings = questions.flatMap(\.warnings).filter { seen.insert($0).inserted }
        // Who said no number does not know of one.
        if head.isCut, !saysNumber, !request.format.hasLinks {
            answer.warnings.append(
                "The answer has \(head.returned) of \(matched) features, for the request says no COUNT.")
        }
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
        head.isCut = request.count != nil && !request.isHits && request.start < matched - head.returned
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

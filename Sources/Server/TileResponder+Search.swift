internal import Features
internal import Hummingbird

extension TileResponder {
    /// `/<body>/search?q=olympus`: places by their names.
    func search(_ body: String, _ request: Request, _ context: ServerContext) async throws -> Response {
        guard let query = RequestQuery(request.uri.query ?? "") else {
            return .text(.badRequest, "The part after the question mark has an escape that is none.\n")
        }
        let wanted: PlaceQuery
        do {
            wanted = try PlaceQuery(query, body: body)
        } catch {
            return .text(.badRequest, error.text)
        }
        let features = features
        do {
            let places: [FoundPlace]? = try await gate.run(for: await ClientPresence.of(context.channel)) {
                _ in
                try features.current()?.search.places(
                    in: wanted.layer, matching: wanted.text, type: wanted.type, limit: wanted.limit)
            }
            guard let places else { return .noNames(wanted.layer) }
            let answer = PlaceAnswer(query: wanted, places: places)
            return .page(answer.json, type: "application/json", for: request)
        } catch FeatureError.search(let reason) {
            return .text(.badRequest, reason + ".\n")
        } catch FeatureError.noLayer {
            return .noNames(wanted.layer)
        }
    }
}

extension Response {
    fileprivate static func noNames(_ layer: LayerName) -> Response {
        .text(.notFound, "There is no layer \(layer) to look for names in.\n")
    }
}

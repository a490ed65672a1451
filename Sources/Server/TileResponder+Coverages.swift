internal import HiPS
internal import Hummingbird
internal import Logging
internal import MOC

extension TileResponder {
    /// `Moc.fits`, `Moc.json` or `Moc.txt` of a map, with `?frame=` and `?order=`.
    func coverage(_ format: MOCFormat, of map: MapName, _ request: Request) async throws -> Response {
        guard let query = RequestQuery(request.uri.query ?? "") else { return .badQuery }
        let form: CoverageForm
        do {
            form = try CoverageForm(format, query)
        } catch {
            return .text(.badRequest, error.text)
        }
        guard let file = try await contentAndGeneration(.coverage, of: map) else { return .notFound }
        if form.isAsItIs { return .content(file.content, for: request) }
        let content = try await coverages.content(
            form, from: file.content, of: map, generation: file.generation, caching: tileCaching)
        return .content(content, for: request)
    }

    /// `/<body>/moc?intersects=REGION` or `?lon=&lat=&radius=`: the maps of the body that touch a region.
    func region(_ body: String, _ request: Request, root: String) async throws -> Response {
        guard let query = RequestQuery(request.uri.query ?? "") else { return .badQuery }
        let wanted = RegionQuery(query)
        let region: MOC
        do {
            region = try await gate.run { _ in
                try wanted.coverage("/\(RequestPath.escaped(body))/moc")
            }
        } catch let mistake as RegionQuery.Mistake {
            return .text(.badRequest, mistake.text)
        }
        let entries = try await catalogue.entries().filter { $0.map.body.lowercased() == body }
        guard !entries.isEmpty else { return .notFound }
        var answer = RegionAnswer(body: body, region: region, root: root)
        for entry in entries { answer.add(entry, try await coverage(of: entry.map)) }
        return .page(answer.json, type: "application/json", for: request)
    }

    /// What a map covers; nil when it does not say, or not so that it can be read.
    private func coverage(of map: MapName) async throws -> MOC? {
        guard let file = try await contentAndGeneration(.coverage, of: map) else { return nil }
        do {
            return try await coverages.document(file.content, of: map, generation: file.generation)
                .coverage.ofSpace()
        } catch {
            logger.warning("\(map): \(error)")
            return nil
        }
    }
}

extension Response {
    /// For parameters that nobody could have meant.
    fileprivate static var badQuery: Response {
        .text(.badRequest, "The part after the question mark has an escape that is none.\n")
    }
}

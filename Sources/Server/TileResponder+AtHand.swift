internal import HTTPTypes
internal import HiPS

extension TileResponder {
    /// What a request asks for when it is in memory, in its present state; nil where something has to be looked up, read or made.
    func atHand(_ request: HTTPRequest) -> (content: TileCache.Content, operation: ServedOperation)? {
        guard request.method == .get, let target = request.path,
            !RequestBodies.isAnnounced(request.headerFields)
        else { return nil }
        guard target.hasPrefix("/hips/") else {
            guard let entry = rendered[target], catalogue.known(entry.map)?.number == entry.generation else {
                return nil
            }
            rendered.hits.add()
            return (entry.content, entry.operation)
        }
        let path = target.utf8.firstIndex(of: UInt8(ascii: "?")).map { String(target[..<$0]) } ?? target
        // Properties are made for each request: they say where the client has them from.
        guard let path = RequestPath(path), case .file(let map, let file) = Route(path), file != .properties,
            let generation = catalogue.known(map),
            let content = cache[TileCache.Key(generation: generation.number, file: file)]
        else { return nil }
        metrics.cacheHits.add()
        return (content, ServedOperation(.file(map, file)))
    }
}

internal import HiPS
internal import Hummingbird
internal import MOC
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Coverages of maps that have been read, and forms of them that have been made.
///
/// Reading and making one may take milliseconds, and so is done on threads for waiting.
final class Coverages: Sendable {
    private struct Key: Hashable {
        let generation: UInt64
        let form: CoverageForm
    }

    private let documents = Mutex(LeastRecentlyUsed<UInt64, MOCDocument>(limit: 64 << 20))
    private let made = Mutex(LeastRecentlyUsed<Key, TileCache.Content>(limit: 16 << 20))

    /// The coverage in the bytes of a `Moc.fits`.
    /// - Throws: ``ServerError/unreadable(path:reason:)`` when they are none.
    func document(_ file: TileCache.Content, of map: MapName, generation: UInt64) async throws -> MOCDocument
    {
        if let known = documents.withLock({ $0.value(of: generation) }) { return known }
        let document = try await NIOThreadPool.singleton.runIfActive {
            do {
                return try MOCDocument(reading: Array(file.body.readableBytesView), accepting: .all)
            } catch {
                throw ServerError.unreadable(
                    path: map.urlPath + "/" + HiPSFile.coverage.path, reason: "\(error)")
            }
        }
        documents.withLock { $0.insert(document, for: generation, cost: 1024 + 2 * file.body.readableBytes) }
        return document
    }

    /// The coverage of a map in a form.
    func content(
        _ form: CoverageForm, from file: TileCache.Content, of map: MapName, generation: UInt64,
        caching: String
    ) async throws -> TileCache.Content {
        let key = Key(generation: generation, form: form)
        if let known = made.withLock({ $0.value(of: key) }) { return known }
        let document = try await document(file, of: map, generation: generation)
        let bytes = try await NIOThreadPool.singleton.runIfActive { try form.encode(document, of: map) }
        let body = ByteBuffer(bytes: bytes)
        let tag = EntityTag(body)
        let content = TileCache.Content(
            body: body, tag: tag,
            headers: Response.headers(
                type: form.format.mediaType, count: body.readableBytes, tag: tag, caching: caching))
        made.withLock { $0.insert(content, for: key, cost: content.cost) }
        return content
    }
}

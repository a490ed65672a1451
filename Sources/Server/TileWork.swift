internal import HEALPix
internal import HiPS
internal import Hummingbird
internal import Maps
internal import NIOCore
internal import NIOPosix
internal import OGC
internal import Tiles

/// One tile on its way: from the words of the request to what is sent.
struct TileWork: Sendable {
    let parameters: TileParameters
    let map: MapName
    let generation: Generation
    let services: MapServices
    let rendered: RenderedTiles
    /// The caching of the answer.
    let caching: String

    /// The name of the style, which is that of a folder: one, however a request spells it. Nil while it is not known.
    private var styleName: String? {
        parameters.style.isEmpty
            ? services.knownDefaultStyle(of: map, generation) : parameters.style.lowercased()
    }

    /// Levels beyond those that show more of a map, whose tiles are still kept on disk.
    private static let levelsBeyond = 2

    /// Where the tile lies on disk if it is there, as far as can be said without waiting for anything; nil for a tile that is
    /// not kept, and for one that there cannot be.
    var knownPath: String? {
        guard let disk = rendered.disk, parameters.styling.isEmpty,
            let systems = services.knownSystems(of: map.body),
            let (set, place) = try? services.tileService(systems).tile(parameters)
        else { return nil }
        guard let style = styleName, style.utf8.allSatisfy(Self.isPlain) else { return nil }
        if let order = generation.properties.order {
            // The width is as the file says it, of any size.
            let pixels = Double(1 << order.value) * Double(generation.properties.tileWidth ?? 512)
            let degrees = (Double.pi / 3).squareRoot() * 180 / .pi / pixels
            guard place.level <= set.level(forPixelOf: degrees) + Self.levelsBeyond else { return nil }
        }
        return disk.path(map, generation, style: style, set, place, parameters.format)
    }

    /// The bytes that names of styles have.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// A tile from the disk; nil when it is not there.
    func read(_ path: String) async throws -> TileCache.Content? {
        guard let disk = rendered.disk,
            let bytes = try await NIOThreadPool.singleton.runIfActive({ disk.read(path) })
        else { return nil }
        rendered.diskHits.add()
        return content(bytes, parameters.format)
    }

    /// A tile that was drawn.
    struct Drawn: Sendable {
        let content: TileCache.Content
        /// What is to be kept on disk, where it lies there.
        let file: (path: String, bytes: [UInt8])?

        init(_ content: TileCache.Content, file: (path: String, bytes: [UInt8])? = nil) {
            self.content = content
            self.file = file
        }
    }

    /// Keeps a tile on disk, waiting for it.
    func keep(_ drawn: Drawn) {
        if let file = drawn.file { rendered.disk?.write(file.bytes, to: file.path) }
    }

    /// Draws the tile, waiting for files.
    /// - Throws: `OGCException` for what the request asks in vain, ``MapsError``.
    func draw(isCancelled: () -> Bool) throws -> Drawn {
        let (service, _) = try services.tileService(of: map.body)
        let layer = try services.layer(map, generation)
        // In the order in which clients expect to be told of their mistakes.
        let style = try service.style(
            parameters, of: layer, default: services.defaultStyle(of: map, layer))
        let (set, place) = try service.tile(parameters)
        // The path may not have been known before the systems of the body were.
        if let path = knownPath, let bytes = rendered.disk?.read(path) {
            rendered.diskHits.add()
            return Drawn(content(bytes, parameters.format))
        }
        switch try service.draw(place, of: set, layer, style, isCancelled: isCancelled) {
        case .empty:
            return Drawn(
                try rendered.emptyTile(parameters.format) { format in
                    content(try service.encoder.encode(.transparentTile, as: format), format)
                })
        case .drawn(let picture):
            let bytes = try service.encoder.encode(
                picture, as: parameters.format, cancelled: isCancelled)
            rendered.drawn.add()
            return Drawn(content(bytes, parameters.format), file: knownPath.map { ($0, bytes) })
        }
    }

    private func content(_ bytes: [UInt8], _ format: MapFormat) -> TileCache.Content {
        let body = ByteBuffer(bytes: bytes)
        let tag = EntityTag(body)
        return TileCache.Content(
            body: body, tag: tag,
            headers: Response.headers(
                type: format.mediaType, count: body.readableBytes, tag: tag, caching: caching))
    }
}

extension Picture {
    /// A tile that shows nothing.
    static var transparentTile: Picture {
        let side = TileMatrixSet.tileSize
        return Picture(
            width: side, height: side, channels: 4, samples: [UInt8](repeating: 0, count: side * side * 4))
    }
}

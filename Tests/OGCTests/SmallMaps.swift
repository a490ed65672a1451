import FITS
import HEALPix
import HiPS
import Maps
import PlanetaryFrames
import Storage
import Synchronization
import Testing
import Tiles

@testable import OGC

/// Two small maps of Mars in memory: heights that are a hundred times the latitude, and colours whose red is the longitude
/// and whose green is the latitude.
struct SmallMaps: Sendable {
    let layers: [MapLayer]
    var service: WebMapService

    /// Pixels along a base cell: the pixels are cells of order 6, 0.9 degrees wide.
    private static let width = 64

    init(
        breaking broken: String? = nil, earthAliases: Bool = false, description: String? = nil,
        definitions: [(identifier: String, definition: String)] = []
    ) throws {
        let catalogue = try BodyCatalogue.standard()
        let mars = try #require(catalogue.body(naifCode: 499))
        layers = try ["heights", "colours"].map { name in
            var properties = HiPSProperties()
            properties.order = .zero
            properties.tileWidth = Self.width
            properties.body = "mars"
            properties.title = "The \(name)"
            properties.formats = [name == "heights" ? .fits : .png]
            properties.pixelCut = (-9000, 9000)
            properties.abstract = description
            properties["tessera_vertical"] = "elevation above the areoid, in m"
            return try MapLayer(
                name: try MapName(body: "mars", name: name), properties: properties, note: nil,
                files: Files(isHeights: name == "heights", isBroken: name == broken), catalogue: catalogue)
        }
        service = WebMapService(
            systems: try MapSystems(
                body: mars, catalogue: catalogue,
                options: .init(earthAliases: earthAliases, definitions: definitions)),
            renderer: MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 24)), encoder: MapEncoder())
    }

    /// The answer to a request.
    func answer(_ query: String, isCancelled: Bool = false) throws -> OGCAnswer {
        let exchange = WMSExchange(query, limits: WMSLimits())
        if case .failure(let mistake) = exchange.request { return exchange.refusal(mistake) }
        return try service.answer(exchange, layers: layers.filter { exchange.layerNames.contains($0.name) }) {
            isCancelled
        }
    }

    /// The red and green of each pixel as longitude and latitude in degrees; nil where there is nothing.
    static func places(_ answer: OGCAnswer) throws -> [(lon: Double, lat: Double)?] {
        let picture = try PictureDecoder.decode(answer.body)
        return (0..<picture.width * picture.height).map { pixel in
            let samples = picture.samples[(pixel * picture.channels)...].prefix(picture.channels).map(
                Double.init)
            if picture.channels % 2 == 0, samples[picture.channels - 1] == 0 { return nil }
            return (samples[0] / 255 * 360, samples[1] / 255 * 180 - 90)
        }
    }

    private struct Files: HiPSFiles {
        let isHeights: Bool
        /// Whether all tiles but the first one, which is looked at on opening, are cut off.
        let isBroken: Bool

        func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
            guard case .tile(let tile, _) = file, tile.order == .zero else { return nil }
            guard let bytes = try? isHeights ? heights(tile.npix) : colours(tile.npix) else {
                throw StoreError(operation: "make", path: file.path, reason: "it cannot be encoded")
            }
            return isBroken && tile.npix > 0 ? Array(bytes.prefix(bytes.count / 2)) : bytes
        }

        private func heights(_ npix: Int64) throws -> [UInt8] {
            // The lowest row comes first in FITS files.
            let values = (0..<width * width).map { index in
                Float(100 * Self.centre(npix, row: width - 1 - index / width, column: index % width).latDeg)
            }
            return try FITSImageEncoder().encode(values.span, width: width, height: width)
        }

        private func colours(_ npix: Int64) throws -> [UInt8] {
            var samples: [UInt8] = []
            for index in 0..<width * width {
                let place = Self.centre(npix, row: index / width, column: index % width)
                samples.append(UInt8((place.lonDeg / 360 * 255).rounded()))
                samples.append(UInt8(((place.latDeg + 90) / 180 * 255).rounded()))
                samples.append(7)
            }
            return try PNGEncoder().encode(
                Picture(width: width, height: width, channels: 3, samples: samples))
        }

        /// The centre of a pixel: rows from the top are x, and columns y.
        private static func centre(_ npix: Int64, row: Int, column: Int) -> Direction {
            Cell(order: Order(6)!, face: Int(npix), x: Int64(row), y: Int64(column))!.centre
        }
    }
}

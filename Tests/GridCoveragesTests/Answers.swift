import GDAL
import GridCoverages
import HiPS
import Maps
import Synchronization
import Testing

/// An answer as GDAL reads it.
final class Answer {
    let dataset: Dataset
    let bytes: [UInt8]
    private let path: String
    private static let counter = Atomic(0)

    init(_ product: CoverageProduct) throws {
        bytes = try product.all()
        #expect(product.byteCount == nil || product.byteCount == bytes.count)
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        path = "/vsimem/answer-\(number).\(product.mediaType == "image/fits" ? "fits" : "tif")"
        try VirtualFile.write(bytes, to: path)
        dataset = try Dataset(opening: path)
        let size = (dataset.width, dataset.height)
        #expect(size == (product.width, product.height))
    }

    /// The system as GDAL reads it.
    var wkt: String? { dataset.crsWKT }

    /// The edges and pixels as GDAL reads them.
    var transform: [Double] { dataset.geoTransform ?? [] }

    /// What GDAL says of a band.
    func band(_ number: Int) throws -> Band { try dataset.band(number) }

    deinit { _ = try? VirtualFile.remove(path) }

    /// All samples of a band, rows from the top.
    func samples(band: Int = 1) throws -> [Double] {
        let (width, height) = (dataset.width, dataset.height)
        var values = [Double](repeating: 0, count: width * height)
        try values.withUnsafeMutableBytes {
            try dataset.read(
                band: band, window: PixelWindow(column: 0, row: 0, width: width, height: height), into: $0,
                type: .float64, pixelStride: 8, lineStride: 8 * width)
        }
        return values
    }
}

func maker(
    limits: CoverageLimits = CoverageLimits(), native: Bool = true
) -> CoverageMaker {
    CoverageMaker(
        renderer: MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 28)),
        options: CoverageMaker.Options(limits: limits, offersNative: native))
}

extension CoverageMaker {
    /// The one coverage of a map in memory.
    func coverage(of layer: MapLayer) throws -> GridCoverage {
        let found = try coverages(
            of: layer, map: MapName(body: "mars", name: layer.name), in: nil, systems: Mars.systems,
            catalogue: Mars.catalogue)
        #expect(found.count == 1)
        return try #require(found.first)
    }
}

import Foundation
import GDAL
import Pixels
import PlanetaryFrames
import Testing

@testable import Rasters

/// Folders for the files of tests, removed when the process ends.
enum Scratch {
    private static let root: URL = {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("tessera-rasters-" + UUID().uuidString)
        atexit { try? FileManager.default.removeItem(at: Scratch.root) }
        return root
    }()

    /// A new, empty folder.
    static func folder() throws -> URL {
        let folder = root.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// A GeoTIFF in a folder of its own.
struct TestRaster {
    let path: String

    /// Eight columns of 45 degrees and four rows: the whole body from -180 and 90.
    static let global: [Double] = [-180, 45, 0, 90, 0, -45]
    static let mars = "IAU_2015:49900"

    /// Writes one plane of `columns` x `rows` samples for each band.
    init<Sample>(
        _ bands: [[Sample]], _ type: SampleType, columns: Int, rows: Int, options: [String] = [],
        transform: [Double]? = TestRaster.global, crs: String? = TestRaster.mars, noData: Double? = nil,
        scale: (Double, Double)? = nil
    ) throws {
        path = try Scratch.folder().appendingPathComponent("map.tif").path
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: columns, height: rows, bands: bands.count, type: type,
            options: options, geoTransform: transform, crs: crs)
        for (i, band) in bands.enumerated() {
            try #require(band.count == columns * rows)
            if let noData { try writer.setNoData(noData, band: i + 1) }
            if let scale { try writer.setScale(scale.0, offset: scale.1, band: i + 1) }
            try band.withUnsafeBytes {
                try writer.write(
                    band: i + 1, window: PixelWindow(column: 0, row: 0, width: columns, height: rows),
                    from: $0, type: type)
            }
        }
        try writer.close()
    }

    /// Opens the file as a source.
    func source(_ declaration: SourceDeclaration = SourceDeclaration()) throws -> RasterSource {
        try Self.source(path, declaration)
    }

    /// Opens any file as a source.
    static func source(
        _ path: String, _ declaration: SourceDeclaration = SourceDeclaration()
    ) throws -> RasterSource {
        try RasterSource(opening: path, declaration: declaration, catalogue: .iau2015())
    }

    /// What opening the file is refused with.
    func refusal(_ declaration: SourceDeclaration = SourceDeclaration()) -> String {
        Self.refusal(path, declaration)
    }

    static func refusal(_ path: String, _ declaration: SourceDeclaration = SourceDeclaration()) -> String {
        do {
            let source = try source(path, declaration)
            return "not refused: \(source.lattice)"
        } catch {
            return "\(error)"
        }
    }
}

extension SourceWindow {
    /// The samples of the window, nil where invalid.
    func contents() -> [Sample?] {
        (0..<(width * height)).map { validity?[$0] == 0 ? nil : base[$0] }
    }
}

extension RasterSource {
    /// A window of the source as one kind of sample, nil where invalid.
    func window<Sample: SourcePixel>(
        _ type: Sample.Type, columns: Range<Int>, rows: Range<Int>, toBytes: ByteStretch? = nil
    ) throws -> [Sample?] {
        let window = SourceWindow<Sample>()
        try RasterReader<Sample>(self, toBytes: toBytes).load(window, columns: columns, rows: rows)
        #expect(window.firstColumn == columns.lowerBound && window.firstRow == rows.lowerBound)
        #expect(window.width == columns.count && window.height == rows.count)
        let contents = window.contents()
        #expect(window.isFullyValid == contents.allSatisfy { $0 != nil })
        #expect(window.isEmpty == contents.allSatisfy { $0 == nil })
        return contents
    }

    /// All samples of the file.
    func all<Sample: SourcePixel>(_ type: Sample.Type, toBytes: ByteStretch? = nil) throws -> [Sample?] {
        try window(type, columns: 0..<fileColumns, rows: 0..<fileRows, toBytes: toBytes)
    }
}

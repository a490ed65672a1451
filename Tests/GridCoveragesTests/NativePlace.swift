import GDAL
import Glibc
import HEALPix
import HiPS
import Maps
import PlanetaryFrames
import Rasters
import Testing

@testable import GridCoverages

/// A data directory with a note of a source, and the layer that it belongs to.
final class NativePlace {
    let directory: DataDirectory
    let layer: MapLayer
    let name: MapName

    static let root = String(#filePath.split(separator: "/").dropLast(3).joined(separator: "/"))

    /// The path of a file of the survey of Mars.
    static func survey(_ name: String) -> String { "/\(root)/surveys/mars/\(name)" }

    init(source: String, size: Int? = nil, declaration: SourceDeclaration = SourceDeclaration()) throws {
        var template = Array("/tmp/tessera-native-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure.noFolder }
        directory = DataDirectory(path: String(cString: made))
        name = try MapName(body: "mars", name: "field")
        layer = try FieldMap(order: 0, plane).layer(order: 0, more: ["tessera_build_id": "abc"])
        let identity = try SourceIdentity(path: source)
        let note = SourceNote(
            build: "abc", path: source, size: size ?? identity.size,
            modifiedNanoseconds: identity.modifiedNanoseconds,
            head: String(identity.headerChecksum, radix: 16), declaration: declaration.texts)
        try note.write(for: name, in: directory)
    }

    enum Failure: Error { case noFolder }

    func coverages(_ maker: CoverageMaker) throws -> [GridCoverage] {
        try maker.coverages(
            of: layer, map: name, in: directory, systems: Mars.systems, catalogue: Mars.catalogue)
    }

    func native(_ maker: CoverageMaker) throws -> GridCoverage {
        try #require(try coverages(maker).first { $0.isNative })
    }

    /// The file behind the native coverage.
    func source(_ maker: CoverageMaker) throws -> NativeSource {
        guard case .native(let source) = try native(maker).kind else { throw Failure.noFolder }
        return source
    }

    deinit {
        unlink(directory.path + "/sources/mars/field.json")
        rmdir(directory.path + "/sources/mars")
        rmdir(directory.path + "/sources")
        rmdir(directory.path)
    }

    /// A file of four columns for each degree of a quarter of Mars, in bytes that are the columns and rows.
    static func made(_ change: (borrowing RasterWriter) throws -> Void) throws -> String {
        var template = Array("/tmp/tessera-source-XXXXXX".utf8CString)
        guard let folder = mkdtemp(&template) else { throw Failure.noFolder }
        let path = String(cString: folder) + "/source.tif"
        let crs = try Mars.systems.parse("IAU_2015:49900").crs.frame.wkt2
        let writer = try RasterWriter(
            creating: path, driver: "GTiff", width: 90, height: 90, bands: 2, type: .uint8,
            geoTransform: [0, 1, 0, 90, 0, -1], crs: crs)
        try change(writer)
        for band in 1...2 {
            let samples = (0..<8100).map { UInt8(band == 1 ? $0 % 90 : 200) }
            try samples.withUnsafeBytes {
                try writer.write(
                    band: band, window: PixelWindow(column: 0, row: 0, width: 90, height: 90), from: $0,
                    type: .uint8, pixelStride: 1, lineStride: 90)
            }
        }
        try writer.close()
        return path
    }
}

/// A folder of files of a quarter of Mars.
final class SourceFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/tessera-sources-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    /// Writes a file of heights, sample by sample; none at all where nothing gives them.
    func write(
        _ name: String, width: Int, height: Int, options: [String] = [],
        _ value: ((_ column: Int, _ row: Int) -> Int16)?
    ) throws -> String {
        let file = path + "/" + name
        let crs = try Mars.systems.parse("IAU_2015:49900").crs.frame.wkt2
        let step = 80 / Double(max(width, height))
        let writer = try RasterWriter(
            creating: file, driver: "GTiff", width: width, height: height, bands: 1, type: .int16,
            options: options,
            geoTransform: [10, step, 0, 85, 0, -step], crs: crs)
        if let value {
            for row in 0..<height {
                let samples = (0..<width).map { value($0, row) }
                try samples.withUnsafeBytes {
                    try writer.write(
                        band: 1, window: PixelWindow(column: 0, row: row, width: width, height: 1), from: $0,
                        type: .int16, pixelStride: 2, lineStride: 2 * width)
                }
            }
        }
        try writer.close()
        return file
    }

    /// The native coverage of one of the files.
    func native(_ file: String, _ maker: CoverageMaker) throws -> GridCoverage {
        try place(file).native(maker)
    }

    func place(_ file: String) throws -> NativePlace {
        try NativePlace(
            source: file, declaration: SourceDeclaration(body: try Mars.catalogue.body(named: "Mars")))
    }

    deinit {
        guard let list = opendir(path) else { return }
        while let entry = readdir(list) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { unlink(path + "/" + name) }
        }
        closedir(list)
        rmdir(path)
    }
}

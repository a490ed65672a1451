import FITS
import Foundation
import HEALPix
import HiPS
import MOC
import PlanetaryFrames
import Testing
import Tiler
import Tiles

/// A HiPS that a test built, with its files as a reader sees them.
struct BuiltMap {
    let report: BuildReport
    /// Held, so that the files stay as long as the map is looked at.
    private let scratch: Scratch
    var path: String { report.path }

    /// - Parameter data: name of the data directory in `scratch`.
    init(
        _ request: BuildRequest, in scratch: Scratch, data: String = "data", jobs: Int = 1,
        force: Bool = false
    ) async throws {
        self.scratch = scratch
        let plan = try HiPSPlan(request, catalogue: .iau2015())
        let builder = HiPSBuilder(plan, data: DataDirectory(path: scratch.file(data)), version: "1.2.3")
        report = try await builder.build(jobs: jobs, force: force)
    }

    /// The tiles of an order that exist, by npix.
    func tiles(order: Int, format: TileFormat = .fits) -> [Int64] {
        Scratch.files(below: path).compactMap { TilePath.parse($0) }
            .filter { $0.cell.order.value == order && $0.format == format }.map(\.cell.npix).sorted()
    }

    func fits(order: Int, npix: Int64) throws -> FITSTile {
        let cell = try #require(Cell(order: order, npix: npix))
        return try FITSTile(Scratch.bytes(path + "/" + cell.tilePath(.fits)))
    }

    func picture(order: Int, npix: Int64, _ format: TileFormat = .png) throws -> Picture {
        let cell = try #require(Cell(order: order, npix: npix))
        return try PictureDecoder.decode(Scratch.bytes(path + "/" + cell.tilePath(format)), format: format)
    }

    func properties() throws -> HiPSProperties {
        try HiPSProperties(parsing: String(decoding: Scratch.bytes(path + "/properties"), as: UTF8.self))
    }

    func moc() throws -> MOC {
        try MOC(fits: Scratch.bytes(path + "/Moc.fits"))
    }

    /// All files but those that tell the time of the build.
    func timelessFiles() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in Scratch.files(below: path) where name != "properties" && name != "index.html" {
            files[name] = try Scratch.bytes(path + "/" + name)
        }
        return files
    }
}

/// A FITS picture with its rows from the top, as PNG tiles have them.
struct FITSTile {
    let image: FITSImage
    /// Physical values; not-a-number where there is no data.
    let values: [Double]

    init(_ bytes: [UInt8]) throws {
        let image = try FITSImage.decode(bytes)
        let stored: [Double] =
            switch image.samples {
            case .uint8(let samples): samples.map { Double($0) }
            case .int16(let samples): samples.map { Double($0) }
            case .int32(let samples): samples.map { Double($0) }
            case .float(let samples): samples.map { Double($0) }
            case .double(let samples): samples
            }
        let blank = image.cards.real("BLANK")
        var values = stored
        for row in 0..<image.height {
            for column in 0..<image.width {
                let value = stored[(image.height - 1 - row) * image.width + column]
                values[row * image.width + column] = value == blank ? .nan : value
            }
        }
        self.image = image
        self.values = values
    }

    subscript(row: Int, column: Int) -> Double { values[row * image.width + column] }
    var validCount: Int { values.count { !$0.isNaN } }
}

import Foundation
import HiPS
import PlanetaryFrames
import Rasters
import Testing
import Tiles

@testable import Tiler

/// A source against the HiPS that lies in the data directory.
@Suite struct AgreementOfMapsTests {
    /// Ground with shapes of all sizes, no two alike.
    private static func ground(_ lon: Double, _ lat: Double) -> Double {
        func smooth(_ size: Double, _ seed: UInt64) -> Double {
            let columns = Int(360 / size)
            let (x, y) = ((lon + 360).truncatingRemainder(dividingBy: 360) / size, (lat + 90) / size)
            let (i, j) = (Int(x), Int(y))
            let (u, v) = (x - Double(i), y - Double(j))
            func at(_ a: Int, _ b: Int) -> Double { noise(a % columns, b, seed: seed) }
            let low = at(i, j) + (at(i + 1, j) - at(i, j)) * u
            let high = at(i, j + 1) + (at(i + 1, j + 1) - at(i, j + 1)) * u
            return low + (high - low) * v
        }
        return 1000 * smooth(30, 1) + 600 * smooth(10, 2) + 300 * smooth(3, 3)
    }

    private static let raster: TestRaster = {
        var raster = TestRaster(columns: 720, rows: 360)
        (raster.lonStep, raster.latStep) = (0.5, 0.5)
        return raster
    }()

    private func request(_ scratch: Scratch, _ name: String) throws -> BuildRequest {
        let path = scratch.file(name + ".tif")
        try Self.raster.write(to: path) { Self.ground(Self.raster.lon($0), Self.raster.lat($1)) }
        var request = BuildRequest(source: path)
        request.formats = [.fits, .png]
        request.cut = (0, 1900)
        return request
    }

    @Test func whatLiesThereIsFoundAndCompared() async throws {
        let scratch = try Scratch()
        let built = try await BuiltMap(try request(scratch, "first"), in: scratch)
        let data = DataDirectory(path: scratch.file("data"))
        let mars = try BodyCatalogue.iau2015().body(named: "mars")
        #expect(HiPSFolder.body(built.path, try .iau2015())?.name == "Mars")
        #expect(HiPSFolder.body(scratch.file("data"), try .iau2015()) == nil)

        let second = try HiPSPlan(try request(scratch, "second"), catalogue: .iau2015())
        let right = try second.comparisons(with: data, columns: 360)
        #expect(right.map(\.agreement.verdict) == [.agrees] && right.first?.map.name == "first")

        var wrong = try request(scratch, "third")
        wrong.declaration = SourceDeclaration(body: mars)
        wrong.declaration.extent = .init(west: 0, south: -90, east: 360, north: 90)
        let turned = try HiPSPlan(wrong, catalogue: .iau2015()).comparisons(with: data, columns: 360)
        #expect(turned.map(\.agreement.verdict) == [.halfTurn])

        // Maps of other regions, which decide nothing, do not stand before it.
        for name in ["a", "b", "c", "d"] {
            let path = scratch.file(name + ".tif")
            var region = TestRaster(columns: 8, rows: 8)
            (region.west, region.north, region.lonStep, region.latStep) = (20, 30, 0.5, 0.5)
            try region.write(to: path) { Double($0 % 3 + $1 % 2) }
            var small = BuildRequest(source: path)
            small.formats = [.fits]
            _ = try await BuiltMap(small, in: scratch)
        }
        #expect(try data.maps().prefix(4).map(\.map.name) == ["a", "b", "c", "d"])
        #expect(try second.comparisons(with: data, columns: 360).map(\.map.name) == ["first"])

        // The map itself is no other.
        let same = try HiPSPlan(try request(scratch, "first"), catalogue: .iau2015())
        #expect(try same.comparisons(with: data, columns: 360).isEmpty)
        #expect(throws: TilerError.self) { try GlobeSketch(hips: scratch.file("nothing")) }
    }

    /// Longitudes that turn at different rates lie nowhere against each other; offsets have been applied.
    @Test func referencesOfTwoMaps() throws {
        let scratch = try Scratch()
        func references(_ name: String, _ body: Body, _ lines: String) throws -> MapReferences {
            let folder = scratch.file(name)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/properties"))
            return MapReferences(hips: folder, body: body)
        }
        let jupiter = try BodyCatalogue.iau2015().body(named: "Jupiter")
        let one = try references("one", jupiter, "tessera_longitude_system = System I\n")
        let three = try references("three", jupiter, "tessera_longitude_system = System III\n")
        let unsaid = try references("unsaid", jupiter, "hips_order = 3\n")
        try one.requireSameMeridian(as: one, of: jupiter)
        try one.requireSameMeridian(as: unsaid, of: jupiter)
        let error = #expect(throws: FrameError.self) {
            try one.requireSameMeridian(as: three, of: jupiter)
        }
        #expect(error?.description.contains("longitudes of two kinds") == true)
        let vesta = try BodyCatalogue.iau2015().body(named: "Vesta")
        let claudia = try references("claudia", vesta, "tessera_longitude_system = Claudia\n")
        let iau = try references("iau", vesta, "tessera_longitude_system = IAU 2015\n")
        try claudia.requireSameMeridian(as: iau, of: vesta)

        let areoid = try references(
            "areoid", jupiter, "tessera_vertical = elevation above the areoid, in m\n")
        let sphere = try references(
            "sphere", jupiter, "tessera_vertical = elevation above the sphere of 3396000.0 m, in m\n")
        #expect(areoid.noteOnHeights(with: areoid) == nil && areoid.noteOnHeights(with: unsaid) == nil)
        #expect(areoid.noteOnHeights(with: sphere)?.contains("heights of two kinds") == true)
    }
}

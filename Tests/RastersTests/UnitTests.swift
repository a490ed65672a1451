import Foundation
import GDAL
import PlanetaryFrames
import Testing

@testable import Rasters

/// Geotransforms in another unit than their system's: degrees under a projection, metres under longitudes and latitudes.
@Suite struct UnitTests {
    private static let degree = 3_396_190 * Double.pi / 180
    private static let sinusoidal = "IAU_2015:49920"
    private static let equirectangular = "IAU_2015:49910"

    private func raster(_ transform: [Double], _ crs: String) throws -> TestRaster {
        try TestRaster(
            [[UInt8](repeating: 1, count: 32)], .uint8, columns: 8, rows: 4, transform: transform, crs: crs)
    }

    @Test(arguments: [
        equirectangular, "IAU_2015:49915", sinusoidal, "+proj=merc +R=3396190 +units=m +no_defs +type=crs",
        "IAU_2015:49940",
    ])
    func degreesUnderAProjectionAreRefused(crs: String) throws {
        let body = try BodyCatalogue.iau2015().body(named: "Mars")
        for transform in [
            TestRaster.global, [0, 45, 0, 90, 0, -45], [137.1, 0.05, 0, -4.5, 0, -0.05],
            [-180, 45, 0, 80, 0, -40],
        ] {
            let file = try raster(transform, crs)
            let refusal = file.refusal(SourceDeclaration(body: body))
            #expect(
                refusal.contains("has numbers of degrees") && refusal.contains("say `crs: IAU_2015:49900`"),
                "\(refusal)")
            // What the survey says is believed: they are degrees.
            let source = try file.source(SourceDeclaration(body: body, crs: "IAU_2015:49900"))
            #expect(abs(source.lattice.longitudeStep - transform[1]) < 1e-9)
        }
    }

    @Test func metresNearTheOriginAreBelievedWhereTheSurveySaysSo() throws {
        let file = try raster([-4, 1, 0, 2, 0, -1], Self.equirectangular)
        #expect(file.refusal().contains("has numbers of degrees"))
        let source = try file.source(SourceDeclaration(crs: Self.equirectangular))
        #expect(abs(source.resolutionMetres - 1) < 1e-9)
    }

    /// Maps that are as large as they say, on a large body and on a small one, and maps about a centre of their own.
    @Test func metresAreBelieved() throws {
        let mars = try raster(
            [-180 * Self.degree, 45 * Self.degree, 0, 90 * Self.degree, 0, -45 * Self.degree],
            Self.equirectangular)
        #expect(try mars.source().lattice.wraps)
        // Half a kilometre away from the origin numbers are none of degrees.
        let near = try raster([800, 1, 0, 2, 0, -1], Self.equirectangular)
        #expect(abs(try near.source().resolutionMetres - 1) < 1e-9)
        let bennu = "+proj=eqc +R=245 +units=m +no_defs +type=crs"
        let body = try BodyCatalogue.standard().body(named: "Bennu")
        // All of Bennu is 1539 m around: its metres are such numbers as degrees are.
        let small = try raster([-300, 70, 0, 80, 0, -40], bennu)
        let source = try RasterSource(
            opening: small.path, declaration: SourceDeclaration(body: body), catalogue: .standard())
        #expect(abs(source.lattice.longitudeStep - 70 / 245.0 * 180 / .pi) < 1e-6)
        let local = try raster(
            [-4, 1, 0, 2, 0, -1],
            "+proj=ortho +lat_0=-4.6 +lon_0=137.4 +R=3396190 +units=m +no_defs +type=crs")
        #expect(
            abs(try local.source(SourceDeclaration(body: .init(named: "Mars"))).resolutionMetres - 1) < 1e-3)
    }

    @Test func metresUnderDegreesAreRefused() throws {
        let d = Self.degree
        for transform in [
            [-180 * d, 45 * d, 0, 90 * d, 0, -45 * d], [8_100_000, 1, 0, 2, 0, -1],
            [0, 1, 0, 500_000, 0, -1],
        ] {
            let refusal = try raster(transform, "IAU_2015:49900").refusal()
            #expect(
                refusal.contains("counts degrees") && refusal.contains("circumference in metres")
                    && refusal.contains("say `crs: IAU_2015:49910`"), "\(refusal)")
        }
        let far = try raster([0, 1e9, 0, 1e9, 0, -1e8], "IAU_2015:49900").refusal()
        #expect(far.contains("counts degrees") && far.contains("mend the geotransform"), "\(far)")
    }
}

extension Body {
    fileprivate init(named name: String) throws { self = try BodyCatalogue.iau2015().body(named: name) }
}

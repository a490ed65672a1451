import Foundation
import GDAL
import HEALPix
import HiPS
import MOC
import Pixels
import Testing
import Tiler
import Tiles

/// What a finished map says of itself.
@Suite struct MapPropertyTests {
    @Test func everyKeyIsThereAndRight() async throws {
        let scratch = try Scratch()
        let path = scratch.file("Region Heights.tif")
        var raster = Tables.region("across-180").raster
        raster.type = .int16
        try raster.write(to: path) { column, row in Double(column * 10 - row) }
        var request = BuildRequest(source: path)
        request.order = 1
        request.resampling = .at(.nearest)
        request.title = "Heights"
        request.description = "Made up."
        request.credit = "Nobody"
        request.licence = "CC0-1.0"
        request.cut = (-100, 1200.5)
        let map = try await BuiltMap(request, in: scratch)
        #expect(map.path.hasSuffix("/hips/mars/region-heights"))
        let properties = try map.properties()
        let truth = [
            "creator_did": "ivo://localhost/mars/region-heights",
            "obs_title": "Heights",
            "obs_description": "Made up.",
            "obs_copyright": "Nobody",
            "tessera_licence": "CC0-1.0",
            "prov_progenitor": "Region Heights.tif",
            "dataproduct_type": "image",
            "hips_version": "1.4",
            "hips_builder": "Tessera 1.2.3",
            "hips_status": "public master clonableOnce",
            "hips_frame": "mars",
            "hips_body": "mars",
            "hips_order": "1",
            "hips_order_min": "0",
            "hips_tile_width": "512",
            "hips_tile_format": "fits png",
            "hips_pixel_bitpix": "16",
            "hips_pixel_cut": "-100 1200.5",
            // The corners of the grid are met by a pixel each, as pixels are half as large as samples.
            "hips_data_range": "-111 1290",
            "hips_nb_tiles": "5",
            "moc_order": "4",
            // IAU 2015 (Archinal et al. 2018, Table 4): 3396.19 and 3376.20 km.
            "tessera_radii": "3396190 3396190 3376200",
            "tessera_crs": "IAU_2015:49900",
            "tessera_latitude": "planetocentric",
            "tessera_longitude": "east",
            "tessera_resampling": "nearest",
        ]
        for (key, value) in truth { #expect(properties[key] == value, "\(key)") }
        // 43 cells of the tabled coverage would be given as 43 / 3072.
        let covered = Double(Tables.region("across-180").coverage.count) / 3072
        #expect(properties["moc_sky_fraction"].flatMap { Double($0) } == covered)
        // The middle of 173.13 ... 186.13 by -4.31 ... 6.89, and 1.2 times its width.
        for (key, value) in [
            ("hips_initial_ra", 179.63), ("hips_initial_dec", 1.29), ("hips_initial_fov", 15.6),
            ("hips_pixel_scale", 0.0572580), ("s_pixel_scale", 0.1),
        ] {
            let found = try #require(properties[key].flatMap { Double($0) }, "\(key)")
            #expect(abs(found - value) < 1e-6, "\(key)")
        }
        let size = try Scratch.files(below: map.path).filter { $0 != "properties" && $0 != "index.html" }
            .reduce(0) { try $0 + Scratch.bytes(map.path + "/" + $1).count }
        #expect(properties.estSizeKB == (size + 1023) / 1024)
        for key in ["hips_release_date", "hips_creation_date"] {
            let date = try #require(properties[key])
            #expect(date.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\dZ/) != nil, "\(key) \(date)")
        }
        #expect(
            Set(Scratch.files(below: map.path).filter { !$0.hasPrefix("Norder") })
                == ["properties", "Moc.fits", "preview.jpg", "index.html"])
    }

    @Test func theCoverageMayBeCoarserAndAsFineAsPixels() async throws {
        let scratch = try Scratch()
        let path = scratch.file("region.tif")
        let region = Tables.region("one-pixel")
        try region.raster.write(to: path) { _, _ in 1 }
        var request = BuildRequest(source: path)
        request.order = 1
        for (order, cells) in [(10, 72), (4, region.coverage.count), (1, 1), (0, 1)] {
            request.mocOrder = order
            let map = try await BuiltMap(request, in: scratch, force: true)
            let moc = try map.moc()
            #expect(moc.order.value == order)
            #expect(moc.coverageFraction == Double(cells) / Double(12 << (2 * order)))
            #expect(try map.properties()["moc_order"] == String(order))
        }
    }

    @Test func thePreviewShowsNorthUpAndEastToTheRight() async throws {
        let scratch = try Scratch()
        let path = scratch.file("quarters.tif")
        // Seen from longitude 0: four greys, one for each quarter of the hemisphere.
        let (northEast, northWest, southEast, southWest) = (240, 180, 120, 60)
        let raster = TestRaster(columns: 360, rows: 180, west: -180, north: 90, type: .uint8)
        try raster.write(to: path) { column, row in
            let isEast = column >= 180
            return Double(row < 90 ? (isEast ? northEast : northWest) : (isEast ? southEast : southWest))
        }
        var request = BuildRequest(source: path)
        request.formats = [.jpeg]
        let map = try await BuiltMap(request, in: scratch, jobs: 2)
        let picture = try PictureDecoder.decode(Scratch.bytes(map.path + "/preview.jpg"), format: .jpeg)
        #expect((picture.width, picture.height, picture.channels) == (256, 256, 3))
        for (x, y, grey) in [
            (180, 70, northEast), (70, 70, northWest), (180, 180, southEast), (70, 180, southWest),
            (4, 4, 0), (251, 4, 0), (4, 251, 0), (251, 251, 0),
        ] {
            let found = picture.samples[(3 * (256 * y + x))..<(3 * (256 * y + x) + 3)]
            #expect(found.allSatisfy { abs(Int($0) - grey) < 6 }, "\(found) at \(x), \(y)")
        }
        // The map covers the whole body.
        #expect(try map.properties()["hips_nb_tiles"] == "60")
        #expect(try map.properties()["moc_sky_fraction"] == "1")
    }
}

import Foundation
import Testing

@testable import Rasters

/// Files as they are found: cut short, contradictory, without a place, not of a raster. None may trap, and each is either
/// refused with a reason or believed with one.
@Suite struct FormatsTests {
    private static let expected: [(name: String, words: String)] = [
        ("fits/binary_table.fits", "does not contain any image"), ("fits/byte_merc.fits", "projection MER"),
        ("fits/empty_primary_hdu.fits", "cannot open"),
        ("fits/image_in_first_and_second_hdu.fits", "it holds 2 rasters"),
        ("fits/image_in_second_hdu.fits", "no coordinate reference system"),
        ("fits/offset_scale_no_georef.fits", "no coordinate reference system"),
        ("gtiff/tiff_srs_iau_2015_30110.tif", "degrees or metres"),
        ("isis3/FC21B0037339_15142232818F1C_3bands_truncated.cub", "project it first (cam2map"),
        ("isis3/isis3_detached.cub", "its label is"), ("isis3/isis3_detached.lbl", ""),
        ("isis3/isis3_geotiff.lbl", ""),
        ("isis3/isis3_geotiff.tif", "isis3_geotiff.lbl: name that instead"),
        ("isis3/isis3_unit_test.cub", ""),
        ("pds/BIBQH03N123_D101_T020S03_V03_truncated.IMG", "truncated"),
        ("pds/EN0001426030M_truncated.IMG", "project it first (cam2map"), ("pds/ESP_013951_1955_RED.LBL", ""),
        ("pds/PDS_WITH_ZIP_IMG.LBL", "does not say which body"), ("pds/PDS_WITH_ZIP_IMG.ZIP", "its label is"),
        ("pds/byte.tif", "says Earth"), ("pds/fake_hirise.jp2", "fake_hirise.lbl: name that instead"),
        ("pds/fake_hirise.lbl", "no coordinate reference system"),
        ("pds/map_000_038_truncated.fit", "map_000_038_truncated.lbl: name that instead"),
        ("pds/map_000_038_truncated.lbl", "project it first (cam2map"), ("pds/pds_3177.lbl", ""),
        ("pds/pds_3355.lbl", ""),
        ("pds/small.raw", "name the label that describes them"),
        ("pds4/byte_pds4_cart_1700.img", "its label is"),
        ("pds4/byte_pds4_cart_1700.xml", ""),
        ("pds4/byte_pds4_cart_1700_multi_sds.xml", ""),
        ("pds4/byte_pds4_cart_1b00.img", "its label is"),
        ("pds4/byte_pds4_cart_1b00.xml", ""),
        ("pds4/byte_pds4_cart_1d00_1933.img", "its label is"),
        ("pds4/byte_pds4_cart_1d00_1933.xml", ""),
        ("pds4/missing_constant_hexadecimal_double.xml", "truncated"),
        ("pds4/missing_constant_hexadecimal_float.xml", "truncated"),
        ("vicar/test_vicar_truncated.bin", "truncated"),
        ("vicar/vicar_all_ones_basic2.vic", "no coordinate reference system"),
        ("vicar/vicar_bigendian_float32.vic", "no coordinate reference system"),
        ("vicar/vicar_bigendian_int16.vic", "no coordinate reference system"),
        ("vicar/vicar_binary_prefix.vic", "no coordinate reference system"),
        ("vicar/vicar_byte.vic", "no coordinate reference system"),
        ("vicar/vicar_byte_basic.vic", "no coordinate reference system"),
        ("vicar/vicar_byte_basic2.vic", "no coordinate reference system"),
        ("vicar/vicar_cfloat32.vic", "no coordinate reference system"),
        ("vicar/vicar_float32_bil.vic", "no coordinate reference system"),
        ("vicar/vicar_float32_bsq.vic", "no coordinate reference system"),
        ("vicar/vicar_float64.vic", "no coordinate reference system"),
        ("vicar/vicar_int16.vic", "no coordinate reference system"),
        ("vicar/vicar_int16_basic2.vic", "no coordinate reference system"),
        ("vicar/vicar_int32.vic", "no coordinate reference system"),
    ]

    @Test func everyFileIsBelievedOrRefusedWithAReason() throws {
        let root = Samples.path("formats")
        let files = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
            .filter { $0.contains(".") && !$0.hasSuffix(".aux.xml") }
        #expect(Set(files) == Set(Self.expected.map(\.name)))
        for (name, words) in Self.expected {
            let path = root + "/" + name
            do {
                let source = try TestRaster.source(path)
                #expect(words.isEmpty, "\(name) is believed")
                #expect(
                    source.beliefs.contains { $0.topic == .latitudes }
                        && source.beliefs.allSatisfy { !$0.origin.isEmpty })
                // What is believed of the file can also be read.
                #expect(try source.all(Float.self).count == source.fileColumns * source.fileRows)
            } catch {
                let text = "\(error)"
                #expect(!words.isEmpty && text.contains(words) && text.contains(path), "\(name): \(text)")
            }
        }
    }

    /// Labels of other things than images, and of images that are not where they say.
    @Test(
        arguments: [
            (
                "t.lbl",
                "PDS_VERSION_ID = PDS3\r\n^TABLE = (\"T.TAB\",1)\r\nOBJECT = TABLE\r\nEND_OBJECT = TABLE\r\nEND\r\n",
                "the PDS3 label of a table"
            ),
            (
                "t.xml",
                "<?xml version='1.0'?><Product_Observational xmlns='http://pds.nasa.gov/pds4/pds/v1'>"
                    + "<File_Area_Observational><Table_Binary/></File_Area_Observational></Product_Observational>",
                "the PDS4 label of a table"
            ),
            (
                "c.xml",
                "<?xml version='1.0'?><Product_Collection xmlns='http://pds.nasa.gov/pds4/pds/v1'></Product_Collection>",
                "a list of products"
            ),
            ("x.dat", "nothing that GDAL knows", "name the label that describes them"),
        ])
    func labelsOfOtherThings(name: String, text: String, words: String) throws {
        let path = try Scratch.folder().appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let refusal = TestRaster.refusal(path)
        #expect(refusal.hasPrefix(path) && refusal.contains(words), "\(refusal)")
    }

    /// A crop of a CRISM map (MRDR tile T0897), whose pointer an editor of labels wrote without quotes.
    @Test func pointerWithoutQuotes() throws {
        let samples = [Float](repeating: 0.25, count: 1278) + [65535]
        let bytes = samples.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
        let path = try Samples.label(Samples.path("crism_mrdr_crop.lbl"), image: "crism_mrdr_crop.img", bytes)
        let refusal = TestRaster.refusal(path)
        #expect(refusal.contains("crism_mrdr_crop.img, without quotes"), "\(refusal)")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("crism_mrdr_crop.img", with: "\"crism_mrdr_crop.img\"")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let source = try TestRaster.source(path)
        // The label's own limits: 110 E and 2.5 S.
        #expect(abs(source.lattice.westEdge - 110) < 0.001 && abs(source.lattice.northEdge + 2.5) < 1e-9)
        // 65535 is what CRISM writes where nothing was seen.
        #expect(try source.all(Float.self).map { $0 == nil } == samples.map { $0 == 65535 })
    }

    /// Every label and file again, cut at many places: nothing traps, and an error names the file.
    @Test func cutFilesAreRefusedOrBelieved() throws {
        let folder = try Scratch.folder()
        for (name, _) in Self.expected
        where name.hasSuffix("l") || name.hasSuffix("L") || name.hasSuffix("cub") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: Samples.path("formats/" + name)))
            let path = folder.appendingPathComponent(String(name.split(separator: "/")[1])).path
            for share in [0, 1, 2, 5, 9, 14, 19] {
                try bytes.prefix(bytes.count * share / 20).write(to: URL(fileURLWithPath: path))
                let refusal = TestRaster.refusal(path)
                #expect(refusal.hasPrefix("not refused") || refusal.contains(path), "\(refusal)")
            }
        }
    }
}

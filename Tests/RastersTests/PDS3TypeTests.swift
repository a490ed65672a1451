import Foundation
import GDAL
import PlanetaryFrames
import Testing

@testable import Rasters

/// A PDS3 file of 8 x 4 samples that a test writes for itself, its label attached.
struct PDS3File {
    let path: String

    /// - Parameters:
    ///   - object: `IMAGE`, or `SPECTRAL_QUBE`, or `QUBE`, which GDAL reads as a cube of ISIS 2.
    ///   - extra: lines of the object.
    init(
        object: String = "IMAGE", type: String, bits: Int, extra: String = "", _ samples: [UInt8]
    ) throws {
        let size =
            object == "IMAGE"
            ? "LINES = 4\r\nLINE_SAMPLES = 8\r\nSAMPLE_TYPE = \(type)\r\nSAMPLE_BITS = \(bits)\r\n"
            : """
            AXES = 3\r\nAXIS_NAME = (SAMPLE, LINE, BAND)\r\nCORE_ITEMS = (8, 4, 1)\r\nCORE_ITEM_TYPE = \(type)\r
            CORE_ITEM_BYTES = \(bits / 8)\r\nSUFFIX_ITEMS = (0, 0, 0)\r\n
            """
        let label = """
            PDS_VERSION_ID = PDS3\r\nRECORD_TYPE = FIXED_LENGTH\r\nRECORD_BYTES = 1024\r\nFILE_RECORDS = 2\r
            ^\(object) = 2\r\nOBJECT = \(object)\r\n\(size)\(extra)\r\nEND_OBJECT = \(object)\r\nEND\r\n
            """
        try #require(label.utf8.count <= 1024 && samples.count == 32 * bits / 8)
        let bytes = Array(label.utf8) + [UInt8](repeating: 32, count: 1024 - label.utf8.count) + samples
        path = try Scratch.folder().appendingPathComponent("map.img").path
        // GDAL reads no further than the file, and wants whole records.
        try Data(bytes + [UInt8](repeating: 0, count: 1024)).write(to: URL(fileURLWithPath: path))
    }

    func source(_ rule: NoDataRule? = nil) throws -> RasterSource {
        try TestRaster.source(path, Self.declaration(rule))
    }

    var refusal: String { (try? Self.declaration()).map { TestRaster.refusal(path, $0) } ?? "no body" }

    /// Where the samples lie, which the labels do not say: the whole of Mars.
    static func declaration(_ rule: NoDataRule? = nil) throws -> SourceDeclaration {
        var declaration = SourceDeclaration()
        declaration.body = try BodyCatalogue.iau2015().body(named: "mars")
        declaration.extent = .init(west: -180, south: -90, east: 180, north: 90)
        declaration.noDataRule = rule
        return declaration
    }

    /// Whole numbers as bytes, the high one first or last.
    static func bytes(_ values: [Int], bits: Int, isBig: Bool) -> [UInt8] {
        values.flatMap { value in
            let bytes = (0..<(bits / 8)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBig ? bytes.reversed() : bytes
        }
    }

    static func bytes(_ values: [Float], isBig: Bool) -> [UInt8] {
        bytes(values.map { Int($0.bitPattern) }, bits: 32, isBig: isBig)
    }
}

/// Types of samples by their definitions in the PDS Standards Reference 3.8, appendix C: what is read is what they say,
/// or nothing is.
@Suite struct PDS3TypeTests {
    static let integers: [(name: String, isSigned: Bool, isBig: Bool)] = [
        ("MSB_INTEGER", true, true), ("INTEGER", true, true), ("SUN_INTEGER", true, true),
        ("MAC_INTEGER", true, true), ("LSB_INTEGER", true, false), ("PC_INTEGER", true, false),
        ("VAX_INTEGER", true, false), ("MSB_UNSIGNED_INTEGER", false, true),
        ("UNSIGNED_INTEGER", false, true), ("SUN_UNSIGNED_INTEGER", false, true),
        ("MAC_UNSIGNED_INTEGER", false, true), ("LSB_UNSIGNED_INTEGER", false, false),
        ("PC_UNSIGNED_INTEGER", false, false), ("VAX_UNSIGNED_INTEGER", false, false),
    ]

    /// What GDAL 3.6 reads of these, as its own programs show.
    @Test(arguments: [
        ("IMAGE", ["UNSIGNED_INTEGER", "PC_UNSIGNED_INTEGER", "VAX_UNSIGNED_INTEGER"]),
        ("QUBE", ["LSB_INTEGER", "VAX_INTEGER", "LSB_UNSIGNED_INTEGER", "VAX_UNSIGNED_INTEGER"]),
        ("SPECTRAL_QUBE", integers.filter { !$0.isSigned || !$0.isBig }.map(\.name)),
    ])
    func integersOf16Bits(object: String, misread: [String]) throws {
        for type in Self.integers {
            // A byte that is none of the others', and a sign where there is one.
            let values = (0..<32).map { type.isSigned && $0 % 2 == 1 ? -300 - $0 : 300 + $0 }
            let file = try PDS3File(
                object: object, type: type.name, bits: 16,
                PDS3File.bytes(values, bits: 16, isBig: type.isBig))
            if misread.contains(type.name) {
                let keyword = object == "IMAGE" ? "SAMPLE_TYPE" : "CORE_ITEM_TYPE"
                #expect(
                    file.refusal.contains("of type \(type.name) of 16 bits (\(keyword))"),
                    "\(object) \(type.name): \(file.refusal)")
            } else {
                let read = try file.source().all(Float.self)
                #expect(read == values.map { Float($0) }, "\(object) \(type.name)")
            }
        }
    }

    @Test func theSameTypeByAnotherNameIsTold() throws {
        let samples = [UInt8](repeating: 1, count: 64)
        let pc = try PDS3File(type: "PC_UNSIGNED_INTEGER", bits: 16, samples)
        #expect(pc.refusal.contains("write LSB_UNSIGNED_INTEGER"), "\(pc.refusal)")
        let both = try PDS3File(type: "UNSIGNED_INTEGER", bits: 16, samples)
        #expect(both.refusal.contains("MSB_UNSIGNED_INTEGER or LSB_UNSIGNED_INTEGER"), "\(both.refusal)")
        let cube = try PDS3File(object: "QUBE", type: "VAX_INTEGER", bits: 16, samples)
        #expect(cube.refusal.contains("write PC_INTEGER"), "\(cube.refusal)")
    }

    /// GDAL takes all samples of 32 bits for IEEE floats, and all of 8 bits for unsigned.
    @Test func otherSizes() throws {
        let whole = [UInt8](repeating: 1, count: 128)
        for type in Self.integers {
            let file = try PDS3File(type: type.name, bits: 32, whole)
            #expect(file.refusal.contains("GDAL reads as float32"), "\(type.name): \(file.refusal)")
            let bytes = try PDS3File(type: type.name, bits: 8, Array(whole[..<32]))
            if type.isSigned {
                #expect(bytes.refusal.contains("GDAL reads as uint8"), "\(type.name): \(bytes.refusal)")
            } else {
                #expect(try bytes.source().all(Float.self) == [Float?](repeating: 1, count: 32))
            }
        }
        for type in ["VAX_REAL", "VAXG_REAL", "IEEE_COMPLEX"] {
            let file = try PDS3File(type: type, bits: 32, whole)
            #expect(file.refusal.contains("of type \(type)"), "\(file.refusal)")
        }
        let values = (0..<32).map { Float($0) * 1.5 - 7 }
        for (type, isBig) in [
            ("IEEE_REAL", true), ("FLOAT", true), ("REAL", true), ("SUN_REAL", true), ("MAC_REAL", true),
            ("PC_REAL", false), ("\"PC_REAL\"", false), ("pc_real", false),
        ] {
            let file = try PDS3File(type: type, bits: 32, PDS3File.bytes(values, isBig: isBig))
            #expect(try file.source().all(Float.self) == values, "\(type)")
        }
    }

    /// GDAL reads no number from 1e30 and takes the label for one of a single line.
    @Test func linesThatNoIntegerHolds() throws {
        let text = try String(contentsOfFile: Samples.shipped("mars/megt90n000cb.lbl"), encoding: .utf8)
        for lines in ["1e30", "-1e300", "719.5"] {
            let label = text.replacing(" LINES                        = 720", with: " LINES = \(lines)")
            #expect(label != text)
            let read = try RasterLabel(Array(label.utf8), kind: .pds3, columns: 1440, rows: 720, path: "a")
            #expect(
                read.warnings.contains("the label says \(lines) lines, GDAL finds 720"), "\(read.warnings)")
        }
    }
}

@Suite struct SpecialConstantTests {
    @Test(arguments: [
        ("-32768", SampleType.int16, Double?.some(-32768)), ("16#8000#", .int16, -32768),
        ("16#8000#", .uint16, 32768), ("16#7FFF#", .int16, 32767), ("16#ffff#", .int16, -1),
        ("16#FF#", .int8, -1), ("16#FF#", .uint8, 255), ("16#100#", .uint8, nil),
        ("2#1000000000000000#", .int16, -32768), ("16#80000000#", .int32, -2_147_483_648),
        ("0x80000000", .uint32, 2_147_483_648), ("16#FF7FFFFB#", .int16, nil),
        // -0 is no other number than 0.
        ("16#80000000#", .float32, nil), ("16#00000000#", .float32, 0),
        // The largest float of 32 bits, (2 - 2^-23) 2^127, and its negative.
        ("16#7F7FFFFF#", .float32, 3.4028234663852886e38), ("0xFF7FFFFF", .float32, -3.4028234663852886e38),
        ("16#FF7FFFFB#", .float32, -3.4028226550889045e38), ("16#3F800000#", .float32, 1),
        ("16#7F800000#", .float32, nil), ("16#7FC00000#", .float32, nil),
        ("0xFFEFFFFFFFFFFFFF", .float64, -1.7976931348623157e308), ("0x3FF0000000000000", .float64, 1),
        ("16#C8#", .float32, 200), ("-1.0E32", .float32, -1e32), ("N/A", .int16, nil),
        ("16#-1#", .int16, nil),
        ("16##", .int16, nil), ("99#1#", .int16, nil), ("0x", .int16, nil),
    ])
    func constants(text: String, type: SampleType, value: Double?) {
        #expect(SpecialConstant.value(text, type) == value)
    }

    /// GDAL makes 16 of 16#8000#, and 0 of a list.
    @Test func patternsOfIntegers() throws {
        var values = (0..<32).map { 16 * $0 }
        (values[3], values[5], values[7]) = (-32768, -5, -6)
        let file = try PDS3File(
            type: "MSB_INTEGER", bits: 16,
            extra: "MISSING_CONSTANT = 16#8000#\r\nINVALID_CONSTANT = (-5, 16#FFFA#)",
            PDS3File.bytes(values, bits: 16, isBig: true))
        let source = try file.source()
        #expect(try source.all(Float.self) == values.map { $0 < 0 ? nil : Float($0) })
        #expect(source.belief(.noData).map(\.value) == ["-32768.0, -5.0, -6.0"])
    }

    @Test func patternsOfFloats() throws {
        var values = (0..<32).map { Float($0) }
        (values[3], values[5]) = (-.greatestFiniteMagnitude, .greatestFiniteMagnitude)
        let file = try PDS3File(
            type: "IEEE_REAL", bits: 32,
            extra: "MISSING_CONSTANT = 16#FF7FFFFF#\r\nINVALID_CONSTANT = (16#7F7FFFFF#, 16#80000000#)",
            PDS3File.bytes(values, isBig: true))
        let read = try file.source().all(Float.self)
        #expect(read == values.map { abs($0) > 1e30 ? nil : $0 })
    }

    /// GDAL 3.6 makes 4286578683 of it.
    @Test func patternsInPDS4() throws {
        let path = Samples.path("formats/pds4/missing_constant_hexadecimal_float.xml")
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let label = try RasterLabel(
            bytes, kind: .pds4, columns: 20, rows: 20, storedType: .float32, path: path)
        #expect(label.noDataValues == [-3.4028226550889045e38])
    }

    /// Of a special value that the label names no shadow is meant, wherever it lies; of GDAL's own nodata value one may be.
    @Test func specialValuesInsideStayNone() throws {
        var values = [Int](repeating: 9, count: 32)
        // In the middle and at the upper edge: the missing constant, the invalid one, 0, and the least of the type.
        (values[10], values[12], values[14], values[20]) = (-1, -2, 0, -32768)
        (values[1], values[3], values[5]) = (-1, -2, 0)
        let file = try PDS3File(
            type: "MSB_INTEGER", bits: 16, extra: "MISSING_CONSTANT = -1\r\nINVALID_CONSTANT = (-2, -32768)",
            PDS3File.bytes(values, bits: 16, isBig: true))
        func read(_ rule: NoDataRule) throws -> [Int: Float?] {
            let source = try file.source(rule)
            let masked = source.needsMask ? try source.masked(into: Scratch.folder().path) : source
            let all = try masked.all(Float.self)
            return Dictionary(uniqueKeysWithValues: [10, 12, 14, 20, 1, 3, 5].map { ($0, all[$0]) })
        }
        let alone = try read(NoDataRule(isEdgeConnected: true))
        #expect(alone == [10: -1, 12: nil, 14: 0, 20: nil, 1: nil, 3: nil, 5: 0])
        let stated = try read(NoDataRule(values: [0], isEdgeConnected: true))
        #expect(stated == [10: nil, 12: nil, 14: 0, 20: nil, 1: nil, 3: nil, 5: nil])
        let named = try read(NoDataRule(values: [0, -2], isEdgeConnected: true))
        #expect(named == [10: nil, 12: -2, 14: 0, 20: nil, 1: nil, 3: nil, 5: nil])
    }
}

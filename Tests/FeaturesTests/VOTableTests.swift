import Foundation
import GDAL
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// Tables that others wrote, and what is wrong with tables.
@Suite struct VOTableTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The rows by the program that had astropy and STILTS write them.
    @Test(arguments: [
        "astropy_tabledata", "astropy_binary", "stilts_tabledata", "stilts_binary", "stilts_binary2",
    ]) func tablesOfOtherPrograms(name: String) throws {
        let report = try scratch.take("votable/\(name).vot", "places")
        #expect(report.format == "VOTable" && report.read == 4 && report.written == 4)
        #expect(report.assumptions.contains { $0.contains("columns lon and lat, whose UCDs say so") })
        let isBit = name.hasPrefix("astropy")
        let integer = FeatureColumn.Kind.integer
        let columns: [FeatureColumn] = [
            .init(name: "name", kind: .text), .init(name: "lon", kind: .real, unit: "deg"),
            .init(name: "lat", kind: .real, unit: "deg"), .init(name: "diameter", kind: .real, unit: "km"),
            .init(name: "count", kind: integer), .init(name: "big", kind: integer),
            .init(name: "byte", kind: integer), .init(name: "flag", kind: isBit ? integer : .boolean),
            .init(name: "pair", kind: .text),
        ]
        #expect(report.columns == columns)
        let features = try scratch.features("places")
        #expect(
            features.map(\.geometry) == [
                .point(Position(226.2 - 360, 18.65)), .point(Position(137.85, -5.4)),
                .point(Position(-10.5, 88.25)), nil,
            ])
        let column = { (index: Int) in features.map { $0.values[index] } }
        #expect(column(0) == [.text("Olympus"), .text("Gale & Aeolis"), .text("Ω crater"), .null])
        #expect(column(1) == [.real(226.2), .real(137.85), .real(-10.5), .null])
        #expect(column(4) == [.integer(1), .integer(-2), .null, .integer(4)])
        #expect(
            column(5) == [
                .integer(9_007_199_254_740_993), .integer(-4_611_686_018_427_387_904), .integer(0),
                .integer(1),
            ])
        // STILTS states 255 for no value there.
        let last: FeatureValue = name == "stilts_binary" ? .null : .integer(255)
        #expect(column(6) == [.integer(0), .integer(127), .integer(128), last])
        #expect(column(7) == [.integer(1), .integer(0), .integer(1), .integer(0)])
        #expect(column(8) == ["[1.5,2.5]", "[3.0,4.0]", "[5.0,6.0]", "[7.0,8.0]"].map { .text($0) })
        let sizes = column(3).map { value -> Double? in
            if case .real(let number) = value { number } else { nil }
        }
        #expect(abs((sizes[0] ?? 0) - 610.13) < 1e-4 && sizes[2] == nil && sizes[3] == 1.5)
    }

    private func table(_ fields: String, _ rows: String, head: String = "") throws -> String {
        try scratch.write(
            "t.vot",
            """
            <VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE>\(head)<TABLE name="first">
            \(fields)<DATA><TABLEDATA>\(rows)</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
            """)
    }

    private static let place =
        "<FIELD name=\"x\" datatype=\"double\" ucd=\"pos.bodyrc.lon\"/><FIELD name=\"y\" datatype=\"double\" ucd=\"pos.bodyrc.lat\"/>"

    @Test func cells() throws {
        let file = try table(
            Self.place + """
                <FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD><FIELD name="b" datatype="unsignedByte"/>
                <FIELD name="l" datatype="boolean"/><FIELD name="t" datatype="char" arraysize="*" xtype="timestamp"/>
                <FIELD name="z" datatype="floatComplex"/><FIELD name="n" datatype="int" arraysize="2x2"/>
                """,
            """
            <TR><TD>1</TD><TD>2</TD><TD>-99</TD><TD>0xff</TD><TD>T</TD><TD>2026-01-02T03:04:05.5</TD><TD>1 -2</TD>
            <TD>1 2 3 4</TD></TR>
            <TR><TD> 3 </TD><TD>-Inf</TD><TD>+5</TD><TD/><TD>?</TD><TD/><TD/><TD>1 NaN 3 4</TD></TR>
            """)
        let error = #expect(throws: FeatureError.self) { try scratch.take(file, "t") }
        #expect(error?.description.contains("row 2: the column n holds \"NaN\", which is no int") == true)
        let good = try table(
            Self.place + """
                <FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD><FIELD name="b" datatype="unsignedByte"/>
                <FIELD name="l" datatype="boolean"/><FIELD name="t" datatype="char" arraysize="*" xtype="timestamp"/>
                <FIELD name="z" datatype="floatComplex"/><FIELD name="n" datatype="int" arraysize="2x2"/>
                """,
            """
            <TR><TD>1</TD><TD>2</TD><TD>-99</TD><TD>0xff</TD><TD>T</TD><TD>2026-01-02T03:04:05.5</TD><TD>1 -2</TD>
            <TD>1 2 -99 4</TD></TR>
            <TR><TD> 3 </TD><TD>4</TD><TD>+5</TD><TD/><TD>?</TD><TD/><TD/><TD/></TR>
            """)
        let report = try scratch.take(good, "t")
        #expect(
            report.columns.map(\.kind) == [
                .real, .real, .integer, .integer, .boolean, .dateTime, .text, .text,
            ])
        let features = try scratch.features("t")
        #expect(
            Array(features[0].values[2...]) == [
                .null, .integer(255), .integer(1), .text("2026-01-02T03:04:05.500Z"), .text("[1.0,-2.0]"),
                .text("[1,2,-99,4]"),
            ])
        #expect(Array(features[1].values[2...]) == [.integer(5), .null, .null, .null, .null, .null])
    }

    @Test func placesBySystemsUnitsAndNames() throws {
        func fields(_ lon: String, _ lat: String) -> String {
            "<FIELD name=\"a\" datatype=\"double\" \(lon)/><FIELD name=\"b\" datatype=\"double\" \(lat)/>"
        }
        let row = "<TR><TD>1</TD><TD>0.5</TD></TR>"
        func place(_ fields: String, head: String = "") throws -> Position? {
            try scratch.take(try table(fields, row, head: head), "t") { $0.mode = .replace }
            if case .point(let place) = try scratch.features("t")[0].geometry { return place }
            return nil
        }
        let radians = try #require(
            try place(
                fields(
                    "ucd=\"pos.eq.ra;meta.main\" unit=\"rad\"", "ucd=\"pos.eq.dec;meta.main\" unit=\"rad\"")))
        #expect(abs(radians.x - 57.29577951308232) < 1e-12 && abs(radians.y - 28.64788975654116) < 1e-12)
        // A system that is stated changes nothing of the units, where it is one of angles.
        let inRadians = try table(
            fields("ucd=\"pos.bodyrc.lon\" unit=\"rad\"", "ucd=\"pos.bodyrc.lat\" unit=\"rad\""), row)
        try scratch.take(inRadians, "t") {
            $0.mode = .replace
            $0.srs = "IAU_2015:49900"
        }
        let stated = try #require(try scratch.features("t")[0].geometry?.box)
        #expect(abs(stated.minX - 57.29577951308232) < 1e-12 && abs(stated.minY - 28.64788975654116) < 1e-12)
        let refused = #expect(throws: FeatureError.self) {
            try scratch.take(inRadians, "t") {
                $0.mode = .replace
                $0.srs = "IAU_2015:49910"
            }
        }
        #expect(refused?.description.contains("is in rad, an angle") == true)
        // Limits are no places.
        #expect(throws: FeatureError.self) {
            try place(fields("ucd=\"pos.bodyrc.lon;stat.min\"", "ucd=\"pos.bodyrc.lat;stat.min\""))
        }
        #expect(throws: FeatureError.self) {
            try place(fields("ucd=\"pos.bodyrc.lon\" unit=\"h\"", "ucd=\"pos.bodyrc.lat\""))
        }
        let sky = "<COOSYS ID=\"s\" system=\"ICRS\"/>"
        let error = #expect(throws: FeatureError.self) {
            try place(fields("ucd=\"pos.eq.ra\" ref=\"s\"", "ucd=\"pos.eq.dec\" ref=\"s\""), head: sky)
        }
        #expect(error?.description.contains("ICRS, a system of the sky") == true)
        // Planetographic, to the west.
        let body = "<COOSYS ID=\"s\" system=\"IAU_2015:49901\"/>"
        let west = try #require(
            try place(
                fields("ucd=\"pos.bodyrc.lon\" ref=\"s\"", "ucd=\"pos.bodyrc.lat\" ref=\"s\""), head: body))
        #expect(west.x == -1 && abs(west.y - 0.5 * 0.98826) < 1e-4)
        let named = """
            <FIELD name="Longitude" datatype="double"/><FIELD name="lat" datatype="double"/>
            """
        #expect(try place(named) == Position(1, 0.5))
    }

    @Test func severalTables() throws {
        let file = try scratch.write(
            "t.vot",
            """
            <VOTABLE><INFO name="QUERY_STATUS" value="OVERFLOW"/><RESOURCE><TABLE ID="a"><FIELD name="lon" datatype="int"/>
            <FIELD name="lat" datatype="int"/><DATA><TABLEDATA><TR><TD>1</TD><TD>2</TD></TR></TABLEDATA></DATA></TABLE>
            <TABLE name="bare"><FIELD name="n" datatype="int"/></TABLE>
            <TABLE name="b" ref="a"><DATA><TABLEDATA><TR><TD>3</TD><TD>4</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
            """)
        let error = #expect(throws: FeatureError.self) { try scratch.take(file, "t") }
        #expect(error?.description.contains("--from-layer: a, b") == true)
        let report = try scratch.take(file, "t") { $0.sourceLayer = "b" }
        #expect(try scratch.features("t").map(\.geometry) == [.point(Position(3, 4))])
        #expect(report.assumptions.contains { $0.contains("OVERFLOW") })
    }

    @Test(arguments: [
        ("<TABLE><FIELD name='n' datatype='quad'/></TABLE>", "datatype \"quad\""),
        ("<TABLE><FIELD name='n' datatype='int' arraysize='0x9'/></TABLE>", "arraysize \"0x9\""),
        ("<TABLE><FIELD name='n' datatype='int'/><DATA><FITS><STREAM/></FITS></DATA></TABLE>", "FITS stream"),
        (
            "<TABLE><FIELD name='n' datatype='int'/><DATA><BINARY><STREAM href='a.bin'/></BINARY></DATA></TABLE>",
            "lie elsewhere"
        ),
        ("<INFO name='QUERY_STATUS' value='ERROR'>no such table</INFO>", "error of a service: no such table"),
        ("<TABLE>", "not well-formed"), ("", "it has no layers"),
        (
            "<TABLE><FIELD name='lon' datatype='int'/><FIELD name='lat' datatype='int'/><DATA><TABLEDATA><TR><TD>1</TD></TR></TABLEDATA></DATA></TABLE>",
            "row 1: it has 1 cells"
        ),
        (
            "<TABLE><FIELD name='lon' datatype='int'/><FIELD name='lat' datatype='int'/><DATA><TABLEDATA><TR><TD>1</TD><TD>2</TD><TD>3</TD></TR></TABLEDATA></DATA></TABLE>",
            "row 1: it has more cells"
        ),
        (
            "<TABLE><FIELD name='lon' datatype='int'/><FIELD name='lat' datatype='int'/><DATA><BINARY><STREAM encoding='base64'>AAAAAQAA</STREAM></BINARY></DATA></TABLE>",
            "row 1: the stream ends"
        ),
        (
            "<TABLE><FIELD name='lon' datatype='int'/><FIELD name='lat' datatype='int'/><DATA><BINARY><STREAM encoding='base64'>AA*A</STREAM></BINARY></DATA></TABLE>",
            "no base64"
        ),
    ]) func mistakes(content: String, words: String) throws {
        let file = try scratch.write("t.vot", "<VOTABLE>\(content)</VOTABLE>")
        let error = #expect(throws: FeatureError.self) { try scratch.take(file, "t") }
        #expect(error?.description.contains(words) == true, "\(error.map { "\($0)" } ?? "")")
        #expect(try FeatureStore.reading(scratch.data)?.layers().isEmpty != false)
    }

    @Test func declarationsOfDocumentTypesAreNotRead() throws {
        let file = try scratch.write(
            "t.vot", "<!DOCTYPE VOTABLE [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><VOTABLE>&x;</VOTABLE>")
        let error = #expect(throws: FeatureError.self) { try scratch.take(file, "t") }
        #expect(error?.description.contains("document type declaration") == true)
        let filtered = try table(Self.place, "<TR><TD>1</TD><TD>2</TD></TR>")
        #expect(throws: FeatureError.self) { try scratch.take(filtered, "t") { $0.condition = "x > 0" } }
    }

    /// Bytes changed, left out and doubled at random: each table is read or refused, and the numbers in streams are believed
    /// no further than there are bytes.
    @Test(arguments: ["astropy_tabledata", "astropy_binary", "stilts_binary2"])
    func tablesThatWereSpoilt(name: String) throws {
        let folder = try #require(Bundle.module.resourceURL).path + "/Samples/votable/"
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder + name + ".vot")))
        #expect(try VOTable.rowCounts(whole) == [4])
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var (read, refused) = (0, 0)
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0...random(3) {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random(40)))
                case 2:
                    bytes.insert(
                        contentsOf: bytes[place..<min(bytes.count, place + 1 + random(40))], at: place)
                default: bytes[place] = Array("AZaz09+/=<>\"* ".utf8)[random(14)]
                }
            }
            do {
                read += try VOTable.rowCounts(bytes).count
            } catch is FeatureError {
                refused += 1
            }
        }
        #expect(read > 20 && refused > 20)
    }
}

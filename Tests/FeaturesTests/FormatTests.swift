import GDAL
import GRDB
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// One of each format, with the same three boxes of degrees or their corners.
@Suite struct FormatTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let boxes: [(name: String, box: FeatureBox, size: FeatureValue, count: FeatureValue)] = [
        ("Ares", FeatureBox(minX: -10.5, minY: 20.25, maxX: -5.25, maxY: 30), .real(12.5), .integer(7)),
        (
            "Été & <b>", FeatureBox(minX: 170, minY: -40, maxX: 175, maxY: -35.5), .real(0.001), .integer(-3)
        ), ("Cavi", FeatureBox(minX: 100, minY: 60, maxX: 120.75, maxY: 75), .null, .null),
    ]

    @Test(arguments: ["squares.gml", "squares2.gml", "squares.kml", "squares.fgb", "squares.topojson"])
    func boxes(file: String) throws {
        let report = try scratch.take("formats/" + file, "squares")
        #expect(report.written == 3 && report.tally.counts.isEmpty)
        let columns = report.columns.map { $0.name.lowercased() }
        let name = try #require(columns.firstIndex(of: "name"))
        let size = try #require(columns.firstIndex(of: "size"))
        let count = try #require(columns.firstIndex(of: "count"))
        let features = try scratch.features("squares")
        for expected in Self.boxes {
            let feature = try #require(
                features.first { $0.values[name] == .text(expected.name) }, "\(expected.name)")
            #expect(feature.geometry?.box == expected.box)
            let area = (expected.box.maxX - expected.box.minX) * (expected.box.maxY - expected.box.minY)
            #expect(abs((feature.geometry?.area ?? 0) - area) < 1e-9)
            #expect(feature.values[size] == expected.size && feature.values[count] == expected.count)
        }
        if file == "squares.gml" {
            #expect(
                report.assumptions.contains { $0.contains("taken for the latitude") && $0.contains("urn:") })
        }
        if file == "squares2.gml" {
            #expect(report.assumptions.contains { $0.contains("taken for the longitude") })
        }
    }

    @Test(arguments: ["points3.lbl", "points4.xml"]) func tables(file: String) throws {
        let report = try scratch.take("formats/" + file, "points") {
            if file == "points4.xml" { $0.srs = "IAU_2015:49900" }
        }
        #expect(report.written == 3)
        let columns = report.columns.map { $0.name.lowercased() }
        let name = try #require(columns.firstIndex(of: "name"))
        let size = try #require(columns.firstIndex(of: "size"))
        let features = try scratch.features("points")
        for (index, expected) in Self.boxes.enumerated() {
            #expect(features[index].geometry == .point(Position(expected.box.minX, expected.box.minY)))
            if index != 1 { #expect(features[index].values[name] == .text(expected.name)) }
            #expect(features[index].values[size] == (expected.size == .null ? .real(-1) : expected.size))
        }
    }

    /// The order of numbers by the name of the system, and what overrides it.
    @Test(
        arguments: [
            ("urn:ogc:def:crs:IAU_2015::49900", nil, Position(20, 10)),
            ("urn:ogc:def:crs:IAU:2015:49900", nil, Position(20, 10)),
            ("http://www.opengis.net/def/crs/IAU/2015/49900", nil, Position(20, 10)),
            ("IAU_2015:49900", nil, Position(10, 20)),
            ("urn:ogc:def:crs:IAU_2015::49900", false, Position(10, 20)),
            ("IAU_2015:49900", true, Position(20, 10)),
        ] as [(String, Bool?, Position)]) func orderOfAxes(
            name: String, isLatitudeFirst: Bool?, place: Position
        ) throws
    {
        let file = try scratch.write(
            "t.gml",
            """
            <?xml version="1.0"?>
            <ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="c">
            <ogr:featureMember><ogr:sites gml:id="s.1"><ogr:geom><gml:Point srsName="\(name)" gml:id="p">
            <gml:pos>10 20</gml:pos></gml:Point></ogr:geom><ogr:name>A</ogr:name></ogr:sites></ogr:featureMember>
            </ogr:FeatureCollection>
            """)
        try scratch.take(file, "t") { $0.isLatitudeFirst = isLatitudeFirst }
        #expect(try scratch.features("t")[0].geometry == .point(place))
    }

    /// A map that is drawn through longitude 0 crosses it from -170 to 170, and one around 180 from 10 to 350.
    @Test(arguments: [
        ("IAU_2015:49910", -170.0, 170.0, 340.0), ("IAU_2015:49910", -50.0, 50.0, 100.0),
        ("IAU_2015:49910", -180.0, 180.0, 360.0), ("IAU_2015:49915", -170.0, 170.0, 340.0),
    ]) func longEdgesGoTheWayOfTheMap(srs: String, west: Double, east: Double, width: Double) throws {
        let metres = 3_396_190 * Double.pi / 180
        // 49915 is the same around longitude 180.
        let (x0, x1, y0, y1) = (west * metres, east * metres, -10 * metres, 20 * metres)
        let file = try scratch.write(
            "t.geojson",
            """
            {"type":"Feature","properties":{"n":1},"geometry":{"type":"Polygon","coordinates":[[[\(x0),\(y0)],[\(x1),\(y0)],
            [\(x1),\(y1)],[\(x0),\(y1)],[\(x0),\(y0)]]]}}
            """)
        try scratch.take(file, "t") { $0.srs = srs }
        let geometry = try #require(try scratch.features("t").first?.geometry)
        #expect(abs(geometry.area - width * 30) < 1e-4, "\(geometry.area)")
        if srs == "IAU_2015:49915", case .multiPolygon(let polygons) = geometry {
            // The 20 degrees around longitude 0 are those that are left out.
            #expect(polygons.count == 2)
            #expect(polygons.allSatisfy { $0[0].allSatisfy { abs($0.x) > 10 - 1e-6 } })
        }
    }

    /// What the second look at a table must not lose: words for true and false, and the geometry.
    @Test func identifiersBesideWordsAndGeometries() throws {
        let words = try scratch.write(
            "t.csv", "id,lon,lat,flag\n007,10,20,T\n008,30,40,f\n009,50,60,\n010,70,80,true\n")
        let report = try scratch.take(words, "t")
        #expect(report.columns.map(\.kind) == [.text, .integer, .integer, .boolean])
        let features = try scratch.features("t")
        #expect(features.map { $0.values[3] } == [.integer(1), .integer(0), .null, .integer(1)])
        #expect(features.map { $0.values[0] } == ["007", "008", "009", "010"].map { .text($0) })
        let shapes = try scratch.write("u.csv", "WKT,id\n\"LINESTRING (0 1,2 3)\",007\nPOINT (4 5),1\n")
        try scratch.take(shapes, "u")
        let geometries = try scratch.features("u").map(\.geometry)
        #expect(geometries == [.multiLine([[Position(0, 1), Position(2, 3)]]), .point(Position(4, 5))])
    }

    @Test func identifiersWithZerosInFront() throws {
        let file = try scratch.write(
            "t.csv",
            "id,lon,lat,size,day,code,big\n007,10,20,1.5,2026-01-02,-01,12345678901234567890\n12,-0.5,0.25,2,2026-01-03,3,1\n"
        )
        let report = try scratch.take(file, "t") { $0.condition = "size > 1.9 OR size < 1.6" }
        #expect(report.format == "CSV")
        #expect(
            report.assumptions.contains { $0.contains("zeros in front") && $0.hasSuffix(": id, code, big") })
        let kinds = Dictionary(uniqueKeysWithValues: report.columns.map { ($0.name, $0.kind) })
        #expect(kinds["id"] == .text && kinds["code"] == .text && kinds["big"] == .text)
        #expect(kinds["lon"] == .real && kinds["size"] == .real && kinds["day"] == .date)
        let features = try scratch.features("t")
        #expect(features[0].values[0] == .text("007") && features[0].values[5] == .text("-01"))
        #expect(features[0].values[6] == .text("12345678901234567890"))
        #expect(features[0].values[4] == .text("2026-01-02"))
        #expect(features[1].geometry == .point(Position(-0.5, 0.25)))
        // A column of numbers without such texts stays one, times and dates do not count.
        let plain = try scratch.write(
            "u.csv", "n,lon,lat,at\n0,10,0.5,2026-01-02T03:04:05Z\n10,-0.5,-10.05,2026-01-02T00:00:00Z\n")
        let other = try scratch.take(plain, "u")
        #expect(other.columns[0].kind == .integer && other.columns[3].kind == .dateTime)
        #expect(other.assumptions.allSatisfy { !$0.contains("zeros") })
    }

    @Test(arguments: [
        ("007", true), ("-01", true), ("00.5", true), ("0", false), ("0.5", false), ("-0.5", false),
        ("10", false),
        ("1234567890123456789", true), ("123456789012345678", false), ("1234567890123456789.5", false),
        ("", false),
    ]) func identifiers(text: String, isOne: Bool) { #expect(TableTypes.isIdentifier(text.utf8) == isOne) }

    @Test func secondsThatRoundUp() throws {
        let file = try scratch.write(
            "t.geojson",
            """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"at":"2026-12-31T23:59:59.9997Z"},
            "geometry":{"type":"Point","coordinates":[1,2]}},{"type":"Feature","properties":{"at":"2026-02-28T10:20:30.25Z"},
            "geometry":{"type":"Point","coordinates":[1,2]}}]}
            """)
        try scratch.take(file, "t")
        let features = try scratch.features("t")
        #expect(features[0].values[0] == .text("2027-01-01T00:00:00.000Z"))
        #expect(features[1].values[0] == .text("2026-02-28T10:20:30.250Z"))
    }
}

/// What happens to a layer after it was imported first.
@Suite struct LayerChangeTests {
    private let scratch: Scratch
    private let name: LayerName

    init() throws {
        scratch = try Scratch()
        name = try LayerName(body: "mars", name: "t")
    }

    private func take(_ text: String, _ mode: LayerWriter.Mode = .append, units: [String: String] = [:])
        throws
    {
        let file = try scratch.write("t.csv", text)
        try scratch.take(file, "t") {
            $0.mode = mode
            $0.units = units
        }
    }

    private func layer() throws -> FeatureLayer { try #require(try scratch.store().layer(name)) }

    @Test func appendingNamesThatDifferInCase() throws {
        try take("Name,Lon,Lat,Size\nA,1,2,3.5\n", .create)
        try take("name,LON,lat,SIZE,more\nB,4,5,6.5,x\n", units: ["SIZE": "km"])
        let layer = try layer()
        #expect(layer.columns.map(\.name) == ["Name", "Lon", "Lat", "Size", "more"])
        // The unit that the layer did not know is not dropped.
        #expect(layer.columns[3].unit == "km" && layer.count == 2)
        let features = try scratch.features("t")
        #expect(features[1].values[0] == .text("B") && features[1].values[3] == .real(6.5))
        #expect(throws: FeatureError.self) {
            try take("name,lon,lat,size\nC,1,2,3.5\n", units: ["size": "m"])
        }
    }

    @Test func appendingColumnsWithoutValues() throws {
        try take("name,lon,lat,size\nA,1,2,3.5\n", .create)
        try take("name,lon,lat,size\nB,4,5,\n")
        #expect(try scratch.features("t").map { $0.values[3] } == [.real(3.5), .null])
        let before = try scratch.features("t")
        let error = #expect(throws: FeatureError.self) { try take("name,lon,lat,size\nC,4,5,large\n") }
        #expect(
            error
                == .columnConflict(layer: "mars/t", column: "size", found: "TEXT", expected: "REAL"))
        #expect(try scratch.features("t") == before)
    }

    @Test func viewsOfOthersDoNotStopAReplacement() throws {
        try take("name,lon,lat\nA,1,2\n", .create)
        let store = try FeatureStore.writing(scratch.data)
        try store.write { try $0.execute(sql: "CREATE VIEW mine AS SELECT name, geom FROM mars_t") }
        try take("name,lon,lat\nB,1,2\nC,3,4\n", .replace)
        #expect(try store.read { try String.fetchAll($0, sql: "SELECT name FROM mine") } == ["B", "C"])
    }

    @Test func theDeclaredTypeIsThatOfTheGeometries() throws {
        try take("name,lon,lat\nA,1,2\n", .create)
        let store = try FeatureStore.writing(scratch.data)
        func declared() throws -> String? {
            try store.read { db in
                try Row.fetchAll(db, sql: "PRAGMA table_info(mars_t)").first { $0["name"] == "geom" }?["type"]
            }
        }
        #expect(try declared() == "POINT" && layer().geometryType == "POINT")
        try scratch.take("hydrated.geojson", "t") { $0.mode = .append }
        #expect(try declared() == "GEOMETRY" && layer().geometryType == "GEOMETRY")
        try scratch.take("hydrated.geojson", "t") { $0.mode = .replace }
        #expect(try declared() == "MULTIPOLYGON" && layer().geometryType == "MULTIPOLYGON")
        #expect(try store.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        // And GDAL reads it so.
        let (_, features) = try VectorGeometryCheck.read(store.path, layer: "mars_t")
        #expect(features.count == 6)
    }

    @Test func whatOthersAddAndDeleteIsCounted() throws {
        try take("name,lon,lat\nA,1,2\nB,3,4\nC,5,6\n", .create)
        let store = try FeatureStore.writing(scratch.data)
        try store.write { db in
            try db.execute(sql: "DELETE FROM mars_t WHERE name = 'B'")
            #expect(db.changesCount == 1)
        }
        #expect(try layer().count == 2)
        try store.write { try $0.execute(sql: "INSERT INTO mars_t (name) VALUES ('D'), ('E')") }
        #expect(try layer().count == 4)
        try take("name,lon,lat\nG,1,2\n")
        #expect(try layer().count == 5 && scratch.features("t").count == 5)
    }
}

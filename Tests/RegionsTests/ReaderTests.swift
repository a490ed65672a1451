import HEALPix
import MOC
import Regions
import Testing

@Suite struct ReaderTests {
    private let order = Order(8)!

    private func geojson(_ text: String, repairs: Bool = false) throws -> (MOC, ShapeTally) {
        var regions: [Region] = []
        let tally = try GeoJSONReader.read(Array(text.utf8), options: ShapeOptions(repairs: repairs)) {
            regions.append($0)
        }
        return (try MOC(order: order, regions: regions), tally)
    }

    private func wkt(_ text: String, repairs: Bool = false) throws -> (MOC, ShapeTally) {
        var regions: [Region] = []
        let tally = try WKTReader.read(Array(text.utf8), options: ShapeOptions(repairs: repairs)) {
            regions.append($0)
        }
        return (try MOC(order: order, regions: regions), tally)
    }

    private func region(_ text: String) throws -> MOC {
        var regions: [Region] = []
        _ = try RegionStringReader.read(Array(text.utf8)) { regions.append($0) }
        return try MOC(order: order, regions: regions)
    }

    @Test func formsSayTheSame() throws {
        let expected = try region("Polygon 10 10 20 10 20 20 10 20")
        #expect(!expected.isEmpty)
        for text in [
            "POLYGON((10 10,20 10,20 20,10 20,10 10))",
            "polygon z ((10 10 1,20 10 1,20 20 1,10 20 1,10 10 1))",
            "SRID=949900;POLYGONZ ( ( 10 10 0 , 20 10 0 , 20 20 0 , 10 20 0 , 10 10 0 ) )",
            "GEOMETRYCOLLECTION(MULTIPOLYGON(((370 10,20.0 1e1,20 20,-350 20,370 10))),POINT EMPTY)",
        ] { #expect(try wkt(text).0 == expected, "\(text)") }
        for text in [
            "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[20,10],[20,20],[10,20],[10,10]]]}",
            "{\"coordinates\":[[[[10,10,5],[20,10],[20,20],[10,20],[10,10,5]]]],\"x\":{\"y\":[\"]}\\\"\"]},\"type\":\"MultiPolygon\"}",
            """
            {"features":[{"geometry":null,"properties":null,"type":"Feature"},{"type":"Feature","geometry":
            {"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":
            [[[10,10],[20,10],[20,20],[10,20],[10,10]]]}]},"properties":{"a":[1,{"b":-1.5e3}]}}],"type":"FeatureCollection"}
            """,
        ] { #expect(try geojson(text).0 == expected, "\(text)") }
        for text in [
            "POLYGON ICRS 10 10 20 10 20 20 10 20", "Polygon UNKNOWNFrame 10,10,20,10,20,20,10,20,10,10",
            "polygon IAU2020:49900 BARYCENTER 10 10 20 10 20 20 10 20",
            "Union ICRS ( Polygon 10 10 20 10 20 20 10 20 Circle 15 15 0.1 )",
        ] { #expect(try region(text) == expected, "\(text)") }
    }

    @Test func formsAreToldApart() {
        for (text, form) in [
            ("Polygon 1 2 3 4 5 6", ShapeText.regionString), (" circle ICRS 1 2 3", .regionString),
            ("Union ( Circle 1 2 3 )", .regionString), ("Point 1 2", .regionString),
            ("blob", .regionString), ("POLYGON((1 2", .wkt), ("point Z (1 2 3)", .wkt), ("POINT EMPTY", .wkt),
            ("SRID=1;POINT(1 2)", .wkt), ("MultiPoint 1", .wkt), ("GEOMETRYCOLLECTION (", .wkt),
            (" {\"type\":\"Point\"}", .geoJSON),
        ] { #expect(ShapeText(detecting: Array(text.utf8)) == form, "\(text)") }
        for text in ["", " ", "3/1", "s3/1", "s 3/1", "t61/1 s3/2", "{\"3\":[1]}", "[]", "{", "\u{0}"] {
            #expect(ShapeText(detecting: Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test func tablesAreRead() throws {
        let csv =
            "name;lon;lat;s_region\n\"a;\"\"b\";10;20;Circle 10 20 1\n\nc;;;\nd;-170.5;-90;\"Circle\n ICRS -170.5 -90 1\"\n"
        var points: [Region] = []
        let tally = try TableReader.read(Array(csv.utf8), columns: .positions(lon: "LON", lat: "lat")) {
            points.append($0)
        }
        #expect(tally.shapes == 2 && tally.empty == 1)
        var regions: [Region] = []
        _ = try TableReader.read(Array(csv.utf8), columns: .regions("s_region")) { regions.append($0) }
        let covered = try MOC(order: order, regions: regions)
        #expect(regions.count == 2)
        #expect(covered.contains(try MOC(order: order, regions: points, mode: .centre)))
        #expect(throws: RegionError.self) {
            try TableReader.read(Array(csv.utf8), columns: .positions(lon: "x", lat: "lat")) { _ in }
        }
        let bad = #expect(throws: RegionError.self) {
            try TableReader.read(
                Array("lon,lat\n1,2\n3,x\n".utf8), columns: .positions(lon: "lon", lat: "lat")
            ) { _ in }
        }
        #expect(bad?.description.hasPrefix("line 3: ") == true)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "{\"type\":\"Polygon\"}", "{\"type\":\"Curve\",\"coordinates\":[]}",
        "{\"type\":5}",
        "{\"type\":\"Point\",\"coordinates\":[1]}", "{\"type\":\"Point\",\"coordinates\":[1,2]} x",
        "{\"type\":\"Point\",\"coordinates\":[NaN,2]}", "{\"type\":\"Point\",\"coordinates\":[null,2]}",
        "{\"type\":\"Point\",\"coordinates\":[1e999,2]}", "{\"type\":\"Point\",\"coordinates\":[1,90.1]}",
        "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,2],[3,1]]]}",
        "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,2],[1,1]]]}",
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\"}]}",
        "{\"type\":\"Point\",\"coordinates\":[1,2],\"x\":\"", "{\"x\":[}",
    ])
    func wrongGeoJSONIsRefused(_ text: String) {
        #expect(throws: RegionError.self) { try geojson(text) }
    }

    @Test(arguments: [
        "", "POINT", "POINT(1)", "POINT(1 2", "POINT(1 nan)", "CIRCLE(1 2)", "POLYGON((1 1,2 2,3 1))",
        "POLYGON((1 1,2 2,1 1))", "POINT(1 2) x", "LINESTRING(1 2,3 4)", "POINT(1 -90.5)", "POINT(9999 0)",
    ])
    func wrongWKTIsRefused(_ text: String) {
        #expect(throws: RegionError.self) { try wkt(text) }
    }

    @Test(arguments: [
        "", "10 20", "Circle 1 2", "Circle 1 2 -3", "Polygon 1 2 3", "Polygon 1 2 3 4", "Ellipse 1 2 3 4 5",
        "Box 1 2 0 1", "Range 10 5 0 1", "Polygon 1 2 3 4 5 95",
    ])
    func wrongRegionStringsAreRefused(_ text: String) {
        #expect(throws: RegionError.self) { try region(text) }
    }

    /// Whatever is cut off a polygon, or put behind it, is an error with a place.
    @Test func polygonsWithCorruptTailsAreRefused() throws {
        let whole = [
            "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[20,10],[20,20],[10,10]],[[12,11],[14,11],[14,12],[12,11]]]}",
            "POLYGON((10 10,20 10,20 20,10 10),(12 11,14 11,14 12,12 11))",
        ]
        for count in 0..<whole[0].utf8.count {
            #expect(throws: RegionError.self) { try geojson(String(whole[0].prefix(count))) }
        }
        for count in 0..<whole[1].utf8.count {
            #expect(throws: RegionError.self) { try wkt(String(whole[1].prefix(count))) }
        }
        for tail in ["5", "nan nan", "NaN", "20 91", "inf 3", "1e999 2", "x", "[", "20 20 Circle 1", "1,2,3"]
        {
            #expect(throws: RegionError.self, "\(tail)") { try region("Polygon 10 10 20 10 20 20 " + tail) }
            #expect(throws: RegionError.self, "\(tail)") {
                try wkt("POLYGON((10 10,20 10,20 20,10 10)," + tail)
            }
        }
        for tail in [",[1]", ",null", ",[NaN,1]", ",[1,91]", ",[[1,2]]", ",", ",[1,2,\"3\"]", "]]]"] {
            let text = "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[20,10],[20,20],[10,10]\(tail)]]}"
            let error = #expect(throws: RegionError.self, "\(tail)") { try geojson(text) }
            #expect(error?.description.contains(where: \.isNumber) == true)
        }
        for row in ["nan,2", "1,nan", "1,91", "inf,1", "1"] {
            let bad = #expect(throws: RegionError.self, "\(row)") {
                try TableReader.read(
                    Array("lon,lat\n1,2\n\(row)\n".utf8), columns: .positions(lon: "lon", lat: "lat")
                ) { _ in }
            }
            #expect(bad?.description.hasPrefix("line 3: ") == true, "\(row)")
        }
    }

    @Test func errorsNameThePlace() {
        let text =
            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":null},{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]],[[0,0],[1,95],[1,1],[0,0]]]}}]}"
        let error = #expect(throws: RegionError.self) { try geojson(text) }
        #expect(
            error?.description.hasPrefix("feature 2 at byte 76: vertex 2 of ring 2: 1.0 95.0 is no") == true)
    }

    @Test func repairsAreCounted() throws {
        let text =
            "{\"type\":\"Polygon\",\"coordinates\":[[[10,10],[20,10],[20,95],[20,20],[10,20]],[[1,1],[2,2],[1,1]]]}"
        let (moc, tally) = try geojson(text, repairs: true)
        #expect(
            tally.closedRings == 1 && tally.droppedVertices == 1 && tally.droppedRings == 1
                && tally.shapes == 1)
        #expect(moc == (try region("Polygon 10 10 20 10 20 20 10 20")))
        let (_, other) = try wkt("POLYGON((1 1,2 2,1 1)) POINT(1 2)", repairs: true)
        #expect(other.droppedRings == 1 && other.shapes == 1 && other.hasRepairs)
    }

    /// What a ring encloses twice is outside.
    @Test func crossingRingsFollowTheEvenOddRule() throws {
        let bow = try region("Polygon 0 0 10 10 10 0 0 10")
        let inside = Cell(containing: Direction(lonDeg: 1, latDeg: 5), order: order)!
        let outside = Cell(containing: Direction(lonDeg: 5, latDeg: 2), order: order)!
        #expect(bow.contains(inside) && !bow.intersects(outside))
    }
}

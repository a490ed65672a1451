import GRDB
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// Imports of what files really hold.
@Suite struct ImportTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let areas: [(String, Double, Int)] = [
        ("over the seam", 400, 2), ("jump", 400, 2), ("hole over the seam", 1500, 2),
        ("second turn", 100, 1), ("all around", 21600, 1), ("north pole", 3600, 1),
        ("south pole", 7200, 1), ("bow tie", 50, 2), ("open", 100, 1),
    ]

    /// Areas in square degrees, by hand from the numbers in the file, and the parts they lie in.
    @Test(arguments: Self.areas) func shapes(name: String, area: Double, parts: Int) throws {
        try scratch.take("shapes.geojson", "shapes")
        let feature = try #require(try scratch.features("shapes").first { $0.values[0] == .text(name) })
        let geometry = try #require(feature.geometry)
        #expect(abs(geometry.area - area) < 1e-9)
        let box = try #require(geometry.box)
        #expect(box.minX >= -180 && box.maxX <= 180)
        guard case .multiPolygon(let polygons) = geometry else {
            Issue.record("\(geometry.typeName)")
            return
        }
        #expect(polygons.count == parts)
    }

    @Test func countsWhatIsNotAsItShouldBe() throws {
        let report = try scratch.take("shapes.geojson", "shapes")
        #expect(report.read == 14)
        #expect(report.written == 13)
        let counts = report.tally.counts.mapValues(\.features)
        #expect(counts[.outOfRange] == 1)
        #expect(counts[.overPole] == 2)
        #expect(counts[.invalidRings] == 1)
        #expect(counts[.openRings] == 1)
        // "no area", which then has no place, and "nowhere".
        #expect(counts[.degenerateRings] == 1)
        #expect(counts[.noPlace] == 2)
        #expect(report.tally.counts[.outOfRange]?.first == 12)
        // 170..190, 160..200 and 200..210 degrees, and the point at 270.
        #expect(counts[.beyond180] == 4)
        // The jump, the line, and the rings around the poles.
        #expect(counts[.longEdges] == 4)
    }

    @Test func linesAndPoints() throws {
        try scratch.take("shapes.geojson", "shapes")
        let features = try scratch.features("shapes")
        #expect(
            features.first { $0.values[0] == .text("point") }?.geometry == .point(Position(-90, 45)))
        #expect(
            features.first { $0.values[0] == .text("line") }?.geometry
                == .multiLine([
                    [Position(170, 0), Position(180, 10)], [Position(-180, 10), Position(-170, 20)],
                ]))
        // 01:30 in India is 20:00 of the day before in UTC.
        #expect(features[0].values[1] == .text("2013-07-03T20:00:00.000Z"))
    }

    @Test func westPositiveColumnsBesideEastPositiveGeometry() throws {
        let report = try scratch.take("lobate.geojson", "lobate")
        #expect(report.tally.counts[.thirdCoordinates]?.features == 5)
        #expect(report.remarks.count == 1)
        #expect(report.remarks.first?.contains("column lon counts longitudes to the west") == true)
        let first = try #require(try scratch.features("lobate").first)
        #expect(first.geometry == .point(Position(-120, 78)))
        let columns = try #require(
            try scratch.store().layer(LayerName(body: "mars", name: "lobate"))?.columns)
        let lon = try #require(columns.firstIndex { $0.name == "lon" })
        #expect(first.values[lon] == .real(120))
    }

    @Test func realPolygonsThatTouchThemselvesAndPassTheSeam() throws {
        let report = try scratch.take("hydrated.geojson", "sites") { $0.keepsOriginals = true }
        #expect(report.written == 6)
        #expect(report.tally.counts[.invalidRings]?.features == 2)
        #expect(report.tally.counts[.overSeam]?.features == 2)
        for feature in try scratch.features("sites") {
            let bytes = WellKnownBinary.bytes(of: try #require(feature.geometry))
            #expect(try VectorGeometryCheck.isValid(bytes))
        }
        let originals = try scratch.features("sites").compactMap { feature -> String? in
            if case .text(let text)? = feature.values.last { text } else { nil }
        }
        #expect(originals.count == 2)
        #expect(originals.allSatisfy { $0.hasPrefix("POLYGON ((") })
    }

    /// The two lists of the gazetteer of 2006 were rounded each for itself, to 0.1 and 0.01 degrees.
    @Test func planetographicRowsBesidePlanetocentricOnes() throws {
        try scratch.take("gazetteer2006.csv", "places") {
            $0.condition = "SA = 'M'"
            $0.latitude = .planetographic
            $0.senseColumn = "DIR"
        }
        try scratch.take("gazetteer2006.csv", "places") {
            $0.condition = "SA = 'ME'"
            $0.senseColumn = "DIR"
            $0.mode = .append
        }
        let features = try scratch.features("places")
        #expect(features.count == 8)
        for name in ["Olympus Mons", "Gale", "Korolev", "Hellas Planitia"] {
            let pair = features.filter { $0.values[2] == .text(name) }.compactMap(\.geometry)
            guard pair.count == 2, case .point(let graphic) = pair[0], case .point(let centric) = pair[1]
            else {
                Issue.record("\(name)")
                continue
            }
            #expect(abs(graphic.x - centric.x) < 0.051, "\(name)")
            #expect(abs(graphic.y - centric.y) < 0.061, "\(name)")
        }
    }

    @Test func tablesWithoutKnownColumnsAreRefused() throws {
        let file = try scratch.write("t.csv", "a,b\n1,2\n")
        #expect(throws: FeatureError.self) { try scratch.take(file, "t") }
        let two = try scratch.write("u.csv", "lon,Longitude,lat\n1,2,3\n")
        let error = #expect(throws: FeatureError.self) { try scratch.take(two, "t") }
        #expect(error?.description.contains("--lon-column") == true)
        try scratch.take(two, "t") { $0.longitudeColumn = "Longitude" }
        #expect(try scratch.features("t")[0].geometry == .point(Position(2, 3)))
    }

    @Test func headsWithRunsOfBlanksAndUnits() throws {
        let file = try scratch.write(
            "t.csv", "Name,Center Latitude,Center          Longitude,Size (km)\nA,10,350,4.5\n")
        let report = try scratch.take(file, "t") { $0.units = ["Name": "none"] }
        #expect(report.renamed == ["Center          Longitude": "Center Longitude"])
        #expect(report.columns[3] == FeatureColumn(name: "Size (km)", kind: .real, unit: "km"))
        #expect(try scratch.features("t")[0].geometry == .point(Position(-10, 10)))
        #expect(throws: FeatureError.self) {
            try scratch.take(file, "u") { $0.units = ["Nam": "none"] }
        }
    }

    @Test func westLongitudes() throws {
        let file = try scratch.write("t.csv", "west_longitude,lat\n134,18.6\n")
        try scratch.take(file, "t")
        #expect(try scratch.features("t")[0].geometry == .point(Position(-134, 18.6)))
        try scratch.take(file, "u") {
            $0.longitudeColumn = "west_longitude"
            $0.longitude = .east
        }
        #expect(try scratch.features("u")[0].geometry == .point(Position(134, 18.6)))
    }

    @Test func projectedCoordinates() throws {
        // IAU_2015:49910 is metres of arc on the sphere of 3396190 m: a quarter of the equator to the east.
        let file = try scratch.write("t.csv", "lon,lat\n5334722.774,0\n")
        try scratch.take(file, "t") { $0.srs = "IAU_2015:49910" }
        guard case .point(let place) = try scratch.features("t")[0].geometry else {
            Issue.record("no point")
            return
        }
        #expect(abs(place.x - 90) < 1e-7 && place.y == 0)
    }

    /// Areas in square degrees, by hand.
    @Test(arguments: [
        // A hole that shares edges with its shell.
        ("[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[0,0],[5,0],[5,5],[0,5],[0,0]]]", 75.0),
        // Between 60 and 80 degrees around the pole.
        (
            "[[[-180,60],[-90,60],[0,60],[90,60],[180,60]],[[-180,80],[-90,80],[0,80],[90,80],[180,80]]]",
            7200.0
        ),
        // A belt around the body with a hole over longitude 180.
        (
            "[[[-180,-30],[180,-30],[180,30],[-180,30],[-180,-30]],[[170,0],[190,0],[190,10],[170,10],[170,0]]]",
            21400.0
        ),
    ])
    func holesStayHoles(rings: String, area: Double) throws {
        let file = try scratch.write(
            "t.geojson",
            "{\"type\":\"Feature\",\"properties\":{\"n\":1},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":\(rings)}}"
        )
        try scratch.take(file, "t")
        let geometry = try #require(try scratch.features("t").first?.geometry)
        #expect(abs(geometry.area - area) < 1e-6, "\(geometry.area)")
    }

    /// GDAL counts all longitudes of GeoJSON to the east and knows few names; what the file says counts.
    @Test(arguments: ["IAU_2015:49901", "urn:ogc:def:crs:IAU_2015::49901", "IAU2000:49901"])
    func namedSystemsOfGeoJSON(name: String) throws {
        let file = try scratch.write(
            "t.geojson",
            """
            {"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"\(name)"}},"features":[
            {"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[134,18.6]}}]}
            """)
        try scratch.take(file, "t")
        guard case .point(let place) = try scratch.features("t")[0].geometry else {
            Issue.record("no point")
            return
        }
        // atan((b/a)^2 tan 18.6 deg) with a = 3396190, b = 3376200.
        #expect(place.x == -134 && abs(place.y - 18.3962) < 1e-3, "\(place)")
    }

    @Test func tablesOfOthersAreLeftAlone() throws {
        try scratch.take("lobate.geojson", "sites")
        let store = try FeatureStore.writing(scratch.data)
        try store.write { try $0.execute(sql: "CREATE TABLE Mars_User (fid INTEGER PRIMARY KEY, note TEXT)") }
        for mode in [LayerWriter.Mode.create, .replace, .append] {
            #expect(
                throws: FeatureError.foreignTable(name: "mars_user", path: scratch.path + "/features.gpkg")
            ) { try scratch.take("lobate.geojson", "user") { $0.mode = mode } }
        }
    }

    @Test func otherBodiesAreRefused() throws {
        #expect(throws: (any Error).self) {
            try scratch.take("lobate.geojson", "t") { $0.srs = "IAU_2015:30100" }
        }
    }

    @Test func failedImportLeavesTheOldLayer() throws {
        try scratch.take("lobate.geojson", "sites")
        let before = try scratch.features("sites")
        // The second feature is cut short: GDAL reads the file no further.
        let cut = try scratch.write(
            "t.geojson",
            "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{")
        #expect(throws: (any Error).self) { try scratch.take(cut, "sites") { $0.mode = .replace } }
        let beyond = try scratch.write("b.csv", "lon,lat\n10,95\n")
        let error = #expect(throws: FeatureError.self) {
            try scratch.take(beyond, "sites") { $0.mode = .replace }
        }
        #expect(error?.description.contains("none of its 1 features") == true)
        #expect(try scratch.features("sites") == before)
        #expect(throws: FeatureError.layerExists(name: "mars/sites", path: scratch.path + "/features.gpkg")) {
            try scratch.take("lobate.geojson", "sites")
        }
        let report = try scratch.take("hydrated.geojson", "sites") { $0.mode = .replace }
        #expect(report.written == 6)
        #expect(try scratch.store().layers().count == 1)
    }
}

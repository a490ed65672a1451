import Foundation
import PlanetaryFrames
import Testing

@testable import Settings

@Suite struct SurveyTests {
    @Test func everyKeyIsRead() throws {
        let survey = try Survey.parse(
            """
            # A survey with every key.
            name: Mars Viking
            id: ivo://example.org/mars/viking
            body: Mars
            title: "Viking, colour"
            description: |
              First line
              and the second,   with blanks.
            credit: NASA / USGS & friends
            licence: public domain
            inputs:
              - maps/mars.tif
              - /data/north.tif
              - https://example.org/south.tif
            extent: [-180, -90, 180.0, 9e1]
            crs: "+proj=longlat +R=3396190"
            nodata: -32768
            order: 3
            formats: [fits, png, jpg]
            cut: {low: -8000, high: 21000.5}
            stretch: asinh
            colormap: viridis
            resampling: bicubic
            moc_order: 6
            """, file: "mars.yaml")
        #expect(survey.name == "mars-viking")
        #expect(survey.id == "ivo://example.org/mars/viking")
        #expect(survey.body == "Mars")
        #expect(survey.title == "Viking, colour")
        #expect(survey.description == "First line and the second, with blanks.")
        #expect(survey.credit == "NASA / USGS & friends")
        #expect(survey.licence == "public domain")
        #expect(survey.inputs == ["maps/mars.tif", "/data/north.tif", "https://example.org/south.tif"])
        #expect(survey.extent == Extent(west: -180, south: -90, east: 180, north: 90))
        #expect(survey.crs == "+proj=longlat +R=3396190")
        #expect(survey.nodata == .value(-32768))
        #expect(survey.order == 3)
        #expect(survey.formats == ["fits", "png", "jpeg"])
        #expect(survey.cut == Cut(low: -8000, high: 21000.5))
        #expect(survey.stretch == .asinh)
        #expect(survey.colormap == "viridis")
        #expect(survey.resampling == .bicubic)
        #expect(survey.mocOrder == 6)
    }

    @Test func whatIsMissingIsNil() throws {
        var expected = Survey()
        expected.inputs = ["map.tif"]
        #expect(try Survey.parse("inputs: map.tif\n", file: "s.yaml") == expected)
        #expect(try Survey.parse("{}", file: "s.yaml") == Survey())
    }

    @Test func textsAreRead() throws {
        let texts: [(String, (Survey) -> String?, String)] = [
            ("license: CC0", \.licence, "CC0"), ("body: 499", \.body, "499"),
            ("title: 2015", \.title, "2015"),
            ("title: yes", \.title, "yes"), ("'title': 'null'", \.title, "null"),
            ("title: Ὄλυμπος", \.title, "Ὄλυμπος"), ("name: MOLA_v1.2", \.name, "mola_v1.2"),
            ("crs: IAU_2015:49900", \.crs, "IAU_2015:49900"),
            ("title: \"a\\tb\"\r\nbody: Io\r\n", \.title, "a b"),
        ]
        for (text, key, value) in texts {
            #expect(key(try Survey.parse(text, file: "s.yaml")) == value, "\(text)")
        }
    }

    @Test func nodataHasThreeForms() throws {
        func nodata(_ value: String) throws -> NoData? {
            try Survey.parse("nodata: \(value)", file: "s").nodata
        }
        #expect(try nodata("none") == NoData.none)
        #expect(try nodata("NaN") == .nan)
        #expect(try nodata(".nan") == .nan)
        #expect(try nodata("0") == .value(0))
        #expect(try nodata("-3.4028227e38") == .value(-3.4028227e38))
    }

    @Test func nodataMayBeARule() throws {
        func rule(_ value: String) throws -> NoData.Rule? {
            guard case .rule(let rule)? = try Survey.parse("nodata: \(value)", file: "s").nodata else {
                return nil
            }
            return rule
        }
        #expect(try rule("{values: [0, 255]}") == NoData.Rule(values: [0, 255]))
        #expect(try rule("{values: -1}") == NoData.Rule(values: [-1]))
        #expect(
            try rule("{range: [0, 12], edge_connected: true, erode_px: 2}")
                == NoData.Rule(range: 0...12, isEdgeConnected: true, erodePixels: 2))
        let values = try #require(try rule("{values: [nan, 0]}")?.values)
        #expect(values.count == 2 && values[0].isNaN && values[1] == 0)
    }

    @Test func whatFilesSayOfTheirPlaceCanBeOverruled() throws {
        let survey = try Survey.parse(
            "registration: grid\nlatitude_kind: planetographic\nlongitude_sense: west\nextent: [360, -90, 0, 90]\n",
            file: "s")
        #expect(survey.registration == .grid && survey.latitudeKind == .planetographic)
        #expect(survey.longitudeSense == .west)
        #expect(survey.extent == Extent(west: 360, south: -90, east: 0, north: 90))
        // Without the sense, nothing lies between 360 and 0.
        #expect(throws: SettingsError.self) { try Survey.parse("extent: [360, -90, 0, 90]", file: "s") }
    }

    @Test func extentsMayCrossTheJumpOfLongitudes() throws {
        func extent(_ value: String) throws -> Extent? {
            try Survey.parse("extent: \(value)", file: "s").extent
        }
        #expect(try extent("[170, -10, -170, 10]")?.widthDegrees == 20)
        #expect(try extent("[0, -90, 360, 90]")?.widthDegrees == 360)
        #expect(try extent("[-180, -90, 180, 90]")?.widthDegrees == 360)
        #expect(try extent("[90, -90, -90, 90]")?.widthDegrees == 180)
        #expect(
            try extent("{north: 5, south: -5, east: 2, west: 1}")
                == Extent(west: 1, south: -5, east: 2, north: 5))
        #expect(try extent("[1, -5, 2, 5]")?.heightDegrees == 10)
    }

    @Test func wordsOfEveryKind() throws {
        for method in ResamplingMethod.allCases {
            #expect(try Survey.parse("resampling: \(method.rawValue)", file: "s").resampling == method)
        }
        for stretch in Stretch.allCases {
            #expect(try Survey.parse("stretch: \(stretch.rawValue)", file: "s").stretch == stretch)
        }
        #expect(
            ResamplingMethod.allCases.map(\.rawValue) == [
                "bilinear", "nearest", "bicubic", "lanczos", "average",
            ])
        #expect(Stretch.allCases.map(\.rawValue) == ["linear", "sqrt", "log", "asinh"])
        #expect(try Survey.parse("formats: fits, WebP", file: "s").formats == ["fits", "webp"])
    }

    @Test func inputsAreTakenFromTheFolderOfTheSurvey() {
        var survey = Survey()
        survey.inputs = ["a.tif", "../b.tif", "/c.tif", "/vsicurl/https://x/d.tif", "s3://x/e.tif"]
        let kept = ["/c.tif", "/vsicurl/https://x/d.tif", "s3://x/e.tif"]
        #expect(survey.resolvedInputs(relativeTo: "") == survey.inputs)
        #expect(survey.resolvedInputs(relativeTo: "surveys") == ["surveys/a.tif", "surveys/../b.tif"] + kept)
        #expect(survey.resolvedInputs(relativeTo: "/x/") == ["/x/a.tif", "/x/../b.tif"] + kept)
    }

    @Test func orderEdges() throws {
        #expect(try Survey.parse("order: 0\nmoc_order: 29", file: "s").order == 0)
        #expect(try Survey.parse("order: 20\nmoc_order: 0", file: "s").order == 20)
    }

    @Test func filesAreLoaded() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ bytes: [UInt8]) throws -> String {
            let file = folder.appendingPathComponent("s.yaml")
            try Data(bytes).write(to: file)
            return file.path
        }
        #expect(try Survey.load(path: try write(Array("body: Mars\n".utf8))).body == "Mars")
        let missing = #expect(throws: SettingsError.self) {
            try Survey.load(path: folder.path + "/none.yaml")
        }
        #expect(missing?.description.contains("No such file") == true)
        #expect(throws: SettingsError.self) { try Survey.load(path: folder.path) }
        let latin1 = try write(Array("body: Io\ntitle: ".utf8) + [0xE9, 0x0A])
        let notUTF8 = #expect(throws: SettingsError.self) { try Survey.load(path: latin1) }
        #expect(notUTF8?.mistakes.map(\.line) == [2])
        #expect(notUTF8?.mistakes.map(\.column) == [8])
        let wide = try write([0xFF, 0xFE, 0x62, 0, 0x3A, 0])
        let isWide = #expect(throws: SettingsError.self) { try Survey.load(path: wide) }
        #expect(isWide?.description.contains("s.yaml:1:1: the file is UTF-16") == true)
        let large = try write([UInt8](repeating: UInt8(ascii: "#"), count: Survey.largestFileBytes + 1))
        let tooLarge = #expect(throws: SettingsError.self) { try Survey.load(path: large) }
        #expect(tooLarge?.description.contains("larger than 1048576 bytes") == true)
        let largest = try write(
            [UInt8](repeating: UInt8(ascii: "#"), count: Survey.largestFileBytes - 1) + [10])
        let empty = #expect(throws: SettingsError.self) { try Survey.load(path: largest) }
        #expect(empty?.description.contains("empty") == true)
    }
}

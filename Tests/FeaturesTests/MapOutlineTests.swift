import Foundation
import HEALPix
import HiPS
import MOC
import PlanetaryFrames
import Testing

@testable import Features

/// Outlines of maps that are nothing but properties and a coverage.
@Suite struct MapOutlineTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func map(_ name: String, _ moc: String?, body: String = "mars", more: String = "") throws {
        let folder = scratch.path + "/hips/\(body)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = """
            creator_did = ivo://localhost/\(body)/\(name)
            obs_title = \(name) of \(body)
            hips_creation_date = 2026-01-02T03:04Z
            hips_release_date = 2026-02-03T04:05Z
            hips_pixel_scale = 0.25
            hips_estsize = 1234
            \(more)

            """
        try text.write(toFile: folder + "/properties", atomically: true, encoding: .utf8)
        if let moc {
            try Data(try MOC(ascii: moc).fits()).write(to: URL(fileURLWithPath: folder + "/Moc.fits"))
        }
    }

    private func outlines() throws -> MapOutlines {
        MapOutlines(scratch.data, catalogue: try BodyCatalogue.standard())
    }

    private func row(_ name: String, body: String = "mars") throws -> (Feature, [String: FeatureValue]) {
        let columns = try #require(try scratch.store().layer(LayerName(body: body, name: "maps"))?.columns)
        let feature = try #require(
            try scratch.features("maps", body: body).first { $0.values[0] == .text("\(body)/\(name)") })
        return (
            feature, Dictionary(uniqueKeysWithValues: zip(columns.map(\.name), feature.values))
        )
    }

    /// EPN-TAP 2.0: mandatory columns that are never empty, and what the properties say.
    @Test func columnsOfATableOfMaps() throws {
        try map("whole", "0/0-11", more: "t_min = 51544.5\nt_max = 51545.5")
        let report = try outlines().refresh()
        #expect(report.written == [try LayerName(body: "mars", name: "maps"): 1] && report.remarks.isEmpty)
        let (feature, values) = try row("whole")
        #expect(feature.geometry?.area == 64_800)
        #expect(feature.geometry?.box == FeatureBox(minX: -180, minY: -90, maxX: 180, maxY: 90))
        let expected: [String: FeatureValue] = [
            "granule_uid": .text("mars/whole"), "granule_gid": .text("hips"), "obs_id": .text("mars/whole"),
            "dataproduct_type": .text("ma"), "title": .text("whole of mars"), "target_name": .text("Mars"),
            // 2000-01-01T12:00 is JD 2451545.0 and MJD 51544.5.
            "target_class": .text("planet"), "time_min": .real(2_451_545), "time_max": .real(2_451_546),
            "c1min": .real(0), "c1max": .real(360), "c2min": .real(-90), "c2max": .real(90),
            "c1_resol_min": .real(0.25), "spatial_frame_type": .text("body"),
            "spatial_coordinate_description": .text("IAU_2015:49900"),
            "s_region": .text("Polygon UNKNOWNFrame -180 -90 180 -90 180 90 -180 90"),
            "coverage": .text("0/0-11"), "access_url": .text("hips/mars/whole/"),
            "access_format": .text("application/x-hips"), "access_estsize": .integer(1234),
            "thumbnail_url": .text("hips/mars/whole/preview.jpg"), "service_title": .text("tessera"),
            "creation_date": .text("2026-01-02T03:04:00.000Z"),
            "modification_date": .text("2026-02-03T04:05:00.000Z"),
            "release_date": .text("2026-02-03T04:05:00.000Z"),
        ]
        for (name, value) in expected { #expect(values[name] == value, "\(name)") }
        #expect(values.count == expected.count + 1)
        let layer = try #require(try scratch.store().layer(LayerName(body: "mars", name: "maps")))
        #expect(layer.system == "IAU_2015:49900" && layer.geometryType == "MULTIPOLYGON")
    }

    /// Base cell 4 lies around longitude 0 on the equator, from -45 to 45 degrees and asin(2/3) to both sides; 6 around 180.
    @Test(arguments: [
        ("1/16-19", 315.0, 45.0), ("1/24-27", 135.0, 225.0), ("1/20-23", 45.0, 135.0),
        ("0/4,5", 315.0, 135.0),
    ]) func boxesOnTheCircle(moc: String, west: Double, east: Double) throws {
        try map("part", moc)
        _ = try outlines().refresh()
        let (feature, values) = try row("part")
        #expect(values["c1min"] == .real(west) && values["c1max"] == .real(east))
        guard case .real(let south) = values["c2min"], case .real(let north) = values["c2max"] else {
            Issue.record("no latitudes")
            return
        }
        let edge = asin(2.0 / 3) * 180 / .pi
        #expect(abs(south + edge) < 1e-6 && abs(north - edge) < 1e-6)
        let box = try #require(feature.geometry?.box)
        #expect(box.minX >= -180 && box.maxX <= 180)
        if moc == "1/24-27" {
            // In two pieces at longitude 180: the box stands for it.
            #expect(
                values["s_region"]
                    == .text("Polygon UNKNOWNFrame 135 -41.810315 225 -41.810315 225 41.810315 135 41.810315")
            )
        } else if case .text(let region) = values["s_region"] {
            #expect(
                region.hasPrefix("Polygon UNKNOWNFrame ") && region.split(separator: " ").count >= 2 + 2 * 4)
        }
    }

    /// The outline holds the centres of cells that are covered, and no others.
    @Test(arguments: [0.0, 33.0, -150.5]) func outlinesHoldTheirCells(turn: Double) throws {
        let text = "2/0-3 3/300,301,310 5/7000-7100,12000"
        try map("part", text)
        if turn != 0 {
            let note = AdoptionNote(
                source: "elsewhere", root: nil, body: "mars", lonOffsetDegrees: turn,
                date: "2026-01-01T00:00Z")
            try note.write(inFolder: scratch.path + "/hips/mars/part")
        }
        _ = try outlines().refresh()
        let geometry = try #require(try row("part").0.geometry)
        let moc = try MOC(ascii: text)
        let order = try #require(Order(5))
        var inside = 0
        for npix in Int64(0)..<12 << 10 {
            let cell = try #require(Cell(order: order, npix: npix))
            let centre = cell.centre
            let lon = remainder(centre.lonDeg + turn, 360)
            // What lies on an edge of the map is on both sides.
            if abs(abs(lon) - 180) < 1e-9 { continue }
            let isIn = geometry.holds(Position(lon, centre.latDeg))
            #expect(isIn == moc.contains(cell), "\(npix)")
            inside += isIn ? 1 : 0
        }
        #expect(inside > 300)
    }

    @Test func onlyWhatHasChangedIsMadeAnew() throws {
        let name = try LayerName(body: "mars", name: "maps")
        try map("one", "1/0")
        try map("two", "1/1", body: "mars")
        try map("three", "0/3", body: "moon")
        #expect(try outlines().refresh().written.count == 2)
        let state = try scratch.store().version()
        #expect(try outlines().refresh().kept == [name: 2, LayerName(body: "moon", name: "maps"): 1])
        #expect(try scratch.store().version() == state)
        try map("two", "1/2")
        #expect(try outlines().refresh().written == [name: 2])
        #expect(try row("two").1["coverage"] == .text("1/2"))
        try FileManager.default.removeItem(atPath: scratch.path + "/hips/mars/one")
        #expect(try outlines().refresh().written == [name: 1])
        try FileManager.default.removeItem(atPath: scratch.path + "/hips/mars/two")
        #expect(try outlines().refresh().written == [name: 0])
        #expect(try scratch.store().layer(name) == nil)
        #expect(try outlines().refresh().kept.count == 1)
    }

    @Test func manyAtOnce() async throws {
        let outlines = try outlines()
        for index in 0..<6 { try map("map\(index)", "1/\(index)") }
        let data = scratch.data
        let catalogue = try BodyCatalogue.standard()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { _ = try MapOutlines(data, catalogue: catalogue).refresh() }
            }
            try await group.waitForAll()
        }
        #expect(try outlines.refresh().written.isEmpty)
        #expect(try scratch.features("maps").count == 6)
    }

    @Test func whatIsNotKnownIsTold() throws {
        try map("bare", nil)
        try map("broken", nil)
        try Data("no coverage".utf8).write(
            to: URL(fileURLWithPath: scratch.path + "/hips/mars/broken/Moc.fits"))
        try map("empty", "3/")
        let report = try outlines().refresh()
        #expect(report.remarks.count == 2)
        #expect(report.remarks.contains("mars/bare has no Moc.fits, and no outline"))
        let (feature, values) = try row("bare")
        #expect(feature.geometry == nil && values["c1min"] == .null && values["s_region"] == .null)
        #expect(try row("empty").0.geometry == nil)
        let imported = try LayerName(body: "moon", name: "maps")
        let file = try scratch.write("mine.csv", "lon,lat,name\n1,2,mine\n")
        try scratch.take(file, "maps", body: "moon")
        try map("three", "0/3", body: "moon")
        #expect(try outlines().refresh().remarks.contains { $0.hasPrefix("moon/maps was imported") })
        #expect(try scratch.store().layer(imported)?.count == 1)
    }

    @Test(arguments: [
        ("Mars", "planet"), ("Moon", "satellite"), ("Pluto", "dwarf_planet"), ("Ceres", "dwarf_planet"),
        ("Vesta", "asteroid"), ("Bennu", "asteroid"), ("Eris", "dwarf_planet"), ("Dimorphos", "satellite"),
        ("Didymos", "asteroid"), ("Churyumov-Gerasimenko", "comet"), ("Sun", "star"), ("Charon", "satellite"),
    ]) func classes(name: String, kind: String) throws {
        #expect(MapRow.targetClass(try BodyCatalogue.standard().body(named: name)) == kind)
    }

    @Test(
        arguments: [
            ("2026-01-02T03:04Z", "2026-01-02T03:04:00.000Z"),
            ("2026-01-02T03:04:05", "2026-01-02T03:04:05.000Z"),
            ("2026-01-02T03:04:05.67891Z", "2026-01-02T03:04:05.678Z"), ("yesterday", nil), (nil, nil),
        ] as [(String?, String?)]) func moments(text: String?, moment: String?)
    {
        #expect(MapRow.moment(text) == moment)
    }
}

extension Geometry {
    /// Whether a place is in an odd number of rings.
    fileprivate func holds(_ place: Position) -> Bool {
        guard case .multiPolygon(let polygons) = self else { return false }
        var isIn = false
        for ring in polygons.flatMap({ $0 }) {
            for (a, b) in zip(ring, ring.dropFirst()) where (a.y > place.y) != (b.y > place.y) {
                if place.x < a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x) { isIn.toggle() }
            }
        }
        return isIn
    }
}

import GDAL
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// The GeoPackage itself: what is in it, pages, boxes, and writers beside readers.
@Suite struct StoreTests {
    private let scratch: Scratch
    private let mars: Body
    private let name: LayerName

    init() throws {
        scratch = try Scratch()
        mars = try BodyCatalogue.standard().body(named: "mars")
        name = try LayerName(body: "mars", name: "grid")
    }

    private static let columns = [
        FeatureColumn(name: "number", kind: .integer), FeatureColumn(name: "height", kind: .real, unit: "m"),
    ]

    /// A point at each whole degree of latitude up to 80 and each second one of longitude.
    private func makeGrid() throws {
        let store = try FeatureStore.writing(scratch.data)
        let writer = try LayerWriter(store, name: name, body: mars, columns: Self.columns, mode: .create)
        for lat in stride(from: -80, through: 80, by: 1) {
            for lon in stride(from: -180, to: 180, by: 2) {
                try writer.add(
                    .point(Position(Double(lon), Double(lat))), [.integer(Int64(writer.count)), .real(0.5)])
            }
        }
        try writer.finish(description: "a grid", source: "none", assumptions: ["it is \"one\""])
    }

    @Test func saysWhatItHolds() throws {
        try makeGrid()
        let layer = try #require(try scratch.store().layer(name))
        #expect(layer.count == 161 * 180)
        #expect(layer.columns == Self.columns)
        #expect(layer.geometryType == "POINT")
        #expect(layer.system == "IAU_2015:49900")
        #expect(layer.box == FeatureBox(minX: -180, minY: -80, maxX: 178, maxY: 80))
        #expect(layer.assumptions == ["it is \"one\""])
        #expect(try scratch.store().layer(LayerName(body: "mars", name: "none")) == nil)
    }

    private static let counts: [(FeatureBox, Int)] = [
        (FeatureBox(minX: 0, minY: 0, maxX: 10, maxY: 5), 36),
        (FeatureBox(minX: 0.5, minY: 0.5, maxX: 1.5, maxY: 5), 0),
        (FeatureBox(minX: 170, minY: 10, maxX: -170, maxY: 10), 11),
        (FeatureBox(minX: 170, minY: 10, maxX: 190, maxY: 10), 11),
        (FeatureBox(minX: 350, minY: -1, maxX: 370, maxY: 1), 33),
        (FeatureBox(minX: -180, minY: -90, maxX: 180, maxY: 90), 28980),
        (FeatureBox(minX: -180, minY: 0, maxX: 180, maxY: 90), 14580),
        (FeatureBox(minX: 0, minY: 85, maxX: 10, maxY: 90), 0),
    ]

    /// Counts by hand: the sides of the boxes belong to them.
    @Test(arguments: Self.counts) func boxes(box: FeatureBox, count: Int) throws {
        try makeGrid()
        let store = try scratch.store()
        #expect(try store.count(of: name, box: box) == count)
        // Page by page, in steps that do not divide the number.
        var (seen, last) = (Set<Int64>(), Int64(0))
        while true {
            let page = try store.features(of: name, FeatureQuery(box: box, after: last, limit: 777))
            if page.isEmpty { break }
            #expect(page.allSatisfy { $0.id > last })
            last = try #require(page.last?.id)
            seen.formUnion(page.map(\.id))
        }
        #expect(seen.count == count)
    }

    @Test func findsByKey() throws {
        try makeGrid()
        let store = try scratch.store()
        let feature = try #require(try store.feature(1, of: name))
        #expect(feature.geometry == .point(Position(-180, -80)))
        #expect(feature.values == [.integer(0), .real(0.5)])
        #expect(try store.feature(0, of: name) == nil)
        #expect(try store.feature(161 * 180 + 1, of: name) == nil)
    }

    /// GDAL is the judge of whether the file is what it says.
    @Test func otherProgramsReadIt() throws {
        try makeGrid()
        let (layer, features) = try VectorGeometryCheck.read(
            scratch.path + "/features.gpkg", layer: "mars_grid")
        // WKT2 writes the authority IAU_2015 as a version of the IAU's codes; QGIS finds none without it.
        #expect(layer.crsWKT?.contains("ID[\"IAU\",49900,2015]") == true)
        #expect(layer.crsWKT?.contains("3396190,0") == true)
        #expect(features.count == 161 * 180)
        #expect(layer.fields.map(\.name) == ["number", "height"])
        let bytes = try #require(features.last?.geometry)
        #expect(try WellKnownBinary.read(bytes.span).geometry == .point(Position(178, 80)))
    }

    @Test func readersKeepTheOldLayerWhileAWriterWorks() throws {
        try makeGrid()
        let reader = try scratch.store()
        let store = try FeatureStore.writing(scratch.data)
        let writer = try LayerWriter(store, name: name, body: mars, columns: [], mode: .replace)
        for _ in 0..<6000 { try writer.add(.point(Position(1, 2)), []) }
        #expect(try reader.count(of: name) == 161 * 180)
        #expect(try reader.layers().map(\.name) == [name])
        #expect(throws: FeatureError.busy(path: store.path)) {
            _ = try LayerWriter(store, name: name, body: mars, columns: [], mode: .replace)
        }
        let version = try reader.version()
        try writer.finish(description: "", source: "", assumptions: [])
        #expect(try reader.count(of: name) == 6000)
        #expect(try reader.layer(name)?.columns == [])
        #expect(try reader.version() != version)
    }

    @Test func unfinishedWritersLeaveNothing() throws {
        try makeGrid()
        let store = try FeatureStore.writing(scratch.data)
        func begin() throws {
            let writer = try LayerWriter(store, name: name, body: mars, columns: [], mode: .replace)
            for _ in 0..<6000 { try writer.add(.point(Position(1, 2)), []) }
        }
        try begin()
        #expect(try scratch.store().count(of: name) == 161 * 180)
        let all = try VectorDataset(
            opening: store.path, drivers: ["GPKG"], options: ["LIST_ALL_TABLES=YES"]
        ).layers().map(\.name)
        #expect(all.contains("mars_grid"))
        #expect(!all.contains(GeoPackageSchema.staging))
    }

    @Test func appends() throws {
        try makeGrid()
        let store = try FeatureStore.writing(scratch.data)
        do {
            let writer = try LayerWriter(
                store, name: name, body: mars,
                columns: [
                    FeatureColumn(name: "height", kind: .integer), FeatureColumn(name: "what", kind: .text),
                ],
                mode: .append)
            try writer.add(
                .multiPolygon([[[Position(0, 85), Position(2, 85), Position(1, 87), Position(0, 85)]]]),
                [.integer(3), .text("new")])
            try writer.finish(description: "", source: "more", assumptions: ["another"])
        }
        let layer = try #require(try store.layer(name))
        #expect(layer.count == 161 * 180 + 1)
        #expect(layer.columns.map(\.name) == ["number", "height", "what"])
        #expect(layer.geometryType == "GEOMETRY")
        #expect(layer.box?.maxY == 87)
        #expect(layer.source == "none; more")
        // The index knows the new one.
        let box = FeatureBox(minX: 0, minY: 86, maxX: 3, maxY: 90)
        let found = try store.features(of: name, FeatureQuery(box: box))
        #expect(found.map(\.values) == [[.null, .real(3), .text("new")]])
        #expect(throws: FeatureError.self) {
            let writer = try LayerWriter(
                store, name: name, body: mars, columns: [FeatureColumn(name: "number", kind: .text)],
                mode: .append)
            try writer.add(nil, [.text("one")])
        }
    }

    @Test func removes() throws {
        try makeGrid()
        let store = try FeatureStore.writing(scratch.data)
        try store.remove(name)
        #expect(try store.layers().isEmpty)
        #expect(throws: FeatureError.noLayer(name: "mars/grid", path: store.path, known: [])) {
            try store.remove(name)
        }
        #expect(throws: FeatureError.self) { try store.count(of: name) }
    }

    @Test func refusesOtherFiles() throws {
        #expect(try FeatureStore.reading(DataDirectory(path: scratch.path + "/none")) == nil)
        _ = try scratch.write("features.gpkg", String(repeating: "no database ", count: 200))
        #expect(throws: FeatureError.self) { _ = try FeatureStore.reading(scratch.data) }
        #expect(throws: FeatureError.self) { _ = try FeatureStore.writing(scratch.data) }
    }

    @Test func namesOfLayers() throws {
        #expect(LayerName(table: "52-europa_my_layer")?.description == "52-europa/my_layer")
        for bad in ["", "1a", "A", "a-b", "a b", "_a", "a\"b", String(repeating: "a", count: 49)] {
            #expect(throws: FeatureError.badName(name: bad)) { try LayerName(body: "mars", name: bad) }
        }
    }
}

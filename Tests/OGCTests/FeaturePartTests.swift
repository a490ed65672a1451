import Features
import Maps
import Testing

@testable import OGC

/// The features that queries find, and their number.
struct FeaturePartTests {
    /// What several queries find is of one import, and so is their number.
    @Test func partsAreOfOneImport() throws {
        let small = try SmallFeatures()
        let (store, layer) = (small.service.store, small.service.layers[0])
        let name = layer.name
        let before = try store.layerState(of: name)
        func part(_ count: Int, expecting: LayerState?, readsFirst: Bool = true) throws -> FeaturePart {
            try FeaturePart(
                FeatureType(layer), FeatureProjection(small.service.geographic), system: "",
                isNorthFirst: false, FeatureQuery(limit: count), in: store, expecting: expecting,
                readsFirst: readsFirst)
        }
        var begun = try part(3, expecting: before, readsFirst: false)
        #expect(try part(3, expecting: before).matched == layer.count)
        func replace(_ columns: [FeatureColumn], _ values: [FeatureValue]) throws {
            let writer = try LayerWriter(
                store, name: name, body: small.service.systems.body, columns: columns, mode: .replace)
            for _ in 0..<12 { try writer.add(.point(Position(1, 2)), values) }
            try writer.finish(description: "", source: "", assumptions: [])
        }
        try replace(layer.columns, layer.columns.map { _ in .null })
        let changed = FeatureError.changed(name: name.description, path: store.path)
        #expect(throws: changed) { try begun.next() }
        for (count, readsFirst) in [(3, true), (3, false), (100, true), (0, true)] {
            #expect(throws: changed) { try part(count, expecting: before, readsFirst: readsFirst) }
        }
        #expect(throws: changed) { try store.count(of: name, matching: FeatureQuery(), expecting: before) }
        #expect(throws: changed) { try store.pages(of: name, FeatureQuery(), expecting: before) }
        #expect(OGCException(changed).status == 503 && OGCException(changed).retryAfter == 1)
        #expect(try part(3, expecting: nil).matched == 12)
        #expect(try part(3, expecting: store.layerState(of: name)).matched == 12)
        // The service knows the layer as it was, whose values stood elsewhere.
        try replace(
            [FeatureColumn(name: "other", kind: .text)] + layer.columns,
            [.null] + layer.columns.map { _ in .null })
        #expect(throws: changed) { try part(3, expecting: nil) }
        #expect(try small.features("", type: name.name).status == 503)
    }
}

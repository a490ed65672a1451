import Features
import Glibc
import HiPS
import Maps
import OGC
import PlanetaryFrames
import XML

/// Documents, filters and geometries of requests for features.
struct FilterTarget {
    static let shared = FilterTarget()

    private let systems: MapSystems
    private let store: FeatureStore
    private let layer: FeatureLayer

    private init() {
        let folder = "/tmp/tessera-fuzz-\(getpid())"
        let columns = [
            FeatureColumn(name: "name", kind: .text), FeatureColumn(name: "diam", kind: .real),
            FeatureColumn(name: "day", kind: .date), FeatureColumn(name: "big", kind: .boolean),
        ]
        guard let catalogue = try? BodyCatalogue.standard(), let mars = try? catalogue.body(named: "mars"),
            let systems = try? MapSystems(body: mars, catalogue: catalogue),
            let name = try? LayerName(body: "mars", name: "craters"),
            let store = try? FeatureStore.writing(DataDirectory(path: folder)),
            let writer = try? LayerWriter(store, name: name, body: mars, columns: columns, mode: .create),
            (try? writer.add(
                .point(Position(10, 5)), [.text("a"), .real(1), .text("2013-07-04"), .integer(1)])) != nil,
            (try? writer.add(nil, [.null, .null, .null, .null])) != nil,
            (try? writer.finish(description: "", source: "", assumptions: [])) != nil,
            let layer = try? store.layer(name)
        else { fatalError("no features in \(folder)") }
        self.systems = systems
        self.store = store
        self.layer = layer
    }

    /// What is read keeps to its limits, and names nothing that an element of it does not have.
    func xml(_ bytes: [UInt8]) {
        guard let root = try? XMLElement.parse(bytes, limits: .init(depth: 30, elements: 2000)) else {
            return
        }
        var count = 0
        func walk(_ element: XMLElement, _ depth: Int) {
            count += 1
            require(depth <= 30 && !element.name.isEmpty && element.line >= 1, "\(element.name) at \(depth)")
            for child in element.children { walk(child, depth + 1) }
        }
        walk(root, 1)
        require(count <= 2000, "\(count) elements")
    }

    /// A filter that is read can be asked of a layer, and its opposite finds none of the same features.
    func filter(_ text: String) {
        for axes in [GeometryAxes.xy, .authority] {
            let filter: FeatureFilter
            do { filter = try FilterReader(layer, systems: systems, axes: axes).read(text) } catch {
                require(!error.text.isEmpty && error.text.count < 3000, "\(error.text.count) characters")
                require(error.status == 400 && error.locator == "FILTER", "\(error)")
                continue
            }
            do {
                let found = try store.features(of: layer.name, FeatureQuery(filter: filter)).map(\.id)
                let others = try store.features(of: layer.name, FeatureQuery(filter: .not(filter))).map(\.id)
                require(Set(found).isDisjoint(with: others), "\(found) and \(others)")
                let count = try store.count(of: layer.name, matching: FeatureQuery(filter: filter))
                require(count == found.count, "\(count) of \(found.count)")
            } catch FeatureError.badGeometry {
                // Distances to geometries of too many long edges.
            } catch {
                require(false, "a filter that was read cannot be asked: \(error)")
            }
        }
    }

    /// A geometry that is read lies within the layers' degrees.
    func gml(_ bytes: [UInt8]) {
        if let box = try? BoxReader(systems).read(String(decoding: bytes, as: UTF8.self)) {
            require(box.box.minY <= box.box.maxY, "\(box)")
        }
        guard let element = try? XMLElement.parse(bytes) else { return }
        guard let reading = try? GMLGeometryReader(systems).read(element) else { return }
        reading.geometry.forEachPosition { place in
            require(abs(place.x) <= 180 && abs(place.y) <= 91, "\(place)")
        }
        let query = FeatureQuery(filter: .spatial(.intersects, reading.geometry))
        require((try? store.count(of: layer.name, matching: query)) != nil, "it cannot be asked")
    }
}

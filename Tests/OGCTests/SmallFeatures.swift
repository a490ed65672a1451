import Features
import Glibc
import HiPS
import Maps
import PlanetaryFrames
import XML

@testable import OGC

/// Two layers of Mars in a folder of their own: nine places, one of them on the antimeridian and one at each pole, and
/// shapes over the seam.
final class SmallFeatures: Sendable {
    let path: String
    let service: WebFeatureService

    /// Longitude, latitude and diameter of each place, in the order of their keys from 1 on.
    static let places: [(lon: Double, lat: Double, diameter: Double?)] = [
        (30, 45, 100), (100, 25, 20.5), (-150, -20, nil), (180, 0, 3), (0, 90, 7), (0, -90, 8),
        (99, 24, 0.25),
        (-30, 45, 5), (10.125, -10.0625, 60),
    ]
    /// The usual service, for all tests.
    static let usual: Result<SmallFeatures, any Error> = Result {
        let small = try SmallFeatures()
        // It lives as long as the tests do.
        atexit { (try? SmallFeatures.usual.get())?.remove() }
        return small
    }
    static let address = "http://127.0.0.1/mars/wfs"

    init(options: WebFeatureService.Options = .init()) throws {
        var name = Array("/tmp/tessera-wfs-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&name)!)
        let data = DataDirectory(path: path)
        let catalogue = try BodyCatalogue.standard()
        let mars = try catalogue.body(named: "Mars")
        do {
            let store = try FeatureStore.writing(data)
            try Self.writePlaces(to: store, mars)
            try Self.writeShapes(to: store, mars)
        }
        let systems = try MapSystems(body: mars, catalogue: catalogue)
        let store = try FeatureStore.writing(data)
        service = WebFeatureService(
            identity: ServiceIdentity(), systems: systems, listed: systems.advertised, store: store,
            layers: try store.layers(), address: Self.address, updateSequence: 7, options: options)
    }

    // A writer holds the lock of the file for as long as it is there.
    private static func writePlaces(to store: FeatureStore, _ mars: Body) throws {
        let places = try LayerWriter(
            store, name: LayerName(body: "mars", name: "places"), body: mars,
            columns: [
                FeatureColumn(name: "name", kind: .text),
                FeatureColumn(name: "2nd Größe", kind: .real, unit: "km"),
                FeatureColumn(name: "seen", kind: .date),
                FeatureColumn(name: "flag", kind: .boolean),
                FeatureColumn(name: "number", kind: .integer),
            ], mode: .create)
        for (index, place) in Self.places.enumerated() {
            try places.add(
                .point(Position(place.lon, place.lat)),
                [
                    .text("<\(index + 1)> & \"x\", y"), place.diameter.map { .real($0) } ?? .null,
                    .text("2013-07-0\(index + 1)"), .integer(Int64(index % 2)),
                    .integer(Int64(index * index)),
                ])
        }
        try places.finish(description: "Places", source: "test", assumptions: [])
    }

    private static func writeShapes(to store: FeatureStore, _ mars: Body) throws {
        let shapes = try LayerWriter(
            store, name: LayerName(body: "mars", name: "shapes"), body: mars,
            columns: [FeatureColumn(name: "name", kind: .text)], mode: .create)
        func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [[Position]] {
            [
                [
                    Position(west, south), Position(east, south), Position(east, north),
                    Position(west, north), Position(west, south),
                ]
            ]
        }
        // Over the antimeridian, divided there; a whole turn around the north pole.
        try shapes.add(
            .multiPolygon([box(170, -10, 180, 10), box(-180, -10, -170, 10)]), [.text("seam")])
        try shapes.add(.multiPolygon([box(-180, 80, 180, 90)]), [.text("cap")])
        try shapes.finish(description: "Shapes", source: "test", assumptions: [])
    }

    deinit { remove() }

    private func remove() {
        for file in ["features.gpkg", "features.gpkg-wal", "features.gpkg-shm", "features.gpkg.lock"] {
            unlink(path + "/" + file)
        }
        rmdir(path)
    }

    /// The whole answer to key-value pairs.
    func ask(_ query: String) throws -> OGCAnswer {
        try whole(service.answer(WFSExchange(query: "SERVICE=WFS&" + query)))
    }

    /// The whole answer to a document.
    func post(_ document: String) throws -> OGCAnswer {
        try whole(service.answer(WFSExchange(document: Array(document.utf8))))
    }

    private func whole(_ answer: OGCAnswer) throws -> OGCAnswer {
        var answer = answer
        var rest = answer.rest
        while let piece = try rest?.next() { answer.body += piece }
        answer.rest = nil
        return answer
    }

    func features(_ more: String, type: String = "places", version: String = "2.0.0") throws -> OGCAnswer {
        try ask("VERSION=\(version)&REQUEST=GetFeature&TYPENAMES=\(type)&" + more)
    }
}

extension OGCAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The document.
    func xml() throws -> XMLElement { try XMLElement.parse(body) }

    /// The code of an exception of any version; nil for another answer.
    var exceptionCode: String? {
        guard let root = try? xml(), ["ExceptionReport", "ServiceExceptionReport"].contains(root.name) else {
            return nil
        }
        return root.children.first?.attribute("exceptionCode") ?? root.children.first?.attribute("code")
    }

    /// The keys of the features of a collection in GML, in their order.
    func keys() throws -> [Int] {
        func features(_ element: XMLElement) -> [XMLElement] {
            if element.namespace == "urn:x-tessera:mars", let first = element.attributes.first,
                ["id", "fid"].contains(first.name)
            {
                return [element]
            }
            return element.children.flatMap(features)
        }
        return try features(xml()).compactMap { feature in
            feature.attributes.first.flatMap { Int($0.value.split(separator: ".").last ?? "") }
        }
    }

    /// The texts of all elements of a name.
    func texts(_ name: String) throws -> [String] {
        func texts(_ element: XMLElement) -> [String] {
            (element.name == name ? [element.text] : []) + element.children.flatMap(texts)
        }
        return try texts(xml())
    }
}

import Foundation
import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// A data directory of a test, removed at its end.
final class Scratch {
    let path: String
    var data: DataDirectory { DataDirectory(path: path) }

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/tessera-features-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Imports one of the samples, or a file.
    @discardableResult
    func take(
        _ file: String, _ layer: String, body: String = "mars",
        _ change: (inout ImportRequest) -> Void = { _ in }
    ) throws -> ImportReport {
        let catalogue = try BodyCatalogue.standard()
        let body = try catalogue.body(named: body)
        let source =
            file.hasPrefix("/")
            ? file : try #require(Bundle.module.resourceURL).path + "/Samples/" + file
        var request = ImportRequest(
            path: source, body: body, name: try LayerName(body: body.pathName, name: layer))
        change(&request)
        return try FeatureImporter(request, catalogue: catalogue).run(into: data)
    }

    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
        return path + "/" + name
    }

    func store() throws -> FeatureStore { try #require(try FeatureStore.reading(data)) }

    func features(_ layer: String, _ query: FeatureQuery = FeatureQuery(), body: String = "mars") throws
        -> [Feature]
    {
        try store().features(of: LayerName(body: body, name: layer), query)
    }
}

extension Geometry {
    /// The area in square degrees of the map.
    var area: Double {
        switch self {
        case .polygon(let rings): rings.reduce(0) { $0 + RingTurns.area($1) }
        case .multiPolygon(let polygons): polygons.reduce(0) { $0 + Geometry.polygon($1).area }
        default: 0
        }
    }
}

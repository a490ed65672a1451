import ArgumentParser
import Features
import HiPS

struct Layers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the layers of features of a data directory, or remove one.")

    @Option(help: "The data directory.")
    var data = "data"

    @Option(help: "Remove a layer, <body>/<layer>.")
    var remove: String?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        let body: String
        let name: String
        let features: Int
        let geometry: String
        let crs: String?
        let bbox: [Double]?
        let columns: [ImportDocument.Column]
        let description: String
        let source: String
        let assumptions: [String]
        let changed: String
    }

    func run() throws {
        let directory = DataDirectory(path: data)
        if let remove { return try drop(remove, directory) }
        let layers = try FeatureStore.reading(directory)?.layers() ?? []
        if json {
            print(
                try JSONText.encode(
                    layers.map { layer in
                        Row(
                            body: layer.name.body, name: layer.name.name, features: layer.count,
                            geometry: layer.geometryType, crs: layer.system,
                            bbox: layer.box.map { [$0.minX, $0.minY, $0.maxX, $0.maxY] },
                            columns: layer.columns.map {
                                .init(name: $0.name, type: $0.kind.rawValue, unit: $0.unit)
                            }, description: layer.description, source: layer.source,
                            assumptions: layer.assumptions, changed: layer.lastChange)
                    }))
            return
        }
        if layers.isEmpty {
            print(
                "No layers in \(data); make one with: tessera import FILE --body B --layer L --data \(data)")
        }
        for layer in layers {
            print(
                "\(layer.name)\t\(layer.count) features\t\(layer.geometryType)\t\(layer.system ?? "no code")\t"
                    + layer.description)
        }
    }

    private func drop(_ text: String, _ directory: DataDirectory) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("\(text): expected <body>/<layer>, such as mars/nomenclature")
        }
        let name = try LayerName(body: parts[0], name: parts[1])
        guard try FeatureStore.reading(directory) != nil else {
            throw FeatureError.noLayer(
                name: text, path: FeatureStore.path(in: directory), known: [])
        }
        try FeatureStore.writing(directory).remove(name)
        print("Removed \(text).")
    }
}

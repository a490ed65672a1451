import ArgumentParser
import HEALPix
import HiPS
import Tiles

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the maps of a data directory.")

    @Option(help: "The data directory.")
    var data = "data"

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        let body: String
        let name: String
        let title: String
        let order: Int?
        let formats: [String]
        let path: String
        let adopted: String?
    }

    func run() throws {
        let maps = try DataDirectory(path: data).maps()
        if json {
            print(
                try JSONText.encode(
                    maps.map {
                        Row(
                            body: $0.body, name: $0.name, title: $0.properties.title ?? "",
                            order: $0.properties.order?.value,
                            formats: $0.properties.formats?.map(\.rawValue) ?? [], path: $0.path,
                            adopted: (try? AdoptionNote.read(inFolder: $0.path))?.source)
                    }))
            return
        }
        if maps.isEmpty { print("No maps in \(data)/hips; make one with: tessera build FILE --data \(data)") }
        for map in maps {
            let order = map.properties.order.map { "order \($0.value)" } ?? "no order"
            let adopted =
                (try? AdoptionNote.read(inFolder: map.path)).map { "\tadopted from \($0.source)" } ?? ""
            let formats = map.properties.formats?.map(\.rawValue).joined(separator: ",") ?? ""
            print("\(map.body)/\(map.name)\t\(order)\t\(formats)\t\(map.properties.title ?? "")\(adopted)")
        }
    }
}

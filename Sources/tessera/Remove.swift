import ArgumentParser
import HiPS
import PlanetaryFrames

struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a map from a data directory.")

    @Argument(help: "The map as <body>/<name>.")
    var map: String

    @Option(help: "The data directory.")
    var data = "data"

    func run() throws {
        let parts = map.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("\(map): expected <body>/<name>, such as mars/viking")
        }
        try DataDirectory(path: data).remove(MapName(body: parts[0], name: parts[1]))
        print("Removed \(map).")
        if let failure = Outlines.refresh(data, try BodyCatalogue.standard()) {
            Console.tell("Warning: \(failure)\n")
        }
    }
}

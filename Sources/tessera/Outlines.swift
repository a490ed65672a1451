import ArgumentParser
import Features
import HiPS
import PlanetaryFrames
import Settings
import Storage

struct Outlines: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the layers \"maps\" up to date: the outlines of all maps of a data directory.",
        discussion: """
            Builds, adoptions and removals do so by themselves at their end. This is for maps that came otherwise, and for \
            builds that said that they could not.
            """)

    @Option(help: "The data directory.")
    var data = "data"

    @Option(
        help: ArgumentHelp(
            "A file of bodies that adds to the known ones or overrides them.", valueName: "file"))
    var bodies: String?

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Flag(help: "Print a report as JSON.")
    var json = false

    private struct Document: Encodable {
        let written: [String: Int]
        let kept: [String: Int]
        let remarks: [String]
    }

    func run() throws {
        let known = try BodyCatalogue.standard()
        let catalogue = try bodies.map { try known.adding(try BodiesFile.load(path: $0)) } ?? known
        let directory = DataDirectory(path: data)
        guard directory.exists else {
            throw CommandError("\(data): there is no such directory; name that of the maps with --data")
        }
        let report = try MapOutlines(directory, catalogue: catalogue).refresh()
        if json {
            func named(_ counts: [LayerName: Int]) -> [String: Int] {
                Dictionary(uniqueKeysWithValues: counts.map { ($0.key.description, $0.value) })
            }
            print(
                try JSONText.encode(
                    Document(
                        written: named(report.written), kept: named(report.kept), remarks: report.remarks)))
        } else if !quiet {
            for (name, count) in report.written.sorted(by: { $0.key < $1.key }) {
                print(count == 0 ? "\(name): removed, there are no maps" : "\(name): \(count) outlines")
            }
            for (name, count) in report.kept.sorted(by: { $0.key < $1.key }) {
                print("\(name): \(count) outlines, up to date")
            }
            for remark in report.remarks { print("  \(remark)") }
        }
    }

    /// Does the same at the end of another command, which it never fails.
    /// - Returns: why the outlines are not up to date; nil when they are.
    static func refresh(
        _ data: String, _ catalogue: BodyCatalogue, unless isStopped: () -> Bool = { false }
    ) -> String? {
        guard !Stores.isRemote(data) else { return nil }
        do {
            _ = try MapOutlines(DataDirectory(path: data), catalogue: catalogue).refresh(unless: isStopped)
            return nil
        } catch {
            return "the outlines of the maps are not up to date, tessera outlines makes them: \(error)"
        }
    }
}

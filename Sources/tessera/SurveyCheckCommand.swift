import ArgumentParser
import PlanetaryFrames
import Settings
import Tiler

struct SurveyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check survey files without opening what they name.",
        discussion: """
            Every mistake is told with its line and column; files that would make the same map are told too. Ends with 1 \
            where there is any. Whether a raster fits its survey file, tessera inspect says.
            """)

    @Argument(help: "Survey files.")
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "A file of bodies that adds to the known ones or overrides them.", valueName: "file"))
    var bodies: String?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        let file: String
        let map: String?
        let mistakes: [Mistake]
    }

    private struct Mistake: Encodable {
        let line: Int?
        let column: Int?
        let message: String
    }

    func run() throws {
        let known = try BodyCatalogue.standard()
        let catalogue = try bodies.map { try known.adding(try BodiesFile.load(path: $0)) } ?? known
        var makers: [String: String] = [:]
        var rows: [Row] = []
        for file in files {
            var row = check(file, catalogue)
            if let map = row.map, row.mistakes.isEmpty {
                if let other = makers[map] {
                    let message = "it would become \(map), as would \(other); give each a name of its own"
                    row = Row(
                        file: file, map: map, mistakes: [Mistake(line: nil, column: nil, message: message)])
                } else {
                    makers[map] = file
                }
            }
            rows.append(row)
            if !json { tell(row) }
        }
        let wrong = rows.count { !$0.mistakes.isEmpty }
        if json {
            print(try JSONText.encode(rows))
        } else {
            print("\(rows.count) survey file\(rows.count == 1 ? "" : "s"), \(wrong) with mistakes")
        }
        if wrong > 0 { throw ExitCode.failure }
    }

    private func tell(_ row: Row) {
        for mistake in row.mistakes {
            let place = mistake.line.map { ":\($0):\(mistake.column ?? 1)" } ?? ""
            Console.tell("\(row.file)\(place): \(mistake.message)\n")
        }
    }

    private func check(_ file: String, _ catalogue: BodyCatalogue) -> Row {
        do {
            let survey = try Survey.load(path: file)
            let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
            let request = try BuildRequest(survey, folder: folder, catalogue: catalogue)
            return Row(file: file, map: try request.check(catalogue: catalogue), mistakes: [])
        } catch let error as SettingsError {
            return Row(
                file: file, map: nil,
                mistakes: error.mistakes.map {
                    Mistake(line: $0.line, column: $0.column, message: $0.message)
                })
        } catch {
            return Row(
                file: file, map: nil, mistakes: [Mistake(line: nil, column: nil, message: "\(error)")])
        }
    }
}

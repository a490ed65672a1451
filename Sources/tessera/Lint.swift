import ArgumentParser
import Glibc
import Lint

struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether a HiPS is correct.",
        discussion: """
            LOCATION is the directory that holds "properties", or its address with http://. Names of tiles \
            are all looked at where they can be listed; of the tiles themselves a sample is decoded, which is \
            the same each time, or all with --all. The exit status is 1 when there is an error; warnings do \
            not count.

            With --fix a copy of a directory is made at --to, and what follows from its tiles is written there: \
            Allsky pictures, Moc.fits, most of "properties", and tiles that are missing or damaged but whose \
            children are there. The directory itself is left as it is. What does not follow from anything is \
            told, and the report is that of the copy.
            """)

    @Argument(help: "A directory or a URL.")
    var location: String

    @Flag(help: "Decode every tile.")
    var all = false

    @Option(help: "Number of workers; by default one per core.")
    var jobs: Int?

    @Flag(help: "Make a repaired copy of a directory; needs --to.")
    var fix = false

    @Option(help: "The directory to make for --fix; it must not exist yet.")
    var to: String?

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs \(jobs): expected a number of workers, 1 to 1024")
        }
        if fix, to?.isEmpty ?? true {
            throw ValidationError("--fix needs --to DIRECTORY: a repaired copy is made, never a change")
        }
        if !fix, to != nil {
            throw ValidationError("--to says where --fix makes its copy: give both or none")
        }
    }

    func run() async throws {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let options = LintOptions(all: all, jobs: jobs ?? cores)
        var repair: RepairReport?
        let report: LintReport
        if fix, let to {
            let made = try await Repairer(location, to: to, options: options).run()
            (repair, report) = (made, made.lint)
        } else {
            report = try await Linter(location, options: options).run()
        }
        if json {
            print(try JSONText.encode(LintDocument(report, repair)))
        } else {
            if let repair {
                for line in lines("made", repair.made) + lines("cannot", repair.underivable) { print(line) }
            }
            for line in lines(report) { print(line) }
        }
        if !(repair?.passes ?? report.passes) { throw ExitCode.failure }
    }

    /// The first of a list, as a whole order of tiles may be in it.
    private func lines(_ word: String, _ entries: [RepairReport.Entry]) -> [String] {
        let shown = 40
        var lines = entries.prefix(shown).map { "\(word) \($0)" }
        if entries.count > shown { lines.append("\(word) \(entries.count - shown) more; --json tells all") }
        return lines
    }

    private func lines(_ report: LintReport) -> [String] {
        var lines: [String] = []
        var last: FindingCode?
        var shown = 0
        func finishKind() {
            guard let last, let total = report.counts[last], total > shown else { return }
            lines.append("\(last.severity.rawValue) \(last.rawValue) and \(total - shown) more")
        }
        for finding in report.findings {
            if finding.code != last {
                finishKind()
                (last, shown) = (finding.code, 0)
            }
            lines.append(finding.description)
            shown += 1
        }
        finishKind()
        let listed = report.tilesListed.map { " of \($0)" } ?? ""
        let sample = report.isComplete ? "" : " (a sample; --all for every tile)"
        lines.append(
            "\(report.location): \(counted(report.count(.error), "error")), "
                + "\(counted(report.count(.warning), "warning")); "
                + "\(report.tilesRead)\(listed) tile files decoded, \(SizeText.bytes(report.bytesRead)), in "
                + "\(SizeText.seconds(report.seconds))\(sample)."
        )
        return lines
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}

/// The report of a lint as JSON.
private struct LintDocument: Encodable {
    struct Row: Encodable {
        let severity: String
        let code: String
        let path: String
        let found: String
        let expected: String
    }

    struct Entry: Encodable {
        let path: String
        let text: String

        init(_ entry: RepairReport.Entry) {
            path = entry.path
            text = entry.text
        }
    }

    let location: String
    let made: [Entry]?
    let underivable: [Entry]?
    let passes: Bool
    let errors: Int
    let warnings: Int
    let counts: [String: Int]
    let findings: [Row]
    let tilesRead: Int
    let tilesListed: Int?
    let bytesRead: Int
    let complete: Bool
    let seconds: Double

    init(_ report: LintReport, _ repair: RepairReport?) {
        made = repair?.made.map(Entry.init)
        underivable = repair?.underivable.map(Entry.init)
        location = report.location
        passes = repair?.passes ?? report.passes
        errors = report.count(.error)
        warnings = report.count(.warning)
        counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) })
        findings = report.findings.map {
            Row(
                severity: $0.severity.rawValue, code: $0.code.rawValue, path: $0.path, found: $0.found,
                expected: $0.expected)
        }
        tilesRead = report.tilesRead
        tilesListed = report.tilesListed
        bytesRead = report.bytesRead
        complete = report.isComplete
        seconds = report.seconds
    }
}

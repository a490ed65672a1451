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
            """)

    @Argument(help: "A directory or a URL.")
    var location: String

    @Flag(help: "Decode every tile.")
    var all = false

    @Option(help: "Number of workers; by default one per core.")
    var jobs: Int?

    @Flag(help: "Print a report as JSON.")
    var json = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) {
            throw ValidationError("--jobs \(jobs): expected a number of workers, 1 to 1024")
        }
    }

    func run() async throws {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let report = try await Linter(location, options: LintOptions(all: all, jobs: jobs ?? cores)).run()
        if json {
            print(try JSONText.encode(LintDocument(report)))
        } else {
            for line in lines(report) { print(line) }
        }
        if !report.passes { throw ExitCode.failure }
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

    let location: String
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

    init(_ report: LintReport) {
        location = report.location
        passes = report.passes
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

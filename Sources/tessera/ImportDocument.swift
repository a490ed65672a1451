import Features

/// The report of an import as JSON, and as lines for people.
struct ImportDocument: Encodable {
    struct Finding: Encodable {
        let what: String
        let features: Int
        let first: Int
        let text: String
    }

    struct Column: Encodable {
        let name: String
        let type: String
        let unit: String?
    }

    let layer: String
    let format: String
    let read: Int
    let written: Int
    let coordinates: String
    let assumptions: [String]
    let findings: [Finding]
    let columns: [Column]
    let renamed: [String: String]
    let remarks: [String]
    let seconds: Double

    init(_ report: ImportReport) {
        layer = report.layer.description
        format = report.format
        read = report.read
        written = report.written
        coordinates = report.coordinates
        assumptions = report.assumptions
        findings = report.tally.counts.map { finding, count in
            Finding(
                what: finding.rawValue, features: count.features, first: count.first, text: finding.text)
        }
        .sorted { $0.what < $1.what }
        columns = report.columns.map { Column(name: $0.name, type: $0.kind.rawValue, unit: $0.unit) }
        renamed = report.renamed
        remarks = report.remarks
        seconds = report.seconds
    }

    /// What happened, for people.
    static func lines(_ report: ImportReport) -> [String] {
        let document = ImportDocument(report)
        var lines = [
            "\(document.layer): \(report.written) of \(report.read) features (\(report.format)) in "
                + SizeText.seconds(report.seconds)
        ]
        lines += report.assumptions.map { "  " + $0 }
        lines += document.findings.map { "  \($0.features): \($0.text) (the first is number \($0.first))" }
        lines += report.remarks.map { "  " + $0 }
        lines += report.renamed.sorted { $0.key < $1.key }.map {
            "  the column \"\($0.key)\" became \"\($0.value)\""
        }
        return lines
    }
}

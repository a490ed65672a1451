/// Writes the text format of Prometheus, version 0.0.4.
struct ExpositionText {
    private(set) var text = ""

    /// The lines above the samples of a metric.
    mutating func family(_ name: String, _ kind: Metrics.Reading.Kind, _ help: String) {
        head(name, kind.rawValue, help)
    }

    /// The lines above the samples of a histogram.
    mutating func histogram(_ name: String, _ help: String) {
        head(name, "histogram", help)
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: UInt64) {
        sample(name, labels, String(value))
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
        // Numbers of bytes are whole, and read better so.
        let isWhole = value == value.rounded() && abs(value) < 1e15
        sample(name, labels, isWhole ? String(Int(value)) : "\(value)")
    }

    private mutating func head(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let inside = labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",")
        text += name + (inside.isEmpty ? "" : "{" + inside + "}") + " " + value + "\n"
    }
}

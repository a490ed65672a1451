/// The measurements as text.
enum Report {
    /// A table of names and nanoseconds.
    static func table(_ results: [Measurement]) -> String {
        let width = results.map(\.name.count).max() ?? 0
        let lines = results.map { result in
            let padding = String(repeating: " ", count: width - result.name.count)
            let number = decimals(result.nanosecondsPerPixel)
            let blank = String(repeating: " ", count: max(0, 9 - number.count))
            let note = result.note.isEmpty ? "" : "  (\(result.note))"
            return result.name + padding + blank + number + note
        }
        return (["ns per pixel, least of many repeats"] + lines).joined(separator: "\n")
    }

    /// An object of names and nanoseconds; names hold no character that JSON would want escaped.
    static func json(_ results: [Measurement]) -> String {
        let lines = results.map { "  \"\($0.name)\": \(decimals($0.nanosecondsPerPixel))" }
        return "{\n" + lines.joined(separator: ",\n") + "\n}"
    }

    /// A positive number with three decimals.
    private static func decimals(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

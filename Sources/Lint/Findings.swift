/// Findings as they come in: all are counted, of each kind only the first by path are kept.
///
/// A HiPS of a million tiles whose format is damaged would otherwise fill the memory with complaints. What is
/// kept does not depend on the sequence in which findings come in.
struct Findings: Sendable {
    /// How many of a kind are kept.
    static let kept = 20

    private(set) var counts: [FindingCode: Int] = [:]
    private var examples: [FindingCode: [Finding]] = [:]

    /// - Parameter count: for how many of its kind a finding stands.
    mutating func add(
        _ code: FindingCode, _ path: String, found: String, expected: String, count: Int = 1
    ) {
        counts[code, default: 0] += count
        keep(Finding(code, path: path, found: found, expected: expected))
    }

    mutating func merge(_ other: Findings) {
        counts.merge(other.counts, uniquingKeysWith: +)
        for finding in other.examples.values.joined() { keep(finding) }
    }

    private mutating func keep(_ finding: Finding) {
        var list = examples[finding.code] ?? []
        if list.count == Self.kept, let last = list.last, !(finding < last) { return }
        let place = list.firstIndex { finding < $0 } ?? list.count
        list.insert(finding, at: place)
        if list.count > Self.kept { list.removeLast() }
        examples[finding.code] = list
    }

    /// What is kept, the worst first.
    var sorted: [Finding] { examples.values.joined().sorted() }
}

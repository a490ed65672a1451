import Foundation
import Testing

/// Text tables of truth beside the tests: lines of columns between tabs, `#` starts a comment line.
enum Tables {
    /// The rows of a table, at least `least`, so that a test on an empty table fails.
    static func rows(_ name: String, least: Int) throws -> [[Substring]] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let text = try String(contentsOf: folder.appendingPathComponent("Tables/" + name), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        try #require(rows.count >= least, "\(name) has \(rows.count) rows")
        return rows
    }
}

extension StringProtocol {
    /// The whole text as a number.
    func number() throws -> Double { try #require(Double(self), "not a number: \(self)") }

    /// The whole text as an integer.
    func integer() throws -> Int { try #require(Int(self), "not an integer: \(self)") }
}

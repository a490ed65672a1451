import Foundation
import Testing

/// Files of truth beside the tests.
enum Tables {
    /// The path of a file.
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Tables/" + name)
            .path
    }

    /// The rows of a text table, at least `least`, so that a test on an empty table fails; columns between
    /// tabs, `#` starts a comment line.
    static func rows(_ name: String, least: Int) throws -> [[Substring]] {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
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

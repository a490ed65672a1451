import Foundation

/// A text table of truth: one row per line, fields between bars, `#` lines are comments.
enum Table {
    static func text(_ name: String) throws -> String {
        let url = Bundle.module.bundleURL.appendingPathComponent("Tables/\(name)")
        return try String(contentsOf: url, encoding: .utf8)
    }

    static func rows(_ name: String) throws -> [[String]] {
        try text(name).split(separator: "\n", omittingEmptySubsequences: true)
            .filter { !$0.hasPrefix("#") }
            .map { line in
                line.split(separator: "|", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
    }
}

extension Error {
    /// The name of an enum error's case.
    var caseName: String { Mirror(reflecting: self).children.first?.label ?? "\(self)" }
}

import Foundation
import HEALPix
import Testing

/// A text table of truth: lines of columns between blanks, `#` starts a comment line.
struct Table {
    let name: String
    let rows: [Row]

    struct Row {
        let line: String
        let columns: [Substring]

        func int(_ i: Int) throws -> Int64 { try #require(Int64(columns[i]), "column \(i) of: \(line)") }

        func small(_ i: Int) throws -> Int { try #require(Int(columns[i]), "column \(i) of: \(line)") }

        func double(_ i: Int) throws -> Double {
            try #require(Double(columns[i]), "column \(i) of: \(line)")
        }

        func direction(_ i: Int) throws -> Direction {
            Direction(lonRad: try double(i), latRad: try double(i + 1))
        }

        func order(_ i: Int) throws -> Order {
            try #require(Order(try small(i)), "column \(i) of: \(line)")
        }

        func cell(_ i: Int) throws -> Cell {
            try #require(Cell(order: try order(i), npix: try int(i + 1)), "columns \(i) and next of: \(line)")
        }

        /// Ascending ranges as `first-last,first-last`, `-` for none.
        func ranges(_ i: Int) throws -> [Range<Int64>] {
            guard columns[i] != "-" else { return [] }
            return try columns[i].split(separator: ",").map { part in
                let ends = try part.split(separator: "-").map { try #require(Int64($0)) }
                return ends[0]..<(try #require(ends.last)) + 1
            }
        }
    }

    /// Reads `Tables/<name>.txt` and expects at least `least` rows, so that a test on an empty table fails.
    init(_ name: String, least: Int) throws {
        self.name = name
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Tables"))
        let text = try String(contentsOf: url, encoding: .utf8)
        rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            Row(line: String(line), columns: line.split(separator: " "))
        }
        try #require(rows.count >= least, "\(name) has \(rows.count) rows")
    }
}

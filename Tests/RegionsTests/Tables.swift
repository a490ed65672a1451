import Foundation

/// Files of truth beside the tests.
enum Tables {
    /// The bytes of a file.
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return Array(try Data(contentsOf: folder.appendingPathComponent("Tables/" + name)))
    }

    /// The lines of a text table without its head, split at tabs.
    static func rows(_ name: String) throws -> [[String]] {
        let text = String(decoding: try bytes(name), as: UTF8.self)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

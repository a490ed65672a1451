import Foundation
import PlanetaryFrames
import Testing

@testable import Rasters

/// Real labels and files, and those made for the tests; see Samples/README.md for where they come from.
enum Samples {
    static let folder = Bundle.module.resourceURL!.appendingPathComponent("Samples").path

    static func path(_ name: String) -> String { folder + "/" + name }

    /// The folder of the repository, for the demo maps and their truth.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// A source of the surveys that come with the repository.
    static func shipped(_ name: String) -> String { repository + "/surveys/" + name }

    /// Lines of words of a table.
    static func table(_ name: String) throws -> [[String]] {
        try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
    }

    /// A copy of a label in a folder of its own, beside samples.
    static func label(_ path: String, image: String, _ samples: [UInt8]) throws -> String {
        let folder = try Scratch.folder()
        let label = folder.appendingPathComponent(URL(fileURLWithPath: path).lastPathComponent)
        try FileManager.default.copyItem(atPath: path, toPath: label.path)
        try Data(samples).write(to: folder.appendingPathComponent(image))
        return label.path
    }
}

extension RasterSource {
    /// The value at the centre of the pixel that covers a place.
    func value(longitude: Double, latitude: Double) throws -> Float? {
        let column = try #require(
            lattice.position(fileColumn: lattice.fileColumn(steps: lattice.steps(longitude: longitude))))
        let row = try #require(lattice.rowPosition(lattice.row(latitude: latitude)))
        let across = column.index + (column.fraction > 0.5 ? 1 : 0)
        let down = row.index + (row.fraction > 0.5 ? 1 : 0)
        return try window(Float.self, columns: across..<(across + 1), rows: down..<(down + 1))[0]
    }

    func belief(_ topic: Belief.Topic) -> [Belief] { beliefs.filter { $0.topic == topic } }
}

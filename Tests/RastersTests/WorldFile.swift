import Foundation

@testable import Rasters

/// A small PNG with a world file of any numbers in a folder of its own.
struct WorldFile {
    private let folder: URL

    init(_ transform: [Double]) throws {
        folder = try Scratch.folder()
        try FileManager.default.copyItem(
            at: URL(fileURLWithPath: Tables.path("world.png")), to: folder.appendingPathComponent("map.png"))
        // The order of world files, whose origin is the centre of the first pixel.
        let centre = (
            transform[0] + (transform[1] + transform[2]) / 2, transform[3] + (transform[4] + transform[5]) / 2
        )
        let numbers = [transform[1], transform[4], transform[2], transform[5], centre.0, centre.1]
        try numbers.map { "\($0)\n" }.joined()
            .write(to: folder.appendingPathComponent("map.wld"), atomically: true, encoding: .utf8)
    }

    func refusal() -> String {
        TestRaster.refusal(
            folder.appendingPathComponent("map.png").path, SourceDeclaration(crs: TestRaster.mars))
    }
}

import Foundation
import Testing

/// Files that lie about themselves: refused soon, with a message, and without a trace in the data directory.
@Suite struct HostileInputTests {
    /// Runs `build` and expects a refusal within a time and without a trace.
    private func expectRefusal(
        _ arguments: [String], words: [String], in scratch: Scratch, data: String = "maps",
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let clock = ContinuousClock()
        let started = clock.now
        let outcome = try await Program.run(["build", "--data", data] + arguments, in: scratch.path)
        // A machine under load may be slow; what never ends is what is looked for.
        #expect(clock.now - started < .seconds(60), sourceLocation: location)
        #expect(outcome.status == 1, "\(arguments): \(outcome.errors)", sourceLocation: location)
        for word in words {
            #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)", sourceLocation: location)
        }
        #expect(!outcome.errors.contains("Fatal error"), sourceLocation: location)
        let left = scratch.files(below: data)
        #expect(left == [] || left == ["hips"], "\(left)", sourceLocation: location)
    }

    /// A PNG of a size that its few bytes do not hold.
    private func png(width: UInt32, height: UInt32) -> [UInt8] {
        func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + data
            var crc: UInt32 = 0xFFFF_FFFF
            for byte in body {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            }
            return bytes(UInt32(data.count)) + body + bytes(~crc)
        }
        let empty: [UInt8] = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", bytes(width) + bytes(height) + [8, 0, 0, 0, 0]) + chunk("IDAT", empty)
            + chunk("IEND", [])
    }

    /// A little-endian TIFF of one strip that states a size and holds a few bytes.
    private func tiff(side: UInt32) -> [UInt8] {
        func little(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let tags: [(UInt32, UInt32, UInt32)] = [
            (256, 4, side), (257, 4, side), (258, 4, 8), (259, 4, 1), (262, 4, 1), (273, 4, 122), (277, 4, 1),
            (278, 4, side), (279, 4, 64),
        ]
        var bytes: [UInt8] = [0x49, 0x49, 42, 0] + little(8) + [UInt8(tags.count), 0]
        for (tag, type, value) in tags { bytes += little(tag | type << 16) + little(1) + little(value) }
        return bytes + little(0) + [UInt8](repeating: 7, count: 64)
    }

    private let global = "body: mars\nextent: [-180, -90, 180, 90]\n"

    @Test func sizesThatAreNotThere() async throws {
        let scratch = try Scratch()
        try Data(png(width: 65_000, height: 65_000)).write(to: URL(fileURLWithPath: scratch.file("bomb.png")))
        try scratch.write(global + "inputs: bomb.png\norder: 1\n", to: "bomb.yaml")
        try await expectRefusal(["bomb.yaml"], words: ["bomb.png"], in: scratch)
        for side in [UInt32(1_000_000), 30_000, 0] {
            try Data(tiff(side: side)).write(to: URL(fileURLWithPath: scratch.file("lies.tif")))
            try scratch.write(global + "inputs: lies.tif\norder: 1\n", to: "lies.yaml")
            try await expectRefusal(["lies.yaml"], words: ["lies.tif"], in: scratch)
        }
    }

    @Test func numbersThatAreNone() async throws {
        let scratch = try Scratch()
        for transform in [
            [Double.infinity, 0.5, 0, 26.5, 0, -0.5], [93.5, .infinity, 0, 26.5, 0, -0.5],
            [93.5, 0.5, 0, -.infinity, 0, -0.5], [93.5, 0.5, 0, 26.5, 0, .nan],
            [1e300, 1e300, 0, 0, 0, -1e300],
        ] {
            try scratch.writeRaster("odd.tif", geoTransform: transform)
            try await expectRefusal(["odd.tif"], words: ["odd.tif"], in: scratch)
        }
        try Data(png(width: 4, height: 2)).write(to: URL(fileURLWithPath: scratch.file("map.png")))
        for line in ["nan", "inf", "-inf", "1e999", "x", ""] {
            try scratch.write("\(line)\n0\n0\n-0.5\n10\n20\n", to: "map.wld")
            try await expectRefusal(
                ["map.png", "--crs", "IAU_2015:49900"], words: ["map.png"], in: scratch)
        }
    }

    @Test func placesThatAreNoFiles() async throws {
        let scratch = try Scratch()
        #expect(mkfifo(scratch.file("pipe.tif"), 0o600) == 0)
        try await expectRefusal(["pipe.tif"], words: ["pipe.tif", "pipe or a device"], in: scratch)
        #expect(mkfifo(scratch.file("pipe.yaml"), 0o600) == 0)
        try await expectRefusal(["pipe.yaml"], words: ["pipe.yaml"], in: scratch)
        try FileManager.default.createDirectory(
            atPath: scratch.file("folder.yaml"), withIntermediateDirectories: false)
        try await expectRefusal(["folder.yaml"], words: ["folder.yaml", "directory"], in: scratch)
        try scratch.write("inputs: gone.tif\n", to: "gone.yaml")
        try await expectRefusal(["gone.yaml"], words: ["gone.tif", "No such file"], in: scratch)
        guard getuid() != 0 else { return }
        try scratch.writeRaster("secret.tif")
        chmod(scratch.file("secret.tif"), 0)
        try await expectRefusal(["secret.tif"], words: ["secret.tif", "Permission denied"], in: scratch)
    }

    @Test func aMapThatTheDiskCannotHold() async throws {
        let scratch = try Scratch()
        try scratch.write(
            "inputs: \(surveys)/mars/mars_mola_180.tif\norder: 17\nformats: fits\ncut: [0, 1]\n",
            to: "deep.yaml")
        try await expectRefusal(
            ["deep.yaml", "--force"], words: ["mars/mars_mola_180", "at least", "--no-space-check"],
            in: scratch)
    }
}

import Foundation
import HiPS
import Testing

/// A HiPS that is there already, taken over by link, by copy and from a server.
@Suite struct AdoptCommandTests {
    private static let tile = "Norder1/Dir0/Npix23.png"

    /// Builds the map that is adopted, in a data directory of another user.
    private func madeElsewhere(in scratch: Scratch) async throws {
        try scratch.writeRaster("heights.tif")
        let build = try await Program.run(
            ["build", "heights.tif", "--data", "theirs", "--formats", "png", "--quiet"], in: scratch.path)
        #expect(build.status == 0, "\(build.errors)")
    }

    private func adopt(_ arguments: [String], in scratch: Scratch) async throws -> Program.Outcome {
        try await Program.run(["adopt"] + arguments + ["--body", "mars", "--data", "ours"], in: scratch.path)
    }

    private func properties(_ name: String, in scratch: Scratch) throws -> HiPSProperties {
        try HiPSProperties(
            parsing: String(decoding: try scratch.bytes("ours/hips/mars/\(name)/properties"), as: UTF8.self))
    }

    @Test func linksAndCopiesAreServedListedAndLinted() async throws {
        let scratch = try Scratch()
        try await madeElsewhere(in: scratch)
        let source = "theirs/hips/mars/heights"
        for (name, more) in [("linked", []), ("copied", ["--copy"])] {
            let outcome = try await adopt(
                [source, "--name", name, "--lon-offset", "180", "--title", "Heights of \(name)"] + more,
                in: scratch)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let properties = try properties(name, in: scratch)
            #expect(properties["obs_title"] == "Heights of \(name)")
            #expect(properties["tessera_lon_offset"] == "180")
            #expect(properties["hips_body"] == "mars")
            let lint = try await Program.run(["lint", "ours/hips/mars/\(name)", "--all"], in: scratch.path)
            #expect(lint.status == 0, "\(lint.output)\(lint.errors)")
        }
        let tile = try scratch.bytes("\(source)/\(Self.tile)")
        #expect(try scratch.bytes("ours/hips/mars/copied/\(Self.tile)") == tile)
        #expect(!scratch.exists("ours/hips/mars/linked/\(Self.tile)"))

        let list = try await Program.run(["list", "--data", "ours"], in: scratch.path)
        #expect(list.output.contains("mars/linked") && list.output.contains("mars/copied"))
        let (server, client) = try await Running.server("ours", in: scratch)
        for name in ["linked", "copied"] {
            let reply = try await client.ask("/hips/mars/\(name)/\(Self.tile)")
            #expect(reply.status == 200)
            #expect(reply.body == tile, "\(name)")
        }
        server.terminate()
        #expect(await server.waitUntilExit() == 0)

        // Who removes the link leaves what it leads to.
        let removal = try await Program.run(["remove", "mars/linked", "--data", "ours"], in: scratch.path)
        #expect(removal.status == 0, "\(removal.errors)")
        #expect(!scratch.exists("ours/hips/mars/linked"))
        #expect(try scratch.bytes("\(source)/\(Self.tile)") == tile)
    }

    @Test func aServedMapIsMirrored() async throws {
        let scratch = try Scratch()
        try await madeElsewhere(in: scratch)
        let (server, client) = try await Running.server("theirs", in: scratch)
        let address = "http://127.0.0.1:\(client.port)/hips/mars/heights"
        let outcome = try await adopt([address, "--name", "mirror", "--rate", "1000"], in: scratch)
        #expect(outcome.status == 0, "\(outcome.errors)")
        server.terminate()
        #expect(await server.waitUntilExit() == 0)
        let tiles = scratch.files(below: "theirs/hips/mars/heights").filter { $0.contains("Npix") }
        #expect(tiles.contains(Self.tile))
        #expect(scratch.files(below: "ours/hips/mars/mirror").filter { $0.contains("Npix") } == tiles)
        for tile in tiles {
            let isSame =
                try scratch.bytes("ours/hips/mars/mirror/\(tile)")
                == (try scratch.bytes("theirs/hips/mars/heights/\(tile)"))
            #expect(isSame, "\(tile)")
        }
        #expect(try properties("mirror", in: scratch)["tessera_adopted_from"] == address)
    }

    @Test func whatCannotBeAdoptedIsSaidAndLeavesNothing() async throws {
        let scratch = try Scratch()
        try await madeElsewhere(in: scratch)
        let (server, client) = try await Running.server("theirs", in: scratch)
        for (arguments, words) in [
            (["absent"], "absent"), (["theirs/hips/mars/heights", "--lon-offset", "400"], "lon-offset"),
            (["http://127.0.0.1:\(client.port)/hips/mars/none"], "mars/none"),
        ] {
            let outcome = try await adopt(arguments, in: scratch)
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(!scratch.files(below: "ours").contains { $0.hasPrefix("hips/mars/") }, "\(arguments)")
        }
        server.terminate()
        #expect(await server.waitUntilExit() == 0)
    }
}

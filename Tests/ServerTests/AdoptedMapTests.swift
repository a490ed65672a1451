import Glibc
import HiPS
import Testing

@testable import Server

/// Maps whose tiles lie elsewhere: a note beside the properties says where.
@Suite struct AdoptedMapTests {
    private static func adopt(_ root: String, in files: TemporaryDirectory) throws {
        files.write(
            "creator_did = ivo://localhost/moon/lroc\nobs_title = Adopted\n", to: "hips/moon/lroc/properties")
        let note = AdoptionNote(source: root, root: root, body: "moon", date: "2026-01-02T03:04Z")
        try note.write(inFolder: files.path + "/hips/moon/lroc")
    }

    @Test func tilesComeFromTheRoot() async throws {
        let others = TemporaryDirectory()
        Fixture.map(in: others, at: "lroc", build: "theirs")
        others.write(Fixture.secret, to: "secret.txt")
        others.link("lroc/Norder1/Dir0/Npix6.png", to: "../../../secret.txt")
        try await Fixture.serve { server async throws in
            try Self.adopt(others.path + "/lroc", in: server.files)
            server.files.write("ours", to: "hips/moon/lroc/Norder1/Dir0/Npix6.png")
            let root = "/hips/moon/lroc/"
            for name in [Fixture.tile, "Moc.fits", "preview.jpg", "Norder1/Allsky.jpg"] {
                let reply = try await server.ask(root + name)
                #expect(reply.status == 200 && reply.text == "\(name) of build theirs", "\(name)")
            }
            let properties = try HiPSProperties(parsing: try await server.ask(root + "properties").text)
            #expect(properties.title == "Adopted")
            #expect(properties["hips_service_url"] == "http://test.example:81/hips/moon/lroc")
            #expect(try await server.ask("/hipslist").text.contains("/hips/moon/lroc\n"))
            // Nothing beside the note but the properties, and nothing outside the root.
            for name in ["Norder1/Dir0/Npix6.png", "adoption.json", "../secret.txt"] {
                let reply = try await server.ask(root + name)
                #expect(reply.status == 404 || reply.status == 400, "\(name)")
                #expect(!reply.text.contains(Fixture.secret) && reply.text != "ours")
            }
        }
        #expect(others.exists("lroc/properties"))
    }

    @Test func aRootThatIsGoneIsNoEmptyMap() async throws {
        let others = TemporaryDirectory()
        Fixture.map(in: others, at: "lroc", build: "theirs")
        try await Fixture.serve(cacheBytes: 0) { server async throws in
            try Self.adopt(others.path + "/lroc", in: server.files)
            let tile = "/hips/moon/lroc/" + Fixture.tile
            #expect(try await server.ask(tile).status == 200)
            rename(others.path + "/lroc", others.path + "/away")
            // A state is looked at again after a second.
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await server.ask(tile).status == 503)
            #expect(try await server.ask("/hips/moon/lroc/properties").status == 200)
            Fixture.map(in: others, at: "lroc", build: "another")
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await server.ask(tile).text == Fixture.tile + " of build another")
        }
    }

    @Test func aNoteThatIsNoneIsTold() async throws {
        try await Fixture.serve { server async throws in
            Fixture.map(in: server.files, at: "hips/moon/lroc", build: "ours")
            server.files.write("{\"root\": \"../../mars\"}", to: "hips/moon/lroc/adoption.json")
            #expect(try await server.ask("/hips/moon/lroc/" + Fixture.tile).status == 503)
            // The other maps are served, and the list of all.
            #expect(try await server.ask("/hips/mars/viking/" + Fixture.tile).status == 200)
            #expect(try await server.ask("/hipslist").status == 200)
            // A note that is mended is seen.
            unlink(server.files.path + "/hips/moon/lroc/adoption.json")
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await server.ask("/hips/moon/lroc/" + Fixture.tile).status == 200)
        }
    }
}

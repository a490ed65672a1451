import Foundation
import HiPS
import Testing

@Suite struct ServeCommandTests {
    @Test func aBuiltMapIsServed() async throws {
        let scratch = try Scratch()
        try scratch.writeRaster("heights.tif")
        let build = try await Program.run(
            ["build", "heights.tif", "--data", "maps", "--quiet"], in: scratch.path)
        #expect(build.status == 0, "\(build.errors)")
        let (server, client) = try await Running.server("maps", in: scratch)
        let root = "http://127.0.0.1:\(client.port)"

        let properties = try await client.ask("/hips/mars/heights/properties")
        #expect(properties.status == 200)
        #expect(properties.fields["content-type"]?.hasPrefix("text/plain") == true)
        #expect(
            try HiPSProperties(parsing: properties.text)["hips_service_url"] == root + "/hips/mars/heights")

        for (name, type) in [
            ("Norder1/Dir0/Npix23.fits", "image/fits"), ("Norder1/Dir0/Npix23.png", "image/png"),
            ("Norder0/Allsky.png", "image/png"), ("Moc.fits", "application/fits"),
            ("preview.jpg", "image/jpeg"),
        ] {
            let path = "/hips/mars/heights/" + name
            let reply = try await client.ask(path)
            #expect(reply.status == 200)
            let isSame = reply.body == (try scratch.bytes("maps" + path))
            #expect(isSame, "\(name)")
            #expect(reply.fields["content-type"] == type)
            #expect(reply.fields["access-control-allow-origin"] == "*")
            #expect(reply.fields["cache-control"] != nil)
            let tag = try #require(reply.fields["etag"])
            let head = try await client.ask(path, method: "HEAD")
            #expect((head.status, head.body.count) == (200, 0))
            #expect(head.fields["content-length"] == String(reply.body.count))
            #expect(head.fields["etag"] == tag)
            let unchanged = try await client.ask(path, fields: ["If-None-Match": tag])
            #expect((unchanged.status, unchanged.body.count) == (304, 0))
            #expect(unchanged.fields["access-control-allow-origin"] == "*")
            #expect(try await client.ask("//hips//mars/heights//" + name).status == 200)
        }

        let list = try await client.ask("/hipslist")
        #expect(list.status == 200)
        #expect(list.text.contains("creator_did"))
        #expect(list.text.contains(root + "/hips/mars/heights"))
        let page = try await client.ask("/")
        #expect(page.status == 200)
        #expect(page.fields["content-type"]?.hasPrefix("text/html") == true)
        #expect(page.text.contains("/hips/mars/heights/"))

        for path in [
            "/hips/mars/heights/Norder1/Dir0/Npix0.png", "/hips/mars/absent/properties", "/nothing",
            "/hips/mars/heights/../../../../heights.tif",
            "/hips/mars/heights/%2e%2e/%2e%2e/%2e%2e/%2e%2e/heights.tif",
            "/hips/mars/..%2f..%2f..%2fheights.tif", "/hips/mars/.heights.partial/properties",
        ] {
            let reply = try await client.ask(path)
            #expect([400, 404].contains(reply.status), "\(path)")
            #expect(reply.fields["access-control-allow-origin"] == "*", "\(path)")
        }

        // A map that is built while the server runs is there at once, and so is its replacement.
        try scratch.writeRaster("later.tif")
        _ = try await Program.run(["build", "later.tif", "--data", "maps", "--quiet"], in: scratch.path)
        #expect(try await client.ask("/hips/mars/later/properties").status == 200)

        server.terminate()
        #expect(await server.waitUntilExit() == 0)
    }

    @Test func whatCannotBeServedIsSaid() async throws {
        let scratch = try Scratch()
        let missing = try await Program.run(["serve", "--data", "absent", "--port", "0"], in: scratch.path)
        #expect(missing.status == 1)
        #expect(missing.errors.contains("absent") && missing.errors.contains("build"))
        for arguments in [["--port", "65536"], ["--port", "-1"], ["--cache", "-1"]] {
            let outcome = try await Program.run(["serve", "--data", "."] + arguments, in: scratch.path)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(arguments[0]))
        }
        let (first, client) = try await Running.server(".", in: scratch)
        let second = try await Program.run(
            ["serve", "--data", ".", "--port", String(client.port)], in: scratch.path)
        #expect(second.status == 1)
        #expect(second.errors.contains("\(client.port)") && second.errors.contains("--port"))
        #expect(try await client.ask("/").status == 200, "a data directory without maps has a page too")
        first.terminate()
        #expect(await first.waitUntilExit() == 0)
    }

    @Test func settingsOfAFileAreCheckedBeforeAnythingIsServed() async throws {
        let scratch = try Scratch()
        try scratch.write("hots: 0.0.0.0\nlimits:\n  queue: many\n", to: "wrong.yaml")
        let wrong = try await Program.run(["serve", "--config", "wrong.yaml"], in: scratch.path)
        #expect(wrong.status == 1)
        #expect(
            wrong.errors.contains("wrong.yaml:1:1: the key \"hots\" is not known; did you mean \"host\"?"))
        #expect(wrong.errors.contains("wrong.yaml:3:10: \"many\" is not a number"))

        try scratch.write(
            "data: .\nport: 0\naccess_log: {format: json, file: access.log}\n", to: "right.yaml")
        let right = try await Program.run(["serve", "--check", "--config", "right.yaml"], in: scratch.path)
        #expect(right.status == 0 && right.output.isEmpty)
        try scratch.write(
            "data: .\nbodies:\n  mars:\n    definitions: {'SITE:1': +proj=nosuch}\n", to: "system.yaml")
        let system = try await Program.run(
            ["serve", "--check", "--config", "system.yaml"], in: scratch.path)
        #expect(system.status == 1 && system.errors.contains("bodies.mars.definitions.SITE:1"))
        let other = try await Program.run(
            ["serve", "--config", "right.yaml", "--data", "absent"], in: scratch.path)
        #expect(other.status == 1 && other.errors.contains("absent"), "an option goes over the file")
    }
}

import Glibc
import HiPS
import Testing

@testable import Server

@Suite struct RebuildTests {
    @Test func noAnswerMixesTwoBuilds() async throws {
        try await Fixture.serve { server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "viking")
            let names = [Fixture.tile, "Moc.fits", "preview.jpg", "Norder0/Dir0/Npix0.png"]
            await withThrowingTaskGroup(of: Set<String>.self) { readers in
                for reader in 0..<4 {
                    readers.addTask {
                        var tags: Set<String> = []
                        for turn in 0..<60 {
                            let name = names[(reader + turn) % names.count]
                            let reply = try await server.ask("/hips/mars/viking/" + name)
                            #expect(reply.status == 200)
                            let parts = reply.text.split(separator: " of build ")
                            #expect(parts.count == 2 && parts[0] == name)
                            tags.insert((reply.fields["etag"] ?? "") + " " + reply.text)
                        }
                        return tags
                    }
                }
                readers.addTask {
                    for build in 0..<12 {
                        _ = try data.preparePartial(map)
                        Fixture.map(in: server.files, at: "hips/mars/.viking.partial/map", build: "\(build)")
                        try data.publish(map)
                        try await Task.sleep(for: .milliseconds(100))
                    }
                    return []
                }
                do {
                    var all: Set<String> = []
                    for try await tags in readers { all.formUnion(tags) }
                    // Each tag belongs to one content and each content has one tag.
                    let pairs = all.map { $0.split(separator: " ", maxSplits: 1) }
                    #expect(Set(pairs.map { $0[0] }).count == pairs.count)
                    #expect(Set(pairs.map { $0[1] }).count == pairs.count)
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
    }

    @Test func rebuildIsSeenWithinTwoSeconds() async throws {
        try await Fixture.serve { server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "mars", name: "viking")
            let root = "/hips/mars/viking/"
            let before = try await server.ask(root + Fixture.tile)
            let same = try await server.ask(root + "Moc.fits")
            _ = try data.preparePartial(map)
            Fixture.map(in: server.files, at: "hips/mars/.viking.partial/map", build: "two")
            server.files.write("Moc.fits of build one", to: "hips/mars/.viking.partial/map/Moc.fits")
            unlink(server.files.path + "/hips/mars/.viking.partial/map/preview.jpg")
            server.files.write("new", to: "hips/mars/.viking.partial/map/Norder1/Dir0/Npix11.png")
            try data.publish(map)
            // What only the new build has is found at once, and with it all the rest.
            #expect(try await server.ask(root + "Norder1/Dir0/Npix11.png").text == "new")
            let after = try await server.ask(
                root + Fixture.tile, fields: ["If-None-Match: " + before.fields["etag"]!])
            #expect(after.status == 200)
            #expect(after.text == Fixture.tile + " of build two")
            #expect(try await server.ask(root + "preview.jpg").status == 404)
            #expect(try await server.ask(root + "properties").text.contains("Viking two"))
            let unchanged = try await server.ask(
                root + "Moc.fits", fields: ["If-None-Match: " + same.fields["etag"]!])
            #expect(unchanged.status == 304)

            _ = try data.preparePartial(map)
            Fixture.map(in: server.files, at: "hips/mars/.viking.partial/map", build: "three")
            try data.publish(map)
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await server.ask(root + Fixture.tile).text == Fixture.tile + " of build three")
        }
    }

    @Test func newAndRemovedMaps() async throws {
        try await Fixture.serve { server in
            let data = DataDirectory(path: server.files.path)
            let map = try MapName(body: "io", name: "gross ö")
            let path = "/hips/io/gross%20%C3%B6/properties"
            #expect(try await server.ask(path).status == 404)
            _ = try data.preparePartial(map)
            Fixture.map(in: server.files, at: "hips/io/.gross ö.partial/map", build: "one")
            try data.publish(map)
            let reply = try await server.ask(path)
            #expect(reply.status == 200)
            #expect(
                try HiPSProperties(parsing: reply.text)["hips_service_url"]
                    == "http://test.example:81/hips/io/gross%20%C3%B6")
            #expect(try await server.ask("/hipslist").text.contains("/hips/io/gross%20%C3%B6\n"))
            try data.remove(map)
            #expect(try await !server.ask("/hipslist").text.contains("gross"))
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await server.ask(path).status == 404)
            #expect(try await server.ask("/hips/io/gross%20%C3%B6/Moc.fits").status == 404)
        }
    }
}

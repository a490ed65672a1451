import Glibc
import Synchronization
import Testing

@testable import HiPS

@Suite struct DataDirectoryTests {
    let temporary = TemporaryDirectory()
    var data: DataDirectory { DataDirectory(path: temporary.path + "//") }

    func name(_ body: String = "mars", _ name: String = "viking") throws -> MapName {
        try MapName(body: body, name: name)
    }

    @Test func paths() throws {
        let data = DataDirectory(path: "/srv/data/")
        #expect(data.path == "/srv/data")
        #expect(try data.path(of: name()) == "/srv/data/hips/mars/viking")
        #expect(try data.partialPath(of: name()) == "/srv/data/hips/mars/.viking.partial")
        #expect(DataDirectory(path: "").path == ".")
        #expect(DataDirectory(path: "/").path == "/")
    }

    @Test func nothingThere() throws {
        #expect(try DataDirectory(path: temporary.path + "/none").maps().isEmpty)
        #expect(!DataDirectory(path: temporary.path + "/none").exists)
        #expect(data.exists)
        #expect(try data.maps().isEmpty)
        #expect(try data.entry(name()) == nil)
    }

    @Test func listsWhatIsPublished() throws {
        temporary.write("obs_title = B\n", to: "hips/mars/b/properties")
        temporary.write("obs_title = A\n", to: "hips/mars/a/properties")
        temporary.write("obs_title = M\n", to: "hips/ceres/m/properties")
        temporary.write("obs_title = X\n", to: "hips/mars/.x.partial/properties")
        temporary.write("obs_title = X\n", to: "hips/.hidden/x/properties")
        temporary.write("obs_title = X\n", to: "hips/mars/Upper/properties")
        temporary.write("<html>", to: "hips/mars/broken/properties")
        temporary.write("a file", to: "hips/readme")
        temporary.write("a file", to: "hips/mars/readme")
        temporary.makeDirectory("hips/mars/empty")
        temporary.makeDirectory("hips/mars/odd/properties")
        mkfifo(temporary.path + "/hips/mars/empty/properties", 0o600)
        let maps = try data.maps()
        #expect(maps.map(\.map.description) == ["ceres/m", "mars/a", "mars/b"])
        #expect(maps.map(\.properties.title) == ["M", "A", "B"])
        #expect(maps[0].path == temporary.path + "/hips/ceres/m")
        #expect(maps[0].body == "ceres" && maps[0].name == "m")
        // Names are told without a look into the files.
        #expect(try data.names().map(\.description) == ["ceres/m", "mars/a", "mars/b", "mars/broken"])
    }

    @Test func hugePropertiesArePassedOver() throws {
        temporary.write("a = " + String(repeating: "x", count: 1 << 20), to: "hips/mars/a/properties")
        #expect(try data.maps().isEmpty)
        #expect(try data.names().isEmpty)
    }

    @Test func firstPublication() throws {
        let partial = try data.preparePartial(name())
        #expect(partial == temporary.path + "/hips/mars/.viking.partial/map")
        #expect(throws: HiPSError.self) { try data.publish(name()) }
        #expect(try !data.contains(name()))
        temporary.write("obs_title = new\n", to: "hips/mars/.viking.partial/map/properties")
        try data.publish(name())
        #expect(try data.entry(name())?.properties.title == "new")
        #expect(try FileSystem.names(in: temporary.path + "/hips/mars") == ["viking"])
    }

    @Test(arguments: [0, EINVAL]) func laterPublication(_ refusal: Int32) throws {
        temporary.write("obs_title = old\n", to: "hips/mars/viking/properties")
        temporary.write("x", to: "hips/mars/viking/Norder0/Dir0/Npix7.png")
        temporary.write("stale", to: "hips/mars/.viking.partial/map/Norder0/stale")
        temporary.write("x", to: "hips/mars/.viking.discarded/left/behind")
        _ = try data.preparePartial(name())
        temporary.write("obs_title = new\n", to: "hips/mars/.viking.partial/map/properties")
        if refusal == 0 {
            try data.publish(name())
        } else {
            try data.publish(name()) { _, _ in refusal }
        }
        #expect(try FileSystem.names(in: temporary.path + "/hips/mars") == ["viking"])
        #expect(try FileSystem.names(in: temporary.path + "/hips/mars/viking") == ["properties"])
        #expect(try data.entry(name())?.properties.title == "new")
    }

    @Test func refusedExchangeKeepsBoth() throws {
        temporary.write("obs_title = old\n", to: "hips/mars/viking/properties")
        temporary.write("obs_title = new\n", to: "hips/mars/.viking.partial/map/properties")
        #expect(throws: HiPSError.self) { try data.publish(name()) { _, _ in EACCES } }
        #expect(try data.entry(name())?.properties.title == "old")
        #expect(temporary.exists("hips/mars/.viking.partial/map/properties"))
    }

    @Test func readersAlwaysFindAWholeMap() async throws {
        temporary.write("obs_title = 0\n", to: "hips/mars/viking/properties")
        temporary.write("0", to: "hips/mars/viking/Norder0/Dir0/Npix0.png")
        let finished = Atomic(false)
        let data = data
        let root = data.path(of: try name())
        async let reader = Task.detached { [temporary] in
            var (reads, faults) = (0, 0)
            repeat {
                // Both files below one open directory, as the server reads them.
                let directory = open(root, O_RDONLY | O_DIRECTORY)
                if directory < 0 {
                    faults += 1
                } else {
                    let inside = "/proc/self/fd/\(directory)/"
                    let title = TemporaryDirectory.text(inside + "properties")
                    let tile = TemporaryDirectory.text(inside + "Norder0/Dir0/Npix0.png")
                    // Once replaced, the directory may lose files, but never gain those of another build.
                    if let title, let tile {
                        reads += 1
                        if title != "obs_title = \(tile)\n" { faults += 1 }
                    }
                    close(directory)
                }
                await Task.yield()
            } while !finished.load(ordering: .relaxed)
            _ = temporary
            return (reads, faults)
        }.value
        for build in 1...12 {
            _ = try data.preparePartial(name())
            temporary.write("\(build)", to: "hips/mars/.viking.partial/map/Norder0/Dir0/Npix0.png")
            temporary.write("obs_title = \(build)\n", to: "hips/mars/.viking.partial/map/properties")
            try data.publish(name())
        }
        finished.store(true, ordering: .relaxed)
        let (reads, faults) = await reader
        #expect(reads > 0, "no whole map was seen")
        #expect(faults == 0)
        #expect(try data.entry(name())?.properties.title == "12")
    }

    @Test func removal() throws {
        temporary.write("keep", to: "outside/file")
        temporary.write("obs_title = A\n", to: "hips/mars/a/properties")
        temporary.write("obs_title = B\n", to: "hips/mars/b/properties")
        temporary.link("hips/mars/a/link", to: temporary.path + "/outside")
        try data.remove(name("mars", "a"))
        #expect(temporary.read("outside/file") == "keep")
        #expect(try data.maps().map(\.name) == ["b"])
        #expect(try FileSystem.names(in: temporary.path + "/hips/mars") == ["b"])
        #expect(throws: HiPSError.self) { try data.remove(name("mars", "a")) }
        try data.remove(name("mars", "b"))
        #expect(!temporary.exists("hips/mars"))
    }

    @Test func errorsNameThePath() throws {
        temporary.write("a file", to: "hips")
        let name = try name()
        do throws(HiPSError) {
            _ = try data.preparePartial(name)
            Issue.record("a directory was made below a file")
        } catch {
            #expect(error.description.contains(temporary.path + "/hips"))
        }
    }
}

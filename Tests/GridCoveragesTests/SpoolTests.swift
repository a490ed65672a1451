import Glibc
import Maps
import Synchronization
import Testing

@testable import GridCoverages

/// The folder in which answers are put together.
@Suite("The spool of coverages")
struct SpoolTests {
    /// A folder for a test, with what servers left in it.
    private final class Around: Sendable {
        let path: String

        init() throws {
            var template = Array("/tmp/tessera-spool-XXXXXX".utf8CString)
            path = String(cString: try #require(mkdtemp(&template)))
        }

        /// A folder with a file, both changed some time ago.
        func leave(_ name: String, mode: mode_t = 0o700, seconds: Int = 3600) {
            mkdir(path + "/" + name, mode)
            chmod(path + "/" + name, mode)
            // The second is one of those that GDAL makes a cloud-optimised file of.
            for file in ["answer.tif", "answer.tif.msk.ovr.tmp"] {
                if let file = fopen(path + "/" + name + "/" + file, "w") { fclose(file) }
            }
            age(name, seconds: seconds)
        }

        func age(_ name: String, seconds: Int) {
            let then = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
            utimensat(AT_FDCWD, path + "/" + name, [then, then], 0)
        }

        func exists(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

        var names: [String] {
            guard let list = opendir(path) else { return [] }
            defer { closedir(list) }
            var found: [String] = []
            while let entry = readdir(list) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if !name.hasPrefix(".") { found.append(name) }
            }
            return found.sorted()
        }

        deinit {
            for name in names {
                unlink(path + "/" + name + "/answer.tif")
                unlink(path + "/" + name + "/answer.tif.msk.ovr.tmp")
                rmdir(path + "/" + name)
                unlink(path + "/" + name)
            }
            rmdir(path)
        }
    }

    @Test("What a killed server left is removed, and nothing of others")
    func leftovers() throws {
        let around = try Around()
        around.leave("tessera-coverage-killed")
        around.leave("tessera-coverage-young", seconds: 5)
        around.leave("tessera-coverage-open", mode: 0o755)
        around.leave("else")
        symlink("else", around.path + "/tessera-coverage-link")
        // One of another server that lives, however long it has been writing.
        let living = try SpoolFile(in: around.path)
        let name = String(living.path.split(separator: "/").dropLast().last ?? "")
        around.age(name, seconds: 3600)
        #expect(!SpoolFile.removeLeftovers(in: around.path))
        #expect(
            around.names
                == ["else", name, "tessera-coverage-link", "tessera-coverage-open", "tessera-coverage-young"]
                .sorted())
        // What was too young goes later, and then there is nothing more to look for.
        around.age("tessera-coverage-young", seconds: 61)
        #expect(SpoolFile.removeLeftovers(in: around.path) && !around.exists("tessera-coverage-young"))
        #expect(around.exists(name))
        withExtendedLifetime(living) {}
    }

    @Test("What lies in a folder goes with it")
    func folders() throws {
        let around = try Around()
        do {
            let folder = try #require(SpoolFolder(in: around.path, prefix: "x-"))
            for name in ["a", ".b", "c d"] {
                if let opened = fopen(folder.path + "/" + name, "w") { fclose(opened) }
            }
            #expect(around.names.count == 1 && around.names[0].hasPrefix("x-"))
        }
        #expect(around.names.isEmpty)
        #expect(SpoolFolder(in: around.path + "/none", prefix: "x-") == nil)
    }

    @Test("A file goes with who made it")
    func ends() throws {
        let around = try Around()
        do {
            let file = try SpoolFile(in: around.path)
            #expect(around.names.count == 1)
            for path in [file.path, file.path + ".ovr.tmp"] {
                if let opened = fopen(path, "w") { fclose(opened) }
            }
        }
        #expect(around.names.isEmpty)
    }

    @Test("Who gives an answer up leaves no file, and no more is made of it")
    func givenUp() throws {
        let around = try Around()
        let maker = CoverageMaker(
            renderer: .init(tiles: .init(limitBytes: 1 << 20)),
            options: .init(limits: CoverageLimits(memoryBytes: 4096), spoolFolder: around.path))
        let coverage = try maker.coverage(of: FieldMap(order: 0, plane).layer(order: 0))
        let asked = Atomic(0)
        let product = try maker.product(
            CoverageRequest(width: 200, height: 100, format: CoverageFormat(compression: .deflate)),
            of: coverage
        ) {
            // In the middle, when the file is there.
            let count = asked.add(1, ordering: .relaxed).newValue
            if count == 5 { #expect(around.names.count == 1) }
            return count > 5
        }
        #expect(throws: CoverageError.self) { try product.next() }
        #expect(around.names.isEmpty && asked.load(ordering: .relaxed) <= 7)
        #expect(try product.next() == nil)
    }

    @Test("The first answer that is put together clears up, and leaves nothing itself")
    func served() throws {
        let around = try Around()
        around.leave("tessera-coverage-killed")
        let maker = CoverageMaker(
            renderer: .init(tiles: .init(limitBytes: 1 << 20)), options: .init(spoolFolder: around.path))
        let coverage = try maker.coverage(of: FieldMap(order: 0, plane).layer(order: 0))
        let product = try maker.product(
            CoverageRequest(width: 16, height: 8, format: CoverageFormat(compression: .deflate)), of: coverage
        )
        #expect(!around.exists("tessera-coverage-killed"))
        #expect(try product.all().starts(with: [0x49, 0x49]))
        #expect(around.names.isEmpty)
    }
}

import Glibc
import Storage
import Testing

/// The same demands on a folder and on a store of GDAL's.
@Suite struct StoreTests {
    enum Kind: CaseIterable { case folder, object }

    /// Runs `body` on an empty store, which is emptied again.
    private func withStore(_ kind: Kind, _ body: (any FileStore) throws -> Void) throws {
        let name = "tessera-storage-\(UInt64.random(in: 0 ... .max))"
        let store = try Stores.store(at: (kind == .folder ? "/tmp/" : "/vsimem/") + name)
        #expect(store is FolderStore == (kind == .folder))
        defer { try? store.remove("") }
        try body(store)
    }

    @Test(arguments: Kind.allCases) func whatIsWrittenIsRead(_ kind: Kind) throws {
        try withStore(kind) { store in
            let files: [(String, [UInt8])] = [
                ("a", [1, 2, 3]),
                ("Norder3/Dir0/Npix5.png", (0..<300_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }),
                ("Norder3/Dir0/empty", []), ("Norder3/Allsky.jpg", [7]), ("ä ö/%20#?.txt", [9, 9]),
            ]
            for (path, bytes) in files { try store.write(bytes, to: path) }
            for (path, bytes) in files {
                #expect(try store.read(path, atMost: bytes.count) == bytes, "\(path)")
                #expect(try store.status(of: path)?.size == bytes.count, "\(path)")
            }
            // In the place of a longer one.
            try store.write([4], to: "a")
            #expect(try store.read("a", atMost: 10) == [4])
            #expect(try store.names(in: "") == ["Norder3", "a", "ä ö"])
            #expect(try store.names(in: "Norder3") == ["Allsky.jpg", "Dir0"])
            #expect(try store.names(in: "Norder3/Dir0") == ["Npix5.png", "empty"])
        }
    }

    @Test(arguments: Kind.allCases) func absenceIsNoError(_ kind: Kind) throws {
        try withStore(kind) { store in
            func nothing(_ path: String) throws {
                #expect(try store.read(path, atMost: 10) == nil, "\(path)")
                #expect(try store.status(of: path) == nil, "\(path)")
                #expect(try store.names(in: path) == [], "\(path)")
                try store.remove(path)
            }
            try nothing("")
            try nothing("a/b")
            try store.write([1], to: "folder/file")
            try nothing("folder/other")
            try nothing("folder/file/below")
            try nothing("fold")
            // A folder is no file.
            #expect(try store.read("folder", atMost: 10) == nil)
            #expect(try store.status(of: "folder") == nil)
            #expect(try store.read("folder/file", atMost: 10) == [1])
        }
    }

    @Test(arguments: Kind.allCases) func largerFilesThanExpectedAreRefused(_ kind: Kind) throws {
        try withStore(kind) { store in
            try store.write([UInt8](repeating: 1, count: 5000), to: "file")
            #expect(try store.read("file", atMost: 5000)?.count == 5000)
            do throws(StoreError) {
                _ = try store.read("file", atMost: 4999)
                Issue.record("it was read")
            } catch {
                #expect(error.operation == "read" && error.path == store.root + "/file")
                #expect(error.description.contains("5000 bytes") && error.description.contains("4999"))
            }
        }
    }

    @Test(arguments: Kind.allCases) func removalTakesWhatIsNamedAlone(_ kind: Kind) throws {
        try withStore(kind) { store in
            for path in ["a", "ab", "f/1", "f/2/3", "f/2/4/5", "g/1"] { try store.write([1], to: path) }
            try store.remove("a")
            try store.remove("f/2")
            #expect(try store.names(in: "") == ["ab", "f", "g"])
            #expect(try store.names(in: "f") == ["1"])
            try store.remove("f")
            #expect(try store.names(in: "") == ["ab", "g"])
            #expect(try store.read("g/1", atMost: 1) == [1])
            try store.remove("")
            #expect(try store.names(in: "") == [])
        }
    }

    @Test(arguments: Kind.allCases) func storesBelowStores(_ kind: Kind) throws {
        try withStore(kind) { store in
            let inner = store.store(below: "hips/mars").store(below: "viking")
            #expect(inner.root == store.root + "/hips/mars/viking")
            #expect(inner.systemPath("x") == store.systemPath("hips/mars/viking/x"))
            #expect(store.store(below: "").root == store.root)
            try inner.write([1, 2], to: "Norder0/x")
            #expect(try store.read("hips/mars/viking/Norder0/x", atMost: 2) == [1, 2])
            try inner.remove("")
            #expect(try store.read("hips/mars/viking/Norder0/x", atMost: 2) == nil)
        }
    }

    @Test(arguments: Kind.allCases) func timesAreThoseOfTheClock(_ kind: Kind) throws {
        try withStore(kind) { store in
            let before = Int64(time(nil))
            try store.write([1], to: "file")
            let status = try #require(try store.status(of: "file"))
            #expect((before - 2...Int64(time(nil)) + 2).contains(status.modifiedNanoseconds / 1_000_000_000))
        }
    }

    @Test(arguments: Kind.allCases) func manyThreadsAtOnce(_ kind: Kind) async throws {
        let name = "tessera-storage-\(UInt64.random(in: 0 ... .max))"
        let store = try Stores.store(at: (kind == .folder ? "/tmp/" : "/vsimem/") + name)
        defer { try? store.remove("") }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                tasks.addTask {
                    for number in 0..<50 {
                        // The folders are the same for all, and made by whoever is first.
                        let path = "d\(number)/e/\(task)"
                        try store.write([UInt8(task), UInt8(number)], to: path)
                        #expect(try store.read(path, atMost: 2) == [UInt8(task), UInt8(number)])
                    }
                }
            }
            try await tasks.waitForAll()
        }
        for number in 0..<50 {
            #expect(try store.names(in: "d\(number)/e") == (0..<8).map(String.init))
        }
    }

    @Test func addresses() throws {
        let rows = [
            ("s3://bucket/a/b/", "s3://bucket/a/b", "/vsis3/bucket/a/b/x"),
            ("gs://b", "gs://b", "/vsigs/b/x"),
            ("az://c/p", "az://c/p", "/vsiaz/c/p/x"), ("/vsimem/m", "/vsimem/m", "/vsimem/m/x"),
            ("data/", "data", "data/x"), ("/", "/", "/x"), ("", ".", "./x"),
        ]
        for (text, root, file) in rows {
            let store = try Stores.store(at: text)
            #expect(store.root == root && store.systemPath("x") == file, "\(text)")
        }
        for text in ["ftp://host/x", "s3://", "s3:///", "https://example.org/hips", "/vsis3"] {
            #expect(throws: StoreError.self, "\(text)") { try Stores.store(at: text) }
        }
        #expect(Stores.isRemote("s3://b") && !Stores.isRemote("/srv/s3") && !Stores.isRemote("data"))
    }
}

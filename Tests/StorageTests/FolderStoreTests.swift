import Glibc
import Storage
import Testing

@Suite struct FolderStoreTests {
    private static func folder() -> String {
        var template = Array("/tmp/tessera-storage-XXXXXX".utf8CString)
        return String(cString: mkdtemp(&template)!)
    }

    @Test func filesThatStateNoSize() throws {
        let status = try #require(try FolderStore(root: "/proc/self").read("status", atMost: 1 << 20))
        #expect(String(decoding: status, as: UTF8.self).contains("Pid:\t\(getpid())\n"))
        let maps = try #require(try FolderStore(root: "/proc/self").read("maps", atMost: 1 << 24))
        #expect(maps.last == UInt8(ascii: "\n") && maps.count > 4096)
        #expect(throws: StoreError.self) { try FolderStore(root: "/proc/self").read("maps", atMost: 100) }
    }

    @Test func whatIsNoFile() throws {
        let root = Self.folder()
        let store = FolderStore(root: root)
        defer { try? store.remove("") }
        mkfifo(root + "/fifo", 0o600)
        #expect(try store.read("fifo", atMost: 10) == nil)
        #expect(try store.status(of: "fifo") == nil)
        symlink("nowhere", root + "/link")
        #expect(try store.read("link", atMost: 10) == nil)
        #expect(try store.names(in: "") == ["fifo", "link"])
    }

    @Test func linksGoAndNotWhatTheyLeadTo() throws {
        let root = Self.folder()
        let store = FolderStore(root: root)
        defer { try? store.remove("") }
        try store.write([1], to: "kept/file")
        try store.write([1], to: "gone/file")
        symlink(root + "/kept", root + "/gone/link")
        try store.remove("gone")
        #expect(try store.names(in: "") == ["kept"])
        #expect(try store.read("kept/file", atMost: 1) == [1])
    }

    @Test func errorsNameFileAndReason() throws {
        let root = Self.folder()
        let store = FolderStore(root: root)
        defer { try? store.remove("") }
        try store.write([1], to: "file")
        do throws(StoreError) {
            try store.write([1], to: "file/below/it")
            Issue.record("it was written")
        } catch {
            #expect(error.code == ENOTDIR)
            #expect(error.path.hasPrefix(root + "/file/below") && !error.reason.isEmpty)
        }
        do throws(StoreError) {
            try store.write([1], to: String(repeating: "x", count: 300))
            Issue.record("it was written")
        } catch {
            #expect(error.code == ENAMETOOLONG)
        }
        #expect(throws: StoreError.self) { try FolderStore(root: "/proc").write([1], to: "none/such") }
    }

    @Test func aFullDiskIsTold() throws {
        do throws(StoreError) {
            try FolderStore(root: "/dev").write([UInt8](repeating: 0, count: 1 << 20), to: "full")
            Issue.record("it was written")
        } catch {
            #expect(error.code == ENOSPC && error.operation == "write" && error.path == "/dev/full")
        }
    }
}

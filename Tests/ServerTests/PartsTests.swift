import CSystemShims
import Glibc
import NIOCore
import Testing

@testable import Server

@Suite struct PartsTests {
    @Test func leastRecentlyUsedAgainstAList() {
        var cache = LeastRecentlyUsed<Int, Int>(limit: 100)
        // The model: a list with the most recently used in front.
        var model: [(key: Int, value: Int, cost: Int)] = []
        // Faults are counted, as an expectation in each of the steps would take most of the time.
        var faults = 0
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for step in 0..<20_000 {
            let key = random(30)
            if random(2) == 0 {
                let cost = random(8) == 0 ? 101 : random(40)
                cache.insert(step, for: key, cost: cost)
                model.removeAll { $0.key == key }
                if cost <= 100 {
                    while model.reduce(cost, { $0 + $1.cost }) > 100 { model.removeLast() }
                    model.insert((key, step, cost), at: 0)
                }
            } else {
                let position = model.firstIndex { $0.key == key }
                if cache.value(of: key) != position.map({ model[$0].value }) { faults += 1 }
                if let position { model.insert(model.remove(at: position), at: 0) }
            }
            if cache.count != model.count || cache.cost != model.reduce(0, { $0 + $1.cost }) { faults += 1 }
        }
        #expect(faults == 0)
        #expect(cache.count > 0)
    }

    @Test func tagsTellContentsApart() {
        var bytes = [UInt8](repeating: 0, count: 67)
        var tags: Set<String> = []
        for count in 0...bytes.count {
            tags.insert(EntityTag(ByteBuffer(bytes: bytes[..<count])).description)
        }
        for bit in 0..<bytes.count * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8)
            tags.insert(EntityTag(ByteBuffer(bytes: bytes)).description)
            bytes[bit / 8] ^= 1 << (bit % 8)
        }
        #expect(tags.count == 68 + 67 * 8)
        #expect(EntityTag("text") == EntityTag(ByteBuffer(string: "text")))
    }

    @Test func tagsInFields() {
        let tag = EntityTag("text")
        for field in [
            "", "x", "\"x\"", tag.description.dropFirst() + "", "w/" + tag.description, "W/", ",,", "\"*\"",
        ] {
            #expect(!tag.isNamed(in: field), "\(field)")
        }
        for field in ["*", " \t* ", tag.description, "W/\(tag)", ",\(tag),", "\"a\" , \(tag)"] {
            #expect(tag.isNamed(in: field), "\(field)")
        }
    }

    @Test func paths() {
        #expect(RequestPath("/")?.parts == [])
        #expect(RequestPath("//a///b%20c/")?.parts == ["a", "b c"])
        #expect(RequestPath("/a/")?.endsInSlash == true)
        #expect(RequestPath("/a")?.endsInSlash == false)
        #expect(RequestPath("/%c3%B6")?.parts == ["ö"])
        for path in [
            "", "a", "*", "/..", "/.", "/%2E%2e", "/a%2Fb", "/a%5Cb", "/a\\b", "/a%00", "/a%0A", "/%", "/%4",
            "/%4g", "/%c3",
        ] {
            #expect(RequestPath(path) == nil, "\(path)")
        }
        #expect(RequestPath.escaped("aZ0-._~ /ö%") == "aZ0-._~%20%2F%C3%B6%25")
    }

    @Test func readingStaysBelow() throws {
        let files = TemporaryDirectory()
        files.write("inside", to: "root/a/file")
        files.write("outside", to: "file")
        files.link("root/a/in", to: "file")
        files.link("root/a/out", to: "../../file")
        files.link("root/a/absolute", to: files.path + "/file")
        files.link("root/b", to: "a")
        files.link("root/c", to: "..")
        mkfifo(files.path + "/root/a/fifo", 0o600)
        let root = try #require(try Descriptor.directory(files.path + "/root"))
        func text(_ path: String) -> String? {
            guard case .content(let buffer) = root.read(path, waiting: true) else { return nil }
            return String(buffer: buffer)
        }
        #expect(text("a/file") == "inside")
        #expect(text("a/in") == "inside")
        #expect(text("b/file") == "inside")
        for path in [
            "a/out", "a/absolute", "c/file", "../file", "a/../../file", files.path + "/file", "a", "a/fifo",
            "a/none", "",
        ] {
            guard case .absent = root.read(path, waiting: true) else {
                Issue.record("\(path) was read")
                continue
            }
        }
        // What has just been written is in memory and is read without waiting.
        if case .content(let buffer) = root.read("a/file", waiting: false) {
            #expect(String(buffer: buffer) == "inside")
        } else if case .wouldWait = root.read("a/file", waiting: false) {
            // A file system that cannot tell (an overlay of a container, for one) leaves it to the other way.
        } else {
            Issue.record("neither read nor left to the other way")
        }
    }

    @Test func walkWithoutLinks() throws {
        let files = TemporaryDirectory()
        files.write("inside", to: "root/a/file")
        files.write("outside", to: "file")
        files.link("root/a/in", to: "file")
        files.link("root/b", to: "a")
        let root = try #require(try Descriptor.directory(files.path + "/root"))
        let rows: [(String, Int32)] = [
            ("a/file", 0), ("a//file", 0), ("a", 0), ("a/in", -ELOOP), ("b/file", -ENOTDIR),
            ("../file", -EXDEV),
            ("a/../../file", -EXDEV), ("none", -ENOENT), ("a/none", -ENOENT), ("", -ENOENT), ("a/", -ENOENT),
            ("a/file/x", -ENOTDIR), (String(repeating: "x", count: 256), -ENAMETOOLONG),
        ]
        for (path, expected) in rows {
            let result = tessera_open_without_links(root.number, path, 0)
            #expect(min(result, 0) == expected, "\(path)")
            if result >= 0 { close(result) }
        }
    }
}

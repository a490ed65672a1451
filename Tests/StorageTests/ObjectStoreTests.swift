import GDAL
import Storage
import Testing

/// Object stores that misbehave. One endpoint serves them all: GDAL's settings are those of the process.
@Suite(.serialized) struct ObjectStoreTests {
    private static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }

    private static func error(_ code: String) -> [UInt8] {
        Array(
            "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>words of \(code)</Message></Error>"
                .utf8)
    }

    /// What becomes of an object is told by its name.
    private static let server = FaultyServer { method, path, number in
        let name = path.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? ""
        let list =
            "<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name><Prefix>twice/</Prefix><IsTruncated>false</IsTruncated>"
            + "<Contents><Key>twice/file</Key><Size>3</Size><LastModified>2026-01-02T03:04:05.000Z</LastModified>"
            + "</Contents></ListBucketResult>"
        if path.contains("delimiter=") {
            if path.contains("prefix=twice") {
                return number < 2
                    ? .init(status: 503, body: error("SlowDown")) : .init(body: Array(list.utf8))
            }
            if path.contains("prefix=denied") { return .init(status: 403, body: error("AccessDenied")) }
            if path.contains("prefix=broken") { return .init(status: 500, body: error("InternalError")) }
            return .init(
                body: Array("<?xml version=\"1.0\"?><ListBucketResult><Name>b</Name></ListBucketResult>".utf8)
            )
        }
        if path.hasPrefix("/nobucket/") { return .init(status: 404, body: error("NoSuchBucket")) }
        switch name {
        case "twice": return number < 2 ? .init(status: 503, body: error("SlowDown")) : .init(body: content)
        case "cut": return number < 3 ? .init(body: content, cut: 20_000) : .init(body: content)
        case "broken": return .init(status: 500, body: error("InternalError"))
        case "bare": return .init(status: 503)
        case "denied": return .init(status: 403, body: error("AccessDenied"))
        case "whole":
            return .init(body: content, fields: ["Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT"])
        default: return .init(status: 404, body: error("NoSuchKey"))
        }
    }

    private func store(_ root: String = "s3://b") throws -> any FileStore {
        for (key, value) in [
            ("AWS_S3_ENDPOINT", "127.0.0.1:\(Self.server.port)"), ("AWS_HTTPS", "NO"),
            ("AWS_VIRTUAL_HOSTING", "FALSE"), ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("GDAL_HTTP_MAX_RETRY", "3"), ("GDAL_HTTP_RETRY_DELAY", "0.05"),
        ] { GDALLibrary.setOption(key, value) }
        return try Stores.store(at: root)
    }

    private func failure<Result>(_ work: () throws(StoreError) -> Result) -> StoreError? {
        do throws(StoreError) {
            _ = try work()
            return nil
        } catch {
            return error
        }
    }

    @Test func wholeFiles() throws {
        let store = try store()
        #expect(try store.read("whole", atMost: 100_000) == Self.content)
        // 2026-01-02T03:04:05Z
        #expect(
            try store.status(of: "whole")
                == FileStatus(size: 100_000, modifiedNanoseconds: 1_767_323_045_000_000_000))
    }

    @Test func whatIsAbsentIsNoError() throws {
        let store = try store()
        #expect(try store.read("none", atMost: 10) == nil)
        #expect(try store.status(of: "none") == nil)
        #expect(try store.names(in: "none") == [])
        try store.remove("none")
    }

    @Test func manyThreadsAtOnce() async throws {
        let store = try store()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask { () async throws in
                    for _ in 0..<20 {
                        #expect(try store.read("none", atMost: 10) == nil)
                        #expect(try store.status(of: "none") == nil)
                        #expect(try store.read("whole", atMost: 100_000) == Self.content)
                        #expect(throws: StoreError.self) { try store.read("denied", atMost: 10) }
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test func aServerThatIsBusyForAWhileIsSurvived() throws {
        let store = try store()
        #expect(try store.read("twice", atMost: 100_000) == Self.content)
        try store.write([1, 2, 3], to: "written/twice")
        #expect(try store.names(in: "twice") == ["file"])
        // What a list said is no reason not to look.
        #expect(try store.read("twice/other.png", atMost: 10) == nil)
        #expect(try store.read("twice/whole", atMost: 100_000) == Self.content)
        #expect(Self.server.requests.filter { $0 == "PUT /b/written/twice" }.count == 3)
    }

    @Test func aBodyThatIsCutShortIsReadAgain() throws {
        #expect(try store().read("cut", atMost: 100_000) == Self.content)
    }

    @Test func aServerThatFailsIsNoEmptyStore() throws {
        let store = try store()
        let started = ContinuousClock.now
        for name in ["broken", "bare", "denied"] {
            let read = try #require(
                failure { () throws(StoreError) in try store.read(name, atMost: 10) }, "\(name)")
            #expect(read.path == "s3://b/" + name && !read.reason.isEmpty, "\(read)")
            #expect(failure { () throws(StoreError) in try store.status(of: name) } != nil, "\(name)")
            let written = failure { () throws(StoreError) in try store.write([1], to: name) }
            #expect(written?.operation == "write", "\(name)")
            #expect(failure { () throws(StoreError) in try store.remove(name) } != nil, "\(name)")
        }
        for (name, words) in [("broken", "words of InternalError"), ("denied", "words of AccessDenied")] {
            let error = failure { () throws(StoreError) in try store.names(in: name) }
            #expect(
                error?.operation == "list" && error?.reason.contains(words) == true,
                "\(name): \(error as Any)")
            let put = failure { () throws(StoreError) in try store.write([1], to: name) }
            #expect(put?.reason.contains(words) == true, "\(name): \(put as Any)")
        }
        // The pauses are counted in tenths of seconds; this is a machine with much else to do.
        #expect(ContinuousClock.now - started < .seconds(300))
    }

    @Test func aBucketThatIsNotThereIsAnError() throws {
        let store = try store("s3://nobucket/x")
        let error = failure { () throws(StoreError) in try store.read("properties", atMost: 10) }
        #expect(error?.reason.contains("NoSuchBucket") == true, "\(error as Any)")
    }

    @Test func nobodyListens() throws {
        let store = try store()
        let idle = FaultyServer { _, _, _ in .init() }
        idle.stop()
        GDALLibrary.setOption("AWS_S3_ENDPOINT", "127.0.0.1:\(idle.port)")
        let error = failure { () throws(StoreError) in try store.read("whole", atMost: 10) }
        #expect(error?.reason.lowercased().contains("connect") == true, "\(error as Any)")
        #expect(failure { () throws(StoreError) in try store.names(in: "none") } != nil)
        #expect(failure { () throws(StoreError) in try store.write([1], to: "x") } != nil)
    }
}

import Dispatch
import HiPS
import Logging
import NIOPosix
import Settings
import Synchronization
import Testing

@testable import Server

/// A source whose answers are given one by one, in the order in which the catalogue asks.
private final class StagedMaps: MapSource {
    typealias Answer = @Sendable (Generation?) -> Generation?
    let answers: Mutex<[Answer]>
    let lookUps = Mutex<[MapName]>([])
    let interval: Duration
    let intervalAfterMiss: Duration
    let names: [MapName]
    var pool: NIOThreadPool { .singleton }

    init(
        names: [MapName] = [], interval: Duration = .seconds(60), afterMiss: Duration = .zero,
        _ answers: [Answer]
    ) {
        (self.names, self.interval, intervalAfterMiss) = (names, interval, afterMiss)
        self.answers = Mutex(answers)
    }

    func check() throws(ServerError) {}
    func maps() throws -> [MapName] { names }

    func state(of map: MapName, known: Generation?) throws(ServerError) -> Generation? {
        lookUps.withLock { $0.append(map) }
        // The last answer is that of all further look-ups.
        let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        return answer(known)
    }
}

@Suite struct CatalogueTests {
    private static let map = Result { try MapName(body: "mars", name: "red") }

    /// A state of a map of one colour, whose files lie on disk.
    private static func state(_ files: TemporaryDirectory, _ stamp: Int64) throws -> Generation {
        let source = DataSource.directory(DataDirectory(path: files.path)).maps
        let made = try #require(try source.state(of: map.get(), known: nil))
        return Generation(files: made.files, properties: made.properties, stamp: [stamp], times: [stamp])
    }

    private func lookUp(_ catalogue: Catalogue, _ pool: NIOThreadPool) async throws -> Generation? {
        try await pool.runIfActive { try catalogue.refreshedWaiting(Self.map.get()) }
    }

    private static func threads() -> NIOThreadPool {
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        return pool
    }

    /// Two requests find a map at the same time: both go on with one state, whose layer is opened once.
    @Test func oneStateOfTwoFirstLookUps() async throws {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let (began, goOn, made, goOnToo) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0),
            DispatchSemaphore(value: 0)
        )
        let made1 = try Self.state(files, 1)
        let made2 = try Self.state(files, 1)
        #expect(made1.number < made2.number)
        let source = StagedMaps([
            // The first one to look is slow to find anything, and then the first to tell.
            { _ in
                began.signal()
                goOn.wait()
                return made2
            },
            { _ in
                made.signal()
                goOnToo.wait()
                return made1
            },
            { $0 },
        ])
        let catalogue = Catalogue(source: source, logger: Logger(label: "test"))
        let pool = Self.threads()
        async let first = lookUp(catalogue, pool)
        await wait(began)
        async let second = lookUp(catalogue, pool)
        await wait(made)
        goOn.signal()
        let one = try #require(try await first)
        goOnToo.signal()
        let two = try #require(try await second)
        #expect(one === made2 && two === made2)
        let map = try Self.map.get()
        #expect(catalogue.known(map) === made2)
        let services = MapServices(settings: ServerSettings())
        #expect(try services.layer(map, one) === services.layer(map, two))
        try await pool.shutdownGracefully()
    }

    /// A look-up that saw the map before it was rebuilt, and comes to an end after one that saw it rebuilt, looks again.
    @Test func aSlowLookUpBringsNothingBack() async throws {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let (began, goOn, saw, goOnToo) = (
            DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0),
            DispatchSemaphore(value: 0)
        )
        let before = try Self.state(files, 1)
        let after = try Self.state(files, 2)
        let source = StagedMaps([
            { _ in before },
            { _ in
                began.signal()
                goOn.wait()
                return after
            },
            { known in
                saw.signal()
                goOnToo.wait()
                return known
            },
            { $0 === after ? $0 : after },
        ])
        let catalogue = Catalogue(source: source, logger: Logger(label: "test"))
        let pool = Self.threads()
        #expect(try await lookUp(catalogue, pool) === before)
        async let first = lookUp(catalogue, pool)
        await wait(began)
        async let second = lookUp(catalogue, pool)
        await wait(saw)
        goOn.signal()
        #expect(try await first === after)
        goOnToo.signal()
        #expect(try await second === after)
        #expect(try catalogue.known(Self.map.get()) === after)
        try await pool.shutdownGracefully()
    }

    /// Where each look is a request to a store, lists of all maps do not look at every one each time.
    @Test(arguments: [Duration.zero, .seconds(1)])
    func listsLookOnceInAnInterval(_ afterMiss: Duration) async throws {
        let files = TemporaryDirectory()
        try WMSServingTests.write([200, 100, 50], to: "red", in: files, date: "1")
        let names = try ["a", "b", "c"].map { try MapName(body: "mars", name: $0) }
        let state = try Self.state(files, 1)
        let source = StagedMaps(names: names, afterMiss: afterMiss, [{ $0 ?? state }])
        let catalogue = Catalogue(source: source, logger: Logger(label: "test"))
        for _ in 0..<3 { #expect(try await catalogue.entries().map(\.map) == names) }
        #expect(source.lookUps.withLock(\.count) == (afterMiss == .zero ? 9 : 3))
    }

    private func wait(_ semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}

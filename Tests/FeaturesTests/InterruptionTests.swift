import GRDB
import HiPS
import PlanetaryFrames
import Synchronization
import Testing

@testable import Features

/// Statements that nobody waits for any more, or that take too long.
struct InterruptionTests {
    private let scratch: Scratch
    private let name: LayerName
    private static let count = 20_000

    init() throws {
        scratch = try Scratch()
        name = try LayerName(body: "mars", name: "words")
        let store = try FeatureStore.writing(scratch.data)
        let writer = try LayerWriter(
            store, name: name, body: BodyCatalogue.standard().body(named: "mars"),
            columns: [FeatureColumn(name: "word", kind: .text)], mode: .create)
        for index in 0..<Self.count { try writer.add(nil, [.text("word \(index)")]) }
        try writer.finish(description: "", source: "", assumptions: [])
    }

    /// A condition that calls none of this program's own functions.
    private static let plain = FeatureFilter.or(
        (0..<50).map { .like(.column("word"), FeaturePattern([.anyText, .text("-\($0)")])) })

    /// Counts how often it is asked, and says after some times that nobody waits.
    private final class Client: Sendable {
        let asked = Atomic(0)
        private let leavesAfter: Int

        init(leavesAfter: Int) { self.leavesAfter = leavesAfter }

        var patience: QueryPatience {
            QueryPatience(seconds: 600) {
                self.asked.add(1, ordering: .relaxed).newValue > self.leavesAfter
            }
        }

        var times: Int { asked.load(ordering: .relaxed) }
    }

    private func connection(_ store: FeatureStore) throws -> OpaquePointer? {
        try store.read { $0.sqliteConnection }
    }

    @Test func statementsWithoutFunctionsEnd() throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        let connection = try connection(store)
        // Steps of the layer's description are among them, and of the statement that finds nothing, and looks at all features.
        let patient = Client(leavesAfter: .max)
        let query = FeatureQuery(filter: Self.plain)
        #expect(try patient.patience.with { try store.features(of: name, query) }.isEmpty)
        #expect(patient.times > 1000)
        for statement in [
            { _ = try store.features(of: name, query) },
            { _ = try store.count(of: name, matching: query) },
            {
                _ = try store.features(
                    of: name, FeatureQuery(filter: Self.plain, order: [FeatureOrder(.column("word"))]))
            },
        ] {
            let client = Client(leavesAfter: 20)
            #expect(throws: FeatureError.stopped) { try client.patience.with(statement) }
            #expect(client.times == 21)
            // Whoever has the connection next is not disturbed, with a patience of its own or without one.
            #expect(try self.connection(store) == connection)
            #expect(try store.features(of: name, FeatureQuery(limit: Self.count)).count == Self.count)
            let next = Client(leavesAfter: .max)
            #expect(try next.patience.with { try store.features(of: name, query) }.isEmpty)
            #expect(next.times > 1000)
            #expect(client.times == 21)
        }
    }

    /// Of what is over before it begins nothing is read.
    @Test func nothingBeginsTooLate() throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        #expect(throws: FeatureError.stopped) {
            try Client(leavesAfter: 0).patience.with { try store.layers() }
        }
        #expect(try store.layers().count == 1)
    }

    /// Time is over for one, while others go on with connections of their own.
    @Test func othersGoOn() async throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        let name = name
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for number in 0..<12 {
                tasks.addTask {
                    let client = Client(leavesAfter: number % 2 == 0 ? .max : 50)
                    do {
                        let found = try client.patience.with {
                            try store.count(
                                of: name,
                                matching: FeatureQuery(filter: .not(Self.plain), after: Int64(number + 1)))
                        }
                        return number % 2 == 0 && found == Self.count - number - 1
                    } catch FeatureError.stopped { return number % 2 == 1 }
                }
            }
            for try await isRight in tasks { #expect(isRight) }
        }
    }
}

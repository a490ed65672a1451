import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Server

@Suite struct WorkGateTests {
    /// A door that work waits at until the test opens it.
    private final class Door: Sendable {
        private let isOpen = Atomic<Bool>(false)

        func open() { isOpen.store(true, ordering: .releasing) }

        /// Waits for the door or for being cancelled; whether it was the latter.
        func pass(_ cancellation: Cancellation) -> Bool {
            while !isOpen.load(ordering: .acquiring) {
                if cancellation.isCancelled { return true }
                sched_yield()
            }
            return false
        }
    }

    private struct Failure: Error, Equatable {}

    /// Waits until the gate has as much to do as expected.
    private func wait(_ gate: WorkGate, running: Int, waiting: Int) async throws {
        let expected = WorkGate.Load(running: running, waiting: waiting)
        for _ in 0..<6000 where gate.load != expected { try await Task.sleep(for: .milliseconds(10)) }
        #expect(gate.load == expected)
    }

    @Test func resultsAndErrorsComeBack() async throws {
        let gate = WorkGate(workers: 2, queue: 1000)
        let sum = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for number in 1...200 { tasks.addTask { try await gate.run { _ in number } } }
            return try await tasks.reduce(0, +)
        }
        #expect(sum == 20100)
        await #expect(throws: Failure()) { try await gate.run { _ in throw Failure() } }
        try await wait(gate, running: 0, waiting: 0)
    }

    @Test func whatDoesNotFitIsTurnedAwayAtOnce() async throws {
        let gate = WorkGate(workers: 2, queue: 3)
        let door = Door()
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<5 { tasks.addTask { try await gate.run(door.pass) } }
            try await wait(gate, running: 2, waiting: 3)
            await #expect(throws: WorkGate.Full(retryAfter: 1)) { try await gate.run { _ in } }
            door.open()
            for try await wasCancelled in tasks { #expect(!wasCancelled) }
        }
        try await wait(gate, running: 0, waiting: 0)
        try await gate.run { _ in }
    }

    @Test func waitingGrowsWithTheQueueAndTheWork() async throws {
        let gate = WorkGate(workers: 1, queue: 40)
        // The running mean after these is near a tenth of a second.
        for _ in 0..<3 { _ = try await gate.run { _ in usleep(100_000) } }
        let door = Door()
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<41 { tasks.addTask { try await gate.run(door.pass) } }
            try await wait(gate, running: 1, waiting: 40)
            let full = await #expect(throws: WorkGate.Full.self) { try await gate.run { _ in } }
            #expect((2...30).contains(full?.retryAfter ?? 0))
            door.open()
            try await tasks.waitForAll()
        }
    }

    @Test func cancelledTasksLeaveTheQueueOrAreTold() async throws {
        let gate = WorkGate(workers: 1, queue: 1)
        let door = Door()
        let running = Task { try await gate.run(door.pass) }
        try await wait(gate, running: 1, waiting: 0)
        let waiting = Task { try await gate.run { _ in Issue.record("begun though cancelled") } }
        try await wait(gate, running: 1, waiting: 1)
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await wait(gate, running: 1, waiting: 0)
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        try await wait(gate, running: 0, waiting: 0)
    }

    @Test func clientsThatGoCancelTheirWork() async throws {
        let gate = WorkGate(workers: 1, queue: 4)
        let (client, other, gone) = (ClientPresence(), ClientPresence(), ClientPresence(isGone: true))
        let door = Door()
        let running = Task { try await gate.run(for: client, door.pass) }
        try await wait(gate, running: 1, waiting: 0)
        let waiting = Task { try await gate.run(for: other) { _ in Issue.record("begun though gone") } }
        try await wait(gate, running: 1, waiting: 1)
        await #expect(throws: CancellationError.self) { try await gate.run(for: gone) { _ in } }
        other.leave()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        client.leave()
        await #expect(throws: CancellationError.self) { try await running.value }
        try await wait(gate, running: 0, waiting: 0)
    }

    @Test func closedConnectionsAreNoticedDuringTheWork() async throws {
        let gate = WorkGate(workers: 1, queue: 0)
        let (presences, found) = AsyncStream<ClientPresence>.makeStream()
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let presence = ClientPresence()
                    try channel.pipeline.syncOperations.addHandler(presence)
                    Task { found.yield(await ClientPresence.of(channel)) }
                }
            }
        let server = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        var iterator = presences.makeAsyncIterator()
        var connection: Connection? = Connection(port: port)
        let presence = try #require(await iterator.next())
        #expect(!presence.isGone)
        let work = Task { try await gate.run(for: presence, Door().pass) }
        try await wait(gate, running: 1, waiting: 0)
        _ = connection
        connection = nil
        await #expect(throws: CancellationError.self) { try await work.value }
        #expect(presence.isGone)
        try await server.close()
    }
}

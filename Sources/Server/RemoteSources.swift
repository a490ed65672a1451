internal import GridCoverages
internal import HiPS
internal import NIOPosix
internal import Synchronization

/// The files on servers and in object stores that maps were built from: opened, and asked for again now and then, on
/// threads of their own.
///
/// One that does not answer keeps neither an event loop nor a thread of the gate waiting. Whoever wants to know of it waits
/// without a thread, a few seconds at most, and what was found out is good for all for a while.
final class RemoteSources: Sendable {
    /// What is known of the file behind a map.
    enum Finding: Sendable {
        /// It was opened; what became of it since is known to the coverage.
        case coverage(GridCoverage)
        /// It is not what the build found, or no coverage.
        case unfit
        /// Its server does not answer.
        case unreachable
    }

    /// A state of a map, and of the note of its file.
    struct Key: Hashable, Sendable {
        let generation: UInt64
        let note: Int64
    }

    /// The file behind one state of a map.
    final class Place: Sendable {
        fileprivate struct State: Sendable {
            var finding: Finding?
            var moment = ContinuousClock.now
            var isAsked = false
        }

        fileprivate let key: Key
        fileprivate let state = Mutex(State())

        fileprivate init(_ key: Key) {
            self.key = key
        }

        /// What is known; nil for nothing yet.
        var finding: Finding? { state.withLock(\.finding) }

        /// Whether it is asked for at this moment.
        var isAsked: Bool { state.withLock(\.isAsked) }
    }

    /// Something has to be waited for before the request can be answered; see ``wait()``.
    struct Pending: Error {
        let place: Place

        /// Waits until it is known, or for as long as a client is kept waiting.
        func wait() async throws {
            let end = ContinuousClock.now + RemoteSources.patience
            while place.isAsked, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    /// What waits for a server.
    private struct Queue: Sendable {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
        /// Whether it answered last time.
        var answers = true

        /// One that does not answer has one thread at a time.
        var isFull: Bool { running >= (answers ? RemoteSources.threadsOfHost : 1) }
    }

    private static let patience = Duration.seconds(4)
    private static let threadCount = 8
    private static let threadsOfHost = 2
    private let places = Mutex<[MapName: Place]>([:])
    private let queues = Mutex<[String: Queue]>([:])
    private let threads = NIOThreadPool(numberOfThreads: threadCount)

    init() {
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// The place of a state of a map; asks for the file where what is known is old, and does not wait for it.
    /// - Parameters:
    ///   - host: the server that is asked; one that is silent keeps few of the threads.
    ///   - open: opens the file; waits for the server.
    func place(of map: MapName, _ key: Key, on host: String, open: @escaping @Sendable () -> Finding) -> Place
    {
        let place = places.withLock { places in
            if let known = places[map], known.key == key { return known }
            let made = Place(key)
            places[map] = made
            return made
        }
        let begins = place.state.withLock { state in
            guard !state.isAsked, Self.isDue(state) else { return false }
            state.isAsked = true
            return true
        }
        guard begins else { return place }
        ask(host) {
            var finding = place.finding
            var state = SourceState.unchanged
            if case .coverage(let coverage) = finding {
                state = coverage.state()
            } else {
                finding = open()
                if case .unreachable = finding { state = .unreachable }
            }
            place.state.withLock { $0 = .init(finding: finding) }
            return state != .unreachable
        }
        return place
    }

    /// Asks a server as soon as fewer of the threads than it may have wait for it.
    /// - Parameter work: says whether it answered.
    private func ask(_ host: String, _ work: @escaping @Sendable () -> Bool) {
        let job: @Sendable () -> Void = { [weak self] in
            let answers = work()
            self?.end(host, answers)
        }
        let isNow = queues.withLock { queues in
            var queue = queues[host] ?? Queue()
            let isNow = !queue.isFull
            if isNow { queue.running += 1 } else { queue.waiting.append(job) }
            queues[host] = queue
            return isNow
        }
        if isNow { submit(job) }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        threads.submit { turn in
            if case .active = turn { job() }
        }
    }

    /// Begins what waits for a server when something that did has ended.
    private func end(_ host: String, _ answers: Bool) {
        let next = queues.withLock { queues in
            guard var queue = queues[host] else { return [@Sendable () -> Void]() }
            queue.running -= 1
            queue.answers = answers
            var next: [@Sendable () -> Void] = []
            while !queue.isFull, !queue.waiting.isEmpty {
                next.append(queue.waiting.removeFirst())
                queue.running += 1
            }
            // What answers and is asked nothing is as one that nobody knows.
            queues[host] = queue.running == 0 && answers ? nil : queue
            return next
        }
        for job in next { submit(job) }
    }

    private static func isDue(_ state: Place.State) -> Bool {
        switch state.finding {
        case nil: true
        case .coverage(let coverage): coverage.isDue
        case .unfit, .unreachable: ContinuousClock.now - state.moment > .seconds(GridCoverage.restSeconds)
        }
    }

    /// Lets go of maps that are not there any more.
    func forget(_ maps: [MapName]) {
        places.withLock { places in
            for map in maps { places[map] = nil }
        }
    }
}

extension MapServices {
    /// What is wanted of coverages whose files lie on servers.
    enum RemoteWish {
        /// Nothing: none of them was asked for.
        case none
        /// What is known, though it may be some time old.
        case known
        /// What is so now.
        case now
    }

    /// The coverages of a map, and the names of those whose files cannot be reached.
    typealias FoundCoverages = (coverages: [GridCoverage], unreachable: [String])

    /// Adds to the coverages of a map that of a file on a server.
    /// - Parameters:
    ///   - place: what is known of it.
    ///   - waits: whether what is not known may be waited for.
    /// - Throws: ``RemoteSources/Pending`` where it has to be.
    static func add(
        _ place: RemoteSources.Place, to found: inout FoundCoverages, map: MapName, _ wish: RemoteWish,
        waits: Bool
    ) throws {
        if waits, place.isAsked, wish == .now || place.finding == nil {
            throw RemoteSources.Pending(place: place)
        }
        let name = map.name + GridCoverage.nativeSuffix
        switch place.finding {
        case .coverage(let coverage):
            switch coverage.knownState {
            case .unchanged: found.coverages.append(coverage)
            case .changed: break
            case .unreachable: found.unreachable.append(name)
            }
        case .unfit: break
        case .unreachable, nil: found.unreachable.append(name)
        }
    }
}

internal import Glibc

/// Threads for calls that block for as long as a network takes, so that tasks keep theirs.
enum Threads {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs `body` on a number of threads at once and waits for all.
    /// - Throws: ``AdoptionError/file(_:)`` when the system gives no thread.
    static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) async throws(AdoptionError) {
        let codes = await withTaskGroup(of: Int32.self) { group in
            for _ in 0..<count {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        let code = start {
                            body()
                            continuation.resume(returning: 0)
                        }
                        if code != 0 { continuation.resume(returning: code) }
                    }
                }
            }
            return await group.reduce(into: [Int32]()) { $0.append($1) }
        }
        guard codes.contains(0) else {
            let reason = codes.first.map { String(cString: strerror($0)) } ?? "none was asked for"
            throw .file("Cannot start a thread: \(reason).")
        }
    }

    private static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        // The thread takes the work over; where there is none, it is let go of below.
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        if code != 0 { work.release() }
        return code
    }
}

internal import Synchronization

/// What is found out about a request while it is answered, for metrics and the access log.
final class RequestRecord: Sendable {
    private let storedOperation = Atomic<Int>(ServedOperation.unknown.rawValue)
    private let storedCacheUse = Atomic<Int>(CacheUse.none.rawValue)

    private let madeIdentifier = Mutex<String?>(nil)

    /// What the cache had to do with an answer.
    enum CacheUse: Int, Sendable {
        case none, hit, miss
    }

    /// What the request is for.
    var operation: ServedOperation {
        get { ServedOperation(rawValue: storedOperation.load(ordering: .relaxed)) ?? .unknown }
        set { storedOperation.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// The identifier of the request: the one that it brought, or one made when it is first asked for.
    func identifier(_ given: String?) -> String {
        if let given { return given }
        return madeIdentifier.withLock { made in
            let identifier = made ?? RequestIdentifier.made()
            made = identifier
            return identifier
        }
    }

    /// Whether the answer was in memory.
    var cacheUse: CacheUse {
        get { CacheUse(rawValue: storedCacheUse.load(ordering: .relaxed)) ?? .none }
        set { storedCacheUse.store(newValue.rawValue, ordering: .relaxed) }
    }
}

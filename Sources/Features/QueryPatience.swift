internal import GRDB
internal import GRDBSQLite

/// How long a query of features may go on: until nobody wants its outcome any more, or some time has passed.
///
/// SQLite asks for it every few thousand steps of a statement, and the functions that statements call for each feature ask as
/// well, for one of their calls can be long.
public struct QueryPatience: Sendable {
    @TaskLocal static var current: QueryPatience?

    private let end: ContinuousClock.Instant
    private let isUnwanted: @Sendable () -> Bool

    /// A patience that begins now.
    /// - Parameter isUnwanted: is asked many thousand times a second.
    public init(seconds: Int, isUnwanted: @escaping @Sendable () -> Bool = { false }) {
        end = ContinuousClock.now.advanced(by: .seconds(seconds))
        self.isUnwanted = isUnwanted
    }

    /// Whether the query is to end.
    var isOver: Bool { isUnwanted() || ContinuousClock.now >= end }

    /// Does something whose queries fail with ``FeatureError/stopped`` as soon as the patience is over.
    public func with<T>(_ body: () throws -> T) rethrows -> T {
        try Self.$current.withValue(self, operation: body)
    }

    // MARK: Statements

    /// After how many steps of its machine SQLite asks: some ten microseconds.
    private static let steps: Int32 = 1000

    /// What SQLite is given to ask.
    private final class Question: Sendable {
        let patience: QueryPatience

        init(_ patience: QueryPatience) { self.patience = patience }
    }

    /// Does something with a connection whose statements are interrupted when the patience is over.
    ///
    /// `sqlite3_interrupt` would need a thread that waits, and might meet the statement of whoever has the connection next.
    func interrupting<T>(_ db: Database, _ body: () throws -> T) throws -> T {
        guard !isOver else { throw FeatureError.stopped }
        let question = Question(self)
        // The pointer is used by statements of this connection alone, which runs none after the handler has been taken away,
        // and the object lives until then.
        sqlite3_progress_handler(
            db.sqliteConnection, Self.steps,
            { pointer in
                guard let pointer else { return 0 }
                return Unmanaged<Question>.fromOpaque(pointer).takeUnretainedValue().patience.isOver ? 1 : 0
            }, Unmanaged.passUnretained(question).toOpaque())
        defer {
            sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
            withExtendedLifetime(question) {}
        }
        return try body()
    }
}

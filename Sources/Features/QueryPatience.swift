/// How long a query of features may go on: until nobody wants its outcome any more, or some time has passed.
///
/// The functions that queries call for each feature look at it, so that conditions on places and on texts whose case does not
/// count end early; others are SQLite's own work, and short.
public struct QueryPatience: Sendable {
    @TaskLocal static var current: QueryPatience?

    private let end: ContinuousClock.Instant
    private let isUnwanted: @Sendable () -> Bool

    /// A patience that begins now.
    /// - Parameter isUnwanted: is asked for each feature that is looked at.
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
}

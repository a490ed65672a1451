/// What has been counted of one operation.
final class OperationMetrics: Sendable {
    /// The statuses that are told apart; all others are counted together.
    static let statuses = [
        200, 204, 206, 302, 304, 400, 401, 403, 404, 405, 409, 413, 414, 416, 422, 429, 500, 501, 503,
    ]

    /// The upper bounds of the histogram's buckets in microseconds; the last bucket has none.
    static let bounds = [
        100, 250, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
        10_000_000, 30_000_000,
    ]

    /// The place of each status in ``byStatus``.
    private static let places: [UInt8] = {
        var places = [UInt8](repeating: UInt8(statuses.count), count: 600)
        for (place, status) in statuses.enumerated() { places[status] = UInt8(place) }
        return places
    }()

    /// Requests by status, with one more place for the others.
    let byStatus = (0...statuses.count).map { _ in Counter() }
    /// Requests by time, not accumulated, with one more place for those beyond the last bound.
    let byTime = (0...bounds.count).map { _ in Counter() }
    /// The sum of all times in nanoseconds.
    let nanoseconds = Counter()
    /// The sum of the lengths of all bodies.
    let bytes = Counter()

    /// Counts one answer.
    func add(status: Int, bytes count: Int, nanoseconds time: Int) {
        byStatus[(0..<600).contains(status) ? Int(Self.places[status]) : Self.statuses.count].add()
        byTime[Self.bounds.firstIndex { time <= $0 * 1000 } ?? Self.bounds.count].add()
        nanoseconds.add(time)
        if count > 0 { bytes.add(count) }
    }
}

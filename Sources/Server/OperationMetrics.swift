/// What has been counted of one operation.
final class OperationMetrics: Sendable {
    /// The statuses that are told apart; all others are counted together.
    static let statuses = [
        200, 204, 206, 302, 304, 400, 401, 403, 404, 405, 409, 413, 414, 416, 422, 429, 500, 501, 503,
    ]

    /// The upper bounds of the histogram's buckets in seconds, each as it stands in the exposition; the last bucket has
    /// none.
    static let bounds: [(text: String, seconds: Double)] = [
        ("0.0001", 0.0001), ("0.00025", 0.00025), ("0.001", 0.001), ("0.0025", 0.0025), ("0.005", 0.005),
        ("0.01", 0.01), ("0.025", 0.025), ("0.05", 0.05), ("0.1", 0.1), ("0.25", 0.25), ("0.5", 0.5),
        ("1", 1),
        ("2.5", 2.5), ("10", 10), ("30", 30),
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
    func add(status: Int, bytes count: Int, duration: Duration) {
        byStatus[(0..<600).contains(status) ? Int(Self.places[status]) : Self.statuses.count].add()
        let (seconds, attoseconds) = duration.components
        let time = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        let inSeconds = Double(time) / 1e9
        byTime[Self.bounds.firstIndex { inSeconds <= $0.seconds } ?? Self.bounds.count].add()
        nanoseconds.add(time)
        if count > 0 { bytes.add(count) }
    }
}

internal import Synchronization

/// Numbers about the server since its start, given out at `/metrics`.
///
/// The path of a tile adds to a few counters and takes no lock.
final class Metrics: Sendable {
    /// A number that is read when it is asked for.
    struct Reading: Sendable {
        enum Kind: String, Sendable {
            case counter, gauge
        }

        /// The name, as Prometheus wants it: in base units, ending in `_total` for a counter.
        let name: String
        let kind: Kind
        /// One sentence about it.
        let help: String
        let read: @Sendable () -> Double
    }

    private let operations = ServedOperation.allCases.map { _ in OperationMetrics() }
    /// Requests that are answered at the moment.
    let inProgress = Atomic<Int>(0)
    /// Requests that failed for a reason on the server's side.
    let errors = Counter()
    /// Files of HiPS that were in memory, and that were not.
    let cacheHits = Counter()
    let cacheMisses = Counter()
    private let readings = Mutex<[Reading]>([])

    /// What was counted of an operation.
    subscript(operation: ServedOperation) -> OperationMetrics { operations[operation.rawValue] }

    /// Adds a number of another part of the server to what is given out.
    func register(
        _ name: String, _ kind: Reading.Kind, _ help: String, _ read: @escaping @Sendable () -> Double
    ) {
        readings.withLock { $0.append(Reading(name: name, kind: kind, help: help, read: read)) }
    }

    /// All numbers in the text format of Prometheus, version 0.0.4.
    func exposition() -> String {
        var text = ExpositionText()
        let seen = ServedOperation.allCases.map { ($0, self[$0]) }.filter { _, metrics in
            metrics.byTime.contains { $0.value > 0 }
        }
        text.family(
            "tessera_http_requests_total", .counter,
            "Requests that were answered, by service, operation and status.")
        for (operation, metrics) in seen {
            let names = OperationMetrics.statuses.map(String.init) + ["other"]
            for (status, counter) in zip(names, metrics.byStatus) where counter.value > 0 {
                text.sample(
                    "tessera_http_requests_total", labels(operation) + [("status", status)], counter.value)
            }
        }
        text.histogram(
            "tessera_http_request_duration_seconds",
            "Time from the head of a request to its answer's first byte.")
        for (operation, metrics) in seen { durations(metrics, labels(operation), into: &text) }
        text.family("tessera_http_response_bytes_total", .counter, "Bytes of the bodies of answers.")
        for (operation, metrics) in seen {
            text.sample("tessera_http_response_bytes_total", labels(operation), metrics.bytes.value)
        }
        for reading in own + readings.withLock({ $0 }) {
            text.family(reading.name, reading.kind, reading.help)
            text.sample(reading.name, [], reading.read())
        }
        return text.text
    }

    private func labels(_ operation: ServedOperation) -> [(String, String)] {
        [("service", operation.service), ("operation", operation.name)]
    }

    private func durations(
        _ metrics: OperationMetrics, _ labels: [(String, String)], into text: inout ExpositionText
    ) {
        let name = "tessera_http_request_duration_seconds"
        var count: UInt64 = 0
        for (place, counter) in metrics.byTime.enumerated() {
            count += counter.value
            let bound =
                place < OperationMetrics.bounds.count
                ? "\(Double(OperationMetrics.bounds[place]) / 1e6)" : "+Inf"
            text.sample(name + "_bucket", labels + [("le", bound)], count)
        }
        text.sample(name + "_sum", labels, Double(metrics.nanoseconds.value) / 1e9)
        // The same number as in the last bucket, whatever was added meanwhile.
        text.sample(name + "_count", labels, count)
    }

    private var own: [Reading] {
        [
            Reading(
                name: "tessera_http_requests_in_progress", kind: .gauge,
                help: "Requests that are answered at the moment."
            ) { Double(self.inProgress.load(ordering: .relaxed)) },
            Reading(
                name: "tessera_errors_total", kind: .counter,
                help: "Requests that failed for a reason on the server's side."
            ) { Double(self.errors.value) },
            Reading(
                name: "tessera_tile_cache_hits_total", kind: .counter,
                help: "Files of HiPS that were in memory."
            ) { Double(self.cacheHits.value) },
            Reading(
                name: "tessera_tile_cache_misses_total", kind: .counter,
                help: "Files of HiPS that were looked for on the disk or in the store."
            ) { Double(self.cacheMisses.value) },
        ]
    }
}

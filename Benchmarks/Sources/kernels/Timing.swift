/// One line of the report.
struct Measurement {
    let name: String
    /// Least time of all repeats, in nanoseconds for one pixel of the result.
    let nanosecondsPerPixel: Double
    let note: String
}

/// Measures by the least of many repeats: what the machine does besides only ever adds.
struct Timing {
    private(set) var results: [Measurement] = []
    /// How long each kernel is repeated.
    let budget: Duration

    init(budget: Duration) { self.budget = budget }

    /// Repeats `body`, which makes `pixels` pixels, until the budget is spent, at least five times.
    mutating func measure(_ name: String, pixels: Int, note: String = "", _ body: () throws -> Void) rethrows
    {
        let clock = ContinuousClock()
        let start = clock.now
        var least = Duration.seconds(3600)
        var repeats = 0
        while repeats < 5 || clock.now - start < budget {
            let begin = clock.now
            try body()
            least = min(least, clock.now - begin)
            repeats += 1
        }
        let (seconds, attoseconds) = least.components
        let nanoseconds = Double(seconds) * 1e9 + Double(attoseconds) * 1e-9
        results.append(Measurement(name: name, nanosecondsPerPixel: nanoseconds / Double(pixels), note: note))
    }
}

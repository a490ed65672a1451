internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// Looks a HiPS over: its properties, coverage, tiles and Allsky pictures, each by itself and against each
/// other (HiPS 1.0, MOC 2.0, and what both Aladins need for planets).
public struct Linter: Sendable {
    private let text: String
    private let location: Location
    private let options: LintOptions

    /// A linter of one HiPS.
    /// - Parameter location: the directory that holds `properties`, its place in an object store such as
    ///   `s3://bucket/prefix`, or its address with `http://` or `https://`.
    /// - Throws: ``LintError/noDirectory(path:)``, ``LintError/address(_:reason:)``, or
    ///   ``LintError/file(operation:path:reason:)`` when the note of an adopted map cannot be read.
    public init(_ location: String, options: LintOptions = LintOptions()) throws(LintError) {
        text = location
        self.location = try Location(location)
        self.options = options
    }

    /// Looks at everything that the options ask for.
    /// - Returns: what was found; the same for the same HiPS, however many workers there are.
    /// - Throws: ``LintError`` when the HiPS cannot be read at all: a server that is gone, a folder that
    ///   cannot be listed.
    public func run() async throws -> LintReport {
        let started = ContinuousClock.now
        var findings = Findings()
        var total = Total()
        var listed: Int?
        var isComplete = false
        let reader = location.reader
        if let subject = try SubjectReader(location: location, reader: reader).read(&findings) {
            if let files = location.files {
                var presence = PresenceCheck(files)
                try presence.check(subject, &findings)
                listed = presence.files.values.reduce(0, +)
                PropertiesAgainstTiles.checkCount(presence, subject, &findings)
            }
            if case .remote(let address) = location {
                try RemoteCheck(address).check(subject, &findings)
            }
            let selection = options.all ? .all : Selection.sample(of: subject, leaves: options.sampleLeaves)
            let plan = VisitPlan(
                subject: subject, selection: selection,
                allsky: try AllskySheets(subject, reader, &findings), tellsMissing: location.files == nil)
            total = try await visit(plan)
            findings.merge(total.findings)
            PropertiesAgainstTiles.check(total, subject, isComplete: options.all, &findings)
            isComplete = options.all
        }
        let elapsed = (ContinuousClock.now - started).components
        return LintReport(
            location: text, findings: findings.sorted, counts: findings.counts, tilesRead: total.tilesRead,
            tilesListed: listed, bytesRead: total.bytesRead, isComplete: isComplete,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }

    /// First the subtrees below the units of work, then the orders above them.
    private func visit(_ plan: VisitPlan) async throws -> Total {
        let subject = plan.subject
        let deepest = min(3, max(0, subject.order.value - 2))
        let unit = max(subject.orderMin, Order(deepest) ?? .zero)
        var total = try await visit(plan, cells(plan, unit), last: subject.order, checksLast: true)
        if subject.orderMin < unit {
            total.merge(
                try await visit(plan, cells(plan, subject.orderMin), last: unit, checksLast: false))
        }
        return total
    }

    private func cells(_ plan: VisitPlan, _ order: Order) -> [Cell] {
        plan.subject.ranges(at: order).joined().compactMap { Cell(order: order, npix: $0) }
            .filter { plan.selection.contains($0) }
    }

    private func visit(
        _ plan: VisitPlan, _ cells: [Cell], last: Order, checksLast: Bool
    ) async throws -> Total {
        let queue = WorkQueue(cells)
        return try await withThrowingTaskGroup(of: Total.self) { group in
            for _ in 0..<min(options.jobs, max(1, cells.count)) {
                group.addTask {
                    let visitor = TileVisitor(plan, location.reader)
                    while let cell = queue.next() {
                        try Task.checkCancellation()
                        try visitor.visit(cell, last: last, checksLast: checksLast)
                    }
                    return Total(visitor)
                }
            }
            var total = Total()
            for try await part in group { total.merge(part) }
            return total
        }
    }
}

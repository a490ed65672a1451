internal import HEALPix

/// Runs the same work on many cells at once.
enum RepairWorkers {
    /// - Returns: what each worker has gathered.
    static func run<Gathered: Sendable>(
        _ cells: [Cell], jobs: Int, start: Gathered,
        _ work: @escaping @Sendable (Cell, inout Gathered) throws -> Void
    ) async throws -> [Gathered] {
        let queue = WorkQueue(cells)
        return try await withThrowingTaskGroup(of: Gathered.self) { group in
            for _ in 0..<min(jobs, max(1, cells.count)) {
                group.addTask {
                    var gathered = start
                    while let cell = queue.next() {
                        try Task.checkCancellation()
                        try work(cell, &gathered)
                    }
                    return gathered
                }
            }
            var all: [Gathered] = []
            for try await gathered in group { all.append(gathered) }
            return all
        }
    }
}

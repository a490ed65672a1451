internal import HEALPix
internal import HiPS
internal import Pixels
internal import Rasters
internal import Storage
internal import Synchronization

/// Runs the workers over the units of work of one plan, for one kind of sample.
struct PyramidBuilder<Sample: TilePixel>: Sendable {
    let plan: TilePlan
    let files: any FileStore
    let checkpoints: CheckpointStore
    let jobs: Int
    let preview: PreviewPlan
    let progress: ProgressMeter

    /// Builds every tile.
    /// - Returns: what all workers found, in an order that does not depend on their number.
    func run() async throws -> WorkerOutput<Sample> {
        var output = WorkerOutput<Sample>(leafOrder: plan.leafOrder, preview: preview)
        // From north to south: neighbours in the list share the rows that a striped source decodes at once.
        let units = plan.cells(at: plan.unitOrder).sorted {
            let (a, b) = ($0.bounds, $1.bounds)
            return a.northRad != b.northRad ? a.northRad > b.northRad : a.westRad < b.westRad
        }
        output.add(try await share(units, isTop: false) { worker, cell in try worker.buildUnit(cell) })
        if plan.unitOrder.value > 0 {
            let bases = (0..<12).compactMap { Cell(order: 0, npix: Int64($0)) }
            output.add(try await share(bases, isTop: true) { worker, cell in try worker.buildTop(cell) })
        }
        return output
    }

    /// Lets the workers draw cells from one list until it is empty or one of them fails.
    private func share(
        _ cells: [Cell], isTop: Bool,
        _ work: @escaping @Sendable (PyramidWorker<Sample>, Cell) throws -> Void
    ) async throws -> WorkerOutput<Sample> {
        let empty = WorkerOutput<Sample>(leafOrder: plan.leafOrder, preview: preview)
        let list = WorkList(cells)
        return try await withThrowingTaskGroup(of: WorkerOutput<Sample>.self) { group in
            for _ in 0..<min(jobs, max(1, cells.count)) {
                group.addTask {
                    let worker = try PyramidWorker<Sample>(
                        plan: plan, files: files, checkpoints: checkpoints, isTop: isTop, preview: preview,
                        progress: progress)
                    while let cell = list.next() { try work(worker, cell) }
                    return worker.output
                }
            }
            var sum = empty
            for try await output in group { sum.add(output) }
            return sum
        }
    }
}

/// A list that several workers draw from.
private final class WorkList: Sendable {
    private let cells: [Cell]
    private let position = Atomic(0)

    init(_ cells: [Cell]) {
        self.cells = cells
    }

    func next() -> Cell? {
        let index = position.add(1, ordering: .relaxed).oldValue
        return index < cells.count ? cells[index] : nil
    }
}

extension TilePlan {
    /// Orders at which finished subtrees are kept: from the units of work down to where a subtree has a thousand
    /// tiles, so that what an interruption costs does not grow with the depth of the map.
    var checkpointOrders: ClosedRange<Int> {
        unitOrder.value...max(unitOrder.value, leafOrder.value - 5)
    }
}

internal import HEALPix
import Synchronization

/// Cells that workers take one after the other.
final class WorkQueue: Sendable {
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

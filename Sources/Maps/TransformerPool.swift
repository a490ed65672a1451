internal import PlanetaryFrames
internal import Synchronization

/// Transformers of one frame that are lent to one thread at a time: making one takes PROJ longer than drawing a map.
final class TransformerPool: Sendable {
    /// `MapTransformer` is for one thread at a time, which the pool sees to.
    private struct Lent: @unchecked Sendable {
        let transformer: MapTransformer
    }

    private let frame: MapFrame
    private let idle = Mutex<[Lent]>([])

    init(_ frame: MapFrame) {
        self.frame = frame
    }

    /// Runs `body` with a transformer that nobody else has.
    func with<Result>(
        _ body: (MapTransformer) throws(MapsError) -> Result
    ) throws(MapsError) -> Result {
        let lent: Lent
        if let kept = idle.withLock({ $0.popLast() }) {
            lent = kept
        } else {
            do {
                lent = Lent(transformer: try frame.makeTransformer())
            } catch {
                throw .frame(error)
            }
        }
        defer { idle.withLock { $0.append(lent) } }
        return try body(lent.transformer)
    }
}

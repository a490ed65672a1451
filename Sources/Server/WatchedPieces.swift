internal import HiPS
internal import OGC
internal import Synchronization

/// The further pieces of an answer out of maps, which end with an error when a map is exchanged for a rebuilt one in between:
/// what is missing of the old build by then would be a hole in the answer.
struct WatchedPieces: OGCPieces {
    /// A map is not any more what the answer was begun from.
    struct Rebuilt: Error, CustomStringConvertible {
        let map: MapName

        var description: String { "\(map) was rebuilt while it was sent; the answer was broken off" }
    }

    private var pieces: any OGCPieces
    private let states: [(map: MapName, generation: Generation)]
    private let source: any MapSource
    /// When a file was last found missing, as far as that was looked into.
    private var seen: [ContinuousClock.Instant?]

    init(
        _ pieces: any OGCPieces, of states: [(map: MapName, generation: Generation)], source: any MapSource
    ) {
        self.pieces = pieces
        self.states = states
        self.source = source
        seen = states.map { $0.generation.lastMiss.withLock { $0 } }
    }

    mutating func next() throws -> [UInt8]? {
        let piece = try pieces.next()
        for (index, state) in states.enumerated() {
            let missed = state.generation.lastMiss.withLock { $0 }
            guard missed != seen[index] else { continue }
            seen[index] = missed
            guard try source.state(of: state.map, known: state.generation) === state.generation else {
                throw Rebuilt(map: state.map)
            }
        }
        return piece
    }
}

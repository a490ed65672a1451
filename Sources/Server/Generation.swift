internal import HiPS
internal import Maps
internal import Synchronization

/// One state of a published map: the files of a build and its properties.
///
/// On disk all files of an answer are opened below a directory that is held open. When a rebuild takes the map's place,
/// this directory stays what it was, so that nothing of two builds is ever mixed under one generation. An object store
/// has no such thing: there a build takes `properties` away before it writes its first tile, and a state ends with them.
final class Generation: Sendable {
    /// Different for each generation of the process.
    let number: UInt64
    let files: any MapFiles
    let properties: HiPSProperties
    /// How others made the map, where it was adopted.
    let note: AdoptionNote?
    /// What tells two states apart without reading them.
    let stamp: [Int64]
    /// What tells two states apart after a restart as well: a name for a folder.
    let version: String
    /// When a file was last found missing, for those who draw: the map may have been rebuilt.
    let lastMiss = Mutex<ContinuousClock.Instant?>(nil)
    /// When a tile of it was first found that cannot be drawn from, though it is there.
    let firstBroken = Mutex<ContinuousClock.Instant?>(nil)
    /// When the map could first not be opened, and why, for those who draw.
    let refusal = Mutex<Refusal?>(nil)

    /// Why a map cannot be drawn in this state.
    struct Refusal: Sendable {
        let error: MapsError
        /// When this was found first.
        let moment: ContinuousClock.Instant
        /// When it was last tried.
        var lastTrial: ContinuousClock.Instant
    }

    /// When it was found last that something is not there; nil for never.
    var lastFailure: ContinuousClock.Instant? {
        let (miss, refusal) = (lastMiss.withLock { $0 }, refusal.withLock { $0?.moment })
        return [miss, refusal].compactMap { $0 }.max()
    }

    /// When it was last found that something is not there, or first that a tile is broken, which is now if neither was before:
    /// what has been seen of the map since then need not be looked at again.
    var failure: ContinuousClock.Instant {
        lastFailure
            ?? firstBroken.withLock { moment in
                let first = moment ?? .now
                moment = first
                return first
            }
    }

    private static let count = Atomic<UInt64>(0)

    /// A state.
    /// - Parameter times: sizes and times of the files that a rebuild writes anew, which the system does not change by
    ///   itself.
    init(
        files: any MapFiles, properties: HiPSProperties, note: AdoptionNote? = nil, stamp: [Int64],
        times: [Int64]
    ) {
        number = Self.count.add(1, ordering: .relaxed).newValue
        self.files = files
        self.properties = properties
        self.note = note
        self.stamp = stamp
        let text = properties.text + times.map { " \($0)" }.joined()
        version = String(EntityTag(text).description.filter { $0 != "\"" })
    }
}

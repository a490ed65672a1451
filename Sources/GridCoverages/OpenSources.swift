internal import GDAL
internal import Rasters
internal import Synchronization

/// Files that were opened for an answer and are kept open for the next one, for all coverages of a server.
///
/// Opening one takes longer than reading a part of it, and what GDAL has decoded of it is lost when it is closed. A handle
/// belongs to one thread at a time: it lies behind a lock that is held while it is read.
final class OpenSources: Sendable {
    /// A class, for an optional of what cannot be copied cannot be looked into.
    private final class File {
        let file: SampleFile

        init(_ native: NativeSource, epoch: Int) throws(GDALError) {
            let source = native.source
            file = try SampleFile(source)
            guard file.dataset.width == source.fileColumns, file.dataset.height == source.fileRows,
                // What lay under the name when it was opened is what lay there when the epoch began.
                native.isStill(epoch)
            else {
                throw GDALError(operation: "read", path: source.path, message: "it has changed")
            }
        }
    }

    /// A file, and the time in which nothing was changed about it.
    private struct Key: Equatable {
        let source, epoch: Int
    }

    private struct Held {
        /// What is open; nil for nothing.
        var key: Key?
        var file: File?
        var lastUse = ContinuousClock.now
    }

    private final class Slot: Sendable {
        let held = Mutex(Held())
    }

    private let slots: [Slot]
    private let idle: Duration
    private let isSwept = Atomic(false)
    private let opened = Atomic(0)

    /// Room for so many files, each of which is closed once it was not used for a time.
    init(count: Int = 16, idle: Duration = .seconds(60)) {
        slots = (0..<max(1, count)).map { _ in Slot() }
        self.idle = idle
    }

    /// How many files are open.
    var openCount: Int { slots.count { $0.held.withLock { $0.key != nil } } }

    /// How often a file was opened so far.
    var openings: Int { opened.load(ordering: .relaxed) }

    /// Reads a source by a handle that nobody else uses meanwhile.
    ///
    /// Where all are in use the file is opened for this one time.
    /// - Parameter epoch: that of the source; handles of earlier ones are closed.
    /// - Throws: ``GDALError`` when it cannot be opened, or is not that of the epoch any more, and what `body` throws; the
    ///   handle is closed then.
    func read(
        _ source: NativeSource, epoch: Int,
        _ body: @Sendable (borrowing SampleFile) throws(GDALError) -> [UInt8]
    ) throws(GDALError) -> [UInt8] {
        defer { sweepLater() }
        let key = Key(source: source.id, epoch: epoch)
        // One that is open already, the first ones first: most of what is asked for was decoded by these.
        for slot in slots {
            if let bytes = try read(source, key, by: slot, body, if: { $0 == key }) { return bytes }
        }
        for slot in slots {
            // Nothing, or what that file was.
            let bytes = try read(source, key, by: slot, body) { held in
                held.map { $0.source == key.source && $0.epoch < key.epoch } ?? true
            }
            if let bytes { return bytes }
        }
        if let oldest = oldest(), let bytes = try read(source, key, by: oldest, body, if: { _ in true }) {
            return bytes
        }
        return try body(open(source, epoch).file)
    }

    private func open(_ source: NativeSource, _ epoch: Int) throws(GDALError) -> File {
        opened.add(1, ordering: .relaxed)
        return try File(source, epoch: epoch)
    }

    /// Reads by the handle of a slot; nil where that is in use, or holds what does not do.
    private func read(
        _ source: NativeSource, _ key: Key, by slot: Slot,
        _ body: @Sendable (borrowing SampleFile) throws(GDALError) -> [UInt8],
        if isFit: @Sendable (Key?) -> Bool
    ) throws(GDALError) -> [UInt8]? {
        let read = try slot.held.withLockIfAvailable { (held) throws(GDALError) -> [UInt8]? in
            guard isFit(held.key) else { return nil }
            // What fails is not kept.
            let kept = held.key == key ? held.file : nil
            held = Held()
            let file = if let kept { kept } else { try open(source, key.epoch) }
            let bytes = try body(file.file)
            held = Held(key: key, file: file, lastUse: .now)
            return bytes
        }
        return read ?? nil
    }

    /// The slot that was not used for longest among those that nobody uses.
    private func oldest() -> Slot? {
        var found: (slot: Slot, lastUse: ContinuousClock.Instant)?
        for slot in slots {
            guard let lastUse = slot.held.withLockIfAvailable({ $0.lastUse }) else { continue }
            if let known = found, known.lastUse <= lastUse { continue }
            found = (slot, lastUse)
        }
        return found?.slot
    }

    /// Sees to it that what is open is closed when nobody comes any more.
    private func sweepLater() {
        guard
            isSwept.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
                .exchanged
        else { return }
        Task.detached(priority: .background) { [weak self, idle] in
            repeat { try? await Task.sleep(for: idle / 2) } while self?.sweep() ?? false
        }
    }

    /// Closes what was not used for long.
    /// - Returns: false when nothing is open any more.
    private func sweep() -> Bool {
        isSwept.store(false, ordering: .releasing)
        let now = ContinuousClock.now
        var isEmpty = true
        for slot in slots {
            let isOpen = slot.held.withLockIfAvailable { held in
                if held.key != nil, now - held.lastUse >= idle { held = Held() }
                return held.key != nil
            }
            if isOpen ?? true { isEmpty = false }
        }
        // Whoever came in between has begun another sweep.
        return !isEmpty
            && isSwept.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
                .exchanged
    }
}

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

        init(_ source: RasterSource) throws(GDALError) {
            file = try SampleFile(source)
            guard file.dataset.width == source.fileColumns, file.dataset.height == source.fileRows else {
                throw GDALError(operation: "read", path: source.path, message: "its size has changed")
            }
        }
    }

    private struct Held {
        /// The number of the source; 0 for none.
        var source = 0
        var file: File?
        var lastUse = ContinuousClock.now
    }

    private final class Slot: Sendable {
        let held = Mutex(Held())
    }

    private let slots: [Slot]
    private let idle: Duration
    private let isSwept = Atomic(false)

    /// Room for so many files, each of which is closed once it was not used for a time.
    init(count: Int = 16, idle: Duration = .seconds(60)) {
        slots = (0..<max(1, count)).map { _ in Slot() }
        self.idle = idle
    }

    /// How many files are open.
    var openCount: Int { slots.count { $0.held.withLock { $0.source != 0 } } }

    /// Reads a source by a handle that nobody else uses meanwhile.
    ///
    /// Where all are in use the file is opened for this one time.
    /// - Throws: ``GDALError`` when it cannot be opened, and what `body` throws; the handle is closed then.
    func read(
        _ source: NativeSource, _ body: @Sendable (borrowing SampleFile) throws(GDALError) -> [UInt8]
    ) throws(GDALError) -> [UInt8] {
        defer { sweepLater() }
        // One that is open already, the first ones first: most of what is asked for was decoded by these.
        for slot in slots {
            if let bytes = try read(source, by: slot, body, if: { $0 == source.id }) { return bytes }
        }
        for slot in slots {
            if let bytes = try read(source, by: slot, body, if: { $0 == 0 }) { return bytes }
        }
        if let oldest = oldest(), let bytes = try read(source, by: oldest, body, if: { _ in true }) {
            return bytes
        }
        return try body(File(source.source).file)
    }

    /// Reads by the handle of a slot; nil where that is in use, or holds what does not do.
    private func read(
        _ source: NativeSource, by slot: Slot,
        _ body: @Sendable (borrowing SampleFile) throws(GDALError) -> [UInt8],
        if isFit: @Sendable (Int) -> Bool
    ) throws(GDALError) -> [UInt8]? {
        let read = try slot.held.withLockIfAvailable { (held) throws(GDALError) -> [UInt8]? in
            guard isFit(held.source) else { return nil }
            // What fails is not kept.
            let kept = held.source == source.id ? held.file : nil
            held = Held()
            let file = if let kept { kept } else { try File(source.source) }
            let bytes = try body(file.file)
            held = Held(source: source.id, file: file, lastUse: .now)
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
                if held.source != 0, now - held.lastUse >= idle { held = Held() }
                return held.source != 0
            }
            if isOpen ?? true { isEmpty = false }
        }
        // Whoever came in between has begun another sweep.
        return !isEmpty
            && isSwept.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
                .exchanged
    }
}

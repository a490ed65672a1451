internal import Rasters

/// What a build may take of the machine.
public struct BuildLimits: Sendable, Equatable {
    /// Bytes of memory for the whole process.
    public var memory: Int
    /// Workers, one a core for the most speed.
    public var jobs: Int

    /// Limits; the default memory is ``MemoryPlan/defaultBudget``.
    public init(memory: Int = MemoryPlan.defaultBudget, jobs: Int = 1) {
        self.memory = memory
        self.jobs = jobs
    }
}

/// Where a source that cannot be read piece by piece is copied to.
public struct SpoolPlace: Sendable {
    /// A folder, made when missing.
    public let folder: String
    /// Told what is done and why, in a sentence for people, before it is begun.
    public let tell: @Sendable (String) -> Void
    /// Told the fraction that is done, 0...1.
    public let progress: @Sendable (Double) -> Void

    /// A place for copies.
    public init(
        folder: String, tell: @escaping @Sendable (String) -> Void = { _ in },
        progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        self.folder = folder
        self.tell = tell
        self.progress = progress
    }
}

extension HiPSPlan {
    /// Why the source would be copied into tiles on disk, and the size of the copy; nil when it need not or it was.
    public var spooling: (reason: String, bytes: Int)? {
        guard case .spool(let reason, let bytes) = source.layout(for: memory.readingLimits) else {
            return nil
        }
        return (reason, bytes)
    }

    /// Deletes the copy of the source, if there is one. A copy that is left serves the next build of the same source.
    public func removeSpool() { source.removeSpool() }

    /// - Returns: the source with the mask of its nodata rule, if that needs one.
    static func masked(
        _ source: RasterSource, _ memory: MemoryPlan, _ place: SpoolPlace
    ) throws(TilerError) -> RasterSource {
        guard source.needsMask else { return source }
        place.tell(
            "\(source.path): going through it for the mask that the nodata rule needs, in \(place.folder)")
        RasterSource.prepareReading(cacheBytes: memory.copyCacheBytes)
        defer { RasterSource.prepareReading(cacheBytes: memory.cacheBytes) }
        do {
            return try source.masked(into: place.folder, progress: place.progress)
        } catch {
            throw .source(error)
        }
    }

    /// - Returns: the source read from its copy, and its range; nil when no copy is needed.
    static func spooled(
        _ source: RasterSource, _ memory: MemoryPlan, _ place: SpoolPlace, ranges: Bool
    ) throws(TilerError) -> (RasterSource, ValueStatistics?)? {
        guard case .spool(let reason, let bytes) = source.layout(for: memory.readingLimits) else {
            return nil
        }
        place.tell(
            "\(source.path): \(reason); copying it into tiles first: \(max(1, bytes / 1_000_000)) MB in \(place.folder)"
        )
        RasterSource.prepareReading(cacheBytes: memory.copyCacheBytes)
        defer { RasterSource.prepareReading(cacheBytes: memory.cacheBytes) }
        do {
            return try source.spooled(
                into: place.folder, quantiles: ranges ? (0.005, 0.995) : nil, progress: place.progress)
        } catch {
            throw .source(error)
        }
    }
}

extension MemoryPlan {
    /// What the reading has to go by.
    var readingLimits: ReadingLimits { ReadingLimits(cacheBytes: cacheBytes, readers: jobs) }
}

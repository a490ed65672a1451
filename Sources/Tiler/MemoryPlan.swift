internal import HEALPix
internal import PlanetaryFrames
internal import Rasters
internal import Tiles

/// How the memory that a build may take is divided.
public struct MemoryPlan: Sendable, Equatable {
    /// Bytes that the whole process may take.
    public let budget: Int
    /// Workers: as many as were asked for, or as many as there is room for.
    public let jobs: Int
    /// Bytes of decoded blocks that GDAL keeps for all workers.
    public let cacheBytes: Int
    /// Bytes of a worker's source window.
    public let windowBytes: Int
    /// Bytes of decoded blocks that GDAL keeps while the source is copied into tiles.
    public private(set) var copyCacheBytes: Int

    /// Memory that builds may take when nothing is said: 600 MB.
    public static let defaultBudget = 600_000_000

    /// Program, libraries, tables of projections, and what the allocator keeps.
    static let base = 70_000_000
    private static let leastCache = 16_000_000
    private static let mostCache = 256_000_000
    /// What a worker's window takes where there is room, and what it takes at least.
    private static let windows = (most: 24_000_000, least: 3_000_000)

    /// Divides a budget.
    ///
    /// A source that is copied into tiles first has to be decoded by one reader alone; the workers read the copy.
    /// - Parameters:
    ///   - budget: bytes that the whole process may take.
    ///   - jobs: workers that are wanted.
    /// - Throws: ``TilerError/option(name:found:remedy:)`` when not even one worker has room.
    init(
        budget: Int, jobs: Int, source: RasterSource, leafOrder: Order, formats: [TileFormat]
    ) throws(TilerError) {
        let worker = Self.workerBytes(source, leafOrder, formats)
        let block = source.storage.blockBytes
        let decoder = source.storage.decoderBytes
        if let direct = Self(budget: budget, jobs: jobs, worker: worker + decoder, block: block),
            source.layout(for: direct.readingLimits) == .direct
        {
            self = direct
            return
        }
        // Compressed and decoded, a block is held twice while it is decoded.
        let (blocks, overflow) = block.multipliedReportingOverflow(by: 2)
        let held = Self.base + decoder + (overflow ? .max / 2 : min(blocks, .max / 2))
        let copying = held + 2 * Self.leastCache
        let copyBlock = source.storedPixelBytes << 18
        guard copying <= budget,
            var spooled = Self(budget: budget, jobs: jobs, worker: worker, block: copyBlock)
        else {
            let building = Self.needed(jobs: 1, worker: worker, block: copyBlock, window: Self.windows.least)
            throw .option(
                name: "memory",
                found: "\(budget / 1_000_000) MB are allowed, but \(source.path) needs at least "
                    + "\(max(copying, building) / 1_000_000 + 1) MB: "
                    + (copying > building && decoder > 0
                        ? "a progressive JPEG has to be decoded whole"
                        : copying > building
                            ? "its blocks of \(source.storage.blockColumns) x \(source.storage.blockRows) pixels have to be "
                                + "decoded whole" : "one worker takes that"),
                remedy: "allow more, or convert the source with gdal_translate -co TILED=YES")
        }
        // What is decoded and what is to be written are held beside it.
        spooled.copyCacheBytes = min(spooled.cacheBytes, (budget - held - Self.leastCache) / 8 * 7)
        self = spooled
    }

    /// - Returns: nil when not even one worker has room.
    private init?(budget: Int, jobs: Int, worker: Int, block: Int) {
        func needed(_ jobs: Int, _ window: Int) -> Int {
            Self.needed(jobs: jobs, worker: worker, block: block, window: window)
        }
        guard needed(1, Self.windows.least) <= budget else { return nil }
        var jobs = max(1, jobs)
        while jobs > 1, needed(jobs, Self.windows.least) > budget { jobs -= 1 }
        var window = Self.windows.most
        while window > Self.windows.least, needed(jobs, window) > budget { window -= 1_000_000 }
        windowBytes = max(window, Self.windows.least)
        self.jobs = jobs
        self.budget = budget
        let rest = budget - Self.base - jobs * (worker + windowBytes)
        // What is freed is not always given back: an eighth of the cache is left for that.
        cacheBytes = max(Self.leastCache, min(Self.mostCache, rest / 8 * 7))
        copyCacheBytes = cacheBytes
    }

    /// What so many workers need: each decodes a block at a time, and GDAL holds at least that one.
    private static func needed(jobs: Int, worker: Int, block: Int, window: Int) -> Int {
        let (blocks, overflow) = block.multipliedReportingOverflow(by: 2 * jobs)
        let cache = max(leastCache, overflow ? .max / 4 : min(blocks, .max / 4))
        return base + cache + jobs * (worker + window)
    }

    /// Bytes of a worker beside its window: tiles of every order, encoders, whole rows for the poles, files.
    private static func workerBytes(_ source: RasterSource, _ leafOrder: Order, _ formats: [TileFormat])
        -> Int
    {
        let pixels = tileWidth * tileWidth
        let tile = pixels * source.plan.kind.bytes
        let row = source.fileColumns * (source.plan.kind.bytes + 1)
        let pictures = formats.contains { $0 != .fits } ? 12 * pixels : 0
        let webp = formats.contains(.webp) ? 40 * pixels : 0
        // Places of all pixels of a tile, at the worst each found by itself, and samples around a seam.
        var places = 0
        if case .projected(let map) = source.placement {
            places = 32 * pixels + (map.frame.isTorn ? 4_000_000 : 0)
        }
        return tile * (leafOrder.value + 2) + 3 * tile + 6 * pixels + pictures + webp + 6 * row + places
            + 4_000_000
    }
}

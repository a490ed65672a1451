internal import GDAL
internal import HiPS
internal import PlanetaryFrames
internal import Rasters
internal import Synchronization

/// The file that a map was built from, as the build believed it to lie on the body.
public struct NativeSource: Sendable {
    /// The radius in metres that the file was made with.
    public let radiusMetres: Double
    /// GDAL's short name of the file's format.
    public let driver: String

    let source: RasterSource
    /// Bands of the file, in the order of the coverage's.
    let fileBands: [Int]
    /// What the file says of them, in the same order.
    let stated: [Band]
    /// How the samples are stored.
    let type: SampleType
    /// The value by which GDAL leaves samples out when it interpolates is the one that is believed to mean "no data".
    let canInterpolate: Bool
    /// Whether reading it waits for a server, or may.
    let isRemote: Bool
    /// Columns and rows of the blocks that its samples are stored in.
    let block: (width: Int, height: Int)
    /// Columns and rows of smaller copies of it.
    let overviews: [(width: Int, height: Int)]

    /// Tells this opened file from others, and from an earlier state of itself; never 0.
    let id: Int
    private let watch: SourceWatch
    private static let lastID = Atomic(0)

    /// Why the file of a note is not given.
    enum Refusal: Error {
        /// It has changed, or is none that can be given as it is.
        case unfit
        /// The server where it lies does not answer.
        case unreachable
    }

    /// Opens the file of a note. One on a server is waited for.
    init(note: SourceNote, catalogue: BodyCatalogue) throws(Refusal) {
        guard SourceNote.isServable(note.path),
            let declaration = SourceDeclaration(texts: note.declaration, catalogue: catalogue)
        else { throw .unfit }
        do {
            // What failed last time would fail again otherwise.
            if Self.isRemote(note) { SourceWatch.forget(note.path) }
            let source = try RasterSource(
                opening: note.path, declaration: declaration, catalogue: catalogue)
            guard let native = try Self(source: source, note: note) else { throw Refusal.unfit }
            self = native
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            guard Self.isRemote(note) else { throw .unfit }
            switch SourceWatch.find(note.path, SourceIdentity(note)) {
            case .changed: throw .unfit
            case .unreachable: throw .unreachable
            // It could be opened once.
            case .unchanged:
                let isOfReading =
                    switch error {
                    case is GDALError, RasterError.gdal: true
                    default: false
                    }
                throw isOfReading ? .unreachable : .unfit
            }
        }
    }

    private init?(source: RasterSource, note: SourceNote) throws {
        let identity = source.identity
        guard identity == SourceIdentity(note) else { return nil }
        let plan = source.plan
        // All bands where they are of one type, else those that the map was made of.
        let dataset = try Dataset(opening: source.path)
        var found: [Band] = []
        for number in 1...max(1, dataset.bandCount) { found.append(try dataset.band(number)) }
        let types = found.map(\.type)
        let isUniform = types.allSatisfy { $0 == plan.storedType }
        let bands = isUniform ? Array(types.indices).map { $0 + 1 } : plan.bands
        guard !bands.isEmpty, bands.allSatisfy({ types.indices.contains($0 - 1) }),
            bands.allSatisfy({ types[$0 - 1] == plan.storedType })
        else { return nil }
        self.source = source
        fileBands = bands
        self.stated = bands.map { found[$0 - 1] }
        type = plan.storedType
        radiusMetres = source.frame.radiusMetres
        driver = source.driver
        let stated = found[(plan.bands.first ?? bands[0]) - 1].noData
        let isSame = stated == plan.noData || (stated?.isNaN == true && plan.noData?.isNaN == true)
        canInterpolate = isSame && plan.pointRule == nil && plan.imageRule == nil && plan.palette.isEmpty
        isRemote = Self.isRemote(note)
        let size = self.stated[0].blockSize
        block = (max(1, size.columns), max(1, size.rows))
        overviews = dataset.overviewSizes(band: bands[0])
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        watch = SourceWatch(
            path: source.path, identity: identity, files: dataset.files, isRemote: isRemote)
    }

    /// Whether the file of a note has to be waited for: on a server, or put together out of files that may lie on one.
    static func isRemote(_ note: SourceNote) -> Bool {
        if VirtualFile.isOnNetwork(note.path) { return true }
        guard let text = virtualRaster(note.path) else { return false }
        return text.utf8.count >= 1 << 20 || ["/vsi", "://", ".vrt"].contains { text.contains($0) }
    }

    /// The text of a virtual raster, 1 MB at most; nil for other files.
    static func virtualRaster(_ path: String) -> String? {
        guard let head = try? FileFacts(of: path, head: 1024).head,
            String(decoding: head, as: UTF8.self).contains("<VRTDataset")
        else { return nil }
        return (try? FileFacts(of: path, head: 1 << 20).head).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What is known of the file without asking a server.
    var knownState: SourceState { watch.knownLook.state }

    /// Whether that is old enough to be asked for again.
    var isDue: Bool { watch.isDue }

    /// What became of the file; asks a server where that is due, or was not done since a moment, and waits for it.
    func look(since moment: ContinuousClock.Instant? = nil) -> SourceWatch.Look { watch.look(since: moment) }

    /// Whether nothing was changed about the file since an epoch began; of one on a server, as far as is known.
    func isStill(_ epoch: Int) -> Bool { watch.knownLook == .init(state: .unchanged, epoch: epoch) }
}

extension SourceIdentity {
    /// The file as the build found it.
    fileprivate init(_ note: SourceNote) {
        self.init(
            size: note.size, modifiedNanoseconds: note.modifiedNanoseconds,
            headerChecksum: UInt64(note.head, radix: 16) ?? 0, tag: note.tag)
    }
}

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
            let source = try RasterSource(
                opening: note.path, declaration: declaration, catalogue: catalogue)
            guard let native = try Self(source: source, note: note) else { throw Refusal.unfit }
            self = native
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw VirtualFile.isOnNetwork(note.path) && !SourceWatch.isGone(note.path) ? .unreachable : .unfit
        }
    }

    private init?(source: RasterSource, note: SourceNote) throws {
        let identity = source.identity
        guard identity.size == note.size, identity.modifiedNanoseconds == note.modifiedNanoseconds,
            String(identity.headerChecksum, radix: 16) == note.head
        else { return nil }
        if let tag = note.tag, VirtualFile.tag(of: note.path) != tag { return nil }
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
        id = Self.lastID.add(1, ordering: .relaxed).newValue
        watch = SourceWatch(
            path: source.path, identity: identity, tag: note.tag,
            files: Set(dataset.files + [source.path]).sorted(), isRemote: isRemote)
    }

    /// Whether the file of a note has to be waited for: on a server, or put together out of files that may lie on one.
    static func isRemote(_ note: SourceNote) -> Bool {
        if VirtualFile.isOnNetwork(note.path) { return true }
        guard let head = try? FileFacts(of: note.path, head: 1024).head,
            String(decoding: head, as: UTF8.self).contains("<VRTDataset")
        else { return false }
        guard let whole = try? FileFacts(of: note.path, head: 1 << 20).head, whole.count < 1 << 20 else {
            return true
        }
        let text = String(decoding: whole, as: UTF8.self)
        return ["/vsi", "://", ".vrt"].contains { text.contains($0) }
    }

    /// What is known of the file without asking a server.
    var knownState: SourceState { watch.knownState }

    /// Whether that is old enough to be asked for again.
    var isDue: Bool { watch.isDue }

    /// What became of the file; asks a server where that is due, and waits for it.
    func state() -> SourceState { watch.state() }

    /// Notes that the file could not be read.
    func noteFailure() { watch.noteFailure() }
}

internal import GDAL
internal import HiPS
internal import PlanetaryFrames
internal import Rasters

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

    /// Opens the file of a note; nil where it is gone or has changed, or where it is none that can be given as it is.
    init?(note: SourceNote, catalogue: BodyCatalogue) {
        guard SourceNote.isLocal(note.path),
            let declaration = SourceDeclaration(texts: note.declaration, catalogue: catalogue),
            let source = try? RasterSource(
                opening: note.path, declaration: declaration, catalogue: catalogue)
        else { return nil }
        self.init(source: source, note: note)
    }

    private init?(source: RasterSource, note: SourceNote) {
        let identity = source.identity
        guard identity.size == note.size, identity.modifiedNanoseconds == note.modifiedNanoseconds,
            String(identity.headerChecksum, radix: 16) == note.head
        else { return nil }
        let plan = source.plan
        // All bands where they are of one type, else those that the map was made of.
        guard let dataset = try? Dataset(opening: source.path) else { return nil }
        var found: [Band] = []
        for number in 1...max(1, dataset.bandCount) {
            guard let band = try? dataset.band(number) else { return nil }
            found.append(band)
        }
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
    }

    /// Whether the file is still what the build found.
    var isUnchanged: Bool { (try? SourceIdentity(path: source.path)) == source.identity }
}

internal import GDAL

/// A file of features that is imported, whatever reads it.
protocol ImportSource {
    /// The name of the format.
    var format: String { get }
    /// What the layers say of themselves, in their order.
    var layers: [VectorLayer] { get }
    /// What people should know of the file as a whole, one sentence each.
    var notes: [String] { get }
    /// Hands out the features of a layer one after the other; no more than one is in memory.
    func read(layer: Int, where condition: String?, _ body: (VectorFeature) throws -> Void) throws
    /// The system of the sky that the places of a layer are stated in; nil for those of bodies.
    func skySystem(ofLayer layer: Int) -> String?
}

extension ImportSource {
    func skySystem(ofLayer layer: Int) -> String? { nil }
}

/// What GDAL reads.
final class GDALSource: ImportSource {
    private let dataset: VectorDataset
    let layers: [VectorLayer]
    let format: String
    let notes: [String]

    /// Takes an open file.
    /// - Parameters:
    ///   - format: what to call the format, where it is not that of the file as GDAL has opened it.
    ///   - notes: what people should know.
    init(_ dataset: consuming VectorDataset, format: String? = nil, notes: [String] = []) throws(GDALError) {
        layers = try dataset.layers()
        self.format = format ?? dataset.driver
        self.notes = notes
        self.dataset = dataset
    }

    func read(layer: Int, where condition: String?, _ body: (VectorFeature) throws -> Void) throws {
        try dataset.read(layer: layer, where: condition, body)
    }
}

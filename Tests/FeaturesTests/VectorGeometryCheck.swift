import GDAL

/// GDAL's own view of what the module writes.
enum VectorGeometryCheck {
    static func isValid(_ wkb: [UInt8]) throws -> Bool { try VectorGeometry.isValid(wkb) }

    /// Layers and features of a GeoPackage as GDAL reads them.
    static func read(_ path: String, layer name: String) throws -> (VectorLayer, [VectorFeature]) {
        let dataset = try VectorDataset(opening: path, drivers: ["GPKG"])
        let layers = try dataset.layers()
        guard let index = layers.firstIndex(where: { $0.name == name }) else {
            throw GDALError(operation: "find \(name)", path: path, message: "\(layers.map(\.name))")
        }
        var features: [VectorFeature] = []
        try dataset.read(layer: index) { features.append($0) }
        return (layers[index], features)
    }
}

internal import HEALPix
internal import PlanetaryFrames
internal import Pixels

extension MapRenderer {
    /// What a layer holds at a place: the value or the colour of the pixel of the deepest tiles there, not interpolated.
    ///
    /// - Parameters:
    ///   - layer: The layer.
    ///   - x: The place, in units of the system.
    ///   - y: The place, in units of the system.
    ///   - crs: The system.
    /// - Returns: nil outside of the map.
    /// - Throws: ``MapsError``.
    public func sample(
        _ layer: MapLayer, x: Double, y: Double, crs: MapCRS
    ) throws(MapsError) -> PointSample? {
        guard layer.body.naifCode == crs.body.naifCode else {
            throw .otherBody(
                text: crs.identifier.description, found: crs.body.name, expected: layer.body.name)
        }
        guard let (lonDeg, latDeg) = try crs.direction(x: x, y: y) else { return nil }
        let spheroid = layer.body.spheroid
        let lat =
            layer.graphicFactor == 1 ? latDeg : spheroid.planetographicDegrees(planetocentricDegrees: latDeg)
        let direction = Direction(lonRad: lonDeg * .pi / 180 - layer.lonOffsetRad, latRad: lat * .pi / 180)
        guard let cell = Cell(containing: direction, order: layer.pixelOrder) else { return nil }
        let content: PointSample.Content
        switch layer.samples {
        case .bytes: content = try pixel(UInt8.self, layer, cell).map { Self.grey($0) } ?? .nothing
        case .colours:
            content =
                try pixel(RGBA8.self, layer, cell).map {
                    let c = $0.channels
                    return .colour(red: c.x, green: c.y, blue: c.z, alpha: c.w)
                } ?? .nothing
        case .int16: content = try pixel(Int16.self, layer, cell).map { .value(Double($0)) } ?? .nothing
        case .float: content = try pixel(Float.self, layer, cell).map { .value(Double($0)) } ?? .nothing
        case .double: content = try pixel(Double.self, layer, cell).map { .value($0) } ?? .nothing
        }
        return PointSample(content: content, lonDeg: lonDeg, latDeg: latDeg, cell: cell)
    }

    private static func grey(_ level: UInt8) -> PointSample.Content {
        .colour(red: level, green: level, blue: level, alpha: 255)
    }

    private func pixel<Sample: LayerSample>(
        _ type: Sample.Type, _ layer: MapLayer, _ cell: Cell
    ) throws(MapsError) -> Sample? {
        let source = TileSource<Sample>(layer: layer, cache: tiles)
        guard let order = Order(cell.order.value - layer.widthOrder), let parent = cell.ancestor(at: order),
            let tile = try source.tile(order: order.value, npix: parent.npix)
        else { return nil }
        let mask = Int64(layer.tileWidth - 1)
        let sample = tile.sample(at: Int(cell.x & mask) * layer.tileWidth + Int(cell.y & mask))
        return sample.isBlank(tile.blank) ? nil : sample
    }
}

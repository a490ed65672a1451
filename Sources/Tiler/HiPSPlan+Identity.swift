internal import FITS
internal import HEALPix
internal import HiPS
internal import Pixels
internal import PlanetaryFrames
internal import Rasters
internal import Tiles

extension HiPSPlan {
    /// What decides the bytes that would be built: the same for the same source and parameters.
    func identity(version: String) -> BuildIdentity {
        Self.identity(
            request, source, leaf: tiles.leafOrder, formats: tiles.formats, moc: tiles.mocOrder,
            version: version)
    }

    /// A cut that is found from the source's values is no item: it follows from the others.
    static func identity(
        _ request: BuildRequest, _ source: RasterSource, leaf: Order, formats: [TileFormat], moc: Order,
        version: String?
    ) -> BuildIdentity {
        let file = source.identity
        func words(_ value: String?) -> String { value ?? "" }
        var items: [(name: String, value: String)] = []
        items.append(("version", words(version)))
        items.append(("source", MapProperties.progenitor(request)))
        items.append(("size of the source", String(file.size)))
        // Where a server tells no time, what it calls the file tells that it is another one.
        let time = String(file.modifiedNanoseconds) + (file.tag.map { " " + $0 } ?? "")
        items.append(("time of the source", time))
        items.append(("header of the source", String(file.headerChecksum)))
        items.append(("grid", Self.words(source.placement)))
        items.append(("samples", "\(source.plan)"))
        items.append(("crs", source.frame.wkt2))
        items.append(("longitude_system", words(request.declaration.longitudeSystem?.propertyText)))
        items.append(("vertical", words(request.vertical?.propertyText)))
        items.append(("order", String(leaf.value)))
        items.append(("formats", formats.map(\.propertyWord).joined(separator: " ")))
        items.append(("resampling", MapProperties.word(request.resampling)))
        items.append(("cut", words(request.cut.map { "\($0.low) \($0.high)" })))
        items.append(("stretch", request.stretch.rawValue))
        items.append(("colormap", words(request.colourMap)))
        items.append(("moc-order", String(moc.value)))
        items.append(("id", words(request.id)))
        items.append(("title", words(request.title)))
        items.append(("description", words(request.description)))
        items.append(("credit", words(request.credit)))
        items.append(("licence", words(request.licence)))
        return BuildIdentity(items)
    }

    private static func words(_ placement: SourcePlacement) -> String {
        switch placement {
        case .grid(let grid): "\(grid)"
        case .projected(let map): "\(map.columns) x \(map.rows) \(map.geotransform)"
        }
    }
}

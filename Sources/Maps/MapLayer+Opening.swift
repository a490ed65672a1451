public import HiPS
public import PlanetaryFrames
internal import Storage

extension MapLayer {
    /// Opens a HiPS of a data directory.
    ///
    /// - Throws: ``MapsError/unusableLayer(name:reason:)``.
    public convenience init(_ entry: MapEntry, catalogue: BodyCatalogue) throws(MapsError) {
        let note: AdoptionNote?
        let store: any FileStore
        do {
            note = try AdoptionNote.read(inFolder: entry.path)
            store = FolderStore(root: note?.tileRoot(inFolder: entry.path) ?? entry.path)
        } catch {
            throw .unusableLayer(name: entry.map.description, reason: error.description)
        }
        try self.init(
            name: entry.map, properties: entry.properties, note: note, files: StoreFiles(store),
            catalogue: catalogue)
    }
}

extension MapLayer {
    /// The box around what the layer covers, in the system's own units; nil when none of it is on the map.
    ///
    /// The whole map where the layer does not say what it covers, or where its longitudes or latitudes are not the body's.
    public func boundingBox(in crs: MapCRS) throws(MapsError) -> MapBox? {
        guard let coverage, lonOffsetRad == 0, graphicFactor == 1 else { return crs.domain }
        return try crs.boundingBox(of: coverage)
    }
}

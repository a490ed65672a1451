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

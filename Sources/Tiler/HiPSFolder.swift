internal import HiPS
public import PlanetaryFrames
internal import Storage

/// A folder on disk that may hold a HiPS.
public enum HiPSFolder {
    /// The body of the HiPS in a folder; nil when there is none, or it names none that is known.
    public static func body(_ folder: String, _ catalogue: BodyCatalogue) -> Body? {
        guard let bytes = try? FolderStore(root: folder).read("properties", atMost: 1 << 20),
            let properties = try? HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self))
        else { return nil }
        let noted = (try? AdoptionNote.read(inFolder: folder)) ?? nil
        for name in [noted?.body, properties.body, properties.frame] {
            if let name, let body = try? catalogue.body(named: name) { return body }
        }
        return nil
    }
}

internal import HiPS
public import PlanetaryFrames
internal import Storage

/// A folder on disk that may hold a HiPS.
public enum HiPSFolder {
    /// The body of the HiPS in a folder; nil when there is none, or it names none that is known.
    public static func body(_ folder: String, _ catalogue: BodyCatalogue) -> Body? {
        guard let properties = Self.properties(folder) else { return nil }
        let noted = (try? AdoptionNote.read(inFolder: folder)) ?? nil
        for name in [noted?.body, properties.body, properties.frame] {
            if let name, let body = try? catalogue.body(named: name) { return body }
        }
        return nil
    }

    /// The properties of the HiPS in a folder; nil when there is none.
    static func properties(_ folder: String) -> HiPSProperties? {
        guard let bytes = try? FolderStore(root: folder).read("properties", atMost: 1 << 20) else {
            return nil
        }
        return try? HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self))
    }
}

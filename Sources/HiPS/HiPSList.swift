/// The list of the HiPS of a server, as other servers and registries read it (HiPS 1.0, section 5.2).
public enum HiPSList {
    /// The text of a list: the properties of each map with its `hips_service_url`, with a blank line between.
    /// - Parameters:
    ///   - entries: the maps in the order in which they shall stand.
    ///   - serviceURL: gives the URL of a map's root without a slash at its end.
    public static func text(_ entries: [MapEntry], serviceURL: (MapEntry) -> String) -> String {
        entries.map { entry in
            var properties = entry.properties
            properties["hips_service_url"] = serviceURL(entry)
            return properties.text
        }.joined(separator: "\n")
    }
}

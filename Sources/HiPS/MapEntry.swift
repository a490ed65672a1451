/// A map in a data directory.
public struct MapEntry: Equatable, Sendable {
    /// The body and the name of the map.
    public let map: MapName
    /// The directory of the HiPS.
    public let path: String
    /// What its `properties` file says.
    public let properties: HiPSProperties

    /// An entry for a map found elsewhere.
    public init(map: MapName, path: String, properties: HiPSProperties) {
        self.map = map
        self.path = path
        self.properties = properties
    }

    /// The body in lower case.
    public var body: String { map.body }

    /// The name of the map in lower case.
    public var name: String { map.name }
}

/// Something that is believed of a source, and where it comes from.
public struct Belief: Sendable, Equatable {
    /// What it is about.
    public enum Topic: String, Sendable {
        case bands, body, radius, projection, latitudes, longitudes, grid, noData = "nodata", scale, unit
    }

    /// What it is about.
    public let topic: Topic
    /// What is believed, in a few words: "planetographic".
    public let value: String
    /// Where it comes from: "COORDINATE_SYSTEM_NAME of the label".
    public let origin: String

    /// A belief with its origin.
    public init(_ topic: Topic, _ value: String, from origin: String) {
        self.topic = topic
        self.value = value
        self.origin = origin
    }
}

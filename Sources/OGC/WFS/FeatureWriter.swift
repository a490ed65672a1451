internal import Features

/// What is said of an answer at its beginning.
struct FeatureHead: Sendable {
    /// How many features the request is about.
    var matched: Int
    /// How many of them are in the answer.
    var returned: Int
    /// Whether there are more behind them, which the number that was asked for, or the default one, kept back.
    var isCut = false
    /// When it was made: `2026-11-26T12:00:00Z`.
    var time: String
    /// The address of the next page.
    var next: String?
    /// The address of the page before.
    var previous: String?
    /// The box around the features, in the system of the answer, where it is known.
    var bounds: FeatureBox?
}

/// Writes features in a format.
protocol FeatureWriter: Sendable {
    /// What stands before the first feature.
    mutating func begin(_ head: FeatureHead, into text: inout ByteText)
    /// What stands before the features of one query among several.
    mutating func beginPart(_ head: FeatureHead, into text: inout ByteText)
    /// Features with their geometries in the system of the answer.
    mutating func write(_ features: [Feature], _ geometries: [Geometry?], into text: inout ByteText)
    /// What stands behind the features of one query among several.
    mutating func endPart(into text: inout ByteText)
    /// What stands behind the last feature.
    mutating func end(into text: inout ByteText)
}

extension FeatureValue {
    /// Whether a value of a column that is true or false is true.
    var isTrue: Bool {
        switch self {
        case .integer(let number): number != 0
        case .text(let text): text == "1" || text.lowercased() == "true"
        default: false
        }
    }
}

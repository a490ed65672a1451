/// What is not as it should be in the features of a source, and is put right or left out at the import.
public enum ImportFinding: String, Sendable, CaseIterable {
    case thirdCoordinates, beyond180, longEdges, overSeam, overPole, invalidRings, degenerateRings
    case openRings, noPlace, outOfRange, unreadable

    /// What was found and what was done, in one sentence.
    public var text: String {
        switch self {
        case .thirdCoordinates: "third coordinates were left out"
        case .beyond180: "longitudes beyond -180 to 180 were turned back"
        case .longEdges: "edges of more than 180 degrees of longitude were taken the short way round"
        case .overSeam: "shapes over longitude 180 were divided there"
        case .overPole: "rings around a pole were closed along it"
        case .invalidRings:
            "rings that touch or cross themselves were cut there; what lies inside of an odd number of rings is inside"
        case .degenerateRings: "rings and lines without extent were left out"
        case .openRings: "rings that did not end where they began were closed"
        case .noPlace: "features without a place were kept without one"
        case .outOfRange: "features with coordinates that are no place on the body were left out"
        case .unreadable: "features whose geometry cannot be read or repaired were left out"
        }
    }
}

/// How many features had what, and which was the first.
public struct ImportTally: Sendable, Equatable {
    /// The number of features with a finding, and the number, from 1, of the first of them in the source.
    public struct Count: Sendable, Equatable {
        /// Features.
        public var features: Int
        /// The first of them.
        public var first: Int
    }

    /// The findings there were.
    public private(set) var counts: [ImportFinding: Count] = [:]

    mutating func add(_ findings: Set<ImportFinding>, feature: Int) {
        for finding in findings { counts[finding, default: Count(features: 0, first: feature)].features += 1 }
    }
}

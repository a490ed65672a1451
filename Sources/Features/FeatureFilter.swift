/// A condition on the features of a layer, as the filters of the OGC have them (09-026r2, section 7).
///
/// Columns without a value make comparisons neither true nor false, as in SQL: such features are found by neither a
/// comparison nor its `not`. Features without a place meet nothing and are disjoint from nothing.
public indirect enum FeatureFilter: Sendable, Hashable {
    /// All of them hold; true for none.
    case and([FeatureFilter])
    /// One of them holds; false for none.
    case or([FeatureFilter])
    /// It does not hold.
    case not(FeatureFilter)
    /// A comparison of two values (09-026r2, 7.7.3.2). Without `matchCase`, letters count the same in upper and lower case.
    case comparison(FeatureOperand, FeatureComparison, FeatureOperand, matchCase: Bool = true)
    /// A value between two others, both of them included (7.7.3.5).
    case between(FeatureOperand, lower: FeatureOperand, upper: FeatureOperand)
    /// A text that looks like a pattern (7.7.3.4).
    case like(FeatureField, FeaturePattern)
    /// A column without a value (7.7.3.6).
    case isNull(FeatureField)
    /// A feature without a place.
    case hasNoPlace
    /// Features of these keys (7.11).
    case ids([Int64])
    /// The feature's geometry is in this relation to another one (7.8.3.2), which is in planetocentric degrees, east-positive,
    /// within -180 to 180: ``Geometry/inLayers()`` makes it so. Edges are straight on the map of longitude and latitude.
    case spatial(SpatialRelation, Geometry)
    /// The feature is at most as far from a geometry as this (7.8.3.3), on the body's sphere.
    case within(GroundDistance, of: Geometry)
    /// The feature is farther from a geometry than this, on the body's sphere.
    case beyond(GroundDistance, of: Geometry)
    /// The box around the feature has a point in common with this one, which may cross longitude 180.
    case box(FeatureBox)
    /// A column of dates or times is in this relation to a time (7.9).
    case temporal(TemporalRelation, FeatureField, FeatureTime)
}

/// One side of a comparison.
public enum FeatureOperand: Sendable, Hashable {
    /// What the feature has.
    case field(FeatureField)
    /// A value. Dates and times are texts as ``FeatureTime`` writes them.
    case value(FeatureValue)
}

/// How two values are compared.
public enum FeatureComparison: String, Sendable, Hashable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// How a feature's geometry lies to another one (OGC 06-103r4, 6.1.15.3): the feature is the first of the two.
public enum SpatialRelation: String, Sendable, Hashable, CaseIterable {
    /// They have a point in common.
    case intersects
    /// The feature lies in the other one.
    case within
    /// The other one lies in the feature.
    case contains
    /// They have no point in common.
    case disjoint
    /// They meet at their borders alone.
    case touches
    /// They share a part of themselves, and each has another of its own.
    case overlaps
    /// They share a part that has fewer dimensions than one of them.
    case crosses
    /// They are the same points.
    case equals
}

/// How a time lies to another one (OGC 09-026r2, 7.9.3).
public enum TemporalRelation: String, Sendable, Hashable, CaseIterable {
    case after
    case before
    /// Behind the begin and before the end of a period.
    case during
    case equals
}

/// A pattern with places for any text and for any letter.
public struct FeaturePattern: Sendable, Hashable {
    /// The pieces of a pattern.
    public enum Piece: Sendable, Hashable {
        /// These letters.
        case text(String)
        /// Any number of any letters.
        case anyText
        /// Any one letter.
        case anyLetter
    }

    /// The pieces, in their order.
    public let pieces: [Piece]
    /// Whether upper and lower case are different letters.
    public let matchCase: Bool

    /// A pattern of pieces.
    public init(_ pieces: [Piece], matchCase: Bool = true) {
        self.pieces = pieces
        self.matchCase = matchCase
    }

    /// Reads a pattern whose special characters a request states (OGC 09-026r2, 7.7.3.4). Empty ones stand for nothing.
    public init(_ text: String, wildCard: String, singleChar: String, escape: String, matchCase: Bool = true)
    {
        var pieces: [Piece] = []
        var letters = ""
        func flush() {
            if !letters.isEmpty { pieces.append(.text(letters)) }
            letters = ""
        }
        var rest = text[...]
        while !rest.isEmpty {
            if !escape.isEmpty, rest.hasPrefix(escape), rest.dropFirst(escape.count).first != nil {
                rest = rest.dropFirst(escape.count)
                letters.append(rest.removeFirst())
            } else if !wildCard.isEmpty, rest.hasPrefix(wildCard) {
                flush()
                rest = rest.dropFirst(wildCard.count)
                if pieces.last != .anyText { pieces.append(.anyText) }
            } else if !singleChar.isEmpty, rest.hasPrefix(singleChar) {
                flush()
                rest = rest.dropFirst(singleChar.count)
                pieces.append(.anyLetter)
            } else {
                letters.append(rest.removeFirst())
            }
        }
        flush()
        self.init(pieces, matchCase: matchCase)
    }
}

/// A length on the ground of a body.
public struct GroundDistance: Sendable, Hashable {
    /// The length in metres.
    public let metres: Double
    /// The radius of the body's sphere in metres.
    public let radiusMetres: Double

    /// A length on a sphere.
    public init(metres: Double, radiusMetres: Double) {
        self.metres = metres
        self.radiusMetres = radiusMetres
    }

    /// The angle at the centre of the body, in radians.
    public var angle: Double { metres / radiusMetres }
}

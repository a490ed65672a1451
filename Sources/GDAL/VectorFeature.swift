/// A column of a table of features.
public struct VectorField: Sendable, Equatable {
    /// What the values of a column are.
    public enum Kind: String, Sendable {
        case boolean, integer, real, text, date, time, dateTime, binary
        /// Several values in one, given as a JSON array.
        case list
    }

    /// The name as it stands in the file.
    public let name: String
    /// What the values are.
    public let kind: Kind
    /// The unit of the values; nil where the file does not say it.
    public let unit: String?
    /// What the column is, in the words that astronomers have agreed on (IVOA UCD1+); nil where the file does not say it.
    public let meaning: String?

    /// A column.
    public init(name: String, kind: Kind, unit: String? = nil, meaning: String? = nil) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.meaning = meaning
    }
}

/// A value of a feature.
public enum VectorValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    /// Texts; dates and times as ISO 8601 has them, in UTC where the file says the zone; lists as JSON arrays.
    case text(String)
    case binary([UInt8])
}

/// A feature of a layer, out of the reach of GDAL.
public struct VectorFeature: Sendable, Equatable {
    /// The identifier in the source; -1 where it has none.
    public let id: Int64
    /// The geometry as well-known binary (ISO, little-endian, arcs as chords) in the x and y of the file; nil without one.
    public let geometry: [UInt8]?
    /// A value for each field of the layer.
    public let values: [VectorValue]

    /// A feature.
    public init(id: Int64, geometry: [UInt8]?, values: [VectorValue]) {
        self.id = id
        self.geometry = geometry
        self.values = values
    }
}

/// What a layer says of itself.
public struct VectorLayer: Sendable, Equatable {
    /// The name of the layer.
    public let name: String
    /// The coordinate reference system as WKT2:2019, or by its identifier; nil when not stated.
    public let crsWKT: String?
    /// Whether features may have geometries.
    public let hasGeometry: Bool
    /// The columns.
    public let fields: [VectorField]
    /// The number of features where the file says it without being read through.
    public let count: Int?

    /// What a layer says of itself.
    public init(name: String, crsWKT: String?, hasGeometry: Bool, fields: [VectorField], count: Int?) {
        self.name = name
        self.crsWKT = crsWKT
        self.hasGeometry = hasGeometry
        self.fields = fields
        self.count = count
    }
}

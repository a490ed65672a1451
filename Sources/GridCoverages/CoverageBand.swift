/// The type of the samples of a coverage.
public enum CoverageSampleType: String, Sendable, Hashable, CaseIterable {
    case uint8, int8, uint16, int16, uint32, int32, float32, float64

    /// Bytes of a sample.
    public var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .float64: 8
        }
    }

    /// Whether samples are whole numbers.
    public var isInteger: Bool { self != .float32 && self != .float64 }

    /// The numbers that samples can be; nil for floats.
    public var range: ClosedRange<Double>? {
        switch self {
        case .uint8: 0...255
        case .int8: -128...127
        case .uint16: 0...65535
        case .int16: -32768...32767
        case .uint32: 0...4_294_967_295
        case .int32: -2_147_483_648...2_147_483_647
        case .float32, .float64: nil
        }
    }
}

/// What one band of a coverage holds.
public struct CoverageBand: Sendable, Hashable {
    /// The name of the field in requests: an NCName.
    public var name: String
    /// What it shows, for people.
    public var description: String
    /// The unit of the physical values in UCUM where it can be written so, else as the source spells it; nil where there is
    /// none, as of brightness.
    public var unit: String?
    /// The type of the samples.
    public var type: CoverageSampleType
    /// Stored values that mean "no data"; not-a-number among them for floats.
    public var nilValues: [Double]
    /// The least and the greatest stored value, where that is known.
    public var interval: ClosedRange<Double>?
    /// physical = stored * scale + offset; 1 and 0 for the values of maps.
    public var scale: Double
    /// See ``scale``.
    public var offset: Double

    /// A band.
    public init(
        name: String, description: String, unit: String? = nil, type: CoverageSampleType,
        nilValues: [Double] = [], interval: ClosedRange<Double>? = nil, scale: Double = 1, offset: Double = 0
    ) {
        self.name = name
        self.description = description
        self.unit = unit
        self.type = type
        self.nilValues = nilValues
        self.interval = interval
        self.scale = scale
        self.offset = offset
    }

    /// Whether stored values are the physical ones.
    public var isUnscaled: Bool { scale == 1 && offset == 0 }
}

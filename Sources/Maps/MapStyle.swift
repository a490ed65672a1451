public import Pixels

/// How the values or colours of a layer are shown.
public struct MapStyle: Sendable, Hashable {
    /// What is drawn.
    public enum Kind: String, Sendable, Hashable {
        /// The map as its maker shows it: its own colours, or its cut, stretch and colour map.
        case plain = "default"
        /// Values through a stretch and a colour map.
        case colours
        /// Relief lit from one side.
        case hillshade
        /// Steepness in degrees.
        case slope
        /// Colours and the light on the relief together.
        case relief
    }

    /// What is drawn.
    public var kind: Kind
    /// The name of the colour map.
    public var colourMap: String
    /// The values at the ends of the colour map; nil for the layer's own cut.
    public var range: ClosedRange<Double>?
    /// The curve between them.
    public var curve: ByteStretch.Curve
    /// Where the light comes from, in degrees clockwise from the upper edge of the picture.
    public var azimuthDegrees: Double
    /// The height of the light above the horizon in degrees.
    public var altitudeDegrees: Double
    /// By what heights are multiplied.
    public var exaggeration: Double

    /// A style.
    public init(
        kind: Kind, colourMap: String = "grey", range: ClosedRange<Double>? = nil,
        curve: ByteStretch.Curve = .linear, azimuthDegrees: Double = 315, altitudeDegrees: Double = 45,
        exaggeration: Double = 1
    ) {
        self.kind = kind
        self.colourMap = colourMap
        self.range = range
        self.curve = curve
        self.azimuthDegrees = azimuthDegrees
        self.altitudeDegrees = altitudeDegrees
        self.exaggeration = exaggeration
    }

    /// Whether the steepness of the values is needed.
    var needsSlopes: Bool { kind == .hillshade || kind == .slope || kind == .relief }

    /// How many times the memory of a plain map one in this style takes, about: slopes, light and colours beside the values.
    public var weight: Int { needsSlopes ? 4 : 1 }

    /// The names of the styles of a kind of layer, the default first.
    public static func names(for kind: LayerKind) -> [String] {
        switch kind {
        case .values:
            [Kind.plain.rawValue, Kind.hillshade.rawValue, Kind.slope.rawValue, Kind.relief.rawValue]
                + ColourMap.names
        case .grey: [Kind.plain.rawValue] + ColourMap.names
        case .colour: [Kind.plain.rawValue]
        }
    }
}

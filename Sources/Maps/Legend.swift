internal import Pixels
public import Tiles

/// The scale of colours of a style: a bar and the numbers along it.
public struct Legend: Sendable {
    /// A value and its colour.
    public struct Stop: Sendable, Hashable {
        /// The value, in the unit of the legend.
        public let value: Double
        /// From 0, the left or lower end, to 1.
        public let position: Double
        /// `#rrggbb`.
        public let colour: String
    }

    /// The name of the style.
    public let style: String
    /// The unit of the values; nil where it is not known.
    public let unit: String?
    /// The value at the low end.
    public let low: Double
    /// The value at the high end.
    public let high: Double
    /// The curve between them: linear, sqrt, log or asinh.
    public let curve: String
    /// Values along the scale, the low end first.
    public let stops: [Stop]

    let table: [UInt8]

    /// The bar from left to right, RGB.
    public func picture(width: Int, height: Int) -> Picture {
        let (width, height) = (min(max(width, 1), 4096), min(max(height, 1), 4096))
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * 3)
        var row: [UInt8] = []
        for column in 0..<width {
            let level = width == 1 ? 255 : column * 255 / (width - 1)
            row += table[3 * level..<3 * level + 3]
        }
        for _ in 0..<height { samples += row }
        return Picture(width: width, height: height, channels: 3, samples: samples)
    }
}

extension MapRenderer {
    /// The legend of a style of a layer; nil for pictures in their own colours, which have no scale.
    public func legend(_ style: MapStyle, layer: MapLayer) -> Legend? {
        guard layer.kind != .colour else { return nil }
        let map = ColourMap(named: style.colourMap) ?? .grey
        let own = layer.cut ?? 0...255
        let range: ClosedRange<Double>
        var (unit, curve) = (Optional<String>.none, style.curve)
        if case .values(let known, _) = layer.kind { unit = known }
        switch style.kind {
        case .hillshade:
            (range, unit, curve) = (0...1, nil, .linear)
        case .slope:
            (range, unit) = (style.range ?? 0...30, "degree")
        case .plain, .colours, .relief: range = style.range ?? own
        }
        let stretch = ByteStretch(low: range.lowerBound, high: range.upperBound, curve: curve)
        let span = range.upperBound - range.lowerBound
        let stops = (0...8).map { step in
            let position = Double(step) / 8
            let value = range.lowerBound + span * position
            let level = Int(stretch.byte(value))
            return Legend.Stop(
                value: value, position: Double(level) / 255,
                colour: Self.hex(Array(map.table[3 * level..<3 * level + 3])))
        }
        return Legend(
            style: style.kind == .colours ? map.name : style.kind.rawValue, unit: unit, low: range.lowerBound,
            high: range.upperBound, curve: curve.rawValue, stops: stops, table: map.table)
    }

    private static func hex(_ colour: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return "#" + String(colour.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

internal import Glibc
internal import Pixels

/// Turns values into colours.
struct Shading {
    private let style: MapStyle
    private let map: ColourMap
    private let levels: LevelTable

    init(layer: MapLayer, style: MapStyle) {
        self.style = style
        map = ColourMap(named: style.colourMap) ?? ColourMap.grey
        let range = style.range ?? layer.cut ?? 0...255
        levels = LevelTable(
            ByteStretch(low: range.lowerBound, high: range.upperBound, curve: style.curve), for: Float.self)
    }

    /// Colours of values alone.
    func colours(_ values: [Float]) -> [RGBA8] {
        let table = map.colours
        var result = [RGBA8](repeating: RGBA8(channels: .zero), count: values.count)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { scratch in
            guard let scratch = scratch.baseAddress else { return }
            values.withUnsafeBufferPointer { values in
                result.withUnsafeMutableBufferPointer { result in
                    table.withUnsafeBufferPointer { table in
                        var start = 0
                        while start < values.count {
                            let count = min(4096, values.count - start)
                            Float.levels(values.baseAddress! + start, count: count, levels, into: scratch)
                            for i in 0..<count where !values[start + i].isNaN {
                                result[start + i] = table[Int(scratch[i])]
                            }
                            start += count
                        }
                    }
                }
            }
        }
        return result
    }

    /// Colours of values and of their slopes.
    func colours(_ values: [Float], _ slopes: SlopeField) -> [RGBA8] {
        switch style.kind {
        case .slope: return colours(slopes.steepness(exaggeration: style.exaggeration))
        case .hillshade, .relief:
            let light = slopes.light(
                azimuthDegrees: style.azimuthDegrees, altitudeDegrees: style.altitudeDegrees,
                exaggeration: style.exaggeration)
            guard style.kind == .relief else {
                return light.map { level in
                    guard !level.isNaN else { return RGBA8(channels: .zero) }
                    let grey = UInt8(1 + 254 * level)
                    return RGBA8(red: grey, green: grey, blue: grey)
                }
            }
            var result = colours(values)
            for i in result.indices where !light[i].isNaN {
                // A flat place keeps its colour under light from 45 degrees; the darkest keeps a third.
                let factor = min(0.3 + light[i], 1.25)
                let lit = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: result[i].channels)) * factor
                let alpha = result[i].channels.w
                result[i] = RGBA8(clamping: lit)
                result[i].channels.w = alpha
            }
            return result
        case .plain, .colours: return colours(values)
        }
    }

    /// The shades of a picture in grey through a stretch of 0 to 255 and a colour map.
    static func recoloured(_ colours: [RGBA8], _ style: MapStyle) -> [RGBA8] {
        let table = (ColourMap(named: style.colourMap) ?? ColourMap.grey).colours
        let range = style.range ?? 0...255
        let stretch = ByteStretch(low: range.lowerBound, high: range.upperBound, curve: style.curve)
        let recoloured = (0..<256).map { table[Int(stretch.byte(Double($0)))] }
        return colours.map { colour in
            var result = recoloured[Int(colour.channels.x)]
            result.channels.w = colour.channels.w
            return colour.channels.w == 0 ? colour : result
        }
    }
}

extension ColourMap {
    static let grey = ColourMap(named: "grey")!

    /// The colours of the 256 levels.
    var colours: [RGBA8] {
        (0..<256).map { RGBA8(red: table[3 * $0], green: table[3 * $0 + 1], blue: table[3 * $0 + 2]) }
    }
}

/// A prepared map from samples to the 256 levels of a picture; made once, used for every tile.
public struct LevelTable: Sendable {
    /// The stretch that the table holds.
    public let stretch: ByteStretch
    /// For bytes: the level of each; for 16-bit integers: the level of each pattern; otherwise the level of
    /// each 1/65535 of the way from the low to the high limit, empty where that way is straight.
    let levels: [UInt8]

    /// The table for samples of one type.
    public init<Sample: Pixel>(_ stretch: ByteStretch, for type: Sample.Type) {
        self.stretch = stretch
        if type == UInt8.self {
            levels = (0..<256).map { stretch.byte(Double($0)) }
        } else if type == Int16.self {
            levels = (0..<65536).map { stretch.byte(Double(Int16(truncatingIfNeeded: $0))) }
        } else if stretch.curve == .linear {
            // Computed without a table.
            levels = []
        } else if stretch.darkest == 0 {
            levels = Self.curves[stretch.curve] ?? []
        } else {
            levels = Self.levels(of: stretch.curve, darkest: stretch.darkest)
        }
    }

    /// The tables of the curves that maps are drawn with, each of which is the same for all limits.
    private static let curves = Dictionary(
        uniqueKeysWithValues: ByteStretch.Curve.allCases.map { ($0, levels(of: $0, darkest: 0)) })

    private static func levels(of curve: ByteStretch.Curve, darkest: UInt8) -> [UInt8] {
        let unit = ByteStretch(low: 0, high: 65535, curve: curve, darkest: darkest)
        return (0..<65536).map { unit.byte(Double($0)) }
    }
}

/// Samples that a picture can be made of through a stretch.
public protocol LevelPixel: Pixel where Sum == Double, Self: Comparable {
    /// The picture levels of samples; those of blank samples are meaningless.
    static func levels(
        _ source: UnsafePointer<Self>, count: Int, _ table: LevelTable, into out: UnsafeMutablePointer<UInt8>)

    /// The least and greatest valid samples; nil when all are blank.
    static func extremes(
        _ source: UnsafePointer<Self>, count: Int, blank: Self?
    ) -> (low: Double, high: Double)?
}

extension UInt8: LevelPixel {
    /// The picture levels of bytes.
    public static func levels(
        _ source: UnsafePointer<UInt8>, count: Int, _ table: LevelTable,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        if table.stretch.isIdentityForBytes {
            out.update(from: source, count: count)
            return
        }
        table.levels.withUnsafeBufferPointer { levels in
            for i in 0..<count { out[i] = levels[Int(source[i])] }
        }
    }
}

extension Int16: LevelPixel {
    /// The picture levels of 16-bit integers.
    public static func levels(
        _ source: UnsafePointer<Int16>, count: Int, _ table: LevelTable,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        table.levels.withUnsafeBufferPointer { levels in
            for i in 0..<count { out[i] = levels[Int(UInt16(bitPattern: source[i]))] }
        }
    }
}

// Spelled out for each type: called from other modules, the general form would not be specialised.

extension Int32: LevelPixel {
    /// The picture levels of 32-bit integers.
    public static func levels(
        _ source: UnsafePointer<Int32>, count: Int, _ table: LevelTable, into out: UnsafeMutablePointer<UInt8>
    ) {
        wideLevels(source, count: count, table, into: out)
    }
}

extension Float: LevelPixel {
    /// The picture levels of floats.
    public static func levels(
        _ source: UnsafePointer<Float>, count: Int, _ table: LevelTable, into out: UnsafeMutablePointer<UInt8>
    ) {
        wideLevels(source, count: count, table, into: out)
    }
}

extension Double: LevelPixel {
    /// The picture levels of doubles.
    public static func levels(
        _ source: UnsafePointer<Double>, count: Int, _ table: LevelTable,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        wideLevels(source, count: count, table, into: out)
    }
}

extension LevelPixel {
    @inline(__always)
    fileprivate static func wideLevels(
        _ source: UnsafePointer<Self>, count: Int, _ table: LevelTable,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        let low = table.stretch.low
        let span = table.stretch.high - low
        if table.stretch.curve == .linear {
            let darkest = Double(table.stretch.darkest)
            let range = 255 - darkest
            let factor = span > 0 ? range / span : Double.greatestFiniteMagnitude
            for i in 0..<count {
                let t = (source[i].sum - low) * factor
                // Comparisons are false for not-a-number, which ends at the darkest level and is masked anyway.
                let clamped = t > 0 ? (t < range ? t : range) : 0
                out[i] = UInt8(truncatingIfNeeded: nearestInteger(darkest + clamped))
            }
            return
        }
        let factor = span > 0 ? 65535 / span : Double.greatestFiniteMagnitude
        table.levels.withUnsafeBufferPointer { levels in
            for i in 0..<count {
                let t = (source[i].sum - low) * factor
                let clamped = t > 0 ? (t < 65535 ? t : 65535) : 0
                out[i] = levels[Int(UInt16(truncatingIfNeeded: nearestInteger(clamped)))]
            }
        }
    }
}

extension LevelPixel {
    /// The least and greatest valid samples; nil when all are blank.
    public static func extremes(
        _ source: UnsafePointer<Self>, count: Int, blank: Self?
    ) -> (low: Double, high: Double)? {
        var i = 0
        while i < count, source[i].isBlank(blank) { i += 1 }
        guard i < count else { return nil }
        var low = source[i]
        var high = low
        while i < count {
            let value = source[i]
            if !value.isBlank(blank) {
                low = value < low ? value : low
                high = value > high ? value : high
            }
            i &+= 1
        }
        return (low.sum, high.sum)
    }
}

extension Float {
    /// The least and greatest samples that are numbers; nil when none is.
    public static func extremes(
        _ source: UnsafePointer<Float>, count: Int, blank: Float?
    ) -> (low: Double, high: Double)? {
        // Comparisons with not-a-number are false, so that blanks need no question; lanes, because the compiler may
        // not reorder comparisons of floats itself.
        var lows = SIMD8<Float>(repeating: .infinity)
        var highs = SIMD8<Float>(repeating: -.infinity)
        var i = 0
        while i + 8 <= count {
            let values = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Float>.self)
            lows.replace(with: values, where: values .< lows)
            highs.replace(with: values, where: values .> highs)
            i += 8
        }
        var low = lows.min()
        var high = highs.max()
        while i < count {
            low = source[i] < low ? source[i] : low
            high = source[i] > high ? source[i] : high
            i += 1
        }
        return low <= high ? (low.sum, high.sum) : nil
    }
}

extension Double {
    /// The least and greatest samples that are numbers; nil when none is.
    public static func extremes(
        _ source: UnsafePointer<Double>, count: Int, blank: Double?
    ) -> (low: Double, high: Double)? {
        // Comparisons with not-a-number are false, so that blanks need no question; lanes, because the compiler may
        // not reorder comparisons of floats itself.
        var lows = SIMD8<Double>(repeating: .infinity)
        var highs = SIMD8<Double>(repeating: -.infinity)
        var i = 0
        while i + 8 <= count {
            let values = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD8<Double>.self)
            lows.replace(with: values, where: values .< lows)
            highs.replace(with: values, where: values .> highs)
            i += 8
        }
        var low = lows.min()
        var high = highs.max()
        while i < count {
            low = source[i] < low ? source[i] : low
            high = source[i] > high ? source[i] : high
            i += 1
        }
        return low <= high ? (low.sum, high.sum) : nil
    }
}

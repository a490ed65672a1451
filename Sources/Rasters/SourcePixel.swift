public import GDAL
public import Pixels

/// A kind of sample that a source window can be read into.
public protocol SourcePixel: Pixel {
    /// The type that GDAL converts stored samples to.
    static var readType: SampleType { get }

    /// Clears the mask where a sample equals the declared nodata value or is not finite.
    static func maskInvalid(
        _ samples: UnsafePointer<Self>, count: Int, noData: Double?, mask: UnsafeMutablePointer<UInt8>)

    /// Clears the mask where a stored sample matches a rule.
    static func maskMatching(
        _ samples: UnsafePointer<Self>, count: Int, rule: NoDataRule, mask: UnsafeMutablePointer<UInt8>)

    /// Applies physical = stored * scale + offset in place.
    static func rescale(_ samples: UnsafeMutablePointer<Self>, count: Int, scale: Double, offset: Double)

    /// Turns signed bytes that were read as 0...255 into -128...127, in place.
    static func makeSigned(_ samples: UnsafeMutablePointer<Self>, count: Int)

    /// The sample for "no data" that a plan chose.
    static func blank(_ plan: SamplePlan) -> Self?
}

extension SourcePixel where Self: FixedWidthInteger {
    /// Integers are never rescaled: scaled integers are worked on as floats.
    public static func rescale(
        _ samples: UnsafeMutablePointer<Self>, count: Int, scale: Double, offset: Double
    ) {}

    /// Signed bytes are worked on as 16-bit integers.
    public static func makeSigned(_ samples: UnsafeMutablePointer<Self>, count: Int) {
        for i in 0..<count { samples[i] = Self(truncatingIfNeeded: Int8(truncatingIfNeeded: samples[i])) }
    }

    /// Clears the mask where a sample equals the declared nodata value.
    public static func maskInvalid(
        _ samples: UnsafePointer<Self>, count: Int, noData: Double?, mask: UnsafeMutablePointer<UInt8>
    ) {
        guard let noData, let value = Self(exactly: noData) else { return }
        // A store to every byte, so that the loop runs in lanes.
        for i in 0..<count { mask[i] = samples[i] == value ? 0 : mask[i] }
    }

    /// Clears the mask where a stored sample matches a rule.
    public static func maskMatching(
        _ samples: UnsafePointer<Self>, count: Int, rule: NoDataRule, mask: UnsafeMutablePointer<UInt8>
    ) {
        for i in 0..<count where rule.matches(Double(samples[i])) { mask[i] = 0 }
    }

    /// The plan's blank; nil where every sample is valid.
    public static func blank(_ plan: SamplePlan) -> Self? { plan.blank.map { Self(truncatingIfNeeded: $0) } }
}

extension UInt8: SourcePixel {
    /// What GDAL converts stored samples to.
    public static var readType: SampleType { .uint8 }
}
extension Int16: SourcePixel {
    /// What GDAL converts stored samples to.
    public static var readType: SampleType { .int16 }
}
extension Int32: SourcePixel {
    /// What GDAL converts stored samples to.
    public static var readType: SampleType { .int32 }
}

extension SourcePixel where Self: BinaryFloatingPoint {
    /// Clears the mask where a sample equals the declared nodata value, is infinite or not a number.
    public static func maskInvalid(
        _ samples: UnsafePointer<Self>, count: Int, noData: Double?, mask: UnsafeMutablePointer<UInt8>
    ) {
        // A nodata value of -3.4028235e38 is declared with more digits than a float holds.
        let value = noData.map { Self($0) }
        for i in 0..<count {
            let sample = samples[i]
            if !sample.isFinite || sample == value { mask[i] = 0 }
        }
    }

    /// Applies physical = stored * scale + offset in place.
    public static func rescale(
        _ samples: UnsafeMutablePointer<Self>, count: Int, scale: Double, offset: Double
    ) {
        for i in 0..<count { samples[i] = Self(Double(samples[i]) * scale + offset) }
    }

    /// Scaled signed bytes are worked on as floats.
    public static func makeSigned(_ samples: UnsafeMutablePointer<Self>, count: Int) {
        for i in 0..<count where samples[i] > 127 { samples[i] -= 256 }
    }

    /// Clears the mask where a stored sample matches a rule.
    public static func maskMatching(
        _ samples: UnsafePointer<Self>, count: Int, rule: NoDataRule, mask: UnsafeMutablePointer<UInt8>
    ) {
        for i in 0..<count where rule.matches(Double(samples[i])) { mask[i] = 0 }
    }

    /// Not-a-number.
    public static func blank(_ plan: SamplePlan) -> Self? { .nan }
}

extension Float: SourcePixel {
    /// What GDAL converts stored samples to.
    public static var readType: SampleType { .float32 }
}
extension Double: SourcePixel {
    /// What GDAL converts stored samples to.
    public static var readType: SampleType { .float64 }
}

extension RGBA8: SourcePixel {
    /// Colours are read band by band as bytes.
    public static var readType: SampleType { .uint8 }

    /// Colours carry their validity in the fourth channel, which the reader sets.
    public static func maskInvalid(
        _ samples: UnsafePointer<RGBA8>, count: Int, noData: Double?, mask: UnsafeMutablePointer<UInt8>
    ) {
        for i in 0..<count where samples[i].channels.w == 0 { mask[i] = 0 }
    }

    /// The reader clears colours itself, channel by channel.
    public static func maskMatching(
        _ samples: UnsafePointer<RGBA8>, count: Int, rule: NoDataRule, mask: UnsafeMutablePointer<UInt8>
    ) {}

    /// Colours have no scale.
    public static func rescale(
        _ samples: UnsafeMutablePointer<RGBA8>, count: Int, scale: Double, offset: Double
    ) {}

    /// Colours have no sign.
    public static func makeSigned(_ samples: UnsafeMutablePointer<RGBA8>, count: Int) {}

    /// Transparent black.
    public static func blank(_ plan: SamplePlan) -> RGBA8? { plan.mayBeInvalid ? .defaultBlank : nil }
}

/// One sample of a tile or a source window, and the arithmetic that resampling needs of it.
///
/// The kernels are written once, generically, over this protocol and specialised here for the six kinds of
/// sample that exist; other modules reach them through the protocol, one call per row of pixels.
public protocol Pixel: BitwiseCopyable, Sendable, Hashable {
    /// What weighted sums are kept in.
    associatedtype Sum: Sendable

    /// The sample as a sum of one with weight 1.
    var sum: Sum { get }

    /// The sum of nothing.
    static var zero: Sum { get }

    /// `a + (b - a) * weight`.
    static func mix(_ a: Sum, _ b: Sum, _ weight: Double) -> Sum

    /// `sum + other * weight`.
    static func add(_ sum: Sum, _ other: Sum, _ weight: Double) -> Sum

    /// `sum * factor`.
    static func scale(_ sum: Sum, _ factor: Double) -> Sum

    /// Rounded to nearest (ties to even) without leaving the range of a convex combination of samples.
    init(convex sum: Sum)

    /// Rounded to nearest and clamped to the type's range.
    init(clamping sum: Sum)

    /// `self`, moved to the nearest other value where it equals `blank`.
    func avoiding(_ blank: Self) -> Self

    /// Whether the sample means "no data" where `blank` does; not-a-number always does.
    func isBlank(_ blank: Self?) -> Bool

    /// The value used where nothing else is asked for: zero, or not-a-number.
    static var defaultBlank: Self { get }

    // The kernels are requirements, not mere extensions, so that each type's own table of witnesses holds a
    // version specialised for it: called from another module, an unspecialised one is ten times as slow.

    /// Bilinear values where every neighbour is valid: the fast path of most tiles.
    static func bilinearRow(
        _ request: RowRequest, window: UnsafePointer<Self>, into out: UnsafeMutablePointer<Self>)

    /// Moves samples that happen to equal the blank to the nearest other value.
    static func keepClear(_ samples: UnsafeMutablePointer<Self>, count: Int, of blank: Self)

    /// Values by any interpolation with validity: invalid neighbours are weighted out, and a pixel outside
    /// the source or without a valid neighbour becomes `blank`, which no valid pixel takes; a nil blank says
    /// that there is no such pixel.
    /// - Parameter mask: one byte per sample of the window, 0 where invalid; nil when all are valid.
    /// - Returns: the number of pixels that are not blank.
    static func maskedRow(
        _ request: RowRequest, _ interpolation: Interpolation, window: UnsafePointer<Self>,
        mask: UnsafePointer<UInt8>?, blank: Self?, into out: UnsafeMutablePointer<Self>
    ) -> Int

    /// Adds the bilinear values of a row of sub-pixels to the pixels they belong to.
    /// - Parameters:
    ///   - shift: `1 << shift` sub-pixels of the row make one pixel.
    ///   - sums: `count >> shift` running sums.
    ///   - weights: as many running counts of valid sub-pixels.
    static func accumulateRow(
        _ request: RowRequest, shift: Int, window: UnsafePointer<Self>, mask: UnsafePointer<UInt8>?,
        sums: UnsafeMutablePointer<Sum>, weights: UnsafeMutablePointer<Double>)

    /// Turns running sums into samples, and clears them for the next row.
    /// - Returns: the number of samples that are not blank.
    static func finishRow(
        sums: UnsafeMutablePointer<Sum>, weights: UnsafeMutablePointer<Double>, count: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>
    ) -> Int

    /// The mean of each 2 x 2 square of valid samples; blank where none of the four is valid.
    /// - Parameters:
    ///   - source: `2 * width` x `2 * height` samples, packed.
    ///   - blank: the sample that means "no data"; nil when every sample is valid.
    ///   - out: the first sample of the result, whose rows are `outStride` samples apart.
    static func halve(
        _ source: UnsafePointer<Self>, width: Int, height: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>, outStride: Int)

    /// The mean of the valid samples in each `side` x `side` square: a thumbnail of a tile.
    static func thumbnail(
        _ source: UnsafePointer<Self>, width: Int, side: Int, blank: Self?,
        into out: UnsafeMutablePointer<Self>)

    /// Counts the samples that are not blank.
    static func countValid(_ source: UnsafePointer<Self>, count: Int, blank: Self?) -> Int

    /// Marks the squares of `side` x `side` samples that hold a valid one.
    /// - Returns: `(width / side)^2` flags, row by row.
    static func validBlocks(
        _ source: UnsafePointer<Self>, width: Int, side: Int, blank: Self?
    ) -> [Bool]
}

extension Pixel where Sum == Double {
    /// The sum of nothing.
    public static var zero: Double { 0 }

    /// `a + (b - a) * weight`.
    @inline(__always)
    public static func mix(_ a: Double, _ b: Double, _ weight: Double) -> Double { a + (b - a) * weight }

    /// `sum + other * weight`.
    @inline(__always)
    public static func add(_ sum: Double, _ other: Double, _ weight: Double) -> Double {
        sum + other * weight
    }

    /// `sum * factor`.
    @inline(__always)
    public static func scale(_ sum: Double, _ factor: Double) -> Double { sum * factor }
}

/// Adding 1.5 * 2^52 leaves the integer nearest to a small double in the low bits of its pattern: no range
/// trap, so loops vectorise.
@inline(__always)
func nearestInteger(_ value: Double) -> Int32 {
    Int32(truncatingIfNeeded: (value + 6_755_399_441_055_744.0).bitPattern)
}

extension Pixel where Self: FixedWidthInteger, Sum == Double {
    /// The sample as a sum of one with weight 1.
    @inline(__always)
    public var sum: Double { Double(Int32(truncatingIfNeeded: self)) }

    /// Rounded to nearest, for sums that lie between samples.
    @inline(__always)
    public init(convex sum: Double) { self = Self(truncatingIfNeeded: nearestInteger(sum)) }

    /// Rounded to nearest and clamped to the range of the type.
    @inline(__always)
    public init(clamping sum: Double) {
        let low = Double(Int32(truncatingIfNeeded: Self.min))
        let high = Double(Int32(truncatingIfNeeded: Self.max))
        self = Self(truncatingIfNeeded: nearestInteger(sum < low ? low : (sum > high ? high : sum)))
    }

    /// The sample, moved to the nearest other value where it equals `blank`.
    @inline(__always)
    public func avoiding(_ blank: Self) -> Self {
        self != blank ? self : (self == Self.min ? self &+ 1 : self &- 1)
    }

    /// Whether the sample means "no data".
    @inline(__always)
    public func isBlank(_ blank: Self?) -> Bool { self == blank }

    /// The value used for "no data" where nothing else is asked for.
    public static var defaultBlank: Self { Self.min }
}

extension UInt8: Pixel {
    /// What weighted sums are kept in.
    public typealias Sum = Double
}
extension Int16: Pixel {
    /// What weighted sums are kept in.
    public typealias Sum = Double
}
extension Int32: Pixel {
    /// What weighted sums are kept in.
    public typealias Sum = Double
}

extension Pixel where Self: BinaryFloatingPoint, Sum == Double {
    /// The sample as a sum of one with weight 1.
    @inline(__always)
    public var sum: Double { Double(self) }

    /// Rounded to nearest, for sums that lie between samples.
    @inline(__always)
    public init(convex sum: Double) { self = Self(sum) }

    /// Rounded to nearest and clamped to the range of the type.
    @inline(__always)
    public init(clamping sum: Double) { self = Self(sum) }

    /// The sample, moved to the nearest other value where it equals `blank`.
    @inline(__always)
    public func avoiding(_ blank: Self) -> Self { self }

    /// Whether the sample means "no data".
    @inline(__always)
    public func isBlank(_ blank: Self?) -> Bool { self != self }

    /// The value used for "no data" where nothing else is asked for.
    public static var defaultBlank: Self { .nan }
}

extension Float: Pixel {
    /// What weighted sums are kept in.
    public typealias Sum = Double
}
extension Double: Pixel {
    /// What weighted sums are kept in.
    public typealias Sum = Double
}

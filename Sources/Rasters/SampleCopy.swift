internal import GDAL

/// Copies samples from one type and spacing to another.
enum SampleCopy {
    /// - Parameters:
    ///   - stride: bytes from one sample to the next.
    static func convert(
        _ source: UnsafeRawPointer, _ from: SampleType, stride: Int, to target: UnsafeMutableRawPointer,
        _ type: SampleType, stride targetStride: Int, count: Int
    ) {
        switch from {
        // Signed bytes pass as they are: the reader gives them their sign.
        case .uint8, .int8: step(source, UInt8.self, stride, target, type, targetStride, count)
        case .uint16: step(source, UInt16.self, stride, target, type, targetStride, count)
        case .int16: step(source, Int16.self, stride, target, type, targetStride, count)
        case .uint32: step(source, UInt32.self, stride, target, type, targetStride, count)
        case .int32: step(source, Int32.self, stride, target, type, targetStride, count)
        case .float32: step(source, Float.self, stride, target, type, targetStride, count)
        case .float64: step(source, Double.self, stride, target, type, targetStride, count)
        }
    }

    private static func step<From: StoredSample>(
        _ source: UnsafeRawPointer, _ from: From.Type, _ stride: Int, _ target: UnsafeMutableRawPointer,
        _ type: SampleType, _ targetStride: Int, _ count: Int
    ) {
        func copy<To: StoredSample>(_ to: To.Type) {
            for i in 0..<count {
                let value = (source + i * stride).loadUnaligned(as: From.self)
                (target + i * targetStride).storeBytes(of: To(stored: value), as: To.self)
            }
        }
        switch type {
        case .uint8, .int8: copy(UInt8.self)
        case .uint16: copy(UInt16.self)
        case .int16: copy(Int16.self)
        case .uint32: copy(UInt32.self)
        case .int32: copy(Int32.self)
        case .float32: copy(Float.self)
        case .float64: copy(Double.self)
        }
    }
}

/// A type that samples are stored as.
protocol StoredSample: BitwiseCopyable {
    init<Other: StoredSample>(stored: Other)
    var number: Double { get }
    static func narrowed(_ number: Double) -> Self
}

extension StoredSample where Self: FixedWidthInteger {
    /// Working types hold every value of the stored ones: what does not fit is a float read as a whole number.
    @inline(__always)
    init<Other: StoredSample>(stored: Other) {
        if let same = stored as? Self { self = same } else { self = Self.narrowed(stored.number) }
    }
    @inline(__always)
    var number: Double { Double(self) }
    static func narrowed(_ number: Double) -> Self {
        number >= Double(Self.max) ? .max : (number > Double(Self.min) ? Self(number.rounded()) : .min)
    }
}

extension UInt8: StoredSample {}
extension UInt16: StoredSample {}
extension Int16: StoredSample {}
extension UInt32: StoredSample {}
extension Int32: StoredSample {}
extension Float: StoredSample {
    @inline(__always)
    init<Other: StoredSample>(stored: Other) { self = Float(stored.number) }
    @inline(__always)
    var number: Double { Double(self) }
    static func narrowed(_ number: Double) -> Float { Float(number) }
}
extension Double: StoredSample {
    @inline(__always)
    init<Other: StoredSample>(stored: Other) { self = stored.number }
    @inline(__always)
    var number: Double { self }
    static func narrowed(_ number: Double) -> Double { number }
}

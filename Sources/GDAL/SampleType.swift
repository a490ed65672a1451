internal import CGDAL

/// How one sample of a band is stored.
public enum SampleType: String, Sendable, CaseIterable {
    case uint8, int8, uint16, int16, uint32, int32, float32, float64

    /// Bytes of one sample.
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

    var gdal: GDALDataType {
        switch self {
        // GDAL before 3.7 knows signed bytes only as a note in the metadata.
        case .uint8, .int8: GDT_Byte
        case .uint16: GDT_UInt16
        case .int16: GDT_Int16
        case .uint32: GDT_UInt32
        case .int32: GDT_Int32
        case .float32: GDT_Float32
        case .float64: GDT_Float64
        }
    }

    init?(_ type: GDALDataType, signedByte: Bool) {
        switch type {
        case GDT_Byte: self = signedByte ? .int8 : .uint8
        case GDT_UInt16: self = .uint16
        case GDT_Int16: self = .int16
        case GDT_UInt32: self = .uint32
        case GDT_Int32: self = .int32
        case GDT_Float32: self = .float32
        case GDT_Float64: self = .float64
        default: return nil
        }
    }
}

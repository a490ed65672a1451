/// What GDAL says of one band of a dataset.
public struct Band: Sendable, Equatable {
    /// What the band's numbers stand for in a picture.
    public enum Role: String, Sendable {
        case grey, red, green, blue, alpha, palette, undefined, other
    }

    /// An entry of a colour table, 0-255 each.
    public struct PaletteEntry: Sendable, Equatable {
        /// Red, green, blue and opacity, 0-255.
        public let red, green, blue, alpha: UInt8
    }

    /// Sample storage; nil where Tessera cannot read it (64-bit integers, complex numbers).
    public let type: SampleType?
    /// GDAL's name of the storage type, for messages.
    public let typeName: String
    /// Role in a picture.
    public let role: Role
    /// The declared nodata value, in stored units.
    public let noData: Double?
    /// physical = stored * scale + offset.
    public let scale: Double
    /// physical = stored * scale + offset.
    public let offset: Double
    /// Unit of the physical values; empty when not stated.
    public let unit: String
    /// Columns and rows of a block as stored.
    public let blockSize: (columns: Int, rows: Int)
    /// Whether a mask band, an alpha band or NODATA_VALUES of the dataset decides on validity.
    public let hasMask: Bool
    /// The colour table of a palette band.
    public let palette: [PaletteEntry]
    /// What the file says that the band shows, such as a filter; empty when not stated.
    public internal(set) var description = ""
    /// The wavelength with its unit, as the file says it; empty when not stated.
    public internal(set) var wavelength = ""

    /// Equality of all stated facts.
    public static func == (a: Band, b: Band) -> Bool {
        a.type == b.type && a.typeName == b.typeName && a.role == b.role && a.noData == b.noData
            && a.scale == b.scale && a.offset == b.offset && a.unit == b.unit
            && a.blockSize == b.blockSize && a.hasMask == b.hasMask && a.palette == b.palette
            && a.description == b.description && a.wavelength == b.wavelength
    }
}

public import GDAL
public import PlanetaryFrames

/// Why a raster cannot be used as a source, with the file and what would help.
public enum RasterError: Error, CustomStringConvertible, Sendable {
    /// GDAL cannot open or read the file.
    case gdal(GDALError)
    /// The coordinate reference system is missing or not one that this release maps without guessing.
    case frame(FrameError)
    /// The file lies in a format that is not read yet.
    case format(path: String, driver: String)
    /// The georeferencing is missing, contradictory or not that of an upright grid.
    case georeferencing(path: String, found: String, remedy: String)
    /// The bands are not one map of values or one colour picture.
    case bands(path: String, found: String, remedy: String)
    /// The copy in tiles that a source needs does not fit on the disk; sizes in bytes.
    case space(folder: String, needed: Int, free: Int)

    /// One line: file, what was found, what to do.
    public var description: String {
        switch self {
        case .gdal(let error):
            return error.description
        case .frame(let error):
            return error.description
        case .format(let path, let driver):
            return """
                \(path): the format \(driver) is not supported as a source; expected GeoTIFF, PDS3, PDS4, \
                ISIS, VICAR, FITS, JPEG 2000, JPEG, PNG or VRT; convert it with its true georeferencing to GeoTIFF, and let the survey file say \
                `crs: IAU_2015:<code>` of the result
                """
        case .georeferencing(let path, let found, let remedy):
            return "\(path): \(found); \(remedy)"
        case .bands(let path, let found, let remedy):
            return "\(path): \(found); \(remedy)"
        case .space(let folder, let needed, let free):
            return """
                \(folder): the copy in tiles that the source needs takes \(needed >> 20) MB, but only \(free >> 20) MB \
                are free; make room, or convert the source to a tiled GeoTIFF on another disk
                """
        }
    }
}

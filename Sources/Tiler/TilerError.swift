internal import Glibc
public import FITS
public import HiPS
public import MOC
public import Rasters
public import Tiles

/// Why a HiPS cannot be planned or built.
public enum TilerError: Error, CustomStringConvertible, Sendable {
    /// The source cannot be used.
    case source(RasterError)
    /// An option or a key of the survey does not fit the source.
    case option(name: String, found: String, remedy: String)
    /// The source holds no valid sample.
    case empty(path: String)
    /// A HiPS of that name exists, made from something else.
    case exists(path: String, found: String)
    /// A file could not be read or written.
    case file(operation: String, path: String, code: Int32)
    /// The store refused.
    case store(HiPSError)
    /// A tile could not be encoded.
    case encoding(TileError)
    /// A FITS file could not be encoded.
    case fits(FITSError)
    /// The coverage map could not be encoded.
    case coverage(MOCError)

    /// One line: what was read, what was expected, what to do.
    public var description: String {
        switch self {
        case .source(let error): error.description
        case .option(let name, let found, let remedy): "\(name): \(found); \(remedy)"
        case .empty(let path):
            "\(path): no sample is valid, so there is nothing to show; check the nodata value and the mask"
        case .exists(let path, let found):
            "\(path) exists already, made from \(found); choose another --name, or replace it with --force"
        case .file(let operation, let path, let code):
            "\(path): cannot \(operation): \(String(cString: strerror(code)))"
        case .store(let error): error.description
        case .encoding(let error): error.description
        case .fits(let error): error.description
        case .coverage(let error): error.description
        }
    }
}

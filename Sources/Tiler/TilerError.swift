public import FITS
public import HiPS
public import MOC
public import Rasters
public import Storage
public import Tiles

/// Why a HiPS cannot be planned or built.
public enum TilerError: Error, CustomStringConvertible, Sendable {
    /// The source cannot be used.
    case source(RasterError)
    /// An option or a key of the survey does not fit the source.
    case option(name: String, found: String, remedy: String)
    /// The source was exchanged, cut or taken away while it was read.
    case changed(path: String)
    /// The source holds no valid sample.
    case empty(path: String)
    /// A HiPS of that name exists, made from something else.
    case exists(path: String, found: String)
    /// A file of the HiPS could not be read or written.
    case storage(StoreError)
    /// What an interrupted build left cannot be gone on with.
    case begun(path: String, difference: String)
    /// A file that an interrupted build left is damaged.
    case checkpoint(path: String)
    /// The build was told to stop.
    case cancelled
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
        case .changed(let path):
            "\(path): it was changed or removed while it was read; with the original back, its time included, the same "
                + "command goes on, and with another source --force starts afresh"
        case .empty(let path):
            "\(path): no sample is valid, so there is nothing to show; check the nodata value and the mask"
        case .exists(let path, let found):
            "\(path) exists already, made from \(found); choose another --name, or replace it with --force"
        case .storage(let error): error.description
        case .begun(let path, let difference):
            "\(path): an interrupted build lies there that cannot be gone on with: \(difference); build it as it was "
                + "begun, or start afresh with --force"
        case .checkpoint(let path):
            "\(path): this file of an interrupted build is damaged; start afresh with --force"
        case .cancelled: "the build was stopped; the same command goes on with it"
        case .store(let error): error.description
        case .encoding(let error): error.description
        case .fits(let error): error.description
        case .coverage(let error): error.description
        }
    }
}

extension FileStore {
    /// Writes a file of a map.
    func put(_ bytes: [UInt8], at path: String) throws(TilerError) {
        do {
            try write(bytes, to: path)
        } catch {
            throw .storage(error)
        }
    }
}

extension TilerError {
    /// Runs what may fail in the data directory, and says so as an error of this module.
    static func storing<Result>(_ work: () throws(HiPSError) -> Result) throws(TilerError) -> Result {
        do {
            return try work()
        } catch {
            throw .store(error)
        }
    }
}

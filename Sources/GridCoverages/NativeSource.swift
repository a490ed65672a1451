internal import GDAL
internal import Rasters

/// The file that a map was built from, as the build believed it to lie on the body.
public struct NativeSource: Sendable {
    /// The radius in metres that the file was made with.
    public let radiusMetres: Double
    /// GDAL's short name of the file's format.
    public let driver: String

    let source: RasterSource
    /// Bands of the file, in the order of the coverage's.
    let fileBands: [Int]
    /// How the samples are stored.
    let type: SampleType

    init(source: RasterSource, fileBands: [Int], type: SampleType) {
        self.source = source
        self.fileBands = fileBands
        self.type = type
        radiusMetres = source.frame.radiusMetres
        driver = source.driver
    }
}

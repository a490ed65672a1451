internal import GDAL

/// Which formats are read, and how.
enum VectorSource {
    /// GDAL's drivers of tables and features that are read. Others would write beside the file or go to the network.
    static let drivers = [
        "GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRI Shapefile", "GPKG", "CSV", "GML", "LIBKML", "KML", "PDS4",
        "OGR_PDS", "FlatGeobuf",
    ]
    /// Formats that know one system only, that of the Earth.
    static let withImpliedSystem: Set<String> = ["GeoJSON", "GeoJSONSeq", "TopoJSON", "LIBKML", "KML"]

    /// Opens a source.
    /// - Throws: `FeatureError` for formats that are not read, `GDALError` for files that are damaged or missing.
    static func open(_ path: String) throws -> VectorDataset {
        if let head = try? FileFacts(of: path, head: 4096).head {
            let text = String(decoding: head, as: UTF8.self)
            if text.contains("<VOTABLE") || text.contains(":VOTABLE") {
                throw FeatureError.source(
                    path: path,
                    reason:
                        "it is a VOTable, which GDAL \(GDALLibrary.version) does not read; convert it first, such "
                        + "as with: stilts tcopy \(path) table.csv")
            }
        }
        return try VectorDataset(
            opening: path, drivers: drivers,
            options: [
                // The types of a table of texts are those that all of its values have.
                "AUTODETECT_TYPE=YES", "AUTODETECT_SIZE_LIMIT=0", "EMPTY_STRING_AS_NULL=YES",
                "WRITE_GFS=NO",
            ])
    }
}

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

    /// The system that a GeoJSON names in its member `crs`, as formats older than RFC 7946 have it; nil for none.
    ///
    /// GDAL takes a name that it does not know for that of the Earth, and counts all longitudes to the east.
    static func namedSystem(_ path: String, driver: String) -> String? {
        guard driver.hasPrefix("GeoJSON"), let head = try? FileFacts(of: path, head: 1 << 16).head else {
            return nil
        }
        let text = String(decoding: head, as: UTF8.self)
        let name = text.firstMatch(of: /"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]+)"/)
        return name.map { String($0.output.1) }.flatMap { Self.isOfTheEarth($0) ? nil : $0 }
    }

    /// The name of the system in the first `srsName` of a GML; nil for none.
    static func namedSystemOfGML(_ path: String) -> String? {
        guard let head = try? FileFacts(of: path, head: 1 << 18).head else { return nil }
        let text = String(decoding: head, as: UTF8.self)
        let name = text.firstMatch(of: /\bsrsName\s*=\s*(?:"([^"]*)"|'([^']*)')/)
        return name.map { String($0.output.1 ?? $0.output.2 ?? "") }
    }

    /// Whether a name of a system means the order of axes of its authority, which is latitude first for longitudes and
    /// latitudes (OGC 07-092r3 for names, 09-048r5 for addresses); others mean x first, as GML 2 had it. What EPSG names GDAL
    /// has turned round already.
    static func meansOrderOfAuthority(_ name: String) -> Bool {
        let name = name.lowercased()
        guard !name.contains("epsg") else { return false }
        return name.hasPrefix("urn:") && !name.contains(":ogc:1.3:crs") && !name.contains("crs84")
            || name.contains("opengis.net/def/crs/") && !name.contains("/ogc/")
    }

    /// Whether a name is that of the system which GeoJSON has by itself.
    private static func isOfTheEarth(_ name: String) -> Bool {
        name.hasSuffix("CRS84") || name.hasSuffix(":4326") || name.hasSuffix("/4326")
    }

    /// Whether a system is what GDAL states for a format that knows no other: longitudes and latitudes of the Earth.
    static func isImplied(_ wkt: String?, driver: String) -> Bool {
        guard let wkt, withImpliedSystem.contains(driver) else { return false }
        return wkt.hasPrefix("GEOG") && wkt.contains("WGS 84")
    }

    /// Formats that keep no sense of longitudes with a system.
    static let withoutSense: Set<String> = ["ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "TopoJSON"]

    /// Opens a source.
    /// - Throws: `FeatureError` for formats that are not read, `GDALError` for files that are damaged or missing.
    static func open(_ path: String) throws -> any ImportSource {
        if let head = try? FileFacts(of: path, head: 4096).head {
            let text = String(decoding: head, as: UTF8.self)
            if text.contains("<VOTABLE") || text.contains(":VOTABLE") {
                guard !path.hasPrefix("/vsi") else {
                    throw FeatureError.source(
                        path: path, reason: "it is a VOTable, which is read from disk alone; fetch it first")
                }
                return try VOTableSource(path: path)
            }
        }
        let source = try GDALSource(
            VectorDataset(
                opening: path, drivers: drivers,
                options: [
                    // The types of a table of texts are those that all of its values have.
                    "AUTODETECT_TYPE=YES", "AUTODETECT_SIZE_LIMIT=0", "EMPTY_STRING_AS_NULL=YES",
                    "WRITE_GFS=NO", "DOWNLOAD_SCHEMA=NO",
                ]))
        if source.format == "CSV", let typed = try TableTypes.source(path, source) { return typed }
        return source
    }
}

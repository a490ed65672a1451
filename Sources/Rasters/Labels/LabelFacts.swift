internal import PlanetaryFrames

/// What the label or header of a file says beside, or against, what GDAL makes of it.
struct LabelFacts: Sendable {
    /// The coordinate reference system; nil leaves it to GDAL.
    var definition: String?
    /// The body by name, where the definition names none that the catalogue knows.
    var bodyName: String?
    /// GDAL's six numbers; nil leaves them to GDAL.
    var transform: [Double]?
    /// The same of a map in another projection than the plate carrée, in metres of the system that GDAL reads.
    var plane: [Double]?
    /// What GDAL's reading of the system is to be mended by.
    var corrections = SystemCorrections()
    /// A map in the HEALPix projection, which becomes a system and a transform when the body is known.
    var healpix: HEALPixPlane?
    /// Whether the first row as GDAL reads it is the southernmost.
    var rowsRunNorth = false
    /// What latitudes are; nil where the label says nothing.
    var latitudeKind: LatitudeKind?
    /// Polar by equatorial radius, where the label gives both.
    var axisRatio: Double?
    /// Stored values that stand for no data beside the one that GDAL knows.
    var noDataValues: [Double] = []
    /// Those of them that the label writes as patterns of bits.
    var bitPatterns: [Double] = []
    /// What each band shows, in order, as far as the label says; empty where it does not.
    var bandMeanings: [String] = []
    /// The unit of the values.
    var unit: String?
    /// What is believed and why.
    var beliefs: [Belief] = []
    /// What contradicts itself, or was corrected.
    var warnings: [String] = []
    /// Whether this is a picture as a camera took it: an instrument, and no map projection.
    var isUnprojected = false
    /// The file that a PDS3 label names as that of its samples, and whether it does so in quotes.
    var samplesFile: (name: String, isQuoted: Bool)?
    /// Why the samples cannot be read though GDAL opens them, and what to do.
    var samplesRefusal: (found: String, remedy: String)?
    /// Why the file cannot be placed though it says where it lies, by name, and what to do.
    var refusal: (found: String, remedy: String)?

    mutating func believe(_ topic: Belief.Topic, _ value: String, from origin: String) {
        beliefs.append(Belief(topic, value, from: origin))
    }
}

/// An equirectangular system of a sphere in WKT 1, the names chosen so that the body is found in them.
func equirectangularWKT(body: String, radiusMetres: Double, centre: Double, latTs: Double) -> String {
    // Quotes end a name in WKT.
    let name = body.map { $0 == "\"" || $0 == "\\" || $0.isNewline ? " " : $0 }
    let text = String(name)
    return """
        PROJCS["Equirectangular \(text)",GEOGCS["GCS_\(text)",DATUM["D_\(text)",SPHEROID["\(text)",\(radiusMetres),0]],\
        PRIMEM["Reference_Meridian",0],UNIT["degree",0.0174532925199433]],PROJECTION["Equirectangular"],\
        PARAMETER["standard_parallel_1",\(latTs)],PARAMETER["central_meridian",\(centre)],\
        PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]
        """
}

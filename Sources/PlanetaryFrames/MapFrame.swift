/// Where the samples of a map in any supported projection lie on their body.
///
/// Inside the program every direction is planetocentric and east-positive. A frame says how such directions become
/// x and y in the file's units, where x is the axis of GDAL's geotransforms that runs east (or west, where the
/// system's longitudes grow to the west) and y the one that runs north.
///
/// Metres belong to the **file's** radius: the angles are kept, and the difference to the IAU's radius is one of
/// the `notes`. Latitudes are converted by the formula of the file's own ellipsoid, never copied from one kind to
/// the other (as PROJ does between the IAU's spheres and ellipsoids).
///
/// A frame is a value that may be shared; `makeTransformer()` gives each thread what computes.
public struct MapFrame: Sendable {
    /// The body that the map shows.
    public let body: Body
    /// The equatorial radius in metres of the file's sphere or ellipsoid.
    public let radiusMetres: Double
    /// The polar radius in metres of the file's sphere or ellipsoid.
    public let polarRadiusMetres: Double
    /// The name of the coordinate reference system in the file.
    public let crsName: String
    /// The code of an IAU 2015 system equal to the file's; nil where there is none.
    public let identifier: CRSIdentifier?
    /// The coordinate reference system of the file as WKT2:2019 on one line.
    public let wkt2: String
    /// What the latitudes of the system measure; planetocentric on every sphere, unless the reader of
    /// the file knows of an ellipsoid behind it.
    public let latitudeKind: LatitudeKind
    /// The direction in which the longitudes of the system, and x, grow.
    public let longitudeSense: LongitudeSense
    /// The projection.
    public let projection: MapProjection
    /// The projection's name in the file, empty for geographic systems.
    public let methodName: String
    /// What is worth telling a reader, one sentence each: radii, ellipsoids, assumptions, overrides.
    public let notes: [String]
    /// The length in x, in the file's units, after which the map repeats itself; nil for maps with a seam.
    ///
    /// x and x + `periodX` are the same place: 360 degrees for geographic systems.
    public let periodX: Double?

    let kernel: FrameKernel
    let loci: [SingularLocus]

    /// The file's sphere or ellipsoid.
    public var spheroid: Spheroid {
        Spheroid(equatorialRadiusMetres: radiusMetres, polarRadiusMetres: polarRadiusMetres)
    }

    /// Metres in a unit of x and y of a projected map; on the equator, for geographic systems.
    public var metresPerUnit: Double {
        if case .geographic = kernel.core { return radiusMetres / kernel.yScale }
        return 1 / kernel.yScale
    }

    /// What computes with this frame, for one thread at a time.
    ///
    /// - Throws: `FrameError` when PROJ cannot make the projection, which reading the frame has already tried.
    public func makeTransformer() throws(FrameError) -> MapTransformer {
        try MapTransformer(self)
    }
}

/// The numbers of a frame's computation.
struct FrameKernel: Sendable {
    /// How radians of longitude and latitude become metres, or the file's angles.
    enum Core: Sendable {
        /// x and y are longitude and latitude.
        case geographic
        /// Metres are angles times lengths (EPSG 1029), from a centre in radians.
        case equirectangular(lon0: Double, lat0: Double, lonMetres: Double, latMetres: Double)
        /// Sinusoidal about a centre in radians.
        case sinusoidal(lon0: Double, arc: MeridianArc)
        /// A bare operation of PROJ, and the same on a sphere where this one is on an ellipsoid.
        case proj(String, sphere: String?)
    }

    let core: Core
    /// -1 where x grows to the west.
    let xSign: Double
    /// File units per metre, or per radian for geographic systems.
    let xScale: Double
    let yScale: Double
    /// Added to metres before they become file units.
    let xOffset: Double
    let yOffset: Double
    /// What formulas of PROJ add to metres themselves: false easting and northing.
    var innerOffset = (x: 0.0, y: 0.0)
    /// (a/b)^2 where the system's latitudes are planetographic, else 1.
    let graphicFactor: Double
    /// The repeat of the map in the units before `xScale`; 0 for none.
    let period: Double
    /// Round trips of the inverse must close within this many metres or radians.
    let closure: Double
    /// Coordinates beyond this many metres are as good as infinite.
    let largestMetres: Double
    /// Distance from the singular points of a transverse Mercator map, as the sine of the angle from the central
    /// meridian, beyond which nothing is projected; 1 for other projections.
    let largestSine: Double
    /// The central meridian that `largestSine` is counted from, in radians.
    let centralMeridian: Double
}

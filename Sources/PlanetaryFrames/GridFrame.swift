/// What the coordinate reference system of a raster says, reduced to what a grid on a sphere needs.
///
/// Every frame is of one body, planetocentric and east-positive, and its longitude and latitude are affine in
/// the file's x and y, where x runs east and y north whatever the order of axes in the system (the order of
/// GDAL's geotransforms). What cannot be reduced without guessing is refused with a `FrameError`.
///
/// Metres are divided by the file's own radius, so that the angle is kept: a map drawn for another radius is
/// not reprojected.
public struct GridFrame: Sendable {
    /// How the grid lies on the sphere.
    public enum Kind: Sendable, Hashable {
        /// Columns and rows in longitude and latitude.
        case geographic
        /// Equidistant cylindrical (EPSG methods 1028 and 1029 on a sphere), offsets in metres.
        case equirectangular(
            centreLonDegrees: Double, latTsDegrees: Double, latOriginDegrees: Double,
            falseEastingMetres: Double,
            falseNorthingMetres: Double)
    }

    /// The body that the grid lies on.
    public let body: Body
    /// The radius in metres that the file was made with.
    public let radiusMetres: Double
    /// The name of the coordinate reference system in the file.
    public let crsName: String
    /// `IAU_2015:<code>` when the grid's parameters equal those of the body's x00, x10 or x15 system, else
    /// nil.
    ///
    /// Radii are equal within a millionth. A planetocentric system on the ellipsoid (x02) has the angles of
    /// x00.
    public let identifier: String?
    /// The coordinate reference system of the file as WKT2:2019 on one line.
    public let wkt2: String
    /// How the grid lies on the sphere.
    public let kind: Kind
    /// East longitude in degrees at x = 0, not wrapped.
    public let lonOffsetDegrees: Double
    /// Degrees of east longitude per unit of x.
    public let lonDegreesPerUnit: Double
    /// Planetocentric latitude in degrees at y = 0.
    public let latOffsetDegrees: Double
    /// Degrees of latitude per unit of y.
    public let latDegreesPerUnit: Double
    /// A sentence when the file's radius is not that of the IAU's sphere, else nil.
    public let radiusNote: String?

    /// East longitude in degrees, not wrapped, of an easting or longitude in the file's unit.
    public func longitudeDegrees(x: Double) -> Double {
        lonOffsetDegrees + lonDegreesPerUnit * x
    }

    /// Planetocentric latitude in degrees of a northing or latitude in the file's unit.
    public func latitudeDegrees(y: Double) -> Double {
        latOffsetDegrees + latDegreesPerUnit * y
    }
}

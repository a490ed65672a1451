/// A planet, moon, dwarf planet, asteroid or comet with the radii that the IAU gives it.
///
/// Radii are those of PROJ's `IAU_2015` authority (Archinal et al. 2018, doi:10.1007/s10569-017-9805-5);
/// semi-axes of triaxial bodies, which that authority lacks, are the report's.
public struct Body: Sendable, Hashable {
    /// The name in the IAU's spelling, such as `Mars` or `52 Europa`.
    public let name: String
    /// The NAIF code, such as 499 for Mars; the IAU codes of coordinate systems are built on it.
    public let naifCode: Int
    /// The radius in metres of the sphere of `IAU_2015:<naif>00`: equatorial, or mean for triaxial bodies.
    public let sphereRadiusMetres: Double
    /// The largest semi-axis in metres.
    public let equatorialRadiusMetres: Double
    /// The middle semi-axis in metres; equal to the equatorial radius unless the body is triaxial.
    public let intermediateRadiusMetres: Double
    /// The polar semi-axis in metres.
    public let polarRadiusMetres: Double
    /// Whether planetographic longitudes grow to the west; nil where the IAU has no planetographic system.
    public let planetographicLongitudeIsWest: Bool?

    /// The name as it stands in paths and URLs: lower case, `-` for blanks.
    public var pathName: String {
        String(name.lowercased().map { $0 == " " ? "-" : $0 })
    }

    /// The identifier of one of the body's IAU 2015 coordinate systems, such as `IAU_2015:49900` for `k` = 0.
    ///
    /// - Parameter k: 0 for the sphere, 1 planetographic, 2 planetocentric on the ellipsoid, 10 and 15 for
    /// the
    ///   equirectangular maps centred on 0 and 180 degrees, and so on to 90.
    public func iauCode(_ k: Int) -> String {
        "IAU_2015:\(naifCode * 100 + k)"
    }

    /// Whether a radius can belong to this body: within 2 % of the range from its smallest to its largest
    /// one.
    func mayHaveRadius(_ metres: Double) -> Bool {
        let smallest = min(polarRadiusMetres, sphereRadiusMetres)
        let largest = max(equatorialRadiusMetres, sphereRadiusMetres)
        return metres >= smallest * 0.98 && metres <= largest * 1.02
    }
}

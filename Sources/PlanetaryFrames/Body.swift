/// A planet, moon, dwarf planet, asteroid or comet with the radii that the IAU gives it.
///
/// Radii are those of PROJ's `IAU_2015` authority (Archinal et al. 2018, doi:10.1007/s10569-017-9805-5);
/// semi-axes of triaxial bodies, which that authority lacks, are the report's. Bodies that the report lacks come from
/// `BodyDefinition`, each with its source.
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
    /// The sense of rotation; nil where no source says it.
    public var rotation: RotationSense?
    /// Whether each direction from the centre meets the surface once.
    ///
    /// Where it does not (two lobes, overhangs) a map is a radial projection and has to be labelled so.
    public var isFunctionOfDirection = true
    /// Whether PROJ's `IAU_2015` authority has systems of this body with these radii.
    public var hasIAUCodes = true
    /// Where the radii come from, in a few words.
    public var radiiSource = "IAU 2015"
    /// How sure the radii are.
    public var radiiCertainty = RadiiCertainty.report
    /// Other names that stand for this body alone.
    public var aliases: [String] = []

    /// The name as it stands in paths and URLs: lower case, `-` for blanks.
    public var pathName: String {
        String(name.lowercased().map { $0 == " " ? "-" : $0 })
    }

    /// The identifier of one of the body's IAU 2015 coordinate systems, such as `IAU_2015:49900` for `k` = 0.
    ///
    /// It exists only where `hasIAUCodes` is true; `identifier(_:)` tells.
    ///
    /// - Parameter k: 0 for the sphere, 1 planetographic, 2 planetocentric on the ellipsoid, 10 and 15 for
    /// the
    ///   equirectangular maps centred on 0 and 180 degrees, and so on to 90.
    public func iauCode(_ k: Int) -> String {
        "IAU_2015:\(naifCode * 100 + k)"
    }

    /// The identifier of one of the body's IAU 2015 systems, with `k` as in `iauCode(_:)`; nil for a body without codes.
    public func identifier(_ k: Int) -> CRSIdentifier? {
        hasIAUCodes ? CRSIdentifier(authority: CRSIdentifier.iau2015, code: String(naifCode * 100 + k)) : nil
    }

    /// The sphere of planetocentric angles: its identifier, or a PROJ string for a body without codes.
    public var sphereDefinition: String {
        hasIAUCodes ? iauCode(0) : "+proj=longlat +R=\(sphereRadiusMetres)"
    }

    /// The body's ellipsoid of revolution: equatorial and polar semi-axes.
    public var spheroid: Spheroid {
        Spheroid(equatorialRadiusMetres: equatorialRadiusMetres, polarRadiusMetres: polarRadiusMetres)
    }

    /// Whether the three semi-axes differ, so that no ellipsoid of revolution is the body's shape.
    public var isTriaxial: Bool { intermediateRadiusMetres != equatorialRadiusMetres }

    /// What a survey file may state for the body's sphere: geographic (`k` = 0) or equirectangular (10, 15).
    func statement(_ k: Int) -> String {
        if hasIAUCodes { return iauCode(k) }
        let centre = k % 10 >= 5 ? " +lon_0=180" : ""
        return k < 10
            ? "\"+proj=longlat +R=\(sphereRadiusMetres)\""
            : "\"+proj=eqc\(centre) +R=\(sphereRadiusMetres) +units=m\""
    }

    /// Whether a radius can belong to this body: within 2 % of the range from its smallest to its largest
    /// one.
    func mayHaveRadius(_ metres: Double) -> Bool {
        let smallest = min(polarRadiusMetres, sphereRadiusMetres)
        let largest = max(equatorialRadiusMetres, sphereRadiusMetres)
        return metres >= smallest * 0.98 && metres <= largest * 1.02
    }
}

extension Body {
    /// What has to be said of maps of a body with two lobes or overhangs; nil for others.
    public var surfaceNote: String? {
        isFunctionOfDirection
            ? nil
            : "the surface of \(name) is no function of direction: the map is a radial projection, where one "
                + "direction may meet the surface more than once"
    }
}

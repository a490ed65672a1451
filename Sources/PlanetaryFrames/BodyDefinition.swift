/// A body as a file of bodies gives it: an addition to the IAU's list, or other numbers for one that is in it.
public struct BodyDefinition: Sendable, Hashable {
    /// The name, such as `Bennu`.
    public var name: String
    /// The NAIF code, such as 2101955.
    public var naifCode: Int
    /// Semi-axes in metres, largest first; three equal ones for a sphere.
    public var semiAxesMetres: [Double]
    /// The radius in metres of the sphere on which maps are drawn; nil for the mean of the semi-axes.
    ///
    /// The mean is that of the volume where the body is triaxial, and the equatorial radius otherwise, as in
    /// the IAU's list of coordinate systems.
    public var sphereRadiusMetres: Double?
    /// The sense of rotation, where it is known.
    public var rotation: RotationSense?
    /// Whether each direction from the centre meets the surface once.
    public var isFunctionOfDirection: Bool
    /// How sure the radii are.
    public var certainty: RadiiCertainty
    /// Where the numbers come from: authors, year, DOI.
    public var source: String
    /// Other names.
    public var aliases: [String]

    /// Makes a definition; `BodyCatalogue.adding(_:)` checks it.
    public init(
        name: String, naifCode: Int, semiAxesMetres: [Double], sphereRadiusMetres: Double? = nil,
        rotation: RotationSense? = nil, isFunctionOfDirection: Bool = true, certainty: RadiiCertainty,
        source: String, aliases: [String] = []
    ) {
        self.name = name
        self.naifCode = naifCode
        self.semiAxesMetres = semiAxesMetres
        self.sphereRadiusMetres = sphereRadiusMetres
        self.rotation = rotation
        self.isFunctionOfDirection = isFunctionOfDirection
        self.certainty = certainty
        self.source = source
        self.aliases = aliases
    }
}

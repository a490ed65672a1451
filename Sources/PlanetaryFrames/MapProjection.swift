/// The map projections in which sources are read.
public enum MapProjection: String, Sendable, Hashable, CaseIterable {
    /// Columns and rows in longitude and latitude.
    case geographic
    /// Equidistant cylindrical, also called simple cylindrical and plate carrée.
    case equirectangular
    /// Sinusoidal, equal-area, interrupted opposite its centre.
    case sinusoidal
    /// Stereographic centred on a pole.
    case polarStereographic = "polar stereographic"
    /// Stereographic centred elsewhere.
    case stereographic
    /// Mercator.
    case mercator
    /// Transverse Mercator.
    case transverseMercator = "transverse Mercator"
    /// Lambert conformal conic.
    case lambertConformalConic = "Lambert conformal conic"
    /// Albers equal-area conic.
    case albersEqualArea = "Albers equal area"
    /// Lambert azimuthal equal area.
    case lambertAzimuthalEqualArea = "Lambert azimuthal equal area"
    /// Azimuthal equidistant.
    case azimuthalEquidistant = "azimuthal equidistant"
    /// Orthographic: the hemisphere seen from infinitely far.
    case orthographic
    /// Gnomonic: seen from the centre.
    case gnomonic
    /// Mollweide.
    case mollweide
    /// Robinson.
    case robinson
    /// Equidistant cylindrical about a tilted axis (PDS `OBLIQUE_CYLINDRICAL`, PROJ `ob_tran`).
    case obliqueCylindrical = "oblique cylindrical"
    /// Vertical perspective from a finite height (PROJ `nsper`).
    case pointPerspective = "point perspective"
    /// HEALPix in the plane with H = 4 and K = 3 (PROJ `healpix`, FITS `HPX`; Calabretta & Roukema 2007).
    case healpix = "HEALPix"

    /// Whether PROJ has formulas of this projection for the sphere alone, which take the latitude of the
    /// system as it is, whatever its kind.
    var hasSphericalFormulasOnly: Bool {
        [.equirectangular, .mollweide, .robinson, .gnomonic, .obliqueCylindrical, .pointPerspective].contains(
            self)
    }

    /// Whether the whole map repeats itself in x, so that it has no seam.
    var isPeriodic: Bool {
        [.geographic, .equirectangular, .mercator, .obliqueCylindrical].contains(self)
    }
}

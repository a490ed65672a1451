internal import CPROJ

/// A coordinate reference system as plain values, taken apart with PROJ.
struct CRSDescription {
    /// What the system is, as far as grids care.
    enum Kind {
        /// Latitude and longitude.
        case geographic
        /// Planetocentric latitude and longitude on an ellipsoid (`GEODCRS` with a spherical system).
        case planetocentric
        /// A map projection.
        case projected
        /// Anything else, in words.
        case other(String)
    }

    var kind: Kind
    var name: String
    var wkt2: String
    /// Authority and code as written in the definition.
    var identifier: (authority: String, code: String)?
    /// Names in which the body may be found: of the system, its base, its datum and its ellipsoid.
    var bodyNames: [String] = []
    var majorMetres = Double.nan
    var minorMetres = Double.nan
    var primeMeridianDegrees = 0.0
    var axes: [PROJAxis] = []
    var methodName = ""
    var methodCode = 0
    var parameters: [PROJParameter] = []
    /// Whether the latitudes of the system, or of its base, are planetocentric by definition.
    var baseIsPlanetocentric = false
    /// Whether the longitudes of the system, or of its base, grow to the west.
    var baseLongitudeIsWest = false

    /// `(a - b) / a`, 0 on a sphere; differences below 1e-9 are rounding (3 mm on Mars).
    var flattening: Double {
        let value = (majorMetres - minorMetres) / majorMetres
        return abs(value) < 1e-9 ? 0 : value
    }

    init(_ given: PROJObject) {
        let crs = Self.horizontal(given)
        name = crs.name
        wkt2 = crs.wkt2 ?? ""
        identifier = crs.identifier
        let base = crs.geodeticCRS()
        let datum = base?.datum()
        let ellipsoid = base?.ellipsoid()
        bodyNames = [crs.name, base?.name, datum?.name, ellipsoid?.name].compactMap { $0 }
        if let semiAxes = ellipsoid?.semiAxesMetres() {
            majorMetres = semiAxes.major
            minorMetres = semiAxes.minor
        }
        primeMeridianDegrees = base?.primeMeridian()?.primeMeridianDegrees() ?? 0
        let baseSystem = base?.coordinateSystem()
        baseIsPlanetocentric = baseSystem?.coordinateSystemType == PJ_CS_TYPE_SPHERICAL
        baseLongitudeIsWest = baseSystem?.axes().contains { $0.direction.lowercased() == "west" } ?? false
        let system = crs.coordinateSystem()
        axes = system?.axes() ?? []
        if let conversion = crs.conversion() {
            (methodName, methodCode) = conversion.method()
            parameters = conversion.parameters()
        }
        kind = Self.kind(of: crs, base: base, system: system, method: methodName)
    }

    /// The two-dimensional system inside a bound or compound one.
    private static func horizontal(_ given: PROJObject) -> PROJObject {
        var crs = given
        while true {
            let inner: PROJObject?
            switch crs.type {
            case PJ_TYPE_BOUND_CRS: inner = crs.sourceCRS()
            case PJ_TYPE_COMPOUND_CRS: inner = crs.subCRS(0)
            default: return crs
            }
            guard let inner else { return crs }
            crs = inner
        }
    }

    private static func kind(
        of crs: PROJObject, base: PROJObject?, system: PROJObject?, method: String
    ) -> Kind {
        switch crs.type {
        case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS:
            return method.isEmpty ? .geographic : .other("a rotated or derived geographic system (\(method))")
        case PJ_TYPE_PROJECTED_CRS:
            return base?.type == PJ_TYPE_GEOGRAPHIC_2D_CRS || base?.type == PJ_TYPE_GEOGRAPHIC_3D_CRS
                || base?.type == PJ_TYPE_GEODETIC_CRS
                ? .projected : .other("a projected system without a geographic base")
        case PJ_TYPE_GEODETIC_CRS:
            return system?.coordinateSystemType == PJ_CS_TYPE_SPHERICAL
                ? .planetocentric : .other("a geodetic system without latitudes and longitudes")
        case PJ_TYPE_GEOCENTRIC_CRS: return .other("a geocentric system in metres")
        case PJ_TYPE_VERTICAL_CRS: return .other("a system of heights")
        case PJ_TYPE_TEMPORAL_CRS: return .other("a system of times")
        case PJ_TYPE_ENGINEERING_CRS: return .other("a local system that belongs to no body")
        default: return .other("not a system of a body's surface")
        }
    }
}

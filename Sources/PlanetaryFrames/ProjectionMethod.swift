/// A map projection taken from the conversion of a projected system: its kind and what PROJ needs for it.
///
/// Methods are known by EPSG code, else by name: EPSG Guidance Note 7-2, and PROJ's own names for the methods
/// that EPSG has no code for.
struct ProjectionMethod: Sendable {
    var projection: MapProjection
    /// PROJ's name of the operation.
    var operation: String
    /// PROJ's parameters in degrees and metres, without the ellipsoid.
    var parameters: [String: Double]

    init(projection: MapProjection, operation: String, parameters: [String: Double]) {
        self.projection = projection
        self.operation = operation
        self.parameters = parameters
    }

    subscript(key: String) -> Double { parameters[key] ?? 0 }

    /// The text of the bare operation: longitude and geodetic latitude in radians to metres.
    func text(major: Double, minor: Double) -> String {
        let shape = major == minor ? "+R=\(major)" : "+a=\(major) +b=\(minor)"
        let values = parameters.sorted { $0.key < $1.key }.map { "+\($0.key)=\($0.value)" }
        return (["+proj=\(operation)"] + values + [shape]).joined(separator: " ")
    }

    private struct Entry {
        let codes: [Int]
        let names: [String]
        let projection: MapProjection
        let operation: String
        /// EPSG codes of parameters and the keys of PROJ.
        let keys: [Int: String]
    }

    private static let origin: [Int: String] = [
        8801: "lat_0", 8802: "lon_0", 8805: "k_0", 8806: "x_0", 8807: "y_0",
    ]
    private static let falseOrigin: [Int: String] = [
        8821: "lat_0", 8822: "lon_0", 8823: "lat_1", 8824: "lat_2", 8826: "x_0", 8827: "y_0",
    ]
    private static let meridian: [Int: String] = [8802: "lon_0", 8806: "x_0", 8807: "y_0"]

    private static let entries: [Entry] = [
        Entry(
            codes: [1028, 1029], names: [], projection: .equirectangular, operation: "eqc",
            keys: [8801: "lat_0", 8802: "lon_0", 8806: "x_0", 8807: "y_0", 8823: "lat_ts"]),
        Entry(
            codes: [], names: ["sinusoidal"], projection: .sinusoidal, operation: "sinu", keys: meridian),
        Entry(
            codes: [9810], names: [], projection: .polarStereographic, operation: "stere", keys: origin),
        Entry(
            codes: [9829], names: [], projection: .polarStereographic, operation: "stere",
            keys: [8832: "lat_ts", 8833: "lon_0", 8806: "x_0", 8807: "y_0"]),
        Entry(
            codes: [], names: ["stereographic"], projection: .stereographic, operation: "stere", keys: origin
        ),
        Entry(codes: [9804], names: [], projection: .mercator, operation: "merc", keys: origin),
        Entry(
            codes: [9805], names: ["mercator"], projection: .mercator, operation: "merc",
            keys: [8802: "lon_0", 8806: "x_0", 8807: "y_0", 8823: "lat_ts"]),
        Entry(
            codes: [9807], names: [], projection: .transverseMercator, operation: "tmerc", keys: origin),
        Entry(
            codes: [9801], names: [], projection: .lambertConformalConic, operation: "lcc", keys: origin),
        Entry(
            codes: [9802], names: [], projection: .lambertConformalConic, operation: "lcc", keys: falseOrigin),
        Entry(codes: [9822], names: [], projection: .albersEqualArea, operation: "aea", keys: falseOrigin),
        Entry(
            codes: [9820, 1027], names: [], projection: .lambertAzimuthalEqualArea, operation: "laea",
            keys: origin),
        Entry(
            codes: [1125, 9832], names: ["azimuthal equidistant"], projection: .azimuthalEquidistant,
            operation: "aeqd", keys: origin),
        Entry(codes: [9840], names: [], projection: .orthographic, operation: "ortho", keys: origin),
        Entry(codes: [], names: ["gnomonic"], projection: .gnomonic, operation: "gnom", keys: origin),
        Entry(codes: [], names: ["mollweide"], projection: .mollweide, operation: "moll", keys: meridian),
        Entry(codes: [], names: ["robinson"], projection: .robinson, operation: "robin", keys: meridian),
        Entry(
            codes: [9838], names: [], projection: .pointPerspective, operation: "nsper",
            keys: [8834: "lat_0", 8835: "lon_0", 8836: "surface", 8840: "h", 8806: "x_0", 8807: "y_0"]),
    ]

    /// Reads the conversion of a system; nil for a method that is not known.
    ///
    /// - Throws: `FrameError.badParameter` for a parameter that the method has not.
    init?(_ crs: CRSDescription, source: String) throws(FrameError) {
        if Self.named.contains(where: { crs.methodName.hasPrefix("PROJ " + $0.words) }) {
            try self.init(named: crs, source: source)
            return
        }
        let name = NameWords.split(crs.methodName).joined(separator: " ")
        let found =
            crs.isEquirectangular
            ? Self.entries[0]
            : Self.entries.first {
                crs.methodCode != 0 ? $0.codes.contains(crs.methodCode) : $0.names.contains(name)
            }
        guard let entry = found else { return nil }
        self.init(projection: entry.projection, operation: entry.operation, parameters: [:])
        for parameter in crs.parameters {
            let code = crs.isEquirectangular ? parameter.equirectangularCode : parameter.epsgCode
            guard let key = entry.keys[code] else {
                // A neutral value that a writer gave beside the method's own parameters changes nothing.
                let neutral = parameter.name.lowercased().contains("scale") ? 1.0 : 0
                if parameter.value == neutral { continue }
                throw .badParameter(
                    source: source, crs: crs.name, name: "the unknown parameter \"\(parameter.name)\"",
                    value: parameter.value)
            }
            parameters[key] = key == "k_0" ? parameter.value : parameter.scaled(isLength: Self.isLength(key))
        }
        normalise()
    }

    /// Methods without a code, which PROJ names by its own string.
    private static let named:
        [(words: String, projection: MapProjection, operation: String, keys: Set<String>)] = [
            (
                "ob_tran o_proj=eqc", .obliqueCylindrical, "ob_tran +o_proj=eqc",
                ["o_lon_p", "o_lat_p", "lon_0", "x_0", "y_0"]
            ),
            ("nsper", .pointPerspective, "nsper", ["h", "lat_0", "lon_0", "x_0", "y_0"]),
            ("healpix", .healpix, "healpix", ["lon_0", "x_0", "y_0"]),
        ]

    /// A method that PROJ names by its own string, with parameters of PROJ's names.
    private init(named crs: CRSDescription, source: String) throws(FrameError) {
        let found = Self.named.first { crs.methodName.hasPrefix("PROJ " + $0.words) } ?? Self.named[0]
        self.init(projection: found.projection, operation: found.operation, parameters: [:])
        for parameter in crs.parameters {
            guard found.keys.contains(parameter.name) else {
                throw .badParameter(
                    source: source, crs: crs.name, name: "the unknown parameter \"\(parameter.name)\"",
                    value: parameter.value)
            }
            parameters[parameter.name] = parameter.scaled(isLength: Self.isLength(parameter.name))
        }
    }

    private static func isLength(_ key: String) -> Bool { ["x_0", "y_0", "h", "surface"].contains(key) }

    /// Brings variants of one projection to one form.
    private mutating func normalise() {
        if let standard = parameters["lat_ts"], projection == .polarStereographic {
            parameters["lat_0"] = standard < 0 ? -90 : 90
        }
        if projection == .stereographic, abs(self["lat_0"]) == 90 { projection = .polarStereographic }
        if projection == .lambertConformalConic, parameters["lat_1"] == nil {
            // One standard parallel (9801) is PROJ's form with lat_1 at the origin.
            parameters["lat_1"] = self["lat_0"]
        }
    }
}

extension PROJParameter {
    /// The value in metres or degrees.
    func scaled(isLength: Bool) -> Double {
        isLength ? value * unitFactor : degrees(value, radiansPerUnit: unitFactor)
    }
}

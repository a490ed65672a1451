internal import PlanetaryFrames

/// Reads identifiers of the systems of one body.
struct MapCRSReader {
    let body: Body
    let catalogue: BodyCatalogue
    let options: MapSystems.Options

    /// Identifiers of the Earth's systems that may stand for the body's.
    static let aliases = ["EPSG:4326", "CRS:84", "EPSG:3857", "EPSG:4087", "EPSG:32662"]
    /// The authority in identifiers of systems of bodies without IAU codes; they are numbered as the IAU would.
    private static let ownAuthority = "TESSERA"
    /// The radius of WGS 84, whose metres `EPSG:3857` and `EPSG:4087` count.
    private static let earthRadiusMetres = 6_378_137.0

    func read(_ text: String) throws(MapsError) -> MapSystems.Reading {
        if let own = options.definitions.first(where: { $0.identifier.uppercased() == text.uppercased() }) {
            let frame = try frame(own.definition, text: text)
            return (try system(try identifier(own.identifier), frame), frame.notes)
        }
        let identifier = try identifier(text)
        switch (identifier.authority, identifier.code) {
        case ("OGC", "CRS84"), ("EPSG", "4326"), ("EPSG", "3857"), ("EPSG", "4087"), ("EPSG", "32662"):
            guard options.earthAliases else {
                throw .unknownCRS(
                    text: text,
                    reason:
                        "it is a system of the Earth, which stands for one of \(body.name) only where the "
                        + "server allows it; use \(body.iauCode(0))")
            }
            return try alias(identifier)
        case (Self.ownAuthority, let code):
            guard let number = Int(code), number / 100 == body.naifCode, !body.hasIAUCodes,
                let crs = try ownSystem(number % 100)
            else {
                throw .unknownCRS(text: text, reason: "\(body.name) has no such system")
            }
            return (crs, [])
        default: break
        }
        if let naif = identifier.naifCode, naif != body.naifCode {
            throw .otherBody(
                text: text, found: catalogue.body(naifCode: naif)?.name ?? "body \(naif)", expected: body.name
            )
        }
        return try iauOrForeign(identifier, text: text)
    }

    /// One of the body's advertised systems; nil where the body has none of this kind.
    func ownSystem(_ kind: Int) throws(MapsError) -> MapCRS? {
        if body.hasIAUCodes {
            if kind == 1, body.planetographicLongitudeIsWest == nil { return nil }
            guard let identifier = body.identifier(kind) else { return nil }
            do {
                return try iauOrForeign(identifier, text: identifier.description).crs
            } catch {
                // PROJ's database has the ellipsoid's own systems for some bodies only.
                if kind == 2 { return nil }
                throw error
            }
        }
        guard let definition = definition(kind) else { return nil }
        let text = "\(Self.ownAuthority):\(body.naifCode * 100 + kind)"
        let frame = try frame(definition.text, text: text)
        return try system(try identifier(text), frame, title: "\(body.name) / \(definition.name)")
    }

    /// The IAU's maps of the sphere as PROJ strings.
    private func definition(_ kind: Int) -> (text: String, name: String)? {
        let centre = kind % 10 >= 5 ? 180 : 0
        let end = "+R=\(body.sphereRadiusMetres)"
        let map = "+lon_0=\(centre) \(end) +units=m"
        switch kind {
        case 0: return ("+proj=longlat \(end)", "sphere, planetocentric")
        case 10, 15: return ("+proj=eqc \(map)", "equirectangular, centre \(centre)")
        case 20, 25: return ("+proj=sinu \(map)", "sinusoidal, centre \(centre)")
        case 30: return ("+proj=stere +lat_0=90 +lon_0=0 \(end) +units=m", "north polar")
        case 35: return ("+proj=stere +lat_0=-90 +lon_0=0 \(end) +units=m", "south polar")
        case 40, 45: return ("+proj=moll \(map)", "Mollweide, centre \(centre)")
        case 50, 55: return ("+proj=robin \(map)", "Robinson, centre \(centre)")
        case 65, 70: return ("+proj=ortho \(map)", "orthographic, centre \(centre)")
        default: return nil
        }
    }

    private func iauOrForeign(
        _ identifier: CRSIdentifier, text: String
    ) throws(MapsError) -> MapSystems.Reading {
        let kind = identifier.naifCode == nil ? nil : Int(identifier.code).map { $0 % 100 }
        var overrides = FrameOverrides()
        var warnings: [String] = []
        switch kind {
        case 11, 16:
            // PROJ's versions disagree about the formula; the one that maps are made with is radius times latitude.
            overrides.latitude = .planetographic
            warnings.append(
                "\(identifier) is drawn as its maps are made, with northings of the equatorial radius times the "
                    + "planetographic latitude; newer versions of PROJ put them elsewhere")
        case 12, 17:
            warnings.append(
                "\(identifier) is drawn as its maps are made, with northings of the equatorial radius times the "
                    + "planetocentric latitude; PROJ puts them elsewhere")
        default: break
        }
        let frame = try frame(identifier.description, text: text, overrides: overrides)
        return (try system(identifier, frame), warnings)
    }

    private func alias(_ identifier: CRSIdentifier) throws(MapsError) -> MapSystems.Reading {
        let radius = body.sphereRadiusMetres
        let metres = radius / Self.earthRadiusMetres
        let definition: String
        var (order, scale) = (AxisOrder.eastNorth, 1.0)
        switch identifier.code {
        case "4326":
            definition = body.sphereDefinition
            order = .northEast
        case "CRS84": definition = body.sphereDefinition
        case "3857": (definition, scale) = ("+proj=merc +R=\(radius) +units=m", metres)
        default: (definition, scale) = ("+proj=eqc +R=\(radius) +units=m", metres)
        }
        let frame = try frame(definition, text: identifier.description)
        let crs = try MapCRS(
            identifier: identifier, title: "\(body.name) under the name of \(identifier)", axisOrder: order,
            isAlias: true, scale: scale, frame: frame)
        return (crs, ["\(identifier), a system of the Earth, stands for \(body.name)"])
    }

    private func identifier(_ text: String) throws(MapsError) -> CRSIdentifier {
        do {
            if let identifier = try CRSIdentifier.parse(text) { return identifier }
        } catch {
            throw .unknownCRS(text: text, reason: error.description)
        }
        throw .unknownCRS(text: text, reason: "an identifier such as \(body.iauCode(0)) is expected")
    }

    private func system(
        _ identifier: CRSIdentifier, _ frame: MapFrame, title: String? = nil
    ) throws(MapsError) -> MapCRS {
        let isWest = frame.longitudeSense == .west
        // The first axis of the definition; those of polar systems leave the pole, easting first.
        let first = frame.wkt2.firstRange(of: "AXIS[").map {
            frame.wkt2[$0.upperBound...].prefix { $0 != "]" }
        }
        let isNorthFirst =
            frame.projection == .geographic
            && !(first.map { $0.contains(",east") || $0.contains(",west") } ?? false)
        let order: AxisOrder =
            isNorthFirst ? (isWest ? .northWest : .northEast) : (isWest ? .westNorth : .eastNorth)
        return try MapCRS(identifier: identifier, title: title, axisOrder: order, frame: frame)
    }

    private func frame(
        _ definition: String, text: String, overrides: FrameOverrides = FrameOverrides()
    ) throws(MapsError) -> MapFrame {
        do {
            return try MapFrame(
                definition: definition, declaredBody: body, catalogue: catalogue, overrides: overrides,
                source: text)
        } catch .bodyConflict(_, _, let found, _) {
            throw .otherBody(text: text, found: found, expected: body.name)
        } catch .earth {
            throw .otherBody(text: text, found: "Earth", expected: body.name)
        } catch {
            throw .unknownCRS(text: text, reason: error.description)
        }
    }
}

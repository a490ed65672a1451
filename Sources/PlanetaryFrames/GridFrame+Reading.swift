extension GridFrame {
    /// Reduces the coordinate reference system of a raster to a grid on its body's sphere.
    ///
    /// - Parameters:
    ///   - definition: WKT 1 or 2, Esri WKT, a PROJ string, PROJJSON, or an identifier in any spelling that
    ///     `CRSIdentifier` reads.
    ///   - declaredBody: the body that the survey names; it decides where the file names none, and must agree
    ///     where the file names one.
    ///   - catalogue: the known bodies.
    ///   - source: the file's name, for messages.
    /// - Throws: `FrameError`, saying what was found and what the survey file would have to state.
    public init(
        definition: String, declaredBody: Body?, catalogue: BodyCatalogue, source: String
    ) throws(FrameError) {
        let text = try CRSDefinition(definition, source: source)
        let crs = try text.read(in: try PROJContext())
        let reader = GridFrameReader(
            crs: crs, source: source, declaredBody: declaredBody, catalogue: catalogue,
            latitudeOfOriginIsCertain: text.isPROJString)
        self = try reader.frame()
    }
}

/// The steps from a described system to a grid, each with its refusal.
struct GridFrameReader {
    let crs: CRSDescription
    let source: String
    let declaredBody: Body?
    let catalogue: BodyCatalogue
    /// Whether a latitude of origin means where northing is 0; GeoTIFF writers mix it up with the standard
    /// parallel.
    let latitudeOfOriginIsCertain: Bool

    func frame() throws(FrameError) -> GridFrame {
        if case .other(let kind) = crs.kind {
            throw .unsupportedKind(source: source, crs: crs.name, kind: kind)
        }
        let radius = crs.majorMetres
        guard radius.isFinite, radius > 0, crs.minorMetres.isFinite, crs.minorMetres > 0 else {
            throw .badParameter(source: source, crs: crs.name, name: "the radius", value: radius)
        }
        let body = try body()
        switch crs.kind {
        case .geographic, .planetocentric:
            return try geographic(on: body)
        case .projected, .other:
            return try equirectangular(on: body)
        }
    }

    private func geographic(on body: Body) throws(FrameError) -> GridFrame {
        let sphere = body.statement(0)
        if case .geographic = crs.kind, crs.flattening != 0 {
            throw .planetographicLatitude(
                source: source, crs: crs.name, body: body.name, flattening: crs.flattening, use: sphere)
        }
        try checkAxesAndMeridian(use: sphere)
        let lon = degreesPerUnit(axis("east"))
        let lat = degreesPerUnit(axis("north"))
        try check(lon, "the unit of longitude")
        try check(lat, "the unit of latitude")
        return frame(
            body: body, kind: .geographic,
            identifier: hasSphereRadius(of: body) && lon == 1 && lat == 1
                ? body.identifier(0)?.description : nil,
            lon: (0, lon), lat: (0, lat))
    }

    private func equirectangular(on body: Body) throws(FrameError) -> GridFrame {
        guard crs.isEquirectangular else {
            throw .unsupportedProjection(source: source, crs: crs.name, method: crs.methodName)
        }
        var centre = 0.0
        var latTs = 0.0
        var latOrigin = 0.0
        var easting = 0.0
        var northing = 0.0
        for parameter in crs.parameters {
            let angle = degrees(parameter.value, radiansPerUnit: parameter.unitFactor)
            let length = parameter.value * parameter.unitFactor
            switch parameter.equirectangularCode {
            case 8802: centre = angle
            case 8823: latTs = angle
            case 8801: latOrigin = angle
            case 8806: easting = length
            case 8807: northing = length
            default:
                throw .badParameter(
                    source: source, crs: crs.name, name: "the unknown parameter \"\(parameter.name)\"",
                    value: parameter.value)
            }
        }
        let use = equirectangularIdentifier(
            of: body, centre: centre, latTs: latTs, latOrigin: latOrigin, easting: easting, northing: northing
        )
        let restated = projString(centre: centre, latTs: latTs, easting: easting, northing: northing)
        guard crs.flattening == 0 else {
            throw .equirectangularOnEllipsoid(
                source: source, crs: crs.name, body: body.name, flattening: crs.flattening,
                use: use ?? "\"\(restated)\"")
        }
        try checkAxesAndMeridian(use: use ?? "\"\(restated)\"")
        try check(centre, "the longitude of the centre", isScale: false)
        try check(easting, "the false easting", isScale: false)
        try check(northing, "the false northing", isScale: false)
        guard latOrigin.isFinite, abs(latOrigin) <= 90 else {
            throw .badParameter(
                source: source, crs: crs.name, name: "the latitude of origin", value: latOrigin)
        }
        guard latTs.isFinite, abs(latTs) < 90 else {
            throw .badParameter(source: source, crs: crs.name, name: "the standard parallel", value: latTs)
        }
        guard latOrigin == 0 || latitudeOfOriginIsCertain else {
            throw .ambiguousLatitudeOfOrigin(
                source: source, crs: crs.name, degrees: latOrigin,
                use: projString(
                    centre: centre, latTs: latTs == 0 ? latOrigin : latTs, easting: easting,
                    northing: northing))
        }
        let radius = crs.majorMetres
        let latScale = 180 / (Double.pi * radius)
        let lonScale = latScale / cosine(degrees: latTs)
        let eastUnit = axis("east")?.unitFactor ?? .nan
        let northUnit = axis("north")?.unitFactor ?? .nan
        try check(eastUnit, "the unit of easting")
        try check(northUnit, "the unit of northing")
        return frame(
            body: body,
            kind: .equirectangular(
                centreLonDegrees: centre, latTsDegrees: latTs, latOriginDegrees: latOrigin,
                falseEastingMetres: easting, falseNorthingMetres: northing),
            identifier: eastUnit == 1 && northUnit == 1 ? use : nil,
            lon: (centre - easting * lonScale, lonScale * eastUnit),
            lat: (latOrigin - northing * latScale, latScale * northUnit))
    }

    private func frame(
        body: Body, kind: GridFrame.Kind, identifier: String?, lon: (Double, Double), lat: (Double, Double)
    ) -> GridFrame {
        GridFrame(
            body: body, radiusMetres: crs.majorMetres, crsName: crs.name, identifier: identifier,
            wkt2: crs.wkt2,
            kind: kind, lonOffsetDegrees: lon.0, lonDegreesPerUnit: lon.1, latOffsetDegrees: lat.0,
            latDegreesPerUnit: lat.1, radiusNote: radiusNote(body))
    }

    private func hasSphereRadius(of body: Body) -> Bool {
        abs(crs.majorMetres - body.sphereRadiusMetres) <= 1e-6 * body.sphereRadiusMetres
    }

    private func equirectangularIdentifier(
        of body: Body, centre: Double, latTs: Double, latOrigin: Double, easting: Double, northing: Double
    ) -> String? {
        guard body.hasIAUCodes, hasSphereRadius(of: body), latTs == 0, latOrigin == 0, easting == 0,
            northing == 0
        else {
            return nil
        }
        switch abs(centre) {
        case 0: return body.iauCode(10)
        case 180: return body.iauCode(15)
        default: return nil
        }
    }

    private func projString(centre: Double, latTs: Double, easting: Double, northing: Double) -> String {
        "+proj=eqc +lat_ts=\(latTs) +lon_0=\(centre) +x_0=\(easting) +y_0=\(northing) "
            + "+R=\(crs.majorMetres) +units=m"
    }

    private func radiusNote(_ body: Body) -> String? {
        guard !hasSphereRadius(of: body) else { return nil }
        let difference = (crs.majorMetres / body.sphereRadiusMetres - 1) * 100
        let percent = (difference * 10_000).rounded() / 10_000
        return
            "the file's radius is \(crs.majorMetres) m, \(percent) % from \(body.name)'s IAU 2015 sphere of "
            + "\(body.sphereRadiusMetres) m; longitudes and latitudes are those of the file"
    }
}

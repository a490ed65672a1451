extension MapFrame {
    /// Reads a coordinate reference system of a map.
    ///
    /// - Parameters:
    ///   - definition: WKT 1 or 2, Esri WKT, a PROJ string, PROJJSON, or an identifier in any spelling that
    ///     `CRSIdentifier` reads.
    ///   - declaredBody: the body that the survey names; it decides where the file names none, and must agree
    ///     where the file names one.
    ///   - catalogue: the known bodies.
    ///   - overrides: what the survey says of latitudes and longitudes against the file.
    ///   - source: the file's name, for messages.
    /// - Throws: `FrameError`, saying what was found and what the survey file would have to state.
    public init(
        definition: String, declaredBody: Body?, catalogue: BodyCatalogue,
        overrides: FrameOverrides = FrameOverrides(), source: String
    ) throws(FrameError) {
        let text = try CRSDefinition(definition, source: source)
        let crs = try text.read(in: try PROJContext())
        try text.refuseLosses(crs)
        let grid = GridFrameReader(
            crs: crs, source: source, declaredBody: declaredBody, catalogue: catalogue,
            latitudeOfOriginIsCertain: text.isPROJString)
        self = try MapFrameReader(grid: grid, overrides: overrides).frame()
        // What PROJ cannot make is refused here and not in the first worker.
        _ = try makeTransformer()
    }
}

/// The steps from a described system to a map frame, each with its refusal.
struct MapFrameReader {
    let grid: GridFrameReader
    let overrides: FrameOverrides

    var crs: CRSDescription { grid.crs }
    var source: String { grid.source }

    func frame() throws(FrameError) -> MapFrame {
        if case .other(let kind) = crs.kind {
            throw .unsupportedKind(source: source, crs: crs.name, kind: kind)
        }
        let (major, minor) = (crs.majorMetres, crs.minorMetres)
        guard major.isFinite, major > 0, minor.isFinite, minor > 0, major >= minor * 0.999_999 else {
            throw .badParameter(source: source, crs: crs.name, name: "the radius", value: major)
        }
        // The flattest bodies known have half of it; projections of much flatter ones lose their digits.
        guard minor >= major / 10 else {
            throw .badParameter(source: source, crs: crs.name, name: "the polar radius", value: minor)
        }
        let body = try grid.body()
        guard crs.primeMeridianDegrees == 0 else {
            throw .primeMeridian(
                source: source, crs: crs.name, longitudeDegrees: crs.primeMeridianDegrees,
                use: body.statement(0))
        }
        switch crs.kind {
        case .geographic, .planetocentric: return try geographic(on: body)
        case .projected, .other: return try projected(on: body)
        }
    }

    private func geographic(on body: Body) throws(FrameError) -> MapFrame {
        let axes = try MapAxes(crs, source: source)
        let radian = Double.pi / 180
        let lon = degrees(1, radiansPerUnit: axes.x.unitFactor) * radian
        let lat = degrees(1, radiansPerUnit: axes.y.unitFactor) * radian
        try grid.check(lon, "the unit of longitude")
        try grid.check(lat, "the unit of latitude")
        let angles = try angles(isWest: axes.isWest, projection: .geographic)
        let kernel = FrameKernel(
            core: .geographic, xSign: angles.longitude == .west ? -1 : 1, xScale: 1 / lon, yScale: 1 / lat,
            xOffset: 0, yOffset: 0, graphicFactor: angles.graphicFactor, period: 2 * .pi, closure: 1e-9,
            largestMetres: .infinity,
            largestSine: 1, centralMeridian: 0)
        let method = ProjectionMethod(projection: .geographic, operation: "longlat", parameters: [:])
        return make(
            body: body, method: method, angles: angles, kernel: kernel,
            identifier: abs(lon - radian) < 1e-15 && abs(lat - radian) < 1e-15
                ? geographicIdentifier(of: body, angles) : nil)
    }

    private func projected(on body: Body) throws(FrameError) -> MapFrame {
        guard let method = try ProjectionMethod(crs, source: source) else {
            throw .unsupportedProjection(source: source, crs: crs.name, method: crs.methodName)
        }
        try check(method)
        let axes = try MapAxes(crs, source: source)
        try grid.check(axes.x.unitFactor, "the unit of easting")
        try grid.check(axes.y.unitFactor, "the unit of northing")
        let isWest = axes.isWest || crs.baseLongitudeIsWest
        let angles = try angles(isWest: isWest, projection: method.projection)
        if angles.longitude == .west { try refuseOffsets(of: method, on: body) }
        let kernel = kernel(method, angles, axes)
        let given = crs.identifier.flatMap { authority, code in
            authority.hasPrefix("IAU") ? CRSIdentifier(authority: CRSIdentifier.iau2015, code: code) : nil
        }
        return make(body: body, method: method, angles: angles, kernel: kernel, identifier: given)
    }

    private func kernel(_ method: ProjectionMethod, _ angles: FrameAngles, _ axes: MapAxes) -> FrameKernel {
        let (major, minor) = (crs.majorMetres, crs.flattening == 0 ? crs.majorMetres : crs.minorMetres)
        let radian = Double.pi / 180
        let core: FrameKernel.Core
        var period = 0.0
        var (easting, northing) = (0.0, 0.0)
        var inner = (x: 0.0, y: 0.0)
        switch method.projection {
        case .equirectangular:
            let lonMetres = major * grid.cosine(degrees: method["lat_ts"])
            core = .equirectangular(
                lon0: method["lon_0"] * radian, lat0: method["lat_0"] * radian, lonMetres: lonMetres,
                latMetres: major)
            period = 2 * .pi * lonMetres
            (easting, northing) = (method["x_0"], method["y_0"])
        case .sinusoidal:
            core = .sinusoidal(
                lon0: method["lon_0"] * radian, arc: MeridianArc(major: major, minor: minor))
            (easting, northing) = (method["x_0"], method["y_0"])
        default:
            var bare = method
            inner = (method["x_0"], method["y_0"])
            bare.parameters["surface"] = nil
            // The system's latitude enters formulas for the sphere as it is.
            let isSphere = method.projection.hasSphericalFormulasOnly
            core = .proj(
                bare.text(major: major, minor: isSphere ? major : minor),
                sphere: isSphere || major == minor ? nil : bare.text(major: major, minor: major))
            if method.projection == .mercator { period = 2 * .pi * major * mercatorScale(method) }
            if method.projection == .obliqueCylindrical { period = 2 * .pi * major }
        }
        let isTransverse = method.projection == .transverseMercator
        return FrameKernel(
            core: core, xSign: angles.longitude == .west ? -1 : 1, xScale: 1 / axes.x.unitFactor,
            yScale: 1 / axes.y.unitFactor, xOffset: easting, yOffset: northing, innerOffset: inner,
            graphicFactor: angles.graphicFactor, period: period, closure: 1e-8 * major,
            largestMetres: 1e9 * major,
            largestSine: isTransverse ? TransverseMercator.largestSine(flattening: crs.flattening) : 1,
            centralMeridian: method["lon_0"] * radian)
    }

    /// The scale of a Mercator map on its equator: k_0, or the radius of the standard parallel over the
    /// equatorial one.
    private func mercatorScale(_ method: ProjectionMethod) -> Double {
        guard let standard = method.parameters["lat_ts"] else { return method.parameters["k_0"] ?? 1 }
        let sine = grid.cosine(degrees: 90 - abs(standard))
        let flattening = crs.flattening
        let eccentricitySquared = flattening * (2 - flattening)
        return grid.cosine(degrees: standard) / (1 - eccentricitySquared * sine * sine).squareRoot()
    }

    private func make(
        body: Body, method: ProjectionMethod, angles: FrameAngles, kernel: FrameKernel,
        identifier: CRSIdentifier?
    ) -> MapFrame {
        var notes = angles.notes
        notes += radiusNotes(body)
        if let note = body.surfaceNote { notes.append(note) }
        let period = kernel.period * kernel.xScale
        return MapFrame(
            body: body, radiusMetres: crs.majorMetres,
            polarRadiusMetres: crs.flattening == 0 ? crs.majorMetres : crs.minorMetres, crsName: crs.name,
            identifier: identifier, wkt2: crs.wkt2, latitudeKind: angles.latitude,
            longitudeSense: angles.longitude, projection: method.projection, methodName: crs.methodName,
            notes: notes, periodX: period > 0 ? period : nil, kernel: kernel,
            loci: SingularLocus.loci(
                of: method, flattening: crs.flattening, radiusMetres: crs.majorMetres))
    }
}

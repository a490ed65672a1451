internal import GDAL
internal import PlanetaryFrames

extension SourcePlacing {
    /// Places a file whose columns and rows are those of a map projection.
    mutating func projected(
        _ dataset: borrowing Dataset, _ facts: inout LabelFacts
    ) throws(RasterError) -> Result {
        // What was mended on the way here is mended again below.
        warnings.removeAll()
        let stated =
            declaration.crs == nil ? repaired(try statedSystem(dataset, facts), &facts) : declaration.crs
        guard let definition = stated else {
            throw .georeferencing(
                path: path, found: "the file states no coordinate reference system",
                remedy: "say `crs:` in a survey file")
        }
        let frame: MapFrame
        let placement: ProjectedPlacement?
        let transform = try projectedTransform(dataset, facts)
        do {
            let body = declaration.body ?? facts.bodyName.flatMap { try? catalogue.body(named: $0) }
            frame = try mapFrame(definition, body, facts)
        } catch {
            throw .frame(error)
        }
        try refuseLatitudes(frame, facts)
        try refuseDegrees(
            transform, under: frame.projection, frame.body, radius: frame.radiusMetres,
            metresPerUnit: frame.metresPerUnit)
        let system = try longitudeSystem(of: frame.body, &facts)
        do {
            placement = try ProjectedPlacement(
                frame: frame, geotransform: transform, columns: columns, rows: rows,
                longitudeOffsetDegrees: system?.offsetToIAUDegrees ?? 0)
        } catch {
            throw .frame(error)
        }
        guard let placement,
            let lattice = SourceGrid.lattice(
                columns: columns, rows: rows, columnsPerTurn: placement.columnsPerTurn)
        else {
            throw .georeferencing(
                path: path, found: "no pixel lies on the map: its geotransform is \(transform)",
                remedy:
                    "check whether its units are those of the projection, which is \(frame.projection.rawValue)"
            )
        }
        believe(frame, &facts)
        warnings += frame.notes
        return Result(
            frame: SourceFrame(frame), placement: .projected(placement), lattice: lattice,
            orientation: SourceOrientation(columnsRunWest: false, rowsRunNorth: false),
            origin: facts.transform == nil && facts.plane == nil
                ? "geotransform of the file" : "label of the file")
    }

    /// Projections whose formulas for the sphere take latitudes as the label counts them, as those of plate carrées do.
    private static let asCounted: Set<MapProjection> = [
        .equirectangular, .sinusoidal, .mollweide, .robinson, .obliqueCylindrical, .orthographic,
        .pointPerspective,
    ]

    /// Whether the label counts planetographic latitudes on a body that is no sphere, and the survey says nothing else.
    private func countsPlanetographic(_ facts: LabelFacts) -> Bool {
        declaration.crs == nil && declaration.latitudeKind == nil && facts.latitudeKind == .planetographic
            && abs((facts.axisRatio ?? 1) - 1) > 1e-9
    }

    /// The frame of a definition with what survey and label say of its angles.
    private func mapFrame(_ definition: String, _ body: Body?, _ facts: LabelFacts) throws(FrameError)
        -> MapFrame
    {
        var overrides = FrameOverrides(
            latitude: declaration.latitudeKind, longitude: declaration.longitudeSense,
            axisRatio: facts.axisRatio)
        // The latitudes of such a label are planetocentric, those of its formulas are not.
        let isSettled = declaration.crs == nil && facts.corrections.ellipsoid != nil
        if isSettled, declaration.latitudeKind == facts.latitudeKind { overrides.latitude = nil }
        let frame = try MapFrame(
            definition: definition, declaredBody: body, catalogue: catalogue, overrides: overrides,
            source: path)
        guard countsPlanetographic(facts), frame.latitudeKind == .planetocentric,
            frame.polarRadiusMetres == frame.radiusMetres, Self.asCounted.contains(frame.projection)
        else { return frame }
        overrides.latitude = .planetographic
        return try MapFrame(
            definition: definition, declaredBody: body, catalogue: catalogue, overrides: overrides,
            source: path)
    }

    /// Refuses planetographic latitudes on a sphere of which it is not known how they were drawn.
    private func refuseLatitudes(_ frame: MapFrame, _ facts: LabelFacts) throws(RasterError) {
        guard countsPlanetographic(facts), frame.latitudeKind == .planetocentric,
            frame.polarRadiusMetres == frame.radiusMetres
        else { return }
        throw .georeferencing(
            path: path,
            found:
                "its label says planetographic latitudes and axes of 1 to \(facts.axisRatio ?? 1), but its system is a "
                + "\(frame.projection.rawValue) map on a sphere",
            remedy:
                "say in a survey file `crs:` with the ellipsoid that it was drawn on, or `latitude_kind:` if the sphere "
                + "is meant")
    }

    /// Turns a plane in degrees into a system and a transform in metres of the header's radius, or else the body's.
    func settleHEALPix(_ facts: inout LabelFacts) throws(RasterError) {
        guard let plane = facts.healpix, declaration.extent == nil else { return }
        if let crs = declaration.crs {
            throw .georeferencing(
                path: path,
                found: "it is a map in the projection HPX, for which \(crs) of the survey cannot stand",
                remedy: "say `body:` instead of `crs:`")
        }
        let body = declaration.body ?? facts.bodyName.flatMap { try? catalogue.body(named: $0) }
        guard let radius = plane.radiusMetres ?? body?.sphereRadiusMetres else {
            throw .georeferencing(
                path: path, found: "its header names neither a known body (OBJECT) nor a radius (A_RADIUS)",
                remedy: "say `body:` in a survey file")
        }
        facts.definition = plane.definition(radiusMetres: radius)
        facts.transform = plane.transform(radiusMetres: radius)
    }

    /// The geotransform of the outer edges of pixels.
    private mutating func projectedTransform(
        _ dataset: borrowing Dataset, _ facts: LabelFacts
    ) throws(RasterError) -> [Double] {
        guard let t = facts.transform ?? facts.plane ?? dataset.geoTransform else {
            throw .georeferencing(
                path: path, found: "the file has a projection and no georeferencing",
                remedy: "put a world file beside it")
        }
        if facts.transform == nil, let own = facts.plane { compareCorners(own, dataset.geoTransform) }
        let isPoint =
            facts.transform == nil && facts.plane == nil && dataset.metadata("AREA_OR_POINT") == "Point"
        var shift = 0.0
        switch declaration.registration {
        case .grid where !isPoint:
            shift = -0.5
            overrides.append("registration: grid of the survey, over pixel of the file")
        case .pixel where isPoint:
            shift = 0.5
            overrides.append("registration: pixel of the survey, over grid (AREA_OR_POINT=Point) of the file")
        default: break
        }
        guard t.count == 6 else { return t }
        return [t[0] + shift * (t[1] + t[2]), t[1], t[2], t[3] + shift * (t[4] + t[5]), t[4], t[5]]
    }

    /// Says where the offsets of the label were understood otherwise than by GDAL.
    private mutating func compareCorners(_ own: [Double], _ theirs: [Double]?) {
        guard let theirs, theirs.count == 6, theirs[2] == 0, theirs[4] == 0 else { return }
        func short(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        let difference = (short((own[0] - theirs[0]) / own[1]), short((own[3] - theirs[3]) / own[5]))
        guard max(abs(difference.0), abs(difference.1)) > 0.01 else { return }
        warnings.append(
            "GDAL places the corner of the first pixel at x \(short(theirs[0])), y \(short(theirs[3])); by the label it is "
                + "at x \(short(own[0])), y \(short(own[3])), \(difference.0) columns and \(difference.1) rows from there"
        )
    }

    private func believe(_ frame: MapFrame, _ facts: inout LabelFacts) {
        let origin =
            declaration.crs != nil
            ? "crs of the survey" : facts.definition != nil ? "the label" : "the CRS of the file"
        func settle(_ topic: Belief.Topic, _ value: String, _ declared: String?) {
            facts.believe(topic, value, from: declared ?? origin)
        }
        let named =
            declaration.body != nil
            ? "body of the survey" : facts.bodyName != nil ? "the target of the label" : origin
        facts.believe(.body, frame.body.name, from: named)
        settle(.projection, frame.projection.rawValue, nil)
        settle(.radius, "\(frame.radiusMetres) m", nil)
        if declaration.crs != nil || facts.corrections.ellipsoid == nil {
            let isLabelled = frame.latitudeKind == facts.latitudeKind && declaration.crs == nil
            settle(
                .latitudes, frame.latitudeKind.rawValue,
                declaration.latitudeKind.map { _ in "latitude_kind of the survey" }
                    ?? (isLabelled ? "the label" : nil))
        }
        settle(
            .longitudes, "\(frame.longitudeSense)-positive",
            declaration.longitudeSense.map { _ in "longitude_sense of the survey" })
        guard declaration.crs == nil, facts.definition == nil, let centre = facts.corrections.centre,
            centre.east != centre.stated
        else { return }
        facts.believe(
            .longitudes, "the \(centre.place) of the projection is at \(centre.east) E",
            from: "\(centre.keyword) of the label")
    }
}

internal import GDAL
internal import PlanetaryFrames

/// Finds where a file lies, from what it says, what its label says, and what the survey says, the last of which wins.
struct SourcePlacing {
    let path: String
    let columns, rows: Int
    let declaration: SourceDeclaration
    let catalogue: BodyCatalogue
    var overrides: [String] = []
    var warnings: [String] = []

    init(path: String, columns: Int, rows: Int, declaration: SourceDeclaration, catalogue: BodyCatalogue) {
        self.path = path
        self.columns = columns
        self.rows = rows
        self.declaration = declaration
        self.catalogue = catalogue
    }

    /// What was found.
    struct Result {
        let frame: SourceFrame
        let placement: SourcePlacement
        let lattice: SourceGrid
        let orientation: SourceOrientation
        let origin: String
    }

    /// A frame, and how its longitudes and latitudes are meant.
    struct Meaning {
        var frame: GridFrame
        var sense = LongitudeSense.east
        var kind: LatitudeKind?
        var axisRatio: Double?
        var origin: (sense: String, kind: String) = ("the CRS", "the CRS")
    }

    mutating func place(_ dataset: borrowing Dataset, _ facts: inout LabelFacts) throws(RasterError) -> Result
    {
        if declaration.extent == nil, let refusal = facts.refusal {
            throw .georeferencing(path: path, found: refusal.found, remedy: refusal.remedy)
        }
        try settleHEALPix(&facts)
        if let crs = declaration.crs,
            let stated = facts.definition.map({ _ in "its label" }) ?? dataset.crsWKT.map({ _ in "the file" })
        {
            overrides.append("crs: \(crs) of the survey, over that of \(stated)")
        }
        var meaning: Meaning
        do {
            meaning = try frameWithNotes(dataset, &facts)
        } catch {
            guard case .frame(.unsupportedProjection) = error, declaration.extent == nil else { throw error }
            return try projected(dataset, &facts)
        }
        settleKinds(&meaning, &facts)
        let system = try longitudeSystem(of: meaning.frame.body, &facts)
        if facts.definition != nil, facts.transform != nil { compareWithGDAL(dataset, facts, meaning) }
        let (grid, orientation, origin) = try grid(
            dataset, facts, meaning, turned: system?.offsetToIAUDegrees ?? 0)
        if abs(meaning.frame.body.equatorialRadiusMetres - meaning.frame.radiusMetres) > 1,
            let ratio = facts.axisRatio
        {
            let body = meaning.frame.body
            let own = body.polarRadiusMetres / body.equatorialRadiusMetres
            if ratio != 1, abs(ratio - own) > 1e-4 {
                warnings.append(
                    "the file's ellipsoid has axes of 1 to \(ratio), \(body.name)'s of 1 to \(own); longitudes and latitudes "
                        + "are those of the file")
            }
        }
        return Result(
            frame: SourceFrame(meaning.frame), placement: .grid(grid), lattice: grid,
            orientation: orientation,
            origin: origin)
    }

    // MARK: - Frame

    /// The meridian that longitudes are counted from, in full; nil where nothing is said and nothing has to be.
    func longitudeSystem(of body: Body, _ facts: inout LabelFacts) throws(RasterError) -> LongitudeSystem? {
        do {
            try body.requireLongitudeSystem(declaration.longitudeSystem, source: path)
        } catch {
            throw .frame(error)
        }
        guard let system = declaration.longitudeSystem.map({ body.resolved($0) }) else { return nil }
        facts.believe(.longitudes, system.propertyText, from: "longitude_system of the survey")
        return system
    }

    /// What was mended on the way to a refusal belongs into the refusal.
    private mutating func frameWithNotes(
        _ dataset: borrowing Dataset, _ facts: inout LabelFacts
    ) throws(RasterError) -> Meaning {
        do {
            return try frame(dataset, &facts)
        } catch {
            if case .frame(.unsupportedProjection) = error { throw error }
            guard !warnings.isEmpty else { throw error }
            throw .georeferencing(path: path, found: warnings.joined(separator: "; "), remedy: "\(error)")
        }
    }

    private mutating func frame(
        _ dataset: borrowing Dataset, _ facts: inout LabelFacts
    ) throws(RasterError) -> Meaning {
        let stated = repaired(try statedSystem(dataset, facts), &facts)
        if facts.isUnprojected, declaration.extent == nil, stated == nil || dataset.geoTransform == nil {
            throw .georeferencing(
                path: path, found: "it is a picture as an instrument took it, without a map projection",
                remedy: "project it first (cam2map of ISIS), and name the result")
        }
        let body = declaration.body ?? facts.bodyName.flatMap { try? catalogue.body(named: $0) }
        let definition: String
        if let crs = declaration.crs {
            definition = crs
        } else if declaration.extent != nil {
            guard let body else {
                throw .georeferencing(
                    path: path, found: "an extent is given, but neither body nor CRS",
                    remedy: "add `body:` (and `crs:` unless the extent is planetocentric degrees)")
            }
            // An extent places the image, but does not make another body or kind of latitude of what the file says.
            if let stated { _ = try meaning(of: stated, body, &facts) }
            definition = body.sphereDefinition
        } else if let stated {
            definition = stated
        } else if facts.transform != nil, let body {
            definition = body.sphereDefinition
        } else {
            if declaration.body == nil, let label = RasterSource.label(beside: path) {
                throw .georeferencing(
                    path: path, found: "the file states no coordinate reference system",
                    remedy:
                        "its label may be \(label): name that instead, or say `crs:` and `extent:` in a survey file"
                )
            }
            let example = declaration.body?.sphereDefinition ?? "IAU_2015:49900"
            throw .georeferencing(
                path: path, found: "the file states no coordinate reference system",
                remedy: "say in a survey file `crs: \(example)` if its latitudes are planetocentric and its "
                    + "longitudes east-positive, and `extent: [west, south, east, north]` in degrees if it "
                    + "has no world file either")
        }
        return try meaning(of: definition, body, &facts)
    }

    /// What a definition means on the sphere, or on the ellipsoid where the survey or its own code say so.
    private mutating func meaning(
        of definition: String, _ body: Body?, _ facts: inout LabelFacts
    ) throws(RasterError) -> Meaning {
        do {
            return Meaning(frame: try frame(definition, body))
        } catch {
            switch error {
            case .planetographicLatitude(_, let crs, let name, let flattening, let use):
                // A GeoTIFF keeps the name of such a system and loses the sense of its longitudes: only the code itself, or
                // WKT with the axis, says both.
                let isWhole = declaration.crs == definition || CRSText.hasWestAxis(definition)
                let isPlanetographic = crs.hasSuffix("Ographic") && isWhole
                guard declaration.latitudeKind != nil || isPlanetographic || facts.latitudeKind != nil else {
                    throw .frame(error)
                }
                var meaning = try again(use, name, error)
                meaning.kind = facts.latitudeKind ?? .planetographic
                meaning.axisRatio = 1 - flattening
                if CRSText.hasWestAxis(definition)
                    || isPlanetographic && meaning.frame.body.planetographicLongitudeIsWest == true
                {
                    meaning.sense = .west
                }
                meaning.origin = ("the axes of \"\(crs)\"", "the ellipsoid of \"\(crs)\"")
                return meaning
            case .westPositiveLongitude(_, let crs, let use):
                var meaning = try again(use, nil, error)
                meaning.sense = .west
                meaning.origin.sense = "the axes of \"\(crs)\""
                return meaning
            case .equirectangularOnEllipsoid(_, let crs, let name, _, let use)
            where declaration.latitudeKind == .planetocentric:
                var meaning = try again(use, name, error)
                meaning.origin.kind = "\"\(crs)\""
                return meaning
            case .ambiguousLatitudeOfOrigin(_, let crs, let degrees, let use):
                guard
                    let named = body ?? (try? catalogue.body(named: crs)) ?? CRSText.body(in: crs, catalogue),
                    let radius = CRSText.radius(in: use)
                else { throw .frame(error) }
                // HiRISE and others state the ellipsoid's local radius at the standard parallel: where the radius is that
                // one, the latitude of origin is the standard parallel.
                let local = LabelFacts.localRadius(
                    named.equatorialRadiusMetres, named.polarRadiusMetres, abs(degrees))
                guard named.polarRadiusMetres != named.equatorialRadiusMetres, abs(local - radius) < 1 else {
                    throw .frame(error)
                }
                warnings.append(
                    "\"\(crs)\" has a latitude of origin of \(degrees): taken for the standard parallel, as the file's radius of "
                        + "\(radius) m is the local one there")
                return try again(use, named.name, error)
            default: throw .frame(error)
            }
        }
    }

    private func again(_ use: String, _ body: String?, _ error: FrameError) throws(RasterError) -> Meaning {
        do {
            let named = try body.map { name throws(FrameError) in try catalogue.body(named: name) }
            return Meaning(frame: try frame(CRSText.unquoted(use), named ?? declaration.body))
        } catch {
            throw .frame(error)
        }
    }

    func frame(_ definition: String, _ body: Body?) throws(FrameError) -> GridFrame {
        try GridFrame(definition: definition, declaredBody: body, catalogue: catalogue, source: path)
    }

    /// The system that the label settles, else GDAL's with what the label says better; nil where there is neither.
    func statedSystem(_ dataset: borrowing Dataset, _ facts: LabelFacts) throws(RasterError) -> String? {
        if let own = facts.definition { return own }
        guard let wkt = dataset.crsWKT, declaration.crs == nil, declaration.extent == nil else {
            return dataset.crsWKT
        }
        if let mended = facts.corrections.applied(to: wkt) { return mended }
        let centre = facts.corrections.centre
        let place = "\(centre?.place ?? "centre") of the projection at \(centre?.east ?? 0) E"
        throw .georeferencing(
            path: path,
            found:
                "its label puts the \(place) (\(centre?.keyword ?? "")), GDAL somewhere else",
            remedy: "say `crs:` in a survey file")
    }

    /// A scale factor of 0, which no projection can have, is one that was left out.
    mutating func repaired(_ wkt: String?, _ facts: inout LabelFacts) -> String? {
        guard let wkt, let better = CRSText.withoutZeroScale(wkt) else { return wkt }
        warnings.append(
            "the scale factor of its projection is 0, with which nothing can be placed; it is taken as 1")
        return better
    }
}

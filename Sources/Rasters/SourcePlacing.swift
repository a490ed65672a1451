internal import GDAL
internal import PlanetaryFrames

/// Finds where a file lies, from what it says, what its label says, and what the survey says, the last of which wins.
struct SourcePlacing {
    let path: String
    let columns, rows: Int
    let declaration: SourceDeclaration
    let catalogue: BodyCatalogue
    private(set) var overrides: [String] = []
    private(set) var warnings: [String] = []

    init(path: String, columns: Int, rows: Int, declaration: SourceDeclaration, catalogue: BodyCatalogue) {
        self.path = path
        self.columns = columns
        self.rows = rows
        self.declaration = declaration
        self.catalogue = catalogue
    }

    /// What was found.
    struct Result {
        let frame: GridFrame
        let grid: SourceGrid
        let orientation: SourceOrientation
        let origin: String
    }

    /// A frame, and how its longitudes and latitudes are meant.
    private struct Meaning {
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
        if let crs = declaration.crs,
            let stated = facts.definition.map({ _ in "its label" }) ?? dataset.crsWKT.map({ _ in "the file" })
        {
            overrides.append("crs: \(crs) of the survey, over that of \(stated)")
        }
        var meaning = try frameWithNotes(dataset, &facts)
        settleKinds(&meaning, &facts)
        if facts.definition != nil, facts.transform != nil { compareWithGDAL(dataset, facts, meaning) }
        let (grid, orientation, origin) = try grid(dataset, facts, meaning)
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
        return Result(frame: meaning.frame, grid: grid, orientation: orientation, origin: origin)
    }

    // MARK: - Frame

    /// What was mended on the way to a refusal belongs into the refusal.
    private mutating func frameWithNotes(
        _ dataset: borrowing Dataset, _ facts: inout LabelFacts
    ) throws(RasterError) -> Meaning {
        do {
            return try frame(dataset, &facts)
        } catch {
            guard !warnings.isEmpty else { throw error }
            throw .georeferencing(path: path, found: warnings.joined(separator: "; "), remedy: "\(error)")
        }
    }

    private mutating func frame(
        _ dataset: borrowing Dataset, _ facts: inout LabelFacts
    ) throws(RasterError) -> Meaning {
        let stated = repaired(facts.definition ?? dataset.crsWKT, &facts)
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
            definition = body.iauCode(0)
        } else if let stated {
            definition = stated
        } else if facts.transform != nil, let body {
            definition = body.iauCode(0)
        } else {
            let example = declaration.body?.iauCode(0) ?? "IAU_2015:49900"
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

    private func frame(_ definition: String, _ body: Body?) throws(FrameError) -> GridFrame {
        try GridFrame(definition: definition, declaredBody: body, catalogue: catalogue, source: path)
    }

    /// A scale factor of 0, which no projection can have, is one that was left out.
    private mutating func repaired(_ wkt: String?, _ facts: inout LabelFacts) -> String? {
        guard let wkt, let better = CRSText.withoutZeroScale(wkt) else { return wkt }
        warnings.append(
            "the scale factor of its projection is 0, with which nothing can be placed; it is taken as 1")
        return better
    }

    // MARK: - Kinds

    private mutating func settleKinds(_ meaning: inout Meaning, _ facts: inout LabelFacts) {
        let body = meaning.frame.body
        let isFlat = body.polarRadiusMetres != body.equatorialRadiusMetres
        var kind = meaning.kind ?? .planetocentric
        var kindOrigin = meaning.origin.kind
        if declaration.extent != nil, declaration.latitudeKind == nil, declaration.crs == nil {
            kindOrigin = "extent of the survey"
        }
        if let labelled = facts.latitudeKind, declaration.crs == nil, declaration.extent == nil,
            meaning.kind == nil
        {
            kind = labelled
            kindOrigin = "the label"
        }
        if let declared = declaration.latitudeKind {
            if declared != kind {
                overrides.append("latitude_kind: \(declared) of the survey, over \(kind) of \(kindOrigin)")
            }
            kind = declared
            kindOrigin = "latitude_kind of the survey"
        }
        if kind == .planetographic, !isFlat {
            warnings.append(
                "planetographic latitudes are said, but \(body.name) is a sphere: they are planetocentric as well"
            )
        }
        meaning.kind = kind
        if !facts.beliefs.contains(where: { $0.topic == .latitudes && $0.value == kind.rawValue }) {
            facts.believe(.latitudes, kind.rawValue, from: kindOrigin)
        }
        if let declared = declaration.longitudeSense {
            if declared != meaning.sense, declaration.extent == nil || declaration.crs != nil {
                overrides.append(
                    "longitude_sense: \(declared) of the survey, over \(meaning.sense) of \(meaning.origin.sense)"
                )
            }
            meaning.sense = declared
            meaning.origin.sense = "longitude_sense of the survey"
        } else if declaration.extent != nil {
            meaning.sense = .east
            meaning.origin.sense = "extent of the survey"
        }
        if !facts.beliefs.contains(where: { $0.topic == .longitudes })
            || meaning.origin.sense.hasSuffix("survey")
        {
            facts.believe(.longitudes, "\(meaning.sense)-positive", from: meaning.origin.sense)
        }
        let named =
            declaration.body != nil
            ? "body of the survey" : facts.bodyName != nil ? "the target of the label" : "the CRS"
        facts.believe(.body, body.name, from: named)
        guard !facts.beliefs.contains(where: { $0.topic == .radius }) || declaration.crs != nil else {
            return
        }
        facts.believe(
            .radius, "\(meaning.frame.radiusMetres) m",
            from: declaration.crs != nil
                ? "crs of the survey" : facts.definition != nil ? "the label" : "the CRS of the file")
    }

    /// The ellipsoid on which the rows are even.
    private func ellipsoid(_ meaning: Meaning, _ facts: LabelFacts) -> Spheroid? {
        guard meaning.kind == .planetographic else { return nil }
        let body = meaning.frame.body
        let ratio =
            meaning.axisRatio ?? facts.axisRatio.flatMap { $0 == 1 ? nil : $0 }
            ?? body.polarRadiusMetres / body.equatorialRadiusMetres
        guard ratio != 1, ratio > 0, ratio.isFinite else { return nil }
        return Spheroid(equatorialRadiusMetres: 1, polarRadiusMetres: ratio)
    }

    // MARK: - Grid

    /// Centre of the first pixel of the file, and the signed steps to the next, in degrees to the east and to the north.
    private struct Steps {
        var lon, lonStep, lat, latStep: Double
    }

    private mutating func grid(
        _ dataset: borrowing Dataset, _ facts: LabelFacts, _ meaning: Meaning
    ) throws(RasterError) -> (SourceGrid, SourceOrientation, String) {
        let steps: Steps
        let origin: String
        if let extent = declaration.extent {
            if dataset.geoTransform != nil || facts.transform != nil {
                overrides.append("extent of the survey, over the georeferencing of the file")
            }
            steps = try self.steps(extent, meaning.sense)
            origin = "extent of the survey"
        } else if let transform = facts.transform ?? dataset.geoTransform {
            steps = try self.steps(transform, dataset, facts, meaning)
            origin = facts.transform == nil ? "geotransform of the file" : "label of the file"
        } else {
            throw .georeferencing(
                path: path, found: "the file has no georeferencing",
                remedy:
                    "say `extent: [west, south, east, north]` in degrees in a survey file, or put a world "
                    + "file beside it")
        }
        let orientation = SourceOrientation(
            columnsRunWest: steps.lonStep < 0, rowsRunNorth: steps.latStep > 0)
        let west = orientation.columnsRunWest ? steps.lon + steps.lonStep * Double(columns - 1) : steps.lon
        let north = orientation.rowsRunNorth ? steps.lat + steps.latStep * Double(rows - 1) : steps.lat
        let (lonStep, latStep) = (abs(steps.lonStep), abs(steps.latStep))
        guard
            let grid = SourceGrid(
                columns: columns, rows: rows, firstLongitude: west, longitudeStep: lonStep,
                firstLatitude: north,
                latitudeStep: latStep, ellipsoid: ellipsoid(meaning, facts))
        else {
            let south = north - latStep * (Double(rows) - 0.5)
            throw .georeferencing(
                path: path,
                found:
                    "it would span longitudes \(west - lonStep / 2) to \(west + lonStep * (Double(columns) - 0.5)) and "
                    + "latitudes \(south) to \(north + latStep / 2)",
                remedy: "expected at most 360 degrees between the poles (2 pixels of overlap are allowed): "
                    + "check whether the units are degrees or metres, and say `crs:` or `extent:` in a "
                    + "survey file")
        }
        return (grid, orientation, origin)
    }

    private func steps(_ extent: SourceDeclaration.Extent, _ sense: LongitudeSense) throws(RasterError)
        -> Steps
    {
        let (left, right) = (sense.eastward(extent.west), sense.eastward(extent.east))
        let isGrid = declaration.registration == .grid
        guard extent.south < extent.north, sense == .west || left < right, left != right else {
            throw .georeferencing(
                path: path,
                found:
                    "it would span longitudes \(extent.west) to \(extent.east) and latitudes \(extent.south) to "
                    + "\(extent.north)",
                remedy:
                    "say `extent: [west, south, east, north]` in degrees, and `longitude_sense: west` where they grow west"
            )
        }
        let across = Double(isGrid ? columns - 1 : columns)
        let down = Double(isGrid ? rows - 1 : rows)
        guard across > 0, down > 0 else {
            throw .georeferencing(
                path: path,
                found: "its \(columns) x \(rows) pixels cannot be placed by the centres of the outer ones",
                remedy: "say `registration: pixel` and the extent of the edges")
        }
        let lonStep = (right - left) / across
        let latStep = (extent.south - extent.north) / down
        let half = isGrid ? 0 : 0.5
        return Steps(
            lon: left + lonStep * half, lonStep: lonStep, lat: extent.north + latStep * half, latStep: latStep
        )
    }

    private mutating func steps(
        _ t: [Double], _ dataset: borrowing Dataset, _ facts: LabelFacts, _ meaning: Meaning
    ) throws(RasterError) -> Steps {
        guard t.allSatisfy({ $0.isFinite }), t[1] != 0, t[5] != 0 else {
            throw .georeferencing(
                path: path, found: "its geotransform \(t) is not usable",
                remedy: "expected finite numbers and pixel sizes other than 0; say "
                    + "`extent: [west, south, east, north]` in a survey file")
        }
        guard t[2] == 0, t[4] == 0, t[5] < 0 || facts.rowsRunNorth else {
            throw .georeferencing(
                path: path, found: "its grid is rotated or upside down (geotransform \(t))",
                remedy:
                    "expected columns running east or west and rows running south; resample it with gdalwarp "
                    + "first")
        }
        // GDAL moves the centres of a file whose pixels are points to their corners.
        let isPoint = facts.transform == nil && dataset.metadata("AREA_OR_POINT") == "Point"
        var shift = 0.5
        switch declaration.registration {
        case .grid where !isPoint:
            shift = 0
            overrides.append("registration: grid of the survey, over pixel of the file")
        case .pixel where isPoint:
            shift = 1
            overrides.append("registration: pixel of the survey, over grid (AREA_OR_POINT=Point) of the file")
        default: break
        }
        let frame = meaning.frame
        let lon = frame.longitudeDegrees(x: t[0] + t[1] * shift)
        let lonStep = frame.lonDegreesPerUnit * t[1]
        let sign: Double = meaning.sense == .west ? -1 : 1
        return Steps(
            lon: sign * lon, lonStep: sign * lonStep, lat: frame.latitudeDegrees(y: t[3] + t[5] * shift),
            latStep: frame.latDegreesPerUnit * t[5])
    }

    /// Says where the label was understood otherwise than by GDAL.
    private mutating func compareWithGDAL(
        _ dataset: borrowing Dataset, _ facts: LabelFacts, _ meaning: Meaning
    ) {
        guard let own = facts.transform, let theirs = dataset.geoTransform, let wkt = dataset.crsWKT,
            let frame = try? frame(wkt, meaning.frame.body)
        else { return }
        let ours = (
            meaning.frame.longitudeDegrees(x: own[0]), meaning.frame.latitudeDegrees(y: own[3])
        )
        let other = (frame.longitudeDegrees(x: theirs[0]), frame.latitudeDegrees(y: theirs[3]))
        let pixel = (meaning.frame.lonDegreesPerUnit * own[1], meaning.frame.latDegreesPerUnit * own[5])
        let turn = 360 * ((ours.0 - other.0) / 360).rounded()
        let difference = ((ours.0 - turn - other.0) / pixel.0, (ours.1 - other.1) / pixel.1)
        guard max(abs(difference.0), abs(difference.1)) > 0.01 else { return }
        func short(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
        warnings.append(
            "GDAL places the corner of the first pixel at \(short(other.0)) E, \(short(other.1)) N; by the label it is "
                + "\(short(ours.0)) E, \(short(ours.1)) N, \(short(difference.0)) columns and \(short(difference.1)) rows "
                + "from there")
    }
}

internal import GDAL
internal import PlanetaryFrames

extension SourcePlacing {
    /// Centre of the first pixel of the file, and the signed steps to the next, in degrees to the east and to the north.
    private struct Steps {
        var lon, lonStep, lat, latStep: Double
    }

    mutating func grid(
        _ dataset: borrowing Dataset, _ facts: LabelFacts, _ meaning: Meaning, turned: Double
    ) throws(RasterError) -> (SourceGrid, SourceOrientation, String) {
        var steps: Steps
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
        steps.lon += turned
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
        let frame = meaning.frame
        switch frame.kind {
        case .geographic:
            // In units of degrees, whatever the system's are.
            let (x, y) = (frame.lonDegreesPerUnit, frame.latDegreesPerUnit)
            try refuseMetres(
                [t[0] * x, t[1] * x, 0, t[3] * y, 0, t[5] * y], frame.body, radius: frame.radiusMetres)
        case .equirectangular where facts.transform == nil:
            try refuseDegrees(
                t, under: .equirectangular, frame.body, radius: frame.radiusMetres,
                metresPerUnit: frame.latDegreesPerUnit * .pi / 180 * frame.radiusMetres)
        case .equirectangular: break
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
        let lon = frame.longitudeDegrees(x: t[0] + t[1] * shift)
        let lonStep = frame.lonDegreesPerUnit * t[1]
        let sign: Double = meaning.sense == .west ? -1 : 1
        return Steps(
            lon: sign * lon, lonStep: sign * lonStep, lat: frame.latitudeDegrees(y: t[3] + t[5] * shift),
            latStep: frame.latDegreesPerUnit * t[5])
    }

    /// Says where the label was understood otherwise than by GDAL.
    mutating func compareWithGDAL(
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

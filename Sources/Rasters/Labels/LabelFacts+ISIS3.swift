internal import Glibc
internal import PlanetaryFrames

extension LabelFacts {
    /// The label of an ISIS 3 cube, attached or detached.
    ///
    /// Its upper left corner is that of the first pixel, in metres east and north on a sphere of the local radius
    /// (ISIS 3, Mapping group; `Equirectangular` and `SimpleCylindrical`). With `PositiveWest` the longitude of the
    /// centre is counted to the west, but x still runs to the east: GDAL 3.6 leaves the sign as it is.
    init(isis3 label: PVLLabel.Group, columns: Int, rows: Int) {
        believe(.noData, "NULL, LRS, LIS, HIS, HRS", from: "the special pixels of ISIS 3")
        readBandBin(label)
        guard let map = label.group("MAPPING") else {
            isUnprojected = label.group("INSTRUMENT") != nil
            return
        }
        let projection = map.text("PROJECTIONNAME") ?? "none"
        believe(.projection, projection, from: "ProjectionName of the label")
        if let text = map.text("LATITUDETYPE") {
            let kind: LatitudeKind = text.uppercased() == "PLANETOGRAPHIC" ? .planetographic : .planetocentric
            latitudeKind = kind
            believe(.latitudes, kind.rawValue, from: "LatitudeType of the label")
        }
        let isWest = map.text("LONGITUDEDIRECTION")?.uppercased() == "POSITIVEWEST"
        let sense: LongitudeSense = isWest ? .west : .east
        believe(.longitudes, "\(sense)-positive in the label", from: "LongitudeDirection of the label")
        let name = projection.uppercased()
        if name == "OBLIQUECYLINDRICAL" {
            readCentre("POLELONGITUDE", "PoleLongitude", map, sense)
        } else {
            readCentre("CENTERLONGITUDE", "CenterLongitude", map, sense)
        }
        if let rotation = map.number("ROTATION"), rotation.truncatingRemainder(dividingBy: 360) != 0 {
            refusal = (
                "its map is rotated by \(rotation) degrees (Rotation)",
                "expected an upright map; map it anew without a rotation first (map2map of ISIS)"
            )
            return
        }
        guard let a = map.number("EQUATORIALRADIUS"), a > 0 else { return }
        let c = map.number("POLARRADIUS").flatMap { $0 > 0 ? $0 : nil } ?? a
        axisRatio = c / a
        readEllipsoid(name, a, c)
        guard name == "SIMPLECYLINDRICAL" || name == "EQUIRECTANGULAR" else { return }
        let latTs = name == "EQUIRECTANGULAR" ? map.number("CENTERLATITUDE") ?? 0 : 0
        let radius: Double
        if name == "EQUIRECTANGULAR" {
            radius = map.number("CENTERLATITUDERADIUS") ?? Self.localRadius(a, c, latTs)
            believe(.radius, "\(radius) m", from: "the local radius at CenterLatitude \(latTs) of the label")
        } else {
            radius = a
            believe(.radius, "\(radius) m", from: "EquatorialRadius of the label")
        }
        guard abs(latTs) < 90, radius > 0, let step = map.number("PIXELRESOLUTION"), step > 0,
            let x = map.number("UPPERLEFTCORNERX"), let y = map.number("UPPERLEFTCORNERY")
        else { return }
        let centre = sense.eastward(map.number("CENTERLONGITUDE") ?? 0)
        let metres = radius * .pi / 180
        // Numbers of metres are rounded in many labels; pixels a degree, and whole pixels to the corner, are not.
        var degree = step
        if let scale = map.number("SCALE"), scale > 0, abs(metres / scale / step - 1) < 1e-5 {
            degree = metres / scale
        }
        func corner(_ metres: Double) -> Double {
            let pixels = metres / step
            return (abs(pixels - pixels.rounded()) < 1e-3 ? pixels.rounded() : pixels) * degree
        }
        transform = [corner(x), degree, 0, corner(y), 0, -degree]
        believe(
            .grid, "the corner of the first pixel", from: "UpperLeftCornerX and UpperLeftCornerY of the label"
        )
        let body = map.text("TARGETNAME") ?? label.group("INSTRUMENT")?.text("TARGETNAME")
        bodyName = body
        definition = equirectangularWKT(
            body: body ?? "unnamed", radiusMetres: radius, centre: centre, latTs: latTs)
        checkLimits(
            map, metres: metres, corner: (corner(x), corner(y)), step: degree, centre: centre, latTs: latTs,
            sense: sense,
            columns: columns, rows: rows)
    }

    /// Conformal maps, which ISIS draws on the ellipsoid of the label whatever its latitudes are (PolarStereographic.cpp,
    /// Mercator.cpp and others), and GDAL 3.6 on a sphere where they are planetocentric.
    private mutating func readEllipsoid(_ name: String, _ a: Double, _ c: Double) {
        let conformal = ["POLARSTEREOGRAPHIC", "MERCATOR", "TRANSVERSEMERCATOR", "LAMBERTCONFORMAL"]
        guard a != c, latitudeKind == .planetocentric, conformal.contains(name) else { return }
        corrections.ellipsoid = SystemCorrections.Ellipsoid(equatorial: a, polar: c)
        warnings.append(
            "GDAL takes the map for one on a sphere; ISIS draws it on the ellipsoid of \(a) and \(c) m of the label, which is "
                + "believed")
    }

    /// The distance of the surface of an ellipsoid from its centre at a planetocentric latitude in degrees.
    static func localRadius(_ a: Double, _ c: Double, _ latitude: Double) -> Double {
        let (x, y) = (c * cos(latitude * .pi / 180), a * sin(latitude * .pi / 180))
        return a * c / (x * x + y * y).squareRoot()
    }

    private mutating func checkLimits(
        _ map: PVLLabel.Group, metres: Double, corner: (x: Double, y: Double), step: Double, centre: Double,
        latTs: Double,
        sense: LongitudeSense, columns: Int, rows: Int
    ) {
        guard let north = map.number("MAXIMUMLATITUDE"), let south = map.number("MINIMUMLATITUDE"),
            let least = map.number("MINIMUMLONGITUDE"), let most = map.number("MAXIMUMLONGITUDE")
        else { return }
        let pixel = step / metres
        let top = corner.y / metres
        let bottom = top - Double(rows) * pixel
        let slack = 2 * pixel
        if top < south - slack || bottom > north + slack {
            warnings.append(
                "the lines of the map reach from latitude \(bottom) to \(top), but the label gives limits of \(south) and "
                    + "\(north)")
        }
        let perDegree = metres * cosineOfDegrees(latTs)
        let left = centre + corner.x / perDegree
        let right = left + Double(columns) * step / perDegree
        let limits = [sense.eastward(least), sense.eastward(most)].sorted()
        let middle = (limits[0] + limits[1]) / 2
        let turn = 360 * ((middle - (left + right) / 2) / 360).rounded()
        if left + turn > limits[1] + slack || right + turn < limits[0] - slack {
            warnings.append(
                "the samples of the map reach from longitude \(left) to \(right) E, but the label gives limits of "
                    + "\(least) and \(most)")
        }
    }
}

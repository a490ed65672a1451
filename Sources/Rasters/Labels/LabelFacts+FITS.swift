internal import FITS
internal import PlanetaryFrames

extension LabelFacts {
    /// The world coordinates of a FITS image (FITS 4.0, section 8; names of planetary axes as in Marmo et al. 2018,
    /// "FITS format for planetary surfaces", Earth and Space Science 5).
    ///
    /// Read here because GDAL 3.6 knows no HPX, takes the sign of CDELT2 alone and not that of CDELT2 and PC2_2 together,
    /// and flips rows whichever way they run.
    /// - Parameters:
    ///   - columns: of the image.
    ///   - rows: of the image.
    ///   - planes: along the third axis.
    init(fits cards: [FITSCard], columns: Int, rows: Int, planes: Int = 1) {
        if let text = cards.string("BUNIT"), !text.isEmpty {
            unit = Self.unitSymbol(text)
            believe(.unit, unit ?? text, from: "BUNIT of the header")
        }
        readSpectralAxis(cards, planes: planes)
        guard let first = cards.string("CTYPE1"), let second = cards.string("CTYPE2") else { return }
        let axes = [first, second].map { Self.split($0) }
        let projection = axes[0].projection
        if projection != axes[1].projection {
            refusal = (
                "its axes \"\(first)\" and \"\(second)\" are of two projections",
                "mend CTYPE1 and CTYPE2 of the header"
            )
            return
        }
        if ["RA", "DEC", "GLON", "ELON", "HLON", "SLON"].contains(axes[0].name) {
            refusal = (
                "its axes \"\(first)\" and \"\(second)\" are those of the sky",
                "expected a map of a body, whose axes are LON and LAT or, for Mars, MALN and MALT"
            )
            return
        }
        guard axes[0].name.hasSuffix("LN") || axes[0].name.hasSuffix("LON") || axes[0].name.hasPrefix("LON")
        else {
            refusal = (
                "its first axis \"\(first)\" is no longitude",
                "expected longitudes along rows and latitudes along columns; turn the image first"
            )
            return
        }
        believe(.projection, projection.isEmpty ? "linear" : projection, from: "CTYPE1 of the header")
        let names = (cards.string("CUNIT1") ?? "", cards.string("CUNIT2") ?? "")
        guard let across = Self.degrees(inUnit: names.0), let along = Self.degrees(inUnit: names.1) else {
            refusal = (
                "its axes are counted in \"\(names.0)\" and \"\(names.1)\" (CUNIT1 and CUNIT2)",
                "expected degrees, or arcmin, arcsec, mas or rad: mend the header"
            )
            return
        }
        let units = (first: across, second: along)
        switch projection {
        case "CAR", "": readPlateCarree(cards, units: units, columns: columns, rows: rows)
        case "HPX": readHEALPix(cards, units: units, rows: rows)
        case "XPH":
            refusal = (
                "it is a map in the projection XPH (HEALPix seen from a pole), which is not read",
                "resample it to HPX or to a plate carrée (CAR) first, for instance with reproject"
            )
        case "SFL", "MER", "CEA", "MOL", "AIT", "STG", "ARC", "ZEA", "TAN", "SIN", "COE", "COP", "COD", "COO":
            refusal = (
                "it is a map in the projection \(projection), which is not read yet",
                "resample it to a plate carrée (CAR) first, for instance with reproject"
            )
        default:
            refusal = ("its projection \"\(projection)\" is not known", "expected CAR, the plate carrée")
        }
    }

    /// Degrees in a unit of angle (FITS 4.0, table 4), in degrees where none is said; nil for units of something else.
    private static func degrees(inUnit unit: String) -> Double? {
        let unit = unit.lowercased().filter { !$0.isWhitespace }
        return switch unit {
        case "": 1
        // Also degrees_east and whatever else is written for it.
        case _ where unit.hasPrefix("deg"): 1
        case "arcmin": 1.0 / 60
        case "arcsec": 1.0 / 3600
        case "mas": 1.0 / 3_600_000
        case "rad": 180 / .pi
        default: nil
        }
    }

    /// Wavelengths of the planes of a cube with a linear third axis (Greisen et al. 2006).
    private mutating func readSpectralAxis(_ cards: [FITSCard], planes: Int) {
        guard let type = cards.string("CTYPE3"), (2...10_000).contains(planes),
            let step = cards.real("CDELT3") ?? cards.real("CD3_3")
        else { return }
        let (value, pixel) = (cards.real("CRVAL3") ?? 0, cards.real("CRPIX3") ?? 0)
        let unit = cards.string("CUNIT3") ?? ""
        bandMeanings = (1...planes).map { plane in
            "\(type) \(value + (Double(plane) - pixel) * step)" + (unit.isEmpty ? "" : " " + unit)
        }
    }

    /// The body and its radius, which all projections have in common.
    mutating func readBody(_ cards: [FITSCard]) -> Double? {
        bodyName = cards.string("OBJECT") ?? cards.string("TARGNAME") ?? cards.string("TARGET")
        if let blank = cards["BLANK"], case .real = blank {
            warnings.append("BLANK is no whole number, as the standard wants it; its value is believed")
        }
        guard let radius = cards.real("A_RADIUS"), radius > 0, radius.isFinite else { return nil }
        if let polar = cards.real("C_RADIUS"), polar > 0 { axisRatio = polar / radius }
        believe(.radius, "\(radius) m", from: "A_RADIUS of the header")
        return radius
    }

    /// "MALN-CAR" as "MALN" and "CAR".
    private static func split(_ type: String) -> (name: String, projection: String) {
        let parts = type.uppercased().split(separator: "-", omittingEmptySubsequences: true).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[parts.count - 1] : "")
    }

    private mutating func readPlateCarree(
        _ cards: [FITSCard], units: (first: Double, second: Double), columns: Int, rows: Int
    ) {
        func number(_ keyword: String, _ missing: Double) -> Double { cards.real(keyword) ?? missing }
        let matrix = FITSPixelMatrix(cards, units: units)
        let (lonStep, latStep) = (matrix[1, 1], matrix[2, 2])
        guard matrix[1, 2] == 0, matrix[2, 1] == 0 else {
            refusal = (
                "its grid is rotated against longitude and latitude",
                "expected an upright map; resample it first"
            )
            return
        }
        guard lonStep != 0, latStep != 0, lonStep.isFinite, latStep.isFinite else {
            refusal = (
                "its header gives steps of \(lonStep) and \(latStep) degrees", "mend CDELT1 and CDELT2"
            )
            return
        }
        let (lon, lat) = (number("CRVAL1", 0) * units.first, number("CRVAL2", 0) * units.second)
        if lat != 0 {
            // By the letter of the standard such a plate carrée is oblique; many writers mean a plain offset.
            refusal = (
                "CRVAL2 is \(lat): by the standard the plate carrée is oblique then, but most writers mean a plain offset",
                "move CRPIX2 so that CRVAL2 is 0, or say `crs:` and `extent:` in a survey file"
            )
            return
        }
        // Rows as GDAL gives them are those of the file from the last to the first.
        let firstRow = lat + latStep * (Double(rows) - number("CRPIX2", 0))
        let firstColumn = lon + lonStep * (1 - number("CRPIX1", 0))
        rowsRunNorth = latStep < 0
        believe(
            .grid,
            "column 1 at \(firstColumn), the upper row at \(max(firstRow, firstRow - latStep * Double(rows - 1)))",
            from: "CRPIX, CRVAL, CDELT and PC of the header")
        if (cards.real("CDELT2") ?? 1) < 0, latStep > 0 {
            warnings.append(
                "CDELT2 and PC2_2 are both negative; latitudes grow with the rows of the file, as their product says"
            )
        }
        transform = [firstColumn - lonStep / 2, lonStep, 0, firstRow + latStep / 2, 0, -latStep]
        if let radius = readBody(cards) {
            let name = bodyName ?? "unnamed"
            let text = String(name.map { $0 == "\"" || $0 == "\\" || $0.isNewline ? " " : $0 })
            definition =
                "GEOGCS[\"GCS_\(text)\",DATUM[\"D_\(text)\",SPHEROID[\"\(text)\",\(radius),0]],"
                + "PRIMEM[\"Reference_Meridian\",0],UNIT[\"degree\",0.0174532925199433]]"
        }
    }
}

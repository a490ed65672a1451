import HEALPix
import HiPS
import PlanetaryFrames
import Rasters
import Tiler
import Tiles

/// What is believed of a source, and what would be built of it: for people and for scripts.
struct PlanSummary: Encodable {
    /// A belief with its origin.
    struct StatedBelief: Encodable {
        let topic: String
        let value: String
        let origin: String
    }

    /// A band of the file with what it says of it.
    struct StatedBand: Encodable {
        let number: Int
        let meaning: String
        let isUsed: Bool
    }

    let path: String
    let format: String
    let columns: Int
    let rows: Int
    let body: String
    let radiiMetres: [Double]
    let sourceRadiusMetres: Double
    let radiusNote: String?
    let beliefs: [StatedBelief]
    let overrides: [String]
    let warnings: [String]
    var against: [AgreementSummary]
    let crs: String
    let crsName: String
    let georeferencing: String
    let latitudes: String
    let longitudes: String
    let projection: String
    let westDegrees: Double?
    let eastDegrees: Double?
    let southDegrees: Double?
    let northDegrees: Double?
    let registration: String?
    /// Longitude and latitude of the middle of a projected map, and the field that shows it.
    let centreDegrees: [Double]?
    let fieldDegrees: Double?
    let closes: Bool
    let seamGapPixels: Double?
    let resolutionDegrees: Double
    let resolutionMetres: Double
    let type: String
    let kind: String
    let bands: Int
    /// All bands of the file, where it has several or says something of its only one.
    let bandList: [StatedBand]
    let noData: Double?
    let noDataRule: String?
    let scale: Double
    let offset: Double
    let unit: String
    let heights: String?
    let minimum: Double?
    let maximum: Double?
    let cut: [Double]?
    let map: String
    let order: Int
    let tileMetres: Double
    let pixelMetres: Double
    let formats: [String]
    let tiles: Int
    let bytesAtMost: Int

    init(_ plan: HiPSPlan) {
        let source = plan.source
        path = source.path
        format = source.driver
        columns = source.fileColumns
        rows = source.fileRows
        body = source.frame.body.name
        let axes = source.frame.body
        radiiMetres = [axes.equatorialRadiusMetres, axes.intermediateRadiusMetres, axes.polarRadiusMetres]
        sourceRadiusMetres = source.frame.radiusMetres
        radiusNote = source.frame.radiusNote
        crs = source.frame.identifier ?? "no code"
        crsName = source.frame.crsName
        georeferencing = source.georeferencing
        beliefs = source.beliefs.map {
            StatedBelief(topic: $0.topic.rawValue, value: $0.value, origin: $0.origin)
        }
        overrides = source.overrides
        warnings = source.warnings
        against = []
        projection = source.frame.projectionName
        switch source.placement {
        case .grid(let grid):
            latitudes = grid.ellipsoid == nil ? "planetocentric" : "planetographic"
            longitudes = source.orientation.columnsRunWest ? "columns run west" : "east-positive"
            westDegrees = grid.westEdge
            eastDegrees = grid.westEdge + Double(source.fileColumns) * grid.longitudeStep
            southDegrees = grid.firstLatitude - (Double(grid.rows) - 0.5) * grid.latitudeStep
            northDegrees = grid.firstLatitude + grid.latitudeStep / 2
            registration = Self.registration(grid)
            (centreDegrees, fieldDegrees) = (nil, nil)
            closes = grid.wraps
            seamGapPixels = grid.wraps ? grid.seamGapPixels : nil
        case .projected(let map):
            latitudes = map.frame.latitudeKind.rawValue
            longitudes = "\(map.frame.longitudeSense)-positive"
            (westDegrees, eastDegrees, southDegrees, northDegrees) = (nil, nil, nil, nil)
            registration = nil
            centreDegrees = [map.centre.lonDeg, map.centre.latDeg]
            fieldDegrees = map.fieldDegrees
            closes = map.wraps
            seamGapPixels = nil
        }
        resolutionDegrees = source.resolutionDegrees
        resolutionMetres = source.resolutionMetres
        type = source.plan.storedTypeName
        kind = source.plan.isValues ? "values" : "colour"
        bands = source.plan.bands.count
        bandList =
            source.bands.count > 1 || !source.bands[0].meaning.isEmpty
            ? source.bands.map {
                StatedBand(
                    number: $0.number, meaning: $0.meaning, isUsed: source.plan.bands.contains($0.number))
            } : []
        noData = source.plan.noData
        noDataRule = (source.plan.imageRule ?? source.plan.pointRule).map { Self.words($0) }
        scale = source.plan.scale
        offset = source.plan.offset
        unit = source.unit
        heights = plan.vertical.map { vertical in
            vertical.reference.propertyText + ", from " + (vertical.reason ?? "vertical of the survey")
        }
        minimum = plan.statistics?.minimum
        maximum = plan.statistics?.maximum
        cut = plan.cut.map { [$0.low, $0.high] }
        map = plan.map.description
        order = plan.tiles.leafOrder.value
        let degree = Double.pi / 180 * source.frame.radiusMetres
        pixelMetres = TilePlan.pixelDegrees(order: order) * degree
        tileMetres = pixelMetres * 512
        formats = plan.tiles.formats.map(\.rawValue)
        tiles = plan.tileCounts.reduce(0, +)
        bytesAtMost = plan.largestSize()
    }

    private static func words(_ rule: NoDataRule) -> String {
        var parts: [String] = []
        if !rule.values.isEmpty {
            parts.append(
                (rule.values.count == 1 ? "value " : "values ")
                    + rule.values.map { "\($0)" }.joined(separator: ", "))
        }
        if let range = rule.range { parts.append("\(range.lowerBound) to \(range.upperBound)") }
        if rule.isEdgeConnected { parts.append("connected to the edge") }
        if rule.erodePixels > 0 { parts.append("and \(rule.erodePixels) pixels around") }
        return parts.joined(separator: ", ")
    }

    /// Whether whole multiples of the steps are edges or centres of pixels, in both directions.
    private static func registration(_ grid: SourceGrid) -> String {
        func fraction(_ first: Double, _ step: Double) -> Double {
            let steps = first / step
            return steps - steps.rounded(.down)
        }
        let fractions = [
            fraction(grid.firstLongitude, grid.longitudeStep),
            fraction(grid.firstLatitude, grid.latitudeStep),
        ]
        if fractions.allSatisfy({ abs($0 - 0.5) < 0.01 }) { return "pixel (edges on whole steps)" }
        if fractions.allSatisfy({ min($0, 1 - $0) < 0.01 }) { return "grid (centres on whole steps)" }
        return "neither edges nor centres on whole steps"
    }

    /// The summary in lines of text.
    var lines: [String] {
        var lines = [
            "\(path): \(format), \(columns) x \(rows), \(kind), \(bands) band\(bands == 1 ? "" : "s") of \(type)",
            "  body        \(body), radii \(radiiMetres.map { SizeText.exact($0) }.joined(separator: ", ")) m; "
                + "in the file \(SizeText.exact(sourceRadiusMetres)) m",
            "  CRS         \(crs) (\(crsName)); \(georeferencing)",
        ]
        if let westDegrees, let eastDegrees, let southDegrees, let northDegrees, let registration {
            lines += [
                "  latitudes   \(latitudes), \(degrees(southDegrees)) to \(degrees(northDegrees))",
                "  longitudes  \(longitudes), \(degrees(westDegrees)) to \(degrees(eastDegrees)); \(registration)",
            ]
        } else if let centreDegrees, let fieldDegrees {
            lines += [
                "  projection  \(projection); \(latitudes) latitudes, \(longitudes) longitudes",
                "  place       around \(east(centreDegrees[0])) E, \(degrees(centreDegrees[1])) N, within a field of "
                    + "\(SizeText.short(fieldDegrees)) degrees",
            ]
        }
        lines.append(
            "  resolution  \(SizeText.short(resolutionDegrees)) degrees, \(SizeText.metres(resolutionMetres)) "
                + (centreDegrees == nil ? "at the equator" : "as a rule"))
        if let gap = seamGapPixels {
            let rounded = (gap * 1e4).rounded() / 1e4
            lines.append(
                "  seam        closes around the body, \(rounded == 0 ? "exactly" : "\(rounded) pixels short")"
            )
        }
        if bandList.contains(where: { !$0.meaning.isEmpty || !$0.isUsed }) {
            // Of many bands the first ones and those that are used.
            let shown = bandList.filter { $0.number <= 12 || $0.isUsed }
            lines += shown.map {
                "  band \($0.number)\($0.isUsed ? ", used" : "")"
                    + ($0.meaning.isEmpty ? "" : ": \($0.meaning)")
            }
            if shown.count < bandList.count { lines.append("  ...         \(bandList.count) bands in all") }
        }
        var values = "  values      nodata \(noData.map { "\($0)" } ?? noDataRule ?? "not declared")"
        if noData != nil, let noDataRule { values += " and \(noDataRule)" }
        if scale != 1 || offset != 0 { values += ", physical = stored * \(scale) + \(offset)" }
        if let minimum, let maximum {
            values += ", range \(minimum) to \(maximum)\(unit.isEmpty ? "" : " " + unit)"
        }
        if let cut { values += ", cut \(cut[0]) to \(cut[1])" }
        lines.append(values)
        if let heights { lines.append("  heights     \(heights)") }
        lines.append(
            "  HiPS        \(map), order \(order): tiles of \(SizeText.metres(tileMetres)), pixels of "
                + "\(SizeText.metres(pixelMetres)); \(formats.joined(separator: ", ")); "
                + "\(tiles) tiles, at most \(SizeText.bytes(bytesAtMost))")
        lines += beliefs.map { "  believed    \($0.topic): \($0.value), from \($0.origin)" }
        lines += overrides.map { "  overridden  \($0)" }
        lines += warnings.map { "  warning     \($0)" }
        for other in against {
            lines.append("  against     \(other.other): \(other.sentence)")
            if let heights = other.heights { lines.append("  warning     \(heights)") }
        }
        return lines
    }

    private func east(_ value: Double) -> String {
        let text = degrees(value)
        return text == "360.0" ? "0.0" : text
    }

    private func degrees(_ value: Double) -> String {
        // What is 0 but for rounding has no sign.
        String((value * 1e6).rounded() / 1e6 + 0)
    }
}

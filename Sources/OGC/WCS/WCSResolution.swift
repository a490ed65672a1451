internal import GridCoverages
internal import Maps
internal import PlanetaryFrames

/// Makes of the words of a request what is to be taken out of a coverage.
struct WCSResolution {
    let coverage: GridCoverage
    let systems: MapSystems

    /// What is asked for, and what is to be said of it.
    typealias Resolved = (request: CoverageRequest, format: WCSFormat, warnings: [String])

    private var grid: CoverageGrid { coverage.grid }

    /// Reads a request of 2.0.
    func resolved(_ wish: WCSCoverageParameters) throws(OGCException) -> Resolved {
        var request = CoverageRequest()
        var warnings: [String] = []
        let subsetting = try subsettingCRS(wish, &warnings)
        let output = try wish.outputCRS.map { (text) throws(OGCException) in
            try system(text, .outputCRSNotSupported, "OUTPUTCRS", &warnings)
        }
        // Without a system of its own an answer is in that of the subsets (OGC 11-053r1, requirement 10).
        let crs = output ?? subsetting
        if crs != coverage.crs {
            guard coverage.isReprojected else {
                throw OGCException(
                    .outputCRSNotSupported, locator: "OUTPUTCRS",
                    "\(coverage.identifier) is given in \(coverage.crs.identifier) alone.", status: 404)
            }
            request.outputCRS = crs
        }
        request.area = try area(wish.subsets, in: subsetting, isExact: subsetting == crs)
        if let scaling = wish.scaling {
            let axes = CoverageAxes(crs)
            try scale(&request, by: scaling, axes)
        }
        request.interpolation = try wish.interpolation.map { (text) throws(OGCException) in
            try interpolation(text)
        }
        request.bands = try bands(wish.range)
        let format = try format(wish.format)
        if let kind = format.kind { request.format = try fileFormat(kind, wish.geoTIFF) }
        request.format.isCloudOptimised = format == .cloudOptimised
        return (request, format, warnings)
    }

    private func format(_ text: String?) throws(OGCException) -> WCSFormat {
        guard let text else { return .geoTIFF }
        guard let format = WCSFormat(parameter: text) else {
            throw .invalid("FORMAT", "is \(OGCException.quoted(text)), which is none of \(WCSFormat.list)")
        }
        if let kind = format.kind, !coverage.formats.contains(kind) {
            throw .invalid(
                "FORMAT",
                "is \(OGCException.quoted(text)), which \(coverage.identifier) is not given as; it is given as "
                    + coverage.formats.map(\.mediaType).joined(separator: ", "))
        }
        return format
    }
}

// Systems.
extension WCSResolution {
    /// A system of the body, or the coverage's own, in any spelling.
    func system(
        _ text: String, _ code: OGCException.Code, _ locator: String, _ warnings: inout [String]
    ) throws(OGCException) -> MapCRS {
        if let identifier = try? CRSIdentifier.parse(text), identifier == coverage.crs.identifier {
            return coverage.crs
        }
        do {
            let reading = try systems.parse(text)
            warnings += reading.warnings
            return reading.crs
        } catch {
            throw OGCException(code, locator: locator, error.description, status: 404)
        }
    }

    /// The one system in which all subsets are stated.
    private func subsettingCRS(
        _ wish: WCSCoverageParameters, _ warnings: inout [String]
    ) throws(OGCException) -> MapCRS {
        var found: MapCRS?
        for text in [wish.subsettingCRS].compactMap({ $0 }) + wish.subsets.compactMap(\.crs) {
            let crs = try system(text, .subsettingCRSNotSupported, "SUBSETTINGCRS", &warnings)
            if let found, found != crs {
                throw .invalid(
                    "SUBSETTINGCRS",
                    "and the subsets name both \(found.identifier) and \(crs.identifier); one is expected")
            }
            found = crs
        }
        return found ?? coverage.crs
    }
}

// Areas.
extension WCSResolution {
    /// The part that subsets leave.
    /// - Parameter isExact: whether the answer is in the system of the subsets: their bounds are then its edges.
    private func area(
        _ subsets: [WCSSubset], in crs: MapCRS, isExact: Bool
    ) throws(OGCException) -> CoverageRequest.Area {
        let axes = CoverageAxes(crs)
        var parts: [CoverageAxes.Axis: (WCSSubset.Part, String)] = [:]
        for subset in subsets {
            guard let axis = axes.axis(subset.axis) else {
                throw OGCException(
                    .invalidAxisLabel, locator: subset.axis,
                    "There is no axis \(OGCException.quoted(subset.axis)); the axes of \(crs.identifier) are \(axes.list).",
                    status: 404)
            }
            guard parts[axis] == nil else {
                throw OGCException(
                    .invalidAxisLabel, locator: subset.axis,
                    "The axis \(OGCException.quoted(subset.axis)) has two subsets; one for each axis is expected.",
                    status: 404)
            }
            parts[axis] = (subset.part, subset.axis)
        }
        if parts.isEmpty { return crs == coverage.crs ? .whole : .box(crs.domain, crs) }
        if crs == coverage.crs { return .pixels(try ownPixels(parts)) }
        let box = try box(parts, in: crs)
        return isExact ? .exactly(box) : .box(box, crs)
    }

    /// Pixels of the coverage's own grid.
    private func ownPixels(
        _ parts: [CoverageAxes.Axis: (WCSSubset.Part, String)]
    ) throws(OGCException) -> CoveragePixels {
        let whole = grid.box
        // Numbers that were written in decimals may be beyond the edge by as little as a pixel's part.
        let x = try bounds(parts[.x], within: whole.minX...whole.maxX, tolerance: grid.pixelWidth / 2)
        let y = try bounds(parts[.y], within: whole.minY...whole.maxY, tolerance: grid.pixelHeight / 2)
        let box = MapBox(minX: x.lowerBound, minY: y.lowerBound, maxX: x.upperBound, maxY: y.upperBound)
        guard let pixels = grid.pixels(of: box) else {
            throw .subsetting("The subset shares nothing with \(coverage.identifier)")
        }
        return pixels
    }

    /// The bounds of an axis of the coverage's own system; a slice is both of them.
    private func bounds(
        _ part: (part: WCSSubset.Part, axis: String)?, within whole: ClosedRange<Double>, tolerance: Double
    ) throws(OGCException) -> ClosedRange<Double> {
        guard let part else { return whole }
        let (low, high) =
            switch part.part {
            case .slice(let place): (place, place)
            case .trim(let low, let high): (low ?? whole.lowerBound, high ?? whole.upperBound)
            }
        guard low >= whole.lowerBound - tolerance, high <= whole.upperBound + tolerance, low <= high else {
            throw .subsetting(
                "The subset of \(OGCException.quoted(part.axis)) goes from \(low) to \(high); \(coverage.identifier) "
                    + "reaches from \(whole.lowerBound) to \(whole.upperBound) there")
        }
        let first = min(max(low, whole.lowerBound), whole.upperBound)
        return first...min(max(high, first), whole.upperBound)
    }

    /// A box of another system.
    private func box(
        _ parts: [CoverageAxes.Axis: (WCSSubset.Part, String)], in crs: MapCRS
    ) throws(OGCException) -> MapBox {
        let domain = crs.domain
        // Half of what a pixel of the coverage is long in that system.
        let half = grid.pixelHeight * coverage.crs.metresPerUnit / crs.metresPerUnit / 2
        let x = try bounds(parts[.x], along: domain.minX...domain.maxX, half: half, turn: crs.periodX)
        let y = try bounds(parts[.y], along: domain.minY...domain.maxY, half: half, turn: nil)
        return MapBox(minX: x.lowerBound, minY: y.lowerBound, maxX: x.upperBound, maxY: y.upperBound)
    }

    /// The bounds of an axis of another system, at least a pixel apart.
    ///
    /// Along axes that come back to where they began, bounds may be on any turn: 350 to 370 degrees.
    private func bounds(
        _ part: (part: WCSSubset.Part, axis: String)?, along whole: ClosedRange<Double>, half: Double,
        turn: Double?
    ) throws(OGCException) -> ClosedRange<Double> {
        guard let part else { return whole }
        let (low, high) =
            switch part.part {
            case .slice(let place): (place, place)
            case .trim(let low, let high): (low ?? whole.lowerBound, high ?? whole.upperBound)
            }
        let isFit =
            if let turn {
                high - low <= turn * (1 + 1e-9) && low >= whole.lowerBound - turn
                    && high <= whole.upperBound + turn
            } else {
                low <= whole.upperBound + half && high >= whole.lowerBound - half
            }
        guard low <= high, isFit else {
            throw .subsetting(
                "The subset of \(OGCException.quoted(part.axis)) goes from \(low) to \(high); the axis reaches from "
                    + "\(whole.lowerBound) to \(whole.upperBound)")
        }
        return high - low >= 2 * half ? low...high : (low + high) / 2 - half...(low + high) / 2 + half
    }
}

// Sizes.
extension WCSResolution {
    private func scale(
        _ request: inout CoverageRequest, by scaling: WCSScaling, _ axes: CoverageAxes
    ) throws(OGCException) {
        let size = try unscaledSize(request)
        func scaled<Value>(
            _ list: [WCSScaling.Axis<Value>], _ value: (Value, Int) throws(OGCException) -> Int
        ) throws(OGCException) -> (width: Int, height: Int) {
            var found: [CoverageAxes.Axis: Int] = [:]
            for item in list {
                guard let axis = axes.axis(item.label), found[axis] == nil else {
                    throw OGCException(
                        .scaleAxisUndefined, locator: item.label,
                        "\(OGCException.quoted(item.label)) is no axis to scale, or stands there twice; the axes are "
                            + "\(axes.list).", status: 404)
                }
                found[axis] = try value(item.value, axis == .x ? size.width : size.height)
            }
            return (found[.x] ?? size.width, found[.y] ?? size.height)
        }
        let result =
            switch scaling {
            case .factor(let factor):
                (width: try Self.times(size.width, factor), height: try Self.times(size.height, factor))
            case .factors(let list):
                try scaled(list) { (factor, count) throws(OGCException) in try Self.times(count, factor) }
            case .sizes(let list): try scaled(list) { (size, _) throws(OGCException) in size }
            case .extents(let list):
                try scaled(list) { (extent, _) throws(OGCException) in
                    let (length, isOver) = extent.upperBound.subtractingReportingOverflow(extent.lowerBound)
                    guard !isOver, length < Int.max else { throw Self.tooLarge("\(extent)") }
                    return length + 1
                }
            }
        (request.width, request.height) = (result.width, result.height)
    }

    /// As many pixels as a factor makes of some, at least one.
    private static func times(_ count: Int, _ factor: Double) throws(OGCException) -> Int {
        let pixels = (Double(count) * factor).rounded()
        guard pixels < 1e15 else { throw tooLarge("\(count) pixels times \(factor)") }
        return max(1, Int(pixels))
    }

    private static func tooLarge(_ what: String) -> OGCException {
        OGCException(.invalidExtent, "\(what) is more than can be counted.", status: 404)
    }

    /// The size of an answer that is not scaled.
    private func unscaledSize(_ request: CoverageRequest) throws(OGCException) -> (width: Int, height: Int) {
        do {
            let grid = try coverage.answerGrid(request)
            return (grid.width, grid.height)
        } catch {
            throw OGCException(error, of: coverage)
        }
    }
}

// Ranges, interpolation, files.
extension WCSResolution {
    /// The numbers of bands, from 0; nil for all.
    func bands(_ range: [WCSRangeItem]) throws(OGCException) -> [Int]? {
        guard !range.isEmpty else { return nil }
        var numbers: [Int] = []
        for item in range {
            switch item {
            case .component(let name): numbers.append(try band(name))
            case .interval(let first, let last):
                let (low, high) = (try band(first), try band(last))
                guard low <= high else {
                    throw OGCException(
                        .illegalFieldSequence, locator: "RANGESUBSET",
                        "The interval \(OGCException.quoted(first + ":" + last)) ends before it begins; the fields are "
                            + fields + ".", status: 404)
                }
                numbers += low...high
            }
            guard numbers.count <= 1000 else {
                throw OGCException(
                    .illegalFieldSequence, locator: "RANGESUBSET", "More than 1000 fields are asked for.",
                    status: 404)
            }
        }
        return numbers
    }

    private func band(_ name: String) throws(OGCException) -> Int {
        if let index = coverage.bands.firstIndex(where: { $0.name == name }) { return index }
        // 1.0.0 counts bands, and GDAL does in 2.0 as well where a field has no name.
        if let number = NumberText.integer(name), coverage.bands.indices.contains(number - 1) {
            return number - 1
        }
        throw OGCException(
            .noSuchField, locator: "RANGESUBSET",
            "\(coverage.identifier) has no field \(OGCException.quoted(name)); it has \(fields).", status: 404
        )
    }

    private var fields: String { coverage.bands.map(\.name).joined(separator: ", ") }

    /// An interpolation that the coverage has.
    func interpolation(_ text: String) throws(OGCException) -> CoverageInterpolation {
        guard let interpolation = CoverageInterpolation(parameter: text),
            coverage.interpolations.contains(interpolation)
        else {
            throw OGCException(
                .interpolationMethodNotSupported, locator: "INTERPOLATION",
                "INTERPOLATION is \(OGCException.quoted(text)), which is none of "
                    + coverage.interpolations.map(\.uri).joined(separator: ", ") + ".", status: 404)
        }
        return interpolation
    }

    /// The parameters of a GeoTIFF (OGC 12-100r1, section 7); other formats have none.
    private func fileFormat(
        _ kind: CoverageFormat.Kind, _ wish: WCSGeoTIFFParameters
    ) throws(OGCException) -> CoverageFormat {
        var format = CoverageFormat(kind)
        guard kind == .geoTIFF else { return format }
        switch wish.compression?.lowercased() {
        case nil, "none": break
        case "deflate", "zip": format.compression = .deflate
        case "zstd": format.compression = .zstd
        case .some(let found):
            throw .geoTIFF("compression", found, "None, Deflate or ZSTD", .invalidParameterValue)
        }
        switch wish.predictor?.lowercased() {
        case nil, "none": break
        case "horizontal", "floatingpoint": format.predicts = true
        case .some(let found): throw .geoTIFF("predictor", found, "None, Horizontal or FloatingPoint")
        }
        switch wish.interleave?.lowercased() {
        case nil, "pixel": break
        case .some(let found): throw .geoTIFF("interleave", found, "Pixel")
        }
        switch wish.tiling?.lowercased() {
        case nil:
            if wish.tileWidth != nil || wish.tileHeight != nil { format.tile = try tile(wish) }
        case "false", "0": break
        case "true", "1": format.tile = try tile(wish)
        case .some(let found): throw .geoTIFF("tiling", found, "true or false")
        }
        return format
    }

    private func tile(_ wish: WCSGeoTIFFParameters) throws(OGCException) -> CoverageFormat.TileSize {
        func side(_ name: String, _ text: String?) throws(OGCException) -> Int {
            guard let text else { return 256 }
            guard let number = NumberText.integer(text), (16...4096).contains(number), number % 16 == 0 else {
                throw .geoTIFF(name, text, "a multiple of 16 up to 4096")
            }
            return number
        }
        return CoverageFormat.TileSize(
            width: try side("tilewidth", wish.tileWidth), height: try side("tileheight", wish.tileHeight))
    }
}

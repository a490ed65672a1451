public import Maps
internal import PlanetaryFrames

/// What an answer will be, known before any work begins.
public struct CoveragePlan: Sendable {
    /// The coverage.
    public let coverage: GridCoverage
    /// The system of the answer.
    public let crs: MapCRS
    /// The grid of the answer.
    public let grid: CoverageGrid
    /// Pixels of the coverage's own grid that are given as they are; nil where values are interpolated.
    public let pixels: CoveragePixels?
    /// Bands of the coverage in the order of the answer.
    public let bands: [Int]
    /// How values are found between those of the coverage.
    public let interpolation: CoverageInterpolation
    /// The format.
    public let format: CoverageFormat
    /// Bytes in memory at a time.
    let memoryBytes: Int

    /// The type of the samples, which is that of the widest band that is asked for.
    public var type: CoverageSampleType { coverage.bands[bands[0]].type }

    init(
        _ request: CoverageRequest, of coverage: GridCoverage, limits: CoverageLimits
    ) throws(CoverageError) {
        let crs = request.outputCRS ?? coverage.crs
        guard crs == coverage.crs || coverage.isReprojected else {
            throw .unsupportedCRS(
                found: crs.identifier.description, coverage: coverage.identifier,
                remedy:
                    "it is the file's own grid; ask for \(coverage.mapIdentifier), which is given in any system"
            )
        }
        guard crs.body.naifCode == coverage.crs.body.naifCode else {
            throw .unsupportedCRS(
                found: crs.identifier.description, coverage: coverage.identifier,
                remedy: "it shows \(coverage.crs.body.name)")
        }
        let interpolation = request.interpolation ?? coverage.interpolations[0]
        guard coverage.interpolations.contains(interpolation) else {
            throw .unsupportedInterpolation(
                found: interpolation.rawValue, offered: coverage.interpolations.map(\.rawValue))
        }
        let bands = request.bands ?? Array(coverage.bands.indices)
        guard !bands.isEmpty, bands.allSatisfy(coverage.bands.indices.contains) else {
            throw .unknownBand(
                found: bands.map(String.init).joined(separator: ","), offered: coverage.bands.map(\.name))
        }
        self.coverage = coverage
        self.crs = crs
        self.bands = bands
        self.interpolation = interpolation
        format = request.format
        memoryBytes = limits.memoryBytes
        (grid, pixels) = try Self.grid(request, coverage, crs)
        try check(limits)
    }

    private static func grid(
        _ request: CoverageRequest, _ coverage: GridCoverage, _ crs: MapCRS
    ) throws(CoverageError) -> (CoverageGrid, CoveragePixels?) {
        let own = coverage.grid
        let isOwn = crs == coverage.crs
        var pixels: CoveragePixels?
        var isOverSeam = false
        let box: MapBox
        let outside = CoverageError.outside(coverage: coverage.identifier, extent: own.box)
        do throws(MapsError) {
            switch request.area {
            case .whole:
                pixels = own.pixels
            case .pixels(let part):
                let whole = own.pixels
                let inside = CoveragePixels(
                    columns: part.columns.clamped(to: whole.columns), rows: part.rows.clamped(to: whole.rows))
                guard !inside.columns.isEmpty, !inside.rows.isEmpty else { throw .badBox(own.box) }
                pixels = inside
            case .box(let asked, let system) where system == coverage.crs:
                pixels = own.pixels(of: asked, turn: crs.periodX)
                if pixels == nil { throw .badBox(own.box) }
            default: break
            }
            switch request.area {
            case .exactly(let asked): box = asked
            case .box(let asked, let system) where system == crs && !isOwn:
                // What lies outside of the system's domain has no data, as it has where edges are exact.
                guard asked.intersection(crs.domain) != nil else { throw .badBox(own.box) }
                box = asked
            case .box(let asked, let system) where system != coverage.crs:
                let around = try system.box(around: asked, in: crs)
                if isOwn {
                    pixels = own.pixels(of: around, turn: crs.periodX)
                    guard let found = pixels else { throw .badBox(own.box) }
                    if own.isCut(around, turn: crs.periodX) {
                        isOverSeam = true
                        pixels = nil
                        box = own.box(over: around, rows: found.rows)
                    } else {
                        box = around
                    }
                } else {
                    box = around
                }
            default:
                box =
                    isOwn
                    ? own.box(of: pixels ?? own.pixels)
                    : try coverage.crs.box(around: own.box(of: pixels ?? own.pixels), in: crs)
            }
        } catch .badBox {
            throw outside
        } catch {
            throw .maps(error)
        }
        guard box.isProper else { throw outside }
        guard !isOverSeam || coverage.isReprojected else {
            throw .unsupportedCRS(
                found: "a box that reaches over the ends of its grid", coverage: coverage.identifier,
                remedy:
                    "ask for the parts on both sides by themselves, or for \(coverage.mapIdentifier), which has no ends"
            )
        }
        // As many pixels as there are on the ground, where nothing else is said.
        let metres = (
            own.pixelWidth * coverage.crs.metresPerUnit, own.pixelHeight * coverage.crs.metresPerUnit
        )
        func count(_ length: Double, _ pixel: Double) -> Int {
            Int(min(max((length * crs.metresPerUnit / pixel).rounded(), 1), 1e15))
        }
        let (edges, natural): (MapBox, (width: Int, height: Int))
        if isOwn, let pixels {
            edges = own.box(of: pixels)
            natural = (pixels.columns.count, pixels.rows.count)
        } else {
            edges = box
            natural = (count(box.width, metres.0), count(box.height, metres.1))
        }
        let width = request.width ?? natural.width
        let height = request.height ?? natural.height
        guard width > 0, height > 0, width <= Int32.max, height <= Int32.max else {
            throw .badSize(
                width: width, height: height, reason: "each side may have 1 to \(Int32.max) pixels")
        }
        let grid = CoverageGrid(
            originX: edges.minX, originY: edges.maxY, pixelWidth: edges.width / Double(width),
            pixelHeight: edges.height / Double(height), width: width, height: height)
        let isUnscaled = isOwn && width == pixels?.columns.count && height == pixels?.rows.count
        return (grid, isUnscaled ? pixels : nil)
    }

    private func check(_ limits: CoverageLimits) throws(CoverageError) {
        let (pixels, overflow) = grid.width.multipliedReportingOverflow(by: grid.height)
        guard !overflow, pixels <= limits.pixels else {
            throw .tooLarge(found: overflow ? .max : pixels, limit: limits.pixels, unit: "pixels")
        }
        let (bytes, tooMany) = pixels.multipliedReportingOverflow(by: bands.count * type.size)
        guard !tooMany, bytes <= limits.bytes else {
            throw .tooLarge(found: tooMany ? .max : bytes, limit: limits.bytes, unit: "bytes")
        }
        let limit: (bytes: Int, unit: String)
        switch format.kind {
        case .png, .jpeg: limit = (limits.memoryBytes, "bytes as a picture")
        case .geoTIFF where format.isSpooled: limit = (limits.spooledBytes, "bytes before compression")
        case .geoTIFF, .fits: limit = (limits.bytes, "bytes")
        }
        guard bytes <= limit.bytes else {
            throw .tooLarge(found: bytes, limit: limit.bytes, unit: limit.unit)
        }
        guard coverage.formats.contains(format.kind) else {
            throw .unsupportedFormat(
                found: format.kind.mediaType,
                reason:
                    "it is sent as \(coverage.formats.map(\.mediaType).joined(separator: ", "))")
        }
        guard format.kind == .geoTIFF || format.kind == .fits || isPicture else {
            throw .unsupportedFormat(
                found: format.kind.mediaType,
                reason:
                    "a picture has 1 or 3 bands and opacity behind them or not, and asked for is "
                    + bands.map { coverage.bands[$0].name }.joined(separator: ", "))
        }
        // What has to be in memory at a time, at least.
        let rows = (bytes / grid.height).multipliedReportingOverflow(by: format.tile?.height ?? 1)
        let most = format.tile == nil ? limits.memoryBytes / 4 : limits.memoryBytes
        guard !rows.overflow, rows.partialValue <= most else {
            throw .tooLarge(
                found: rows.overflow ? .max : rows.partialValue, limit: most,
                unit: format.tile == nil ? "bytes in a row of pixels" : "bytes in a row of tiles")
        }
        if let reading = ScaledReading(self) { try check(reading, limits) }
    }

    /// What an answer of few pixels may cost nevertheless.
    private func check(_ reading: ScaledReading, _ limits: CoverageLimits) throws(CoverageError) {
        let samples = reading.samples
        guard !coverage.isRemote || samples <= limits.sourcePixels else {
            throw .tooMuchRead(
                found: samples, limit: limits.sourcePixels, unit: "pixels from another server",
                remedy: "ask for a smaller part, or for the map itself, \(coverage.mapIdentifier)")
        }
        // That much GDAL takes for a million samples, whatever is asked for.
        let most = max(limits.memoryBytes, 64 << 20)
        guard reading.workBytes <= most else {
            throw .tooMuchRead(
                found: reading.workBytes, limit: most, unit: "bytes of memory for what becomes one pixel",
                remedy:
                    "ask for more pixels, for a smaller part, for the interpolation "
                    + "\"\(CoverageInterpolation.nearest.rawValue)\" or for the map itself, \(coverage.mapIdentifier)"
            )
        }
    }

    /// Whether the bands are those of a picture: grey or three colours, and opacity behind them or not.
    private var isPicture: Bool { bands.count == 1 || bands.count == 3 || alpha != nil }
}

extension CoverageFormat {
    /// Whether the answer has to be put together in a file before its first byte is known.
    var isSpooled: Bool { kind == .geoTIFF && (compression != .none || tile != nil || isCloudOptimised) }
}

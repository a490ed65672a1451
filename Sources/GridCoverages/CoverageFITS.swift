internal import FITS
internal import Glibc
internal import Maps
internal import PlanetaryFrames

/// The world coordinates of a planetary FITS image (C. Marmo et al., Earth and Space Science 5, 2018).
struct PlanetaryWCS {
    /// Cards of the coordinates, the body and its radii.
    let cards: [FITSCard]

    init(_ plan: CoveragePlan) throws(CoverageError) {
        let (crs, grid) = (plan.crs, plan.grid)
        let frame = crs.frame
        func refuse(_ reason: String) -> CoverageError {
            .unsupportedFormat(
                found: "FITS in \(crs.identifier)",
                reason: "\(reason); ask for \(crs.body.iauCode(10)) or \(crs.body.iauCode(0))")
        }
        guard frame.longitudeSense == .east, frame.latitudeKind == .planetocentric else {
            throw refuse("its longitudes or latitudes are planetographic")
        }
        guard crs.metresPerUnit == frame.metresPerUnit else {
            throw refuse("its metres are those of the Earth")
        }
        let code: String
        switch frame.projection {
        case .geographic, .equirectangular: code = "CAR"
        case .sinusoidal: code = "SFL"
        case .polarStereographic: code = "STG"
        case .mollweide: code = "MOL"
        case .orthographic: code = "SIN"
        default: throw refuse("FITS has no such projection")
        }
        let origin = frame.falseOrigin
        let centre: (lonDeg: Double, latDeg: Double)
        do {
            guard let found = try crs.direction(x: origin.x, y: origin.y) else {
                throw refuse("its centre is no place")
            }
            centre = found
        } catch let error as MapsError {
            throw CoverageError(error)
        } catch {
            throw refuse("its centre is no place")
        }
        // Degrees in a unit of x and y where the map is true to scale; along the parallel for equirectangular maps.
        var perX = crs.isGeographic ? 1 : 180 / .pi / frame.radiusMetres * frame.metresPerUnit
        var perY = perX
        var (centreX, lon, lat) = (origin.x, centre.lonDeg, centre.latDeg)
        switch frame.projection {
        case .geographic: (centreX, lon, lat) = (0, 0, 0)
        case .equirectangular:
            if let period = crs.periodX { perX = 360 / period }
            lat = 0
        case .sinusoidal, .mollweide: lat = 0
        case .polarStereographic:
            (lon, lat) = (Self.meridian(crs, origin), lat > 0 ? 90 : -90)
            // The map may be true to scale at a parallel, that of FITS is at the pole (FITS 4.0 with M. R. Calabretta and
            // E. W. Greisen, A&A 395, 2002, eq. 54).
            let near = (try? crs.coordinates(of: [(lon, lat - (lat > 0 ? 1 : -1))]))?.first
            guard let near, near.x.isFinite, near.y.isFinite else { throw refuse("its pole is no place") }
            let distance =
                ((near.x - origin.x) * (near.x - origin.x) + (near.y - origin.y) * (near.y - origin.y))
                .squareRoot()
            perX = 2 * (180 / .pi) * tan(0.5 * .pi / 180) / distance
            perY = perX
        default: break
        }
        if lon > 180 { lon -= 360 }
        let prefix = Self.prefix(crs.body)
        func real(_ keyword: String, _ value: Double, _ comment: String) -> FITSCard {
            FITSCard(keyword, .real(value), comment: comment)
        }
        // FITS counts pixels from 1, at their centres, from the lowest row.
        let south = grid.originY - Double(grid.height) * grid.pixelHeight
        var cards: [FITSCard] = [
            FITSCard("CTYPE1", .string("\(prefix)LN-\(code)"), comment: "planetocentric longitude, east"),
            FITSCard("CTYPE2", .string("\(prefix)LT-\(code)"), comment: "planetocentric latitude"),
            FITSCard("CUNIT1", .string("deg")), FITSCard("CUNIT2", .string("deg")),
            real("CRPIX1", (centreX - grid.originX) / grid.pixelWidth + 0.5, "pixel of the reference"),
            real("CRPIX2", (origin.y - south) / grid.pixelHeight + 0.5, "pixel of the reference"),
            real("CDELT1", grid.pixelWidth * perX, "degrees of a pixel"),
            real("CDELT2", grid.pixelHeight * perY, "degrees of a pixel"),
            real("CRVAL1", lon, "longitude of the reference"),
            real("CRVAL2", lat, "latitude of the reference"),
        ]
        if code == "STG" || code == "SIN" {
            cards.append(real("LONPOLE", 180, "native longitude of the pole"))
        }
        cards.append(FITSCard("WCSNAME", .string(String(frame.crsName.filter(\.isASCII).prefix(60)))))
        cards.append(FITSCard("OBJECT", .string(crs.body.name)))
        cards += [
            real("A_RADIUS", frame.radiusMetres, "m, of the sphere of the map"),
            real("B_RADIUS", frame.radiusMetres, "m"), real("C_RADIUS", frame.polarRadiusMetres, "m"),
        ]
        self.cards = cards
    }

    /// The central meridian of a polar map: that of places below a south pole's view, above a north one's.
    private static func meridian(_ crs: MapCRS, _ pole: (x: Double, y: Double)) -> Double {
        let step = crs.domain.height / 8
        guard let centre = (try? crs.direction(x: pole.x, y: pole.y)) ?? nil else { return 0 }
        let isNorth = centre.latDeg > 0
        let place = (try? crs.direction(x: pole.x, y: pole.y + (isNorth ? -step : step))) ?? nil
        let lon = place?.lonDeg ?? 0
        // Whole but for rounding.
        return abs(lon - lon.rounded()) < 1e-9 ? lon.rounded() : lon
    }

    /// The letters of a body's kind before LN and LT.
    private static func prefix(_ body: Body) -> String {
        switch body.naifCode {
        case 199: "ME"
        case 299: "VE"
        case 399: "EA"
        case 499: "MA"
        case 599: "JU"
        case 699: "SA"
        case 799: "UR"
        case 899: "NE"
        case 301: "SE"
        // "Other satellites", and what is no planet.
        default: "ST"
        }
    }
}

extension CoverageMaker {
    func fits(
        _ plan: CoveragePlan, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> CoverageProduct {
        var cards = try PlanetaryWCS(plan).cards
        let band = plan.coverage.bands[plan.bands[0]]
        var (bitpix, zero) = (0, 0.0)
        switch plan.type {
        case .uint8: bitpix = 8
        // What FITS has no type for is moved into one that it has (4.4.2.5).
        case .int8: (bitpix, zero) = (8, -128)
        case .int16: bitpix = 16
        case .uint16: (bitpix, zero) = (16, 32768)
        case .int32: bitpix = 32
        case .uint32: (bitpix, zero) = (32, 2_147_483_648)
        case .float32: bitpix = -32
        case .float64: bitpix = -64
        }
        if !band.isUnscaled || zero != 0 {
            cards.append(FITSCard("BSCALE", .real(band.scale)))
            cards.append(FITSCard("BZERO", .real(band.offset + zero * band.scale)))
        }
        if plan.type.isInteger, let noData = plan.noData, let blank = Int64(exactly: noData - zero) {
            cards.append(FITSCard("BLANK", .integer(blank), comment: "no data"))
        }
        if let unit = band.unit, unit != "1" {
            cards.append(FITSCard("BUNIT", .string(String(unit.filter(\.isASCII).prefix(60)))))
        }
        if let vertical = plan.coverage.vertical {
            cards.append(FITSCard("VERTREF", .string(String(vertical.filter(\.isASCII).prefix(68)))))
        }
        var axes = [plan.grid.width, plan.grid.height]
        if plan.bands.count > 1 { axes.append(plan.bands.count) }
        let head: [UInt8]
        do {
            head = try FITSHeaderText.image(bitpix: bitpix, axes: axes, cards: cards)
        } catch {
            throw .writing(reason: "its header cannot be written: \(error)")
        }
        let size = axes.reduce(plan.type.size, *)
        let pieces = FITSPieces(
            head: head, strips: try strips(plan, cancelled), plan: plan, isMoved: zero != 0,
            filling: FITSHeaderText.filling(size))
        return CoverageProduct(
            mediaType: plan.format.kind.mediaType, fileName: plan.fileName, width: plan.grid.width,
            height: plan.grid.height, byteCount: head.count + size + FITSHeaderText.filling(size).count,
            pieces: pieces)
    }
}

/// A head, then the bands one after the other, each from the lowest row to the uppermost, in big-endian order.
struct FITSPieces: CoveragePieces {
    private var head: [UInt8]?
    private var strips: any CoverageStrips
    private let plan: CoveragePlan
    private let layout: StripLayout
    /// Whether the highest bit of samples is turned, which takes half of the range from them or adds it.
    private let isMoved: Bool
    private var filling: [UInt8]?
    private var band = 0
    /// The rows that are still to come are above this one.
    private var row: Int

    init(
        head: [UInt8], strips: any CoverageStrips, plan: CoveragePlan, isMoved: Bool, filling: [UInt8]
    ) {
        self.head = head
        self.strips = strips
        self.plan = plan
        layout = plan.layout
        self.isMoved = isMoved
        self.filling = filling.isEmpty ? nil : filling
        row = plan.grid.height
    }

    mutating func next() throws(CoverageError) -> [UInt8]? {
        if let head {
            self.head = nil
            return head
        }
        if row == 0 {
            band += 1
            row = plan.grid.height
        }
        guard band < plan.bands.count else {
            defer { filling = nil }
            return filling
        }
        // The strips of a GeoTIFF, so that both hold the same numbers.
        let rows = layout.strip(of: row - 1).lowerBound..<row
        row = rows.lowerBound
        let samples = try strips.samples(rows: rows, bands: [plan.bands[band]])
        if row == 0, band == plan.bands.count - 1 { try strips.finish() }
        return turned(samples, rows: rows.count)
    }

    private func turned(_ samples: [UInt8], rows: Int) -> [UInt8] {
        let size = plan.type.size
        let length = plan.grid.width * size
        return [UInt8](unsafeUninitializedCapacity: samples.count) { buffer, initialised in
            for row in 0..<rows {
                let (source, target) = (row * length, (rows - 1 - row) * length)
                for first in stride(from: 0, to: length, by: size) {
                    for byte in 0..<size {
                        buffer[target + first + byte] = samples[source + first + size - 1 - byte]
                    }
                    if isMoved { buffer[target + first] ^= 0x80 }
                }
            }
            initialised = samples.count
        }
    }
}

internal import FITS
internal import HEALPix
internal import HiPS
internal import MOC
internal import PlanetaryFrames
internal import Storage
internal import Tiles

/// The steps from the files of a HiPS to what a layer knows of it, each with its refusal.
struct LayerOpener {
    let name: MapName
    let properties: HiPSProperties
    let files: any HiPSFiles

    /// What the tiles hold.
    struct Content {
        var format: TileFormat
        var kind: LayerKind
        var samples: MapLayer.SampleType
        var sampleKind = LayerSampleKind.picture
        var cut: ClosedRange<Double>?
    }

    func body(in catalogue: BodyCatalogue) throws(MapsError) -> Body {
        let words = [name.body, properties.body, properties.frame].compactMap { $0 }
        for word in words {
            if let body = catalogue.bodies.first(where: { $0.pathName == word.lowercased() }) { return body }
            if let body = try? catalogue.body(named: word) { return body }
        }
        throw refused("no body is known by the name \(name.body)")
    }

    func orders() throws(MapsError) -> ClosedRange<Order> {
        guard let deepest = properties.order else { throw refused("its properties have no hips_order") }
        let first = properties.orderMin ?? .zero
        guard first <= deepest else {
            throw refused("its hips_order_min \(first) lies below its hips_order \(deepest)")
        }
        return first...deepest
    }

    func tileWidth() throws(MapsError) -> Int {
        guard let width = properties.tileWidth, width >= 8, width <= 4096, width & (width - 1) == 0 else {
            throw refused(
                "its hips_tile_width is \(properties["hips_tile_width"] ?? "absent"), where a power of two from 8 to "
                    + "4096 is expected")
        }
        return width
    }

    func coverage() throws(MapsError) -> MOC? {
        guard let bytes = try read(.coverage) else { return nil }
        guard let document = try? MOCDocument(reading: bytes), case .space(let moc) = document.coverage
        else { return nil }
        return moc
    }

    func content(
        orders: ClosedRange<Order>, coverage: MOC?, tileWidth: Int
    ) throws(MapsError) -> Content {
        let formats = (properties.formats ?? []).sorted()
        guard let format = formats.first else { throw refused("its properties name no tile format") }
        let order = orders.lowerBound
        for npix in 0..<min(order.cellCount, 4096) {
            guard let cell = Cell(order: order, npix: npix), coverage?.intersects(cell) ?? true,
                let bytes = try read(.tile(cell, format))
            else { continue }
            return format == .fits
                ? try values(bytes, cell) : try picture(bytes, format, cell)
        }
        throw refused("no \(format.rawValue) tile of order \(order) is there")
    }

    private func values(_ bytes: [UInt8], _ cell: Cell) throws(MapsError) -> Content {
        let image: FITSImage
        do {
            image = try FITSImage.decode(bytes)
        } catch {
            throw refused("its tile \(cell) cannot be read: \(error)")
        }
        let isScaled = (image.cards.real("BSCALE") ?? 1) != 1 || (image.cards.real("BZERO") ?? 0) != 0
        let samples: MapLayer.SampleType
        let sampleKind: LayerSampleKind
        switch image.samples {
        case .uint8 where !isScaled, .int16 where !isScaled, .int32 where !isScaled:
            sampleKind = .integer(bits: image.bitpix)
        case .int32, .double: sampleKind = .real(bits: 64)
        case .uint8, .int16, .float: sampleKind = .real(bits: 32)
        }
        switch image.samples {
        case .int16 where !isScaled: samples = .int16
        case .uint8, .int16, .float: samples = .float
        case .int32, .double: samples = .double
        }
        var unit = image.cards.string("BUNIT") ?? properties["hips_pixel_unit"]
        // "elevation above the areoid, in m"
        let vertical = properties["tessera_vertical"]
        let words = vertical?.prefix { $0 != "," } ?? ""
        let reference = words.isEmpty ? nil : String(words)
        if let vertical, let range = vertical.firstRange(of: ", in ") {
            unit = String(vertical[range.upperBound...].prefix { $0 != " " && $0 != "," })
        }
        return Content(
            format: .fits, kind: .values(unit: unit, reference: reference), samples: samples,
            sampleKind: sampleKind, cut: cut ?? 0...1)
    }

    /// The cut of the properties, or the range of the data where there is none.
    private var cut: ClosedRange<Double>? {
        for pair in [properties.pixelCut, properties.dataRange] {
            if let pair, pair.low.isFinite, pair.high.isFinite, pair.low < pair.high {
                return pair.low...pair.high
            }
        }
        return nil
    }

    private func picture(_ bytes: [UInt8], _ format: TileFormat, _ cell: Cell) throws(MapsError) -> Content {
        let picture: Picture
        do {
            picture = try PictureDecoder.decode(bytes)
        } catch {
            throw refused("its tile \(cell) cannot be read: \(error)")
        }
        let isGrey = picture.channels < 3 && properties["dataproduct_subtype"] != "color"
        // Only JPEG is certain to have no transparency in any tile.
        return Content(
            format: format, kind: isGrey ? .grey : .colour,
            samples: isGrey && format == .jpeg ? .bytes : .colours, cut: nil)
    }

    private func read(_ file: HiPSFile) throws(MapsError) -> [UInt8]? {
        do {
            return try files.bytes(of: file)
        } catch {
            if error.mayPass {
                throw .unavailable(
                    layer: name.description, file: file.path, reason: error.description)
            }
            throw refused(error.description)
        }
    }

    private func refused(_ reason: String) -> MapsError {
        .unusableLayer(name: name.description, reason: reason)
    }
}

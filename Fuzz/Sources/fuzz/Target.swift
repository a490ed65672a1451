import FITS
import Glibc
import HEALPix
import HiPS
import MOC
import Maps
import OGC
import PlanetaryFrames
import Regions
import Settings
import Tiles

/// The parsers of what comes from outside, each with what must hold of whatever it accepts.
enum Target: String, CaseIterable {
    case survey
    case properties
    case mocASCII = "moc-ascii"
    case mocJSON = "moc-json"
    case mocFITS = "moc-fits"
    case mocAny = "moc-any"
    case picture
    case image
    case world
    case crs
    case label
    case header
    case map
    case body
    case bodies
    case shapesGeoJSON = "shapes-geojson"
    case shapesWKT = "shapes-wkt"
    case shapesRegion = "shapes-region"
    case shapesTable = "shapes-table"
    case shapesAny = "shapes-any"
    case time
    case wmsQuery = "wms-query"
    case wmtsQuery = "wmts-query"
    case settings
    case votable
    case wfsRequest = "wfs-request"
    case xml
    case filter
    case gml
    case wcsQuery = "wcs-query"
    case wcsDocument = "wcs-document"

    func run(_ bytes: [UInt8]) {
        switch self {
        case .votable: VOTableTarget.table(bytes)
        case .survey: survey(String(decoding: bytes, as: UTF8.self))
        case .properties: properties(String(decoding: bytes, as: UTF8.self))
        case .mocASCII: try? moc(MOC(ascii: String(decoding: bytes, as: UTF8.self)))
        case .mocJSON: try? moc(MOC(json: String(decoding: bytes, as: UTF8.self)))
        case .mocFITS: try? moc(MOC(fits: bytes))
        case .mocAny: document(bytes)
        case .picture: picture(bytes)
        case .image: image(bytes)
        case .world: RasterTarget.shared.world(bytes)
        case .label: LabelTarget.label(bytes)
        case .header: LabelTarget.header(bytes)
        case .crs: RasterTarget.shared.crs(String(decoding: bytes, as: UTF8.self))
        case .map: FrameTarget.shared.map(String(decoding: bytes, as: UTF8.self))
        case .body: FrameTarget.shared.body(String(decoding: bytes, as: UTF8.self))
        case .bodies: bodies(String(decoding: bytes, as: UTF8.self))
        case .shapesGeoJSON:
            shapes { options, use throws(RegionError) in
                try GeoJSONReader.read(bytes, options: options, use)
            }
        case .shapesWKT:
            shapes { options, use throws(RegionError) in
                try WKTReader.read(bytes, options: options, use)
            }
        case .shapesRegion:
            shapes { options, use throws(RegionError) in
                try RegionStringReader.read(bytes, options: options, use)
            }
        case .shapesAny:
            guard let form = ShapeText(detecting: bytes) else { return }
            shapes { options, use throws(RegionError) in try form.read(bytes, options: options, use) }
        case .time: time(String(decoding: bytes, as: UTF8.self))
        case .wmsQuery: wmsQuery(String(decoding: bytes, as: UTF8.self))
        case .settings: settings(bytes)
        case .wmtsQuery: wmtsQuery(String(decoding: bytes, as: UTF8.self))
        case .wfsRequest: wfsRequest(bytes)
        case .xml: FilterTarget.shared.xml(bytes)
        case .filter: FilterTarget.shared.filter(String(decoding: bytes, as: UTF8.self))
        case .gml: FilterTarget.shared.gml(bytes)
        case .wcsQuery: wcs(WCSExchange(query: String(decoding: bytes, as: UTF8.self)))
        case .wcsDocument: wcs(WCSExchange(document: bytes))
        case .shapesTable:
            shapes { options, use throws(RegionError) in
                try TableReader.read(bytes, columns: .regions("r"), options: options, use)
            }
        }
    }

    /// A configuration file is used within its limits, or refused by mistakes that each have a line and a column; variables of the
    /// environment with the same text likewise.
    private func settings(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(SettingsError) {
            let settings = try ServerSettings.parse(text, file: "server.yaml")
            usable(settings)
            usable(settings.overridden(by: settings))
        } catch {
            // The ends of lines that YAML 1.1 knows.
            let ends: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
            let lines = text.unicodeScalars.reduce(1) { $0 + (ends.contains($1) ? 1 : 0) }
            require(
                !error.mistakes.isEmpty && error.description.contains("server.yaml"), "no mistake is told")
            for mistake in error.mistakes {
                require((1...lines + 1).contains(mistake.line), "\(mistake) of \(lines) lines")
                require(mistake.column >= 1 && !mistake.message.isEmpty, "\(mistake)")
            }
        }
        // One variable a line, as a file of systemd has them.
        var environment: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { environment["TESSERA_" + parts[0]] = String(parts[1]) }
        }
        do throws(SettingsValueError) {
            usable(try ServerSettings.reading(environment: environment).settings)
        } catch {
            require(
                !error.mistakes.isEmpty && error.mistakes.allSatisfy { $0.hasPrefix("TESSERA_") }, "\(error)")
        }
    }

    /// What a server can take from settings as they are.
    private func usable(_ settings: ServerSettings) {
        let limits = settings.limits
        for (number, range) in [
            (settings.port, 0...65535), (limits.mapWidth, 1...16384), (limits.mapHeight, 1...16384),
            (limits.mapLayers, 1...100), (limits.workers, 1...1024), (limits.queue, 0...100_000),
            (limits.connections, 1...1_000_000), (limits.idleSeconds, 1...86400),
            (limits.drainSeconds, 0...86400), (settings.cache.tiles, 0...1_000_000),
            (settings.cache.disk, 0...1_000_000_000), (settings.tileMaxAge, 0...31_536_000),
        ] {
            require(number.map(range.contains) ?? true, "\(String(describing: number)) is not in \(range)")
        }
        let texts = [
            settings.data, settings.host, settings.baseURL, settings.service.title, settings.accessLog.file,
        ]
        for text in texts.compactMap(\.self) {
            require(
                !text.isEmpty && !text.unicodeScalars.contains { $0.value < 0x20 }, "\(text.debugDescription)"
            )
        }
        require(
            settings.baseURL.map { $0.hasPrefix("http") && !$0.hasSuffix("/") } ?? true,
            "\(settings.baseURL ?? "")")
        require(
            settings.maps.keys.allSatisfy { $0.split(separator: "/").count == 2 }, "\(settings.maps.keys)")
        for body in settings.bodies.values {
            require(body.definitions.keys.allSatisfy { $0.split(separator: ":").count == 2 }, "\(body)")
        }
    }

    /// Every request is read within its limits, or refused by an answer of its version.
    private func wmsQuery(_ text: String) {
        // Small pictures, since exceptions are drawn as well.
        let limits = WMSLimits(largestWidth: 64, largestHeight: 64, mostPixels: 8192, mostLayers: 4)
        let exchange = WMSExchange(text, limits: limits)
        switch exchange.request {
        case .failure(let mistake):
            let answer = exchange.refusal(mistake)
            require(!answer.body.isEmpty && [200, 400].contains(answer.status), "\(answer.status)")
            require(answer.body.count < 100_000 && !mistake.text.isEmpty, "\(answer.body.count) bytes")
        case .success(.map(let map, _)), .success(.featureInfo(let map, _)):
            require((1...64).contains(map.width) && (1...64).contains(map.height), "its size")
            require((1...4).contains(map.layers.count) && map.layers.count == map.styles.count, "its layers")
            require(
                map.box.allSatisfy(\.isFinite) && map.box[0] < map.box[2] && map.box[1] < map.box[3],
                "\(map.box)")
            require(map.opacities.allSatisfy { (0...1).contains($0) }, "\(map.opacities)")
        case .success(.legend(let legend)): require(!legend.layer.isEmpty, "a legend of nothing")
        case .success(.capabilities): break
        }
    }

    /// Every request is read, or refused by a document with the right status; what was read holds finite numbers.
    private func wcs(_ exchange: WCSExchange) {
        switch exchange.request {
        case .failure(let mistake):
            let answer = exchange.refusal(mistake)
            require([400, 404, 501].contains(answer.status), "\(answer.status)")
            require(!answer.body.isEmpty && answer.body.count < 100_000, "\(answer.body.count) bytes")
        case .success(.coverage(let wish)):
            require(!wish.coverage.isEmpty, "a coverage without a name")
            for subset in wish.subsets {
                switch subset.part {
                case .slice(let place): require(place.isFinite, "\(place)")
                case .trim(let low, let high):
                    require((low ?? 0).isFinite && (high ?? 0).isFinite, "\(subset)")
                    if let low, let high { require(low <= high, "\(subset)") }
                }
            }
        case .success(.plainCoverage(let wish)):
            require(!wish.coverage.isEmpty && !wish.format.isEmpty, "a coverage without a name or a format")
            require(wish.box?.allSatisfy(\.isFinite) ?? true, "\(wish)")
        case .success(.description(_, let names)): require(names.allSatisfy { !$0.isEmpty }, "\(names)")
        case .success(.capabilities): break
        }
    }

    /// Every request in keys and every path is read, or refused by a document with the right status.
    private func wmtsQuery(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let exchanges = [
            WMTSExchange(query: text), WMTSExchange(resource: parts), WMTSExchange(tiles: parts, query: text),
        ]
        for exchange in exchanges {
            switch exchange.request {
            case .failure(let mistake):
                let answer = exchange.refusal(mistake)
                let statuses = exchange.binding == .query ? [400, 501] : [404]
                require(statuses.contains(answer.status), "\(answer.status)")
                require(!answer.body.isEmpty && answer.body.count < 100_000, "\(answer.body.count) bytes")
            case .success(.capabilities(let wish)):
                require(["text/xml", "application/xml"].contains(wish.mediaType), wish.mediaType)
            case .success(.tile(let tile)), .success(.featureInfo(let tile, _)):
                require(exchange.layerName == tile.layer && tile.format != .png8, "\(tile)")
            case .success(.tileJSON(let layer, _, let format, _)):
                require(exchange.layerName == layer && format != .png8, layer)
            }
        }
    }

    /// Every request in keys and every document is read, or refused by a document with the right status.
    private func wfsRequest(_ bytes: [UInt8]) {
        for exchange in [
            WFSExchange(document: bytes), WFSExchange(query: String(decoding: bytes, as: UTF8.self)),
        ] {
            switch exchange.request {
            case .failure(let mistake):
                let answer = exchange.refusal(mistake)
                require([400, 413, 501].contains(answer.status), "\(answer.status)")
                require(!answer.body.isEmpty && answer.body.count < 100_000, "\(answer.body.count) bytes")
            case .success(.features(let request)), .success(.values(let request, _)):
                require((1...100).contains(request.queries.count), "\(request.queries.count) queries")
                require(request.start >= 0 && request.count ?? 0 >= 0, "its page")
                for query in request.queries {
                    for name in query.properties {
                        let column = PropertyName.decoded(name)
                        require(PropertyName.decoded(PropertyName.encoded(column)) == column, "\(name)")
                    }
                }
            case .success: break
            }
        }
    }

    /// Whatever is accepted can be covered: centres are among what is touched, and all lies on the sphere.
    private func shapes(
        _ read: (ShapeOptions, (Region) throws(RegionError) -> Void) throws(RegionError) -> ShapeTally
    ) {
        for options in [ShapeOptions(), ShapeOptions(interior: .left, edges: .geographic, repairs: true)] {
            var left = 20
            _ = try? read(options) { region throws(RegionError) in
                left -= 1
                guard left > 0, let order = Order(4) else { return }
                let touched = try region.ranges(order: order, mode: .inclusive)
                let centres = MOC(order: order, covering: try region.ranges(order: order, mode: .centre))
                require(
                    MOC(order: order, covering: touched).union(centres).ranges == touched,
                    "a centre is not touched")
                require(
                    touched.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= 12 << 58 }, "no such cells")
            }
        }
    }

    /// Moments lie in the years that can be told, and scales differ by less than a minute and a half.
    private func time(_ text: String) {
        guard let atomic = try? CoverageTime(text, scale: .tai).microseconds else { return }
        require(atomic > 148_000_000_000_000_000 && atomic < 465_000_000_000_000_000, "\(atomic)")
        if let universal = try? CoverageTime(text).microseconds {
            require(abs(universal - atomic) <= 90_000_000, "\(universal - atomic)")
        }
    }

    /// Every mistake has a place in the file, and what is accepted lies in its documented range.
    private func survey(_ text: String) {
        let survey: Survey
        do {
            survey = try Survey.parse(text, file: "s.yaml")
        } catch {
            require(!error.mistakes.isEmpty, "no mistake is named")
            let lines = text.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) }
            for mistake in error.mistakes {
                require(mistake.line >= 1 && mistake.column >= 1, "\(mistake)")
                require(mistake.line <= lines + 2, "\(mistake) of \(lines) lines")
                require(!mistake.message.isEmpty, "an empty message")
            }
            return
        }
        if let name = survey.name { require((try? pathName(name)) == name, "name \(name)") }
        if let id = survey.id { require(Survey.isIdentifier(id), "id \(id)") }
        if let order = survey.order { require((0...20).contains(order), "order \(order)") }
        if let order = survey.mocOrder { require((0...29).contains(order), "moc_order \(order)") }
        if let cut = survey.cut {
            require(cut.low.isFinite && cut.high.isFinite && cut.low < cut.high, "\(cut)")
        }
        if let bands = survey.bands {
            require(
                [1, 3].contains(bands.count) && bands.allSatisfy { (1...65_536).contains($0) }, "\(bands)")
        }
        if let extent = survey.extent {
            let width =
                survey.longitudeSense == .west ? abs(extent.east - extent.west) : extent.widthDegrees
            require(width > 0 && width <= 360, "\(extent)")
            require(extent.heightDegrees > 0 && extent.heightDegrees <= 180, "\(extent)")
        }
        if case .rule(let rule) = survey.nodata {
            require((0...64).contains(rule.erodePixels) && rule.values.count <= 32, "\(rule)")
        }
        for line in [
            survey.title, survey.description, survey.credit, survey.licence, survey.crs, survey.body,
        ] {
            require(line?.isEmpty != true && line?.contains(where: \.isNewline) != true, "\(line ?? "")")
        }
        require(Set(survey.inputs).count == survey.inputs.count, "\(survey.inputs)")
        // What is read must not depend on the line ends.
        if !text.utf8.contains(13) {
            let windows = text.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "\r\n")
            if windows.utf8.count <= Survey.largestFileBytes {
                require((try? Survey.parse(windows, file: "s.yaml")) == survey, "CRLF reads differently")
            }
        }
    }

    /// What is accepted of a file of bodies can be added to the known ones.
    private func bodies(_ text: String) {
        guard let bodies = try? BodiesFile.parse(text, file: "bodies.yaml") else { return }
        let catalogue = try? BodyCatalogue.standard().adding(bodies)
        for body in bodies { require(catalogue?.body(naifCode: body.naifCode) != nil, body.name) }
    }

    private func properties(_ text: String) {
        guard let properties = try? HiPSProperties(parsing: text) else { return }
        let again = try? HiPSProperties(parsing: properties.text)
        require(again == properties, "\(properties.text) reads as \(again?.text ?? "nothing")")
        require(Set(properties.pairs.map(\.key)).count == properties.pairs.count, "a key occurs twice")
        // An index page is made of any properties.
        require(!IndexPage.html(properties).isEmpty, "an empty page")
    }

    /// All forms of a coverage read back as the coverage, which is sorted, merged and whole cells.
    private func moc(_ moc: MOC) {
        let size = Int64(1) << Int64(2 * (29 - moc.order.value))
        var end: Int64 = -1
        for range in moc.ranges {
            require(range.lowerBound > end && range.upperBound > range.lowerBound, "\(range) after \(end)")
            require(range.lowerBound % size == 0 && range.upperBound % size == 0, "\(range) at \(moc.order)")
            end = range.upperBound
        }
        require(end <= 12 << 58, "\(end) lies outside")
        require((0...1).contains(moc.coverageFraction), "\(moc.coverageFraction)")
        require((try? MOC(ascii: moc.ascii)) == moc, "ASCII \(moc.ascii.prefix(200))")
        require((try? MOC(json: moc.json)) == moc, "JSON \(moc.json.prefix(200))")
        require((try? MOC(fits: moc.fits(body: "mars"))) == moc, "FITS of \(moc.ascii.prefix(200))")
        require(moc.union(moc) == moc && moc.intersection(moc) == moc, "\(moc.ascii.prefix(200)) with itself")
    }

    /// What is read strictly reads the same with repairs, and whatever is read goes through every form and back; the
    /// operations on it hold to each other.
    private func document(_ bytes: [UInt8]) {
        guard let document = try? MOCDocument(reading: bytes, accepting: .all) else {
            require((try? MOCDocument(reading: bytes)) == nil, "it is read without repairs alone")
            return
        }
        if let strict = try? MOCDocument(reading: bytes) {
            require(strict.coverage == document.coverage && document.repairs.isEmpty, "\(document.repairs)")
        } else {
            require(!document.repairs.isEmpty, "a repair that is not told")
        }
        for format in MOCFormat.allCases {
            guard let form = try? document.encoded(as: format) else {
                require(format == .fitsV1 || !document.cards.isEmpty, "no \(format)")
                continue
            }
            let again = try? MOCDocument(reading: form)
            require(again?.coverage == document.coverage, "\(format)")
        }
        guard case .space(let space) = document.coverage else { return }
        moc(space)
        require(space.complement.complement == space, "the complement of the complement")
        require(space.difference(space).isEmpty && space.symmetricDifference(space).isEmpty, "itself")
        require(space.union(space.complement).ranges == [0..<12 << 58], "with its complement")
        require(space.flatCellCount >= space.cellCount, "\(space.flatCellCount) of \(space.cellCount) cells")
        let shallow = space.degraded(to: Order(5)!)
        if let grown = try? shallow.grown() {
            require(grown.contains(shallow), "it shrinks as it grows")
            require((try? grown.shrunk().contains(shallow)) == true, "grown and shrunk")
        } else {
            require(false, "a border of order 5 is too large")
        }
        let parts = try? shallow.parts()
        require(MOC.union(of: parts ?? [])?.ranges ?? [] == shallow.ranges, "the union of its parts")
    }

    /// What is decoded has as many samples as it says.
    private func picture(_ bytes: [UInt8]) {
        guard let picture = try? PictureDecoder.decode(bytes, maximumSize: 512) else { return }
        let count = picture.width * picture.height * picture.channels
        require(picture.width > 0 && picture.height > 0 && picture.samples.count == count, "its size")
        require((1...4).contains(picture.channels), "\(picture.channels) channels")
    }

    /// What is decoded has as many samples as it says, and its image can be written and read again.
    private func image(_ bytes: [UInt8]) {
        guard let image = try? FITSImage.decode(bytes, maximumSize: 512) else { return }
        let count = image.width * image.height
        switch image.samples {
        case .uint8(let samples): again(samples, image, count)
        case .int16(let samples): again(samples, image, count)
        case .int32(let samples): again(samples, image, count)
        case .float(let samples): again(samples, image, count)
        case .double(let samples): again(samples, image, count)
        }
    }

    private func again<Sample: FITSSample>(_ samples: [Sample], _ image: FITSImage, _ count: Int) {
        require(samples.count == count, "\(samples.count) samples of \(count)")
        do {
            let file = try FITSImageEncoder().encode(samples.span, width: image.width, height: image.height)
            let read = try FITSImage.decode(file)
            require(read.width == image.width && read.height == image.height, "its size changes")
            require(read.bitpix == image.bitpix, "its type changes")
        } catch {
            require(false, "cannot be written again: \(error)")
        }
    }
}

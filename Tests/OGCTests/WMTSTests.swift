import Maps
import PlanetaryFrames
import Testing
import Tiles

@testable import OGC

/// The checklist of a Web Map Tile Service on two small maps.
struct WMTSTests {
    private let maps: SmallMaps
    private let service: WebMapTileService

    init() throws {
        maps = try SmallMaps()
        service = WebMapTileService(
            sets: TileMatrixSets(maps.service.systems, withGeographic: true), systems: maps.service.systems,
            renderer: maps.service.renderer, encoder: maps.service.encoder)
    }

    private static let tile =
        "SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=colours&STYLE=default&FORMAT=image/png"
        + "&TILEMATRIXSET=MarsEquidistantCylindricalSphere&TILEMATRIX=1&TILEROW=0&TILECOL=3"
    private static let info =
        tile.replacing("GetTile", with: "GetFeatureInfo") + "&I=128&J=64&INFOFORMAT=application/json"

    /// What a request is answered with, in the way of the server.
    private func answer(_ query: String) throws -> OGCAnswer {
        let exchange = WMTSExchange(query: query)
        do {
            switch try exchange.request.get() {
            case .capabilities(let wish): return try document().answer(wish)
            case .tile(let tile): return try draw(tile)
            case .featureInfo(let tile, let point): return try service.report(tile, point, layer(tile))
            case .tileJSON: throw OGCException.nothingThere
            }
        } catch let mistake as OGCException {
            return exchange.refusal(mistake)
        }
    }

    private func layer(_ tile: TileParameters) throws -> MapLayer {
        guard let layer = maps.layers.first(where: { $0.name == tile.layer }) else {
            throw OGCException.invalid("LAYER", "is unknown")
        }
        return layer
    }

    private func draw(_ tile: TileParameters) throws -> OGCAnswer {
        let layer = try layer(tile)
        let style = try service.style(tile, of: layer, default: nil)
        let (set, place) = try service.tile(tile)
        guard
            case .drawn(let picture) = try service.draw(place, of: set, layer, style, isCancelled: { false })
        else { return OGCAnswer(status: 204, mediaType: "", body: []) }
        return OGCAnswer(
            mediaType: tile.format.mediaType, body: try service.encoder.encode(picture, as: tile.format))
    }

    private func document() throws -> WMTSCapabilities {
        let layers = try maps.layers.map { layer in
            try TiledLayer(
                layer,
                ServiceLayer(
                    layer, in: maps.service.systems.advertised, renderer: maps.service.renderer,
                    path: "/hips/x"),
                in: service.sets)
        }
        return WMTSCapabilities(
            identity: ServiceIdentity(contact: .init(organization: "An <institute>")), body: "Mars",
            root: "http://127.0.0.1:8080", path: "/mars/wmts", legendPath: "/mars/wms", layers: layers,
            updateSequence: 100)
    }

    /// What heights count from is told of every map of values, whatever its maker says of it besides.
    @Test(arguments: [
        (String?.none, "Values: elevation above the areoid, in m"),
        ("By laser", "By laser. Values: elevation above the areoid, in m"),
        ("By laser.", "By laser. Values: elevation above the areoid, in m"),
        ("The elevation above the areoid by laser", "The elevation above the areoid by laser"),
    ])
    func referencesOfHeightsAreTold(description: String?, expected: String) throws {
        let maps = try SmallMaps(description: description)
        let layers = try maps.layers.map {
            try ServiceLayer(
                $0, in: maps.service.systems.advertised, renderer: maps.service.renderer, path: "/hips/x")
        }
        #expect(layers.map(\.abstract) == [expected, description])
        let map = WMSCapabilities(
            identity: ServiceIdentity(), body: "Mars", root: "http://127.0.0.1:8080", path: "/mars/wms",
            layers: layers, limits: WMSLimits(), updateSequence: 100)
        let tiles = WMTSCapabilities(
            identity: ServiceIdentity(), body: "Mars", root: "http://127.0.0.1:8080", path: "/mars/wmts",
            legendPath: "/mars/wms",
            layers: try zip(maps.layers, layers).map { try TiledLayer($0, $1, in: service.sets) },
            updateSequence: 100)
        for version in WMSVersion.allCases {
            let text = String(decoding: map.document(version), as: UTF8.self)
            #expect(text.contains("<Abstract>\(expected)</Abstract>"), "\(text)")
        }
        let text = String(decoding: try tiles.answer(WMTSDocumentParameters()).body, as: UTF8.self)
        #expect(text.contains("<ows:Abstract>\(expected)"), "\(text)")
    }

    /// Code and locator of an exception, with the status.
    private func mistake(_ query: String) throws -> String {
        let answer = try answer(query)
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.mediaType == "text/xml", text.contains("<ows:ExceptionReport version=\"1.0.0\"") else {
            return "\(answer.status) none"
        }
        func attribute(_ name: String) -> String {
            guard let start = text.firstRange(of: name + "=\"") else { return "-" }
            return String(text[start.upperBound...].prefix { $0 != "\"" })
        }
        return "\(answer.status) \(attribute("exceptionCode")) \(attribute("locator"))"
    }

    // MARK: GetCapabilities

    @Test(arguments: [
        ("", "400 MissingParameterValue Service"), ("%zz=1", "400 MissingParameterValue Service"),
        ("REQUEST=GetCapabilities", "400 MissingParameterValue Service"),
        ("SERVICE=WMS&REQUEST=GetCapabilities", "400 InvalidParameterValue Service"),
        ("SERVICE=WMTS", "400 MissingParameterValue Request"),
        ("SERVICE=WMTS&REQUEST=GetNothing", "501 OperationNotSupported Request"),
        (
            "SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,9.9.9",
            "400 VersionNegotiationFailed AcceptVersions"
        ),
        (
            "SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=Contents,Bogus",
            "400 InvalidParameterValue Sections"
        ),
        (
            "SERVICE=WMTS&REQUEST=GetCapabilities&UPDATESEQUENCE=101",
            "400 InvalidUpdateSequence updateSequence"
        ),
        ("SERVICE=WMTS&REQUEST=GetCapabilities&UPDATESEQUENCE=x", "400 InvalidUpdateSequence updateSequence"),
    ])
    func badRequestsForTheDocument(_ query: String, _ expected: String) throws {
        #expect(try mistake(query) == expected)
    }

    @Test(arguments: [
        "service=WMTS&request=GetCapabilities",
        "SERVICE=wmts&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.0.0",
        "SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=All&UNKNOWN=1&VERSION=1.0.0",
        "SERVICE=WMTS&REQUEST=GetCapabilities&UPDATESEQUENCE=99",
        "SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=",
    ])
    func theWholeDocument(_ query: String) throws {
        let answer = try answer(query)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 200 && answer.mediaType == "text/xml")
        for part in [
            "<ows:ServiceIdentification>", "<ows:ServiceProvider>", "<ows:OperationsMetadata>", "<Contents>",
            "updateSequence=\"100\"", "<ows:ProviderName>An &lt;institute&gt;</ows:ProviderName>",
            "<ows:SupportedCRS>urn:ogc:def:crs:IAU_2015::49910</ows:SupportedCRS>",
            "<ows:SupportedCRS>urn:ogc:def:crs:IAU_2015::49930</ows:SupportedCRS>",
            "<ows:SupportedCRS>urn:ogc:def:crs:IAU_2015::49935</ows:SupportedCRS>",
            "<ows:BoundingBox crs=\"urn:ogc:def:crs:IAU_2015::49910\">",
            "/mars/wmts/1.0.0/colours/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png",
        ] { #expect(text.contains(part), "\(part)") }
        // QGIS and GDAL take this box for one of the Earth, and then show nothing.
        #expect(!text.contains("WGS84BoundingBox"))
    }

    @Test func sectionsOneByOne() throws {
        for wanted in WMTSDocumentParameters.Section.allCases {
            let answer = try answer("SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=\(wanted.rawValue)")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == 200)
            for section in WMTSDocumentParameters.Section.allCases where section != .themes {
                #expect(
                    text.contains(section.rawValue + ">") == (section == wanted), "\(section) of \(wanted)")
            }
        }
    }

    /// A client that has the present document gets no more than its number (OGC 06-121r3, section 7.3.4).
    @Test func thePresentDocumentIsNotSentAgain() throws {
        let answer = try answer("SERVICE=WMTS&REQUEST=GetCapabilities&UPDATESEQUENCE=100")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(
            answer.status == 200 && text.contains("updateSequence=\"100\"") && !text.contains("ows:Title"))
    }

    @Test func formatsOfTheDocument() throws {
        for (formats, expected) in [
            ("application/xml", "application/xml"), ("text/html,application/xml,text/xml", "application/xml"),
            ("text/html", "text/xml"), ("", "text/xml"),
        ] {
            let answer = try answer("SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTFORMATS=\(formats)")
            #expect(answer.status == 200 && answer.mediaType == expected)
        }
    }

    // MARK: GetTile and GetFeatureInfo

    @Test(arguments: [
        ("VERSION", "Version", "2.0.0"), ("LAYER", "Layer", "nosuch"), ("STYLE", "Style", "nosuch"),
        ("FORMAT", "Format", "image/tiff"), ("TILEMATRIXSET", "TileMatrixSet", "GoogleMapsCompatible"),
        ("TILEMATRIX", "TileMatrix", "24"), ("TILEMATRIX", "TileMatrix", "01x"),
        ("TILEROW", "TileRow", "one"), ("TILECOL", "TileCol", "1.5"),
    ])
    func eachParameterMissingOrWrong(_ name: String, _ locator: String, _ wrong: String) throws {
        for request in [Self.tile, Self.info] {
            let others = request.split(separator: "&").filter { !$0.hasPrefix(name + "=") }.joined(
                separator: "&")
            #expect(try mistake(others) == "400 MissingParameterValue \(locator)")
            #expect(try mistake(others + "&\(name)=\(wrong)") == "400 InvalidParameterValue \(locator)")
        }
    }

    @Test(arguments: [
        ("TILEROW", "TileRow", "2"), ("TILEROW", "TileRow", "-1"), ("TILECOL", "TileCol", "4"),
        ("TILECOL", "TileCol", "99999999999999999999"),
    ])
    func rowsAndColumnsOutOfRange(_ name: String, _ locator: String, _ wrong: String) throws {
        for request in [Self.tile, Self.info] {
            let others = request.split(separator: "&").filter { !$0.hasPrefix(name + "=") }.joined(
                separator: "&")
            #expect(try mistake(others + "&\(name)=\(wrong)") == "400 TileOutOfRange \(locator)")
        }
    }

    @Test func pixelsAndFormatsOfFeatureInfo() throws {
        for (name, locator) in [("I", "I"), ("J", "J"), ("INFOFORMAT", "InfoFormat")] {
            let others = Self.info.split(separator: "&").filter { !$0.hasPrefix(name + "=") }.joined(
                separator: "&")
            #expect(try mistake(others) == "400 MissingParameterValue \(locator)")
            let wrong = name == "INFOFORMAT" ? "InvalidParameterValue" : "PointIJOutOfRange"
            #expect(try mistake(others + "&\(name)=256") == "400 \(wrong) \(locator)")
        }
        // Pixel 128, 64 of this tile lies at 135.18 degrees east and 67.32 north.
        let answer = try answer(Self.info)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 200 && answer.mediaType == "application/json")
        #expect(
            text.contains("\"longitude_east\":135.17578125")
                && text.contains("\"latitude_planetocentric\":67.32"), "\(text)")
    }

    /// Red is the longitude and green the latitude: the first and the last pixel lie where the set says.
    @Test(
        arguments: [
            // Level 1 has tiles of 90 degrees with pixels of 90/256.
            ("MarsEquidistantCylindricalSphere", 1, 0, 3, (90.18, 89.82), (179.82, 0.18)),
            ("MarsGeographicSphere", 1, 1, 0, (180.18, -0.18), (269.82, -89.82)),
        ] as [(String, Int, Int, Int, (Double, Double), (Double, Double))])
    func tilesLieWhereTheirSetSays(
        _ set: String, _ level: Int, _ row: Int, _ column: Int, _ first: (Double, Double),
        _ last: (Double, Double)
    ) throws {
        let query =
            "SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=colours&STYLE=&FORMAT=image/png&TILEMATRIXSET=\(set)"
            + "&TILEMATRIX=\(level)&TILEROW=\(row)&TILECOL=\(column)"
        let places = try SmallMaps.places(try answer(query))
        #expect(places.count == 256 * 256)
        // Steps of colour are 1.4 and 0.7 degrees, pixels of the map 0.9; the poles have all longitudes.
        for (found, wanted) in [(places[0], first), (places[places.count - 1], last)] {
            let found = try #require(found)
            #expect(abs(found.lat - wanted.1) < 1.6, "\(found)")
            if abs(wanted.1) < 80 { #expect(abs(found.lon - wanted.0) < 2.2, "\(found)") }
        }
    }

    /// The poles lie in the middle; longitude 0 points down on the north map, up on the south map.
    @Test func polarTiles() throws {
        for (name, pole, down) in [("North", 90.0, 0.0), ("South", -90, 180)] {
            let answer = try answer(
                "SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=colours&STYLE=default&FORMAT=image/png"
                    + "&TILEMATRIXSET=Mars\(name)PolarStereographicSphere&TILEMATRIX=0&TILEROW=0&TILECOL=0")
            let places = try SmallMaps.places(answer)
            let middle = try #require(places[128 * 256 + 128])
            #expect(abs(middle.lat - pole) < 2)
            let below = try #require(places[200 * 256 + 128])
            // The seam of longitudes runs there on one of them.
            #expect(abs((below.lon - down + 540).truncatingRemainder(dividingBy: 360) - 180) < 4, "\(below)")
        }
    }

    // MARK: Paths

    @Test func resources() throws {
        func request(_ path: String) -> WMTSRequest? {
            try? WMTSExchange(resource: path.split(separator: "/").map(String.init)).request.get()
        }
        #expect(request("1.0.0/WMTSCapabilities.xml") == .capabilities(WMTSDocumentParameters()))
        let tile = TileParameters(
            layer: "a", style: "default", format: .jpeg, set: "S", matrix: "3", row: "4", column: "5")
        #expect(request("1.0.0/a/default/S/3/4/5.jpg") == .tile(tile))
        var png = tile
        png.format = .png
        #expect(
            request("1.0.0/a/default/S/3/4/5/6/7.json")
                == .featureInfo(png, WMTSPoint(column: "7", row: "6", format: .json)))
        for path in [
            "", "1.0.0", "2.0.0/WMTSCapabilities.xml", "1.0.0/a", "1.0.0/a/default/S/3/4/5", "1.0.0/x.xml",
            "1.0.0/a/default/S/3/4/5.tif", "1.0.0/a/default/S/3/4/5/6.txt", "1.0.0/a/default/S/3/4/5/6/7.png",
        ] {
            let exchange = WMTSExchange(resource: path.split(separator: "/").map(String.init))
            guard case .failure(let mistake) = exchange.request else {
                Issue.record("\(path) is read")
                continue
            }
            let answer = exchange.refusal(mistake)
            #expect(answer.status == 404 && answer.mediaType == "text/xml")
        }
        // What is wrong with a tile is not found either, where there are no parameters.
        let exchange = WMTSExchange(resource: ["1.0.0", "a", "b", "S", "1", "2", "3.png"])
        #expect(exchange.refusal(.invalid("LAYER", "is unknown")).status == 404)
        #expect(exchange.refusal(OGCException(.noApplicableCode, "x", status: 500)).status == 500)
    }

    @Test func webMapPaths() throws {
        func request(_ path: String, _ query: String = "") -> WMTSRequest? {
            try? WMTSExchange(tiles: path.split(separator: "/").map(String.init), query: query).request.get()
        }
        // The row stands before the column.
        #expect(
            request("a/S/3/4/5.webp", "style=grey&range=0,1")
                == .tile(
                    TileParameters(
                        layer: "a", style: "grey", styling: ["RANGE": "0,1"], format: .webp, set: "S",
                        matrix: "3", row: "4", column: "5")))
        #expect(
            request("a/S/tilejson.json", "format=jpg")
                == .tileJSON(layer: "a", set: "S", format: .jpeg, style: ""))
        for path in ["a", "a/S", "a/S/3/4/5", "a/S/3/4/5.gif", "a/S/3/4/5/6.png", "a/tilejson.json"] {
            #expect(request(path) == nil, "\(path)")
        }
    }

    /// Everything in the description is what the set says; templates have the row first.
    @Test func descriptionsForWebMaps() throws {
        let layer = try #require(try document().layers.first)
        let part = try #require(layer.parts.first)
        let text = TileJSON(
            layer: layer.description, part: part, body: "Mars", address: "http://h/mars/tiles/heights/S",
            query: "",
            format: .png
        ).text
        for member in [
            "\"tiles\":[\"http://h/mars/tiles/heights/S/{z}/{y}/{x}.png\"]", "\"minzoom\":0",
            // 0.9 degrees: 360 / 512 is finer.
            "\"maxzoom\":0", "\"bounds\":[-180.0,-90.0,180.0,90.0]", "\"crs\":\"IAU_2015:49910\"",
            "\"scheme\":\"xyz\"",
        ] { #expect(text.contains(member), "\(member) in \(text)") }
    }
}

/// The tile matrix sets, held to the register of planetary sets (planetcantile).
struct TileMatrixSetTests {
    private func sets(_ naif: Int) throws -> TileMatrixSets {
        let catalogue = try BodyCatalogue.standard()
        let body = try #require(catalogue.body(naifCode: naif))
        return TileMatrixSets(try MapSystems(body: body, catalogue: catalogue), withGeographic: true)
    }

    /// Identifier, origin, cell size and denominator of level 0 as MarsEquidistantCylindricalSphere.json has them.
    @Test func theRegistersSetIsOurs() throws {
        let set = try #require(try sets(499)["MarsEquidistantCylindricalSphere"])
        #expect(abs(set.box.minX + 10_669_445.554195119) < 1e-6)
        #expect(abs(set.box.maxY - 5_334_722.7770975595) < 1e-6)
        #expect(abs(set.pixel(of: 0) - 41_677.521696074684) < 1e-9)
        #expect(abs(set.scaleDenominator(of: 0) - 148_848_291.77169532) < 1e-4)
        #expect(set.size(of: 0) == (2, 1) && set.size(of: 23) == (1 << 24, 1 << 23))
        let degrees = try #require(try sets(301)["MoonGeographicSphere"])
        #expect(degrees.pixel(of: 0) == 0.703125 && degrees.box.minX == -180 && degrees.box.maxY == 90)
        // The denominator is that of clients: 0.703125 * 111319.49079327358 / 0.00028.
        #expect(abs(degrees.scaleDenominator(of: 0) - 279_541_132.0143589) < 1e-3)
    }

    @Test func polarSetsReachTheEquatorInTheMiddleOfTheirEdges() throws {
        let set = try #require(try sets(499)["MarsNorthPolarStereographicSphere"])
        // 2 R: where the equator lies by PROJ in IAU_2015:49930.
        #expect(abs(set.box.maxX - 6_792_380) < 1e-6 && set.box.width == set.box.height)
        #expect(set.size(of: 3) == (8, 8))
        #expect(set.crs.identifier.description == "IAU_2015:49930")
    }

    @Test func neighboursShareTheirEdges() throws {
        for set in try sets(499).all {
            for level in [0, 7, 23] {
                let (columns, rows) = set.size(of: level)
                let tile = TilePlace(level: level, row: rows / 3, column: columns / 2)
                var right = tile
                right.column = min(columns - 1, tile.column + 1)
                let (a, b) = (try set.window(tile).box, try set.window(right).box)
                if right != tile { #expect(a.maxX == b.minX) }
                let last = try set.window(TilePlace(level: level, row: rows - 1, column: columns - 1)).box
                #expect(abs(last.maxX - set.box.maxX) < 1e-6 && abs(last.minY - set.box.minY) < 1e-6)
            }
        }
    }

    @Test func limitsAreTheTilesThatABoxTouches() throws {
        let set = try #require(try sets(499)["MarsGeographicSphere"])
        // Tiles of level 1 are 90 degrees wide.
        let whole = set.tiles(in: set.box, level: 1)
        #expect(whole.columns == 0...3 && whole.rows == 0...1)
        let quarter = set.tiles(in: MapBox(minX: -90, minY: 0, maxX: 0, maxY: 90), level: 1)
        #expect(quarter.columns == 1...1 && quarter.rows == 0...0)
        let across = set.tiles(in: MapBox(minX: -1, minY: -1, maxX: 1, maxY: 1), level: 1)
        #expect(across.columns == 1...2 && across.rows == 0...1)
    }

    @Test func levelsAreAsDeepAsTheTiles() throws {
        let set = try #require(try sets(499)["MarsEquidistantCylindricalSphere"])
        // Pixels of order 12 are 0.014315 degrees: 360 / 512 / 2^5 = 0.02197 and / 2^6 = 0.01099.
        #expect(set.level(forPixelOf: 0.014315) == 6)
        #expect(set.level(forPixelOf: 360.0 / 512) == 0 && set.level(forPixelOf: 1e-12) == 23)
    }
}

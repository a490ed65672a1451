import Maps
import Testing
import Tiles

@testable import OGC

/// The checklist of a Web Map Service on two small maps: what is drawn is told from its colours.
struct WebMapServiceTests {
    private let maps: SmallMaps

    init() throws {
        maps = try SmallMaps()
    }

    private func map(_ more: String, layers: String = "colours", version: String = "1.3.0") throws
        -> OGCAnswer
    {
        try maps.answer(
            "SERVICE=WMS&REQUEST=GetMap&VERSION=\(version)&LAYERS=\(layers)&STYLES=&FORMAT=image/png&" + more)
    }

    private func code(_ answer: OGCAnswer) -> String? {
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 400, text.contains("<ServiceException"),
            let start = text.firstRange(of: "code=\"")
        else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }

    /// Styles of slopes and light take more memory, and count more.
    @Test func shadedMapsCountMore() throws {
        var maps = try SmallMaps()
        maps.service.limits.mostPixels = 40_000
        let query =
            "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=heights&CRS=IAU_2015:49900&BBOX=-90,-180,90,180"
            + "&FORMAT=image/png&HEIGHT=100&STYLES="
        for (style, width, status) in [
            ("", 400, 200), ("hillshade", 100, 200), ("hillshade", 101, 400), ("slope", 101, 400),
            ("relief", 101, 400), ("viridis", 400, 200),
        ] {
            let answer = try maps.answer(query + "\(style)&WIDTH=\(width)")
            #expect(answer.status == status, "\(style) \(width)")
            if status == 400 {
                #expect(String(decoding: answer.body, as: UTF8.self).contains("at most 40000 are drawn"))
            }
        }
    }

    /// All spellings of a code, each with the order of axes of its version: the picture shows the same place.
    @Test(arguments: [
        "IAU_2015:49900", "IAU:49900", "IAU:2015:49900", "urn:ogc:def:crs:IAU_2015::49900",
        "urn:ogc:def:crs:IAU:2015:49900", "http://www.opengis.net/def/crs/IAU_2015/0/49900",
        "https://www.opengis.net/def/crs/IAU/2015/49900",
    ])
    func axesAreThoseOfTheVersionInEverySpelling(_ crs: String) throws {
        // 100 to 110 degrees east, 20 to 30 degrees north.
        let new = try map("CRS=\(crs)&BBOX=20,100,30,110&WIDTH=10&HEIGHT=10")
        let old = try map("SRS=\(crs)&BBOX=100,20,110,30&WIDTH=10&HEIGHT=10", version: "1.1.1")
        #expect(new.status == 200 && new.mediaType == "image/png" && new.body == old.body)
        let places = try SmallMaps.places(new)
        let (first, last) = (try #require(places.first ?? nil), try #require(places.last ?? nil))
        #expect(abs(first.lon - 100.5) < 1.5 && abs(first.lat - 29.5) < 1.5, "\(first)")
        #expect(abs(last.lon - 109.5) < 1.5 && abs(last.lat - 20.5) < 1.5, "\(last)")
    }

    /// Metres: x before y in both versions. 45 N 30 E of Mars is 1778240.926, 2667361.389 in 49910 (PROJ).
    @Test func projectedSystemsHaveTheEastFirst() throws {
        let box = "BBOX=1768240.926,2657361.389,1788240.926,2677361.389&WIDTH=3&HEIGHT=3"
        let new = try map("CRS=IAU_2015:49910&" + box)
        #expect(new.body == (try map("SRS=IAU_2015:49910&" + box, version: "1.1.1")).body)
        let place = try #require(try SmallMaps.places(new)[4])
        #expect(abs(place.lon - 30) < 1.5 && abs(place.lat - 45) < 1.5)
    }

    /// On the planetographic system longitudes grow to the west: 30 W is 330 E (PROJ: 49901 to 49900).
    @Test func longitudesToTheWestAreTheSystemsOwn() throws {
        let answer = try map("CRS=IAU_2015:49901&BBOX=-1,29,1,31&WIDTH=3&HEIGHT=3")
        let place = try #require(try SmallMaps.places(answer)[4])
        #expect(abs(place.lon - 330) < 2 && abs(place.lat) < 1.5, "\(place)")
    }

    @Test func boxesMayLieOnAnyTurn() throws {
        for (box, lon) in [
            ("0,170,20,190", 180.0), ("0,350,20,370", 0), ("0,-190,20,-170", 180), ("0,530,20,550", 180),
        ] {
            let answer = try map("CRS=IAU_2015:49900&BBOX=\(box)&WIDTH=21&HEIGHT=21&TRANSPARENT=TRUE")
            let places = try SmallMaps.places(answer)
            #expect(places.allSatisfy { $0 != nil }, "holes in \(box)")
            let left = try #require(places[10 * 21])
            #expect(
                abs(left.lon - (lon - 9.5 + 360).truncatingRemainder(dividingBy: 360)) < 3, "\(box): \(left)")
        }
    }

    @Test func polesAreThere() throws {
        for (crs, lat) in [("49930", 90.0), ("49935", -90)] {
            let answer = try map("CRS=IAU_2015:\(crs)&BBOX=-100000,-100000,100000,100000&WIDTH=9&HEIGHT=9")
            let place = try #require(try SmallMaps.places(answer)[40])
            #expect(abs(place.lat - lat) < 2)
        }
        // Longitude 0 points down in the north, 90 E to the right.
        let north = try map("CRS=IAU_2015:49930&BBOX=1000000,-1000,1002000,1000&WIDTH=1&HEIGHT=1")
        let place = try #require(try SmallMaps.places(north)[0])
        #expect(abs(place.lon - 90) < 3, "\(place)")
    }

    @Test func sizesAreExact() throws {
        for (width, height) in [(8, 5), (1024, 768), (1, 1)] {
            let answer = try map("CRS=IAU_2015:49900&BBOX=-90,-180,90,180&WIDTH=\(width)&HEIGHT=\(height)")
            let picture = try PictureDecoder.decode(answer.body)
            #expect(picture.width == width && picture.height == height)
        }
    }

    /// What lies outside of the globe is transparent, or has the background, or is white in JPEG.
    @Test func backgroundsAreAsAsked() throws {
        let corner = "CRS=IAU_2015:49965&BBOX=3300000,3300000,3390000,3390000&WIDTH=8&HEIGHT=8"
        let transparent = try SmallMaps.places(map(corner + "&TRANSPARENT=TRUE"))
        #expect(transparent.allSatisfy { $0 == nil })
        for more in ["", "&TRANSPARENT=FALSE", "&TRANSPARENT=FALSE&BGCOLOR=0x112233"] {
            let picture = try PictureDecoder.decode(map(corner + more).body)
            let colour: [UInt8] = more.hasSuffix("33") ? [0x11, 0x22, 0x33] : [255, 255, 255]
            #expect(picture.channels % 2 == 1, "an alpha channel")
            let first = Array(picture.samples.prefix(picture.channels))
            #expect(first == colour || first == [255] && colour[0] == 255)
        }
        let jpeg = try maps.answer(
            "REQUEST=GetMap&VERSION=1.3.0&LAYERS=colours&FORMAT=image/jpeg&TRANSPARENT=TRUE&" + corner)
        #expect(jpeg.mediaType == "image/jpeg")
        #expect(try PictureDecoder.decode(jpeg.body).samples.allSatisfy { $0 > 250 })
    }

    /// A box that touches nothing is an empty picture and no exception.
    @Test func boxesOutsideOfTheMapAreEmpty() throws {
        let answer = try map("CRS=IAU_2015:49910&BBOX=2e8,2e8,3e8,3e8&WIDTH=4&HEIGHT=4&TRANSPARENT=TRUE")
        #expect(answer.status == 200)
        #expect(try SmallMaps.places(answer).allSatisfy { $0 == nil })
    }

    @Test(arguments: ["image/png", "image/png; mode=8bit", "image/jpeg", "image/webp"])
    func formatsAreWhatTheySay(_ format: String) throws {
        let answer = try maps.answer(
            "REQUEST=GetMap&VERSION=1.3.0&LAYERS=colours&CRS=IAU_2015:49900&BBOX=0,0,10,10&WIDTH=16&HEIGHT=16&FORMAT="
                + format.replacing(" ", with: "%20"))
        #expect(answer.status == 200 && answer.mediaType == format && answer.mayBeCached)
        let wanted: TileFormat = format.contains("png") ? .png : format.contains("jpeg") ? .jpeg : .webp
        #expect(TileFormat(signatureOf: answer.body) == wanted)
    }

    @Test(arguments: [
        ("LAYERS=nosuch", "LayerNotDefined"), ("LAYERS=colours,nosuch", "LayerNotDefined"),
        ("LAYERS=,colours", "LayerNotDefined"), ("LAYERS=Colours", "LayerNotDefined"),
        ("LAYERS=colours&STYLES=nosuch", "StyleNotDefined"),
        ("LAYERS=colours&STYLES=viridis", "StyleNotDefined"),
        ("LAYERS=colours&CRS=IAU_2015:30100", "InvalidCRS"), ("LAYERS=colours&CRS=EPSG:4326", "InvalidCRS"),
        ("LAYERS=colours&CRS=CRS:84", "InvalidCRS"), ("LAYERS=colours&CRS=nonsense", "InvalidCRS"),
        ("LAYERS=colours&FORMAT=image/gif", "InvalidFormat"),
    ])
    func mistakesHaveTheirCodes(_ more: String, _ wanted: String) throws {
        let given = Set(more.split(separator: "&").map { $0.prefix { $0 != "=" } })
        let rest = ["CRS=IAU_2015:49900", "FORMAT=image/png", "STYLES="].filter {
            !given.contains($0.prefix { $0 != "=" })
        }
        let query = "REQUEST=GetMap&BBOX=0,0,1,1&WIDTH=8&HEIGHT=8&" + more + "&" + rest.joined(separator: "&")
        #expect(code(try maps.answer(query + "&VERSION=1.3.0")) == wanted)
        let old = query.replacing("CRS=", with: "SRS=").replacing("=CRS:84", with: "=CRS:84")
        #expect(
            code(try maps.answer(old + "&VERSION=1.1.1")) == (wanted == "InvalidCRS" ? "InvalidSRS" : wanted))
    }

    /// A system of another body says which body it is of.
    @Test func otherBodiesAreNamed() throws {
        let answer = try map("CRS=IAU_2015:30100&BBOX=0,0,1,1&WIDTH=8&HEIGHT=8")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains("Moon") && text.contains("Mars"), "\(text)")
    }

    @Test(arguments: [",", "default,", "default,default", ""])
    func stylesMayBeEmptyOrMixed(_ styles: String) throws {
        let answer = try maps.answer(
            "REQUEST=GetMap&VERSION=1.3.0&LAYERS=heights,colours&STYLES=\(styles)&CRS=IAU_2015:49900&BBOX=0,0,1,1"
                + "&WIDTH=8&HEIGHT=8&FORMAT=image/png")
        #expect(answer.status == 200)
    }

    /// 0 degrees are in the middle of -4500 to 4500, 45 degrees at its end.
    @Test func rangesAndColourMapsOfTheRequestCount() throws {
        let grey = try maps.answer(
            "REQUEST=GetMap&VERSION=1.3.0&LAYERS=heights&STYLES=grey&RANGE=-4500,4500&CRS=IAU_2015:49900"
                + "&BBOX=-45,0,45,1&WIDTH=1&HEIGHT=90&FORMAT=image/png")
        let picture = try PictureDecoder.decode(grey.body)
        for row in stride(from: 4, to: 86, by: 9) {
            let lat = 44.5 - Double(row)
            let level = (lat + 45) / 90 * 255
            #expect(abs(Double(picture.samples[row * picture.channels]) - level) < 2, "row \(row)")
        }
        for bad in [
            "RANGE=2,1", "RANGE=a", "COLORMAP=nosuch", "STRETCH=cubic", "OPACITIES=1,2", "OPACITIES=300",
        ] {
            let answer = try maps.answer(
                "REQUEST=GetMap&VERSION=1.3.0&LAYERS=heights&CRS=IAU_2015:49900&BBOX=0,0,1,1&WIDTH=8&HEIGHT=8"
                    + "&FORMAT=image/png&" + bad)
            #expect(answer.status == 400, "\(bad)")
        }
    }

    @Test func earthAliasesAreTakenWhereTheyAreAllowed() throws {
        let aliases = try SmallMaps(earthAliases: true)
        let rest = "REQUEST=GetMap&LAYERS=colours&FORMAT=image/png&WIDTH=10&HEIGHT=10"
        let own = try map("CRS=IAU_2015:49900&BBOX=20,100,30,110&WIDTH=10&HEIGHT=10")
        for query in [
            "&VERSION=1.3.0&CRS=EPSG:4326&BBOX=20,100,30,110", "&VERSION=1.3.0&CRS=CRS:84&BBOX=100,20,110,30",
            "&VERSION=1.1.1&SRS=EPSG:4326&BBOX=100,20,110,30",
        ] {
            #expect(try aliases.answer(rest + query).body == own.body, "\(query)")
        }
        // Metres of the Earth: 111319.49 for a degree.
        let metres = try aliases.answer(
            rest + "&VERSION=1.3.0&CRS=EPSG:4087&BBOX=11131949.08,2226389.82,12245143.99,3339584.72")
        let place = try #require(try SmallMaps.places(metres)[0])
        #expect(abs(place.lon - 100.5) < 1.5 && abs(place.lat - 29.5) < 1.5, "\(place)")
    }

    private let info =
        "REQUEST=GetFeatureInfo&LAYERS=heights,colours&CRS=IAU_2015:49900&BBOX=40,320,50,340&WIDTH=21&HEIGHT=21&I=10"
        + "&J=10&VERSION=1.3.0"

    /// The middle of the map is 45 N, 330 E.
    @Test(arguments: ["text/plain", "application/json", "application/vnd.ogc.gml", "text/html"])
    func whatLiesAtAPixelIsTold(_ format: String) throws {
        let answer = try maps.answer(info + "&QUERY_LAYERS=heights,colours&INFO_FORMAT=\(format)")
        #expect(answer.status == 200 && answer.mediaType.hasPrefix(format))
        let text = String(decoding: answer.body, as: UTF8.self)
        for word in ["330.0", "30.0", "45.338", "elevation above the areoid", "heights", "colours", "45"] {
            #expect(text.contains(word), "\(word) in \(text)")
        }
    }

    @Test func queriesHaveTheirCodes() throws {
        #expect(code(try maps.answer(info + "&QUERY_LAYERS=nosuch")) == "LayerNotDefined")
        #expect(
            code(
                try maps.answer(info.replacing("heights,colours", with: "heights") + "&QUERY_LAYERS=colours"))
                == "LayerNotDefined")
        #expect(code(try maps.answer(info + "&QUERY_LAYERS=heights&INFO_FORMAT=a/b")) == "InvalidFormat")
        #expect(
            code(try maps.answer(info.replacing("I=10", with: "I=21") + "&QUERY_LAYERS=heights"))
                == "InvalidPoint")
        // Outside of the globe there is nothing, which is no mistake.
        let outside = info.replacing("IAU_2015:49900", with: "IAU_2015:49965")
            .replacing("BBOX=40,320,50,340", with: "BBOX=3300000,3300000,3390000,3390000")
        let answer = try maps.answer(outside + "&QUERY_LAYERS=heights")
        #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("outside"))
    }

    @Test func legendsAreAsLargeAsTheCapabilitiesSay() throws {
        for layer in maps.layers {
            let description = try ServiceLayer(
                layer, in: maps.service.systems.advertised, renderer: maps.service.renderer,
                path: "/hips/mars/x")
            #expect(description.boxes.count >= 15)
            for style in description.styles {
                guard let size = style.legend else { continue }
                let answer = try maps.answer(
                    "REQUEST=GetLegendGraphic&VERSION=1.3.0&LAYER=\(layer.name)&STYLE=\(style.name)&FORMAT=image/png"
                )
                #expect(answer.status == 200 && answer.mediaType == "image/png")
                let picture = try PictureDecoder.decode(answer.body)
                #expect(picture.width == size.width && picture.height == size.height, "\(style.name)")
            }
        }
        let json = try maps.answer("REQUEST=GetLegendGraphic&LAYER=heights&FORMAT=application/json")
        #expect(
            json.status == 200 && json.mediaType == "application/json" && json.body.first == UInt8(ascii: "{")
        )
        #expect(try maps.answer("REQUEST=GetLegendGraphic&LAYER=nosuch").status == 400)
    }

    /// Damage in one map is told, and the other one is drawn.
    @Test func aCorruptTileIsToldAndOthersAreServed() throws {
        let broken = try SmallMaps(breaking: "colours")
        let rest =
            "REQUEST=GetMap&VERSION=1.3.0&CRS=IAU_2015:49900&BBOX=-90,-180,90,180&WIDTH=64&HEIGHT=32&FORMAT=image/png"
        let answer = try broken.answer(rest + "&LAYERS=colours")
        #expect(answer.status == 500)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("tile"))
        #expect(try broken.answer(rest + "&LAYERS=heights").status == 200)
    }

    @Test func whatNobodyWaitsForEnds() throws {
        let query =
            "REQUEST=GetMap&VERSION=1.3.0&LAYERS=colours&CRS=IAU_2015:49930&BBOX=-1e6,-1e6,1e6,1e6&WIDTH=2000&HEIGHT=2000"
            + "&FORMAT=image/png"
        #expect(throws: MapsError.self) { try maps.answer(query, isCancelled: true) }
    }

    /// Requests of clients that know the Earth alone have the pixels of requests in the body's own systems.
    @Test(arguments: [
        (
            "VERSION=1.1.1&SRS=EPSG:4326&BBOX=0,-90,180,90",
            "VERSION=1.1.1&SRS=IAU_2015:49900&BBOX=0,-90,180,90"
        ),
        (
            "VERSION=1.3.0&CRS=EPSG:4326&BBOX=-30,170,50,190",
            "VERSION=1.3.0&CRS=IAU_2015:49900&BBOX=-30,170,50,190"
        ),
        (
            "VERSION=1.3.0&CRS=CRS:84&BBOX=170,-30,190,50",
            "VERSION=1.3.0&CRS=IAU_2015:49900&BBOX=-30,170,50,190"
        ),
        // Leaflet's tile 2/1/3, and the same part of Mars in metres of its own.
        (
            "VERSION=1.1.1&SRS=EPSG:3857&BBOX=10018754.171394622,0,20037508.342789244,10018754.171394622",
            "VERSION=1.1.1&SRS=SITE:1&BBOX=5334722.777097559,0,10669445.554195119,5334722.777097559"
        ),
        (
            "VERSION=1.1.1&SRS=EPSG:32662&BBOX=-1113194.9079,0,1113194.9079,1113194.9079",
            "VERSION=1.1.1&SRS=IAU_2015:49910&BBOX=-592746.9752,0,592746.9752,592746.9752"
        ),
    ])
    func aliasesShowWhatTheBodysOwnSystemsShow(_ alias: String, _ own: String) throws {
        let maps = try SmallMaps(
            earthAliases: true, definitions: [("SITE:1", "+proj=merc +R=3396190 +units=m")])
        let rest = "&SERVICE=WMS&REQUEST=GetMap&LAYERS=colours&STYLES=&FORMAT=image/png&WIDTH=96&HEIGHT=96"
        let (first, second) = (try maps.answer(alias + rest), try maps.answer(own + rest))
        #expect(first.status == 200 && second.status == 200)
        let (a, b) = (try PictureDecoder.decode(first.body), try PictureDecoder.decode(second.body))
        #expect(a.samples.count == b.samples.count && Set(a.samples).count > 20)
        #expect(zip(a.samples, b.samples).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(zip(a.samples, b.samples).count { $0 != $1 } <= a.samples.count / 100)
        #expect(!first.warnings.isEmpty && second.warnings.isEmpty)
    }
}

import Maps
import Testing

@testable import OGC

/// Requests to the map service as they are read (OGC 06-042, sections 6 and 7; OGC 01-068r3).
struct RequestTests {
    static let map =
        "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=a,b&STYLES=,grey&CRS=IAU_2015:49900&BBOX=-90,-180,90,180"
        + "&WIDTH=8&HEIGHT=5&FORMAT=image/png"

    static func read(_ query: String) throws(OGCException) -> WMSRequest {
        try WMSRequest(KVPQuery(query), limits: WMSLimits())
    }

    /// The query with some parameters in the place of others; nil takes one out.
    static func changed(_ changes: [String: String?], _ query: String = map) -> String {
        var parts = query.split(separator: "&").map(String.init).filter { part in
            !changes.keys.contains { part.hasPrefix($0 + "=") }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            if let value { parts.append("\(name)=\(value)") }
        }
        return parts.joined(separator: "&")
    }

    private func exception(_ query: String) -> OGCException? {
        do {
            _ = try Self.read(query)
            return nil
        } catch {
            return error
        }
    }

    @Test func aMapIsReadWhole() throws {
        guard
            case .map(let map, let picture) = try Self.read(
                Self.map + "&RANGE=0,1&BGCOLOR=0x0102ff&OPACITIES=255,0")
        else {
            Issue.record("no map")
            return
        }
        #expect(map.layers == ["a", "b"] && map.styles == ["", "grey"] && map.opacities == [1, 0])
        #expect(map.box == [-90, -180, 90, 180] && map.width == 8 && map.height == 5)
        #expect(map.styling == ["RANGE": "0,1"])
        #expect(picture.format == .png && !picture.isTransparent && picture.background == [1, 2, 255])
    }

    private static let wishes: [(String?, WMSVersion)] = [
        (nil, .v130), ("", .v130), ("1.3.0", .v130), ("1.1.1", .v111), ("1.0.0", .v111),
        ("0.0.0", .v111),
        ("100.0.0", .v130), ("1.2.9", .v111), ("1.3.1", .v130), ("1.3", .v130),
    ]

    @Test(arguments: wishes)
    func versionsAreNegotiated(_ wish: String?, _ version: WMSVersion) throws {
        let query = "SERVICE=WMS&REQUEST=GetCapabilities" + (wish.map { "&VERSION=\($0)" } ?? "")
        #expect(try Self.read(query) == .capabilities(version: version, updateSequence: nil))
    }

    @Test(arguments: ["one", "1", "1.-3.0", "1.3.0.0", "1.3.99999999999999999999"])
    func versionsThatAreNoneAreRefused(_ version: String) {
        #expect(exception("SERVICE=WMS&REQUEST=GetCapabilities&VERSION=\(version)") != nil)
        #expect(exception(Self.changed(["VERSION": version])) != nil)
    }

    /// An unknown FORMAT of GetCapabilities and unknown parameters do not matter.
    @Test func whatDoesNotMatterIsIgnored() throws {
        let query = "rEqUeSt=GetCapabilities&SERVICE=WMS&FORMAT=no/such&BOGUS=%&UPDATESEQUENCE=5"
        #expect(try Self.read(query) == .capabilities(version: .v130, updateSequence: "5"))
        let vendor = "&DPI=96&MAP_RESOLUTION=96&FORMAT_OPTIONS=dpi:96&BOGUS=1&TIME=now&ELEVATION=3"
        #expect(try Self.read(Self.map + vendor) == Self.read(Self.map))
    }

    @Test(arguments: [
        "", "SERVICE=WMS", "SERVICE=WFS&REQUEST=GetCapabilities", "SERVICE=WMS&REQUEST=Get",
        "SERVICE=WMS&REQUEST=%zz",
    ])
    func requestsThatAreNoneAreRefused(_ query: String) {
        #expect(exception(query) != nil)
    }

    @Test(arguments: [
        "VERSION", "LAYERS", "CRS", "BBOX", "WIDTH", "HEIGHT", "FORMAT",
    ])
    func whatMustBeThereIsNamed(_ name: String) {
        let found = exception(Self.changed([name: nil]))
        #expect(
            found?.code == .missingParameterValue && found?.locator == name, "\(String(describing: found))")
        #expect(exception(Self.changed([name: ""]))?.locator == name)
    }

    @Test(arguments: [
        "0,0,0,1", "0,0,1,0", "1,0,0,1", "nan,0,1,1", "0,0,inf,1", "0,0,1", "0,0,1,1,1", "a,b,c,d", "0,,1,1",
        "0,0,1e999,1", "0x1,0,3,3", " ,0,1,1",
    ])
    func boxesThatAreNoneAreRefusedWithoutACode(_ box: String) {
        let found = exception(Self.changed(["BBOX": box]))
        #expect(found?.code == .invalidParameterValue && found?.locator == "BBOX")
    }

    @Test(arguments: ["0", "-1", "1.5", "a", "100000", "99999999999999999999", "8193"])
    func sizesThatAreNoneOrTooLargeAreRefused(_ size: String) {
        for name in ["WIDTH", "HEIGHT"] {
            let found = exception(Self.changed([name: size]))
            #expect(found?.code == .invalidParameterValue && found?.locator == name)
            if size == "100000" { #expect(found?.text.contains("8192") == true) }
        }
        #expect(
            exception(Self.changed(["WIDTH": "8192", "HEIGHT": "8192"]))?.text.contains("33554432") == true)
    }

    @Test func theNumbersOfLayersAndStylesAreHeldTo() {
        #expect(exception(Self.changed(["STYLES": "a,b,c"])) != nil)
        #expect(exception(Self.changed(["STYLES": ","])) == nil)
        #expect(exception(Self.changed(["STYLES": ""])) == nil)
        let many = Array(repeating: "a", count: 17).joined(separator: ",")
        let found = exception(Self.changed(["LAYERS": many, "STYLES": ""]))
        #expect(found?.locator == "LAYERS" && found?.text.contains("16") == true)
    }

    @Test(arguments: [
        ("image/png", MapFormat.png), ("image/png;%20mode=8bit", .png8), ("image/png8", .png8),
        ("image/jpeg", .jpeg), ("image/webp", .webp), ("IMAGE/PNG", .png),
    ])
    func formatsAreRead(_ text: String, _ format: MapFormat) throws {
        guard case .map(_, let picture) = try Self.read(Self.changed(["FORMAT": text])) else { return }
        #expect(picture.format == format)
    }

    @Test func unknownFormatsAreRefused() {
        #expect(exception(Self.changed(["FORMAT": "image/gif"]))?.code == .invalidFormat)
        #expect(exception(Self.changed(["EXCEPTIONS": "SOME"]))?.locator == "EXCEPTIONS")
        #expect(exception(Self.changed(["BGCOLOR": "0x12345"]))?.locator == "BGCOLOR")
        #expect(exception(Self.changed(["TRANSPARENT": "maybe"]))?.locator == "TRANSPARENT")
        #expect(exception(Self.changed(["SLD": "http://x"]))?.code == .operationNotSupported)
    }

    @Test func aPixelMustLieInTheMap() throws {
        let info = Self.changed(["REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "b", "I": "7", "J": "4"])
        guard case .featureInfo(_, let point) = try Self.read(info) else {
            Issue.record("no feature info")
            return
        }
        #expect(point.column == 7 && point.row == 4 && point.format == .text && point.layers == ["b"])
        for (name, value) in [("I", "8"), ("I", "-1"), ("J", "5"), ("J", "a")] {
            #expect(exception(Self.changed([name: value], info))?.code == .invalidPoint)
        }
        #expect(exception(Self.changed(["INFO_FORMAT": "no/such"], info))?.code == .invalidFormat)
        #expect(exception(Self.changed(["FEATURE_COUNT": "0"], info))?.locator == "FEATURE_COUNT")
        #expect(exception(Self.changed(["J": nil], info))?.locator == "J")
        // The parameters of 1.1.1 are X and Y.
        let old = Self.changed(
            [
                "VERSION": "1.1.1", "CRS": nil, "SRS": "IAU_2015:49900", "I": nil,
                "J": nil, "X": "1", "Y": "2",
            ],
            info)
        guard case .featureInfo(let map, let other) = try Self.read(old) else { return }
        #expect(map.version == .v111 && other.column == 1 && other.row == 2)
    }

    /// Ten thousand bytes of anything in any parameter are refused or ignored, and never end the process.
    @Test func garbageIsRefused() {
        let garbage = String(repeating: "%00%ff,<&=\"'+é\u{0}", count: 700)
        let names = [
            "SERVICE", "VERSION", "REQUEST", "LAYERS", "STYLES", "CRS", "SRS", "BBOX", "WIDTH", "HEIGHT",
            "FORMAT",
            "TRANSPARENT", "BGCOLOR", "EXCEPTIONS", "RANGE", "COLORMAP", "STRETCH", "OPACITIES",
            "QUERY_LAYERS",
            "INFO_FORMAT", "I", "J", "FEATURE_COUNT", "LAYER", "STYLE", "UPDATESEQUENCE", "DPI",
        ]
        for name in names {
            for base in ["REQUEST=GetCapabilities", Self.map, "REQUEST=GetLegendGraphic&LAYER=a"] {
                for value in [garbage, String(garbage.filter { $0 != "%" && $0 != "&" })] {
                    let exchange = WMSExchange(Self.changed([name: value], base), limits: WMSLimits())
                    if case .failure(let mistake) = exchange.request {
                        let answer = exchange.refusal(mistake)
                        #expect(answer.status == 400 && answer.body.count < 4000)
                    }
                }
            }
        }
    }
}

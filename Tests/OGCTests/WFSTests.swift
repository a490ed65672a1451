import Features
import Testing
import XML

@testable import OGC

/// The checklist of a Web Feature Service on two small layers.
struct WFSTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    // MARK: Capabilities

    @Test(arguments: [
        ("REQUEST=GetCapabilities", "2.0.0"), ("REQUEST=GetCapabilities&VERSION=1.1.0", "1.1.0"),
        ("REQUEST=GetCapabilities&VERSION=1.0.0", "1.0.0"),
        ("request=getcapabilities&version=9.9.9", "2.0.0"),
        ("REQUEST=GetCapabilities&VERSION=0.0.1", "1.0.0"),
        ("REQUEST=GetCapabilities&VERSION=1.5.0", "1.1.0"),
        ("REQUEST=GetCapabilities&ACCEPTVERSIONS=3.0.0,1.1.0,2.0.0", "1.1.0"),
        ("REQUEST=GetCapabilities&AcceptVersions=2.0.0,1.1.0,1.0.0", "2.0.0"),
    ])
    func versionsAreNegotiated(_ query: String, _ version: String) throws {
        let answer = try small.ask(query)
        #expect(try answer.status == 200 && answer.xml().attribute("version") == version)
    }

    @Test func noCommonVersionIsAnException() throws {
        let answer = try small.ask("REQUEST=GetCapabilities&ACCEPTVERSIONS=3.0.0")
        #expect(answer.status == 400 && answer.exceptionCode == "VersionNegotiationFailed")
    }

    @Test func sectionsAndSequencesAreHeeded() throws {
        let part = try small.ask("REQUEST=GetCapabilities&SECTIONS=FeatureTypeList").xml()
        #expect(part.children.map(\.name) == ["FeatureTypeList"])
        #expect(try small.ask("REQUEST=GetCapabilities&UPDATESEQUENCE=7").xml().children.isEmpty)
        #expect(try !small.ask("REQUEST=GetCapabilities&UPDATESEQUENCE=6").xml().children.isEmpty)
        #expect(
            try small.ask("REQUEST=GetCapabilities&UPDATESEQUENCE=8").exceptionCode == "InvalidUpdateSequence"
        )
        #expect(
            try small.ask("REQUEST=GetCapabilities&SECTIONS=Nothing").exceptionCode == "InvalidParameterValue"
        )
    }

    @Test func typesHaveTheirSystemsAndBoxes() throws {
        let text = try small.ask("REQUEST=GetCapabilities").text
        #expect(text.contains("<wfs:DefaultCRS>urn:ogc:def:crs:IAU_2015::49910</wfs:DefaultCRS>"))
        #expect(text.contains("<wfs:OtherCRS>urn:ogc:def:crs:IAU_2015::49900</wfs:OtherCRS>"))
        #expect(text.contains("<ows:LowerCorner>-150.0 -90.0</ows:LowerCorner>"))
        var options = WebFeatureService.Options()
        options.defaultSystem = .geographic
        let other = try SmallFeatures(options: options).ask("REQUEST=GetCapabilities").text
        #expect(other.contains("<wfs:DefaultCRS>urn:ogc:def:crs:IAU_2015::49900</wfs:DefaultCRS>"))
    }

    // MARK: Schemas

    @Test func schemasAreOfAllOneOrNoTypes() throws {
        let all = try small.ask("VERSION=2.0.0&REQUEST=DescribeFeatureType")
        #expect(try all.xml().children.filter { $0.name == "element" }.count == 2)
        for name in ["TYPENAME=places", "TYPENAMES=tessera:places", "typename=other:places"] {
            let one = try small.ask("VERSION=2.0.0&REQUEST=DescribeFeatureType&" + name)
            #expect(try one.xml().children.filter { $0.name == "element" }.count == 1, "\(name)")
        }
        let none = try small.ask("VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAME=nothing")
        #expect(none.status == 400 && none.exceptionCode == "InvalidParameterValue")
        let json = try small.ask("VERSION=2.0.0&REQUEST=DescribeFeatureType&OUTPUTFORMAT=application/json")
        #expect(json.exceptionCode == "InvalidParameterValue")
    }

    @Test(arguments: [
        ("1.0.0", "gml:PointPropertyType", "gml:MultiPolygonPropertyType"),
        ("1.1.0", "gml:PointPropertyType", "gml:MultiSurfacePropertyType"),
        ("2.0.0", "gml:PointPropertyType", "gml:MultiSurfacePropertyType"),
    ])
    func theGeometryComesFirst(_ version: String, _ point: String, _ polygon: String) throws {
        let text = try small.ask("VERSION=\(version)&REQUEST=DescribeFeatureType").text
        #expect(
            text.contains("name=\"geom\" type=\"\(point)\"")
                && text.contains("name=\"geom\" type=\"\(polygon)\""))
        let geometry = try #require(text.firstRange(of: "name=\"geom\""))
        let other = try #require(text.firstRange(of: "name=\"name\""))
        #expect(geometry.lowerBound < other.lowerBound)
        #expect(text.contains("Unit: km."))
    }

    @Test(arguments: [
        "plain", "2nd Größe", "a b", "_x0041_", "_x0104)_(*", "_x", "a:b", "x<y>", "é", "😀", "-a", "a-b.c_1",
    ])
    func namesOfColumnsComeBack(_ column: String) throws {
        let name = PropertyName.encoded(column)
        #expect(PropertyName.decoded(name) == column)
        let head = name.unicodeScalars.first.map { $0 == "_" || $0.properties.isAlphabetic }
        #expect(
            head == true
                && name.unicodeScalars.allSatisfy { $0.isASCII && $0 != ":" && $0 != " " && $0 != "<" })
    }

    // MARK: Features

    @Test(arguments: ["1.0.0", "1.1.0", "2.0.0"])
    func allFeaturesAreAnswered(_ version: String) throws {
        let answer = try small.features("", version: version)
        #expect(try answer.status == 200 && answer.keys() == Array(1...9))
        #expect(try answer.texts("name").first == "<1> & \"x\", y")
        let size = PropertyName.encoded("2nd Größe")
        #expect(try answer.texts(size) == ["100", "20.5", "3", "7", "8", "0.25", "5", "60"])
        #expect(try answer.texts("flag").prefix(2) == ["false", "true"])
    }

    /// 45 N 30 E of Mars is 3396190 pi / 6 = 1778240.92570, 3396190 pi / 4 = 2667361.38855 in 49910.
    @Test func coordinatesAreThoseOfTheSystem() throws {
        #expect(try small.features("COUNT=1").texts("pos") == ["1778240.9257 2667361.3885"])
        #expect(try small.features("COUNT=1&SRSNAME=IAU_2015:49900").texts("pos") == ["30 45"])
        let old = try small.features("MAXFEATURES=1", version: "1.0.0").texts("coordinates")
        #expect(old.last == "1778240.9257,2667361.3885")
        // PROJ: 49900 to 49930 of 30, 80 is 297128.124, -514641.007; 45 N is farther out.
        let polar = try small.features("COUNT=1&SRSNAME=urn:ogc:def:crs:IAU_2015::49930").texts("pos")[0]
        let numbers = polar.split(separator: " ").compactMap { Double($0) }
        // 2 R tan(22.5 degrees) at 30 degrees east.
        let radius = 2 * 3_396_190 * 0.41421356237309503
        #expect(abs(numbers[0] - radius / 2) < 1e-3 && abs(numbers[1] + radius * 0.8660254037844386) < 1e-3)
    }

    @Test func latitudesComeFirstWhereTheAuthoritySaysSo() throws {
        var options = WebFeatureService.Options()
        options.axes = .authority
        let other = try SmallFeatures(options: options)
        let urn = "COUNT=1&SRSNAME=urn:ogc:def:crs:IAU_2015::49900"
        #expect(try other.features(urn).texts("pos") == ["45 30"])
        #expect(try small.features(urn).texts("pos") == ["30 45"])
        #expect(try other.features("COUNT=1&SRSNAME=IAU_2015:49900").texts("pos") == ["30 45"])
        #expect(try other.features("COUNT=1").texts("pos") == ["1778240.9257 2667361.3885"])
        #expect(try other.features("COUNT=1&OUTPUTFORMAT=json").text.contains("[30,45]"))
    }

    @Test func shapesStayWholeOverTheSeam() throws {
        let half = 10669445.5542
        let lists = try small.features("", type: "shapes").texts("posList").map {
            $0.split(separator: " ").compactMap { Double($0) }
        }
        let xs = lists.map { list in stride(from: 0, to: list.count, by: 2).map { list[$0] } }
        #expect(abs(xs[0].max()! - half) < 1e-3 && xs[0].min()! > 0)
        #expect(abs(xs[1].min()! + half) < 1e-3 && xs[1].max()! < 0)
        // The cap goes all around.
        #expect(abs(xs[2].max()! - xs[2].min()! - 2 * half) < 1e-3)
        // On the map around 180 the two parts lie beside each other.
        let turned = try small.features("SRSNAME=IAU_2015:49915", type: "shapes").texts("posList").map {
            $0.split(separator: " ").compactMap { Double($0) }
        }
        let (one, two) = (turned[0], turned[1])
        #expect(abs(one[0] + two[2]) < 1e-3 && abs(one[2]) < 1e-3 && abs(two[0]) < 1e-3)
    }

    @Test func identifiersAreThereOnce() throws {
        let text = try small.features("", type: "(shapes)(places)").text
        var seen: Set<Substring> = []
        var rest = text[...]
        while let start = rest.firstRange(of: "gml:id=\"") {
            rest = rest[start.upperBound...]
            #expect(seen.insert(rest.prefix { $0 != "\"" }).inserted)
        }
        #expect(seen.count == 2 + 2 + 3 + 9 + 9)
    }

    // MARK: Conditions

    @Test(arguments: [
        ("BBOX=98,23,101,26", [2, 7]), ("BBOX=98,23,101,26,urn:ogc:def:crs:IAU_2015::49900", [2, 7]),
        // Who names a system means it, for coordinates that name none as well: 26 m from the map's centre is no place.
        ("BBOX=98,23,101,26&SRSNAME=IAU_2015:49910", []),
        ("BBOX=98,23,101,26&SRSNAME=IAU_2015:49900", [2, 7]),
        ("BBOX=98,23,101,26,", [2, 7]), ("BBOX=23,98,26,101,IAU_2015:49900", [2, 7]),
        ("BBOX=170,-10,190,10", [4]), ("BBOX=5868000,1422000,5928000,1483000,IAU_2015:49910", [2, 7]),
        ("BBOX=0,-5334723,10669446,0", [4, 6, 9]), ("RESOURCEID=places.3,places.1", [1, 3]),
        ("FEATUREID=places.2", [2]), ("RESOURCEID=places.99", []), ("RESOURCEID=nonsense", []),
    ])
    func conditionsFindFeatures(_ condition: String, _ keys: [Int]) throws {
        let answer = try small.features(condition)
        #expect(try answer.keys() == keys, "\(answer.text)")
        #expect(try answer.xml().attribute("numberMatched") == "\(keys.count)")
    }

    @Test func filtersFindFeatures() throws {
        let size = PropertyName.encoded("2nd Größe")
        let condition =
            "<PropertyIsGreaterThan><ValueReference>tessera:\(size)</ValueReference><Literal>50</Literal></PropertyIsGreaterThan>"
        let new = "<Filter xmlns=\"http://www.opengis.net/fes/2.0\">\(condition)</Filter>"
        #expect(try small.features("FILTER=" + URLText.escaped(new)).keys() == [1, 9])
        let old = new.replacing("fes/2.0", with: "ogc").replacing("ValueReference", with: "PropertyName")
        #expect(try small.features("FILTER=" + URLText.escaped(old), version: "1.1.0").keys() == [1, 9])
        let post = """
            <wfs:GetFeature service="WFS" version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" \
            xmlns:t="urn:x-tessera:mars"><wfs:Query typeNames="t:places">\(new)</wfs:Query></wfs:GetFeature>
            """
        #expect(try small.post(post).keys() == [1, 9])
        // What SQL would make of this is a name that there is not.
        let literal = new.replacing("PropertyIsGreaterThan", with: "PropertyIsEqualTo")
            .replacing(size, with: "name").replacing(">50<", with: ">x' OR 1=1; DROP TABLE mars_places; --<")
        #expect(try small.features("FILTER=" + URLText.escaped(literal)).keys() == [])
        #expect(try small.features("").keys().count == 9)
    }

    @Test func queriesInDocumentsAreUnderstood() throws {
        let post = """
            <GetFeature service="WFS" version="1.1.0" maxFeatures="4" xmlns="http://www.opengis.net/wfs" \
            xmlns:ogc="http://www.opengis.net/ogc"><Query typeName="tessera:places"><PropertyName>number</PropertyName>\
            <ogc:SortBy><ogc:SortProperty><ogc:PropertyName>number</ogc:PropertyName><ogc:SortOrder>DESC\
            </ogc:SortOrder></ogc:SortProperty></ogc:SortBy></Query></GetFeature>
            """
        let answer = try small.post(post)
        #expect(try answer.keys() == [9, 8, 7, 6] && answer.texts("name").isEmpty)
        let two = """
            <GetFeature service="WFS" version="2.0.0" count="3"><Query typeNames="shapes"/><Query typeNames="places"/>\
            </GetFeature>
            """
        #expect(try small.post(two).keys() == [1, 2, 1])
        #expect(try small.post(two).xml().attribute("numberMatched") == "11")
        let stored = """
            <GetFeature service="WFS" version="2.0.0"><StoredQuery id="\(WFSRequest.featureByID)"><Parameter name="id">\
            places.4</Parameter></StoredQuery></GetFeature>
            """
        #expect(try small.post(stored).xml().name == "places")
        #expect(try small.post("REQUEST=GetCapabilities&SERVICE=WFS").xml().name == "WFS_Capabilities")
    }

    @Test func propertiesAndOrderAreChosen() throws {
        for list in ["*", "(*)"] {
            #expect(try small.features("PROPERTYNAME=" + list).texts("seen").count == 9)
        }
        let some = try small.features("PROPERTYNAME=tessera:number,seen&SORTBY=flag+D,number+DESC")
        #expect(try some.texts("name").isEmpty && some.texts("pos").isEmpty && some.texts("seen").count == 9)
        #expect(try some.keys() == [8, 6, 4, 2, 9, 7, 5, 3, 1])
        let lists = try small.features("PROPERTYNAME=(name)(geom,number)", type: "(shapes)(places)")
        #expect(try lists.texts("posList").isEmpty && lists.texts("pos").count == 9)
    }

    // MARK: Paging

    @Test func pagesFollowEachOther() throws {
        var seen: [Int] = []
        var next: String? = "VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&COUNT=4"
        var previous: [String?] = []
        while let query = next {
            let root = try small.ask(query)
            seen += try root.keys()
            #expect(try root.xml().attribute("numberMatched") == "9")
            next = try root.xml().attribute("next").map {
                String($0.dropFirst(SmallFeatures.address.count + 1))
            }
            previous.append(try root.xml().attribute("previous"))
        }
        #expect(seen == Array(1...9) && previous.count == 3)
        #expect(previous[0] == nil && previous[1]?.hasSuffix("STARTINDEX=0&COUNT=4") == true)
        let beyond = try small.features("STARTINDEX=100&COUNT=5")
        #expect(try beyond.status == 200 && beyond.keys().isEmpty)
        #expect(try beyond.xml().attribute("numberMatched") == "9")
        for wrong in ["COUNT=-1", "COUNT=x", "STARTINDEX=-5", "STARTINDEX=1e3", "COUNT=%2B3"] {
            #expect(try small.features(wrong).exceptionCode == "InvalidParameterValue", "\(wrong)")
        }
    }

    @Test func hitsAreCountedAlone() throws {
        let new = try small.features("RESULTTYPE=hits").xml()
        #expect(
            new.children.isEmpty && new.attribute("numberMatched") == "9"
                && new.attribute("numberReturned") == "0")
        let old = try small.features("RESULTTYPE=hits", version: "1.1.0").xml()
        #expect(old.attribute("numberOfFeatures") == "9")
        #expect(try small.features("RESULTTYPE=some").exceptionCode == "InvalidParameterValue")
    }

    // MARK: Values and stored queries

    @Test func valuesAreThoseThatThereAre() throws {
        let base = "VERSION=2.0.0&REQUEST=GetPropertyValue&TYPENAMES=places&VALUEREFERENCE="
        let sizes = try small.ask(base + URLText.escaped("tessera:" + PropertyName.encoded("2nd Größe")))
        #expect(try sizes.xml().children.count == 8 && sizes.xml().attribute("numberMatched") == "8")
        #expect(try small.ask(base + "geom&COUNT=2").texts("pos").count == 2)
        #expect(try small.ask(base + "@gml:id&COUNT=2").texts("member") == ["places.1", "places.2"])
        #expect(try small.ask(base + "nothing").exceptionCode == "InvalidParameterValue")
        #expect(try small.ask(base).exceptionCode == "MissingParameterValue")
    }

    @Test func valuesAreThoseOfOneQuery() throws {
        let base = "VERSION=2.0.0&REQUEST=GetPropertyValue&VALUEREFERENCE=@gml:id&"
        for several in ["TYPENAMES=(places)(shapes)", "RESOURCEID=places.1,shapes.1"] {
            #expect(try small.ask(base + several).exceptionCode == "InvalidParameterValue", "\(several)")
        }
        #expect(try small.ask(base + "RESOURCEID=shapes.1").texts("member") == ["shapes.1"])
    }

    /// A stored query has no pages, however it is asked.
    @Test(arguments: ["", "resultType=\"hits\"", "startIndex=\"5\"", "count=\"0\""])
    func storedQueriesOfDocumentsHaveNoPages(_ more: String) throws {
        let answer = try small.post(
            "<GetFeature service=\"WFS\" version=\"2.0.0\" \(more)><StoredQuery id=\"\(WFSRequest.featureByID)\">"
                + "<Parameter name=\"id\">places.2</Parameter></StoredQuery></GetFeature>")
        #expect(try answer.status == 200 && answer.xml().name == "places" && answer.keys() == [2])
    }

    @Test func severalTypesAreDifferentOnes() throws {
        let both = try small.features("", type: "(places)(shapes)").texts("name")
        #expect(both.count == 11 && both.suffix(2) == ["seam", "cap"])
        #expect(try small.features("COUNT=10", type: "(places)(shapes)").texts("name").count == 10)
        #expect(try small.features("STARTINDEX=10", type: "(places)(shapes)").texts("name") == ["cap"])
    }

    @Test func filtersHoldParenthesesOfTheirOwn() throws {
        func filter(_ text: String) -> String {
            "<Filter><PropertyIsEqualTo><ValueReference>name</ValueReference><Literal>\(text)</Literal>"
                + "</PropertyIsEqualTo></Filter>"
        }
        #expect(WFSRequest.filters("(\(filter("a)(b")))(\(filter("c")))") == [filter("a)(b"), filter("c")])
        #expect(WFSRequest.filters("(\(filter("a)(b")))") == [filter("a)(b")])
        #expect(WFSRequest.filters(filter("a")) == [filter("a")])
        let two = URLText.escaped("(\(filter("x)(y")))(\(filter("cap")))")
        #expect(try small.features("FILTER=" + two, type: "(places)(shapes)").texts("name") == ["cap"])
    }

    @Test func identifiersGiveWayToColumns() {
        func name(_ columns: String...) -> String {
            PlaceColumns.identifier(beside: columns.map { FeatureColumn(name: $0, kind: .text) })
        }
        #expect(
            name("name") == "id" && name("ID") == "feature_id" && name("id", "Feature_ID") == "feature_id_")
    }

    @Test func whatTakesTooLongIsAnException() throws {
        let answer = try QueryPatience(seconds: 0).with { try small.features("BBOX=98,23,101,26") }
        #expect(answer.status == 503 && answer.exceptionCode == "OperationProcessingFailed")
    }

    @Test func oneFeatureIsFoundByItsIdentifier() throws {
        let base = "VERSION=2.0.0&REQUEST=GetFeature&STOREDQUERY_ID=\(WFSRequest.featureByID)"
        let found = try small.ask(base + "&ID=places.2")
        #expect(try found.xml().name == "places" && found.keys() == [2])
        for unknown in ["places.77", "x", "nothing.1", "places.-1", "places.99999999999999999999"] {
            let answer = try small.ask(base + "&ID=" + unknown)
            #expect(answer.status == 404 && answer.exceptionCode == "NotFound", "\(unknown)")
        }
        #expect(try small.ask(base).exceptionCode == "MissingParameterValue")
        #expect(try small.ask(base + "x&ID=places.2").exceptionCode == "InvalidParameterValue")
        let list = try small.ask("VERSION=2.0.0&REQUEST=ListStoredQueries").text
        #expect(list.contains(WFSRequest.featureByID) && list.contains("tessera:places"))
        #expect(try small.ask("VERSION=2.0.0&REQUEST=DescribeStoredQueries").text.contains("name=\"id\""))
        let unknown = try small.ask("VERSION=2.0.0&REQUEST=DescribeStoredQueries&STOREDQUERY_ID=x")
        #expect(unknown.exceptionCode == "InvalidParameterValue")
    }

    // MARK: Numbers

    @Test(arguments: [
        (0.0, "0"), (-0.00000001, "-0.00000001"), (179.99999999, "179.99999999"), (-12.5, "-12.5"),
        (1.000000004, "1"), (100, "100"), (0.1, "0.1"), (-0.000000001, "0"),
    ])
    func coordinatesAreWrittenShort(_ value: Double, _ text: String) {
        var writer = ByteText()
        writer.fixed(value, .degrees)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == text)
    }

    @Test func numbersReadBackAsTheyWere() {
        for value in [
            0.1, 1.0 / 3, 1e300, .leastNonzeroMagnitude, 123456.7891, -2.5, 1e15, 0.00001, 99999999.9999,
            -0.0,
        ] {
            var writer = ByteText()
            writer.real(value)
            #expect(Double(String(decoding: writer.bytes, as: UTF8.self)) == value)
        }
    }
}

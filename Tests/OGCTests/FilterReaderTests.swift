import Maps
import PlanetaryFrames
import Testing
import XML

@testable import Features
@testable import OGC

/// Filters of both generations, what they become, and what is refused.
@Suite struct FilterReaderTests {
    private let systems: MapSystems
    private let layer: FeatureLayer
    private let reader: FilterReader

    init() throws {
        let catalogue = try BodyCatalogue.standard()
        let mars = try catalogue.body(named: "mars")
        systems = try MapSystems(body: mars, catalogue: catalogue)
        layer = FeatureLayer(
            name: try LayerName(body: "mars", name: "craters"), description: "", geometryType: "MULTIPOLYGON",
            columns: [
                FeatureColumn(name: "name", kind: .text), FeatureColumn(name: "diam", kind: .real),
                FeatureColumn(name: "depth km", kind: .real), FeatureColumn(name: "day", kind: .dateTime),
                FeatureColumn(name: "big", kind: .boolean), FeatureColumn(name: "raw", kind: .binary),
            ], count: 10, box: nil, system: "IAU_2015:49900", source: "", assumptions: [], lastChange: "")
        reader = FilterReader(layer, systems: systems)
    }

    private static let fes = """
        <fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" \
        xmlns:tessera="urn:x">
        """
    private static let ogc = """
        <ogc:Filter xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml" xmlns:tessera="urn:x">
        """

    private static func new(_ inner: String) -> String { fes + inner + "</fes:Filter>" }

    /// The same in the older language.
    private static func old(_ inner: String) -> String {
        ogc
            + inner.replacing("fes:ValueReference", with: "ogc:PropertyName").replacing("fes:", with: "ogc:")
            .replacing("escapeChar", with: "escape").replacing("uom=", with: "units=") + "</ogc:Filter>"
    }

    private static func compare(_ sign: FeatureComparison, _ value: FeatureValue) -> FeatureFilter {
        .comparison(.field(.column("diam")), sign, .value(value), matchCase: true)
    }

    private static let diam = "<fes:ValueReference>diam</fes:ValueReference>"
    private static let square = FeatureBox(minX: 10, minY: -5, maxX: 20, maxY: 5)
    private static let envelope =
        "<gml:Envelope><gml:lowerCorner>10 -5</gml:lowerCorner><gml:upperCorner>20 5</gml:upperCorner></gml:Envelope>"
    private static let point = "<gml:Point><gml:pos>10 5</gml:pos></gml:Point>"
    private static let radius = 3_396_190.0

    /// A column may be called as the geometry is elsewhere.
    @Test func columnsComeBeforeOtherNamesOfTheGeometry() throws {
        let filter = Self.new(
            "<fes:PropertyIsNull><fes:ValueReference>boundedBy</fes:ValueReference></fes:PropertyIsNull>")
        #expect(try reader.read(filter) == .hasNoPlace)
        let named = FeatureLayer(
            name: layer.name, description: "", geometryType: "POINT",
            columns: [FeatureColumn(name: "boundedBy", kind: .text)], count: 1, box: nil,
            system: "IAU_2015:49900", source: "", assumptions: [], lastChange: "")
        #expect(try FilterReader(named, systems: systems).read(filter) == .isNull(.column("boundedBy")))
    }

    @Test func geometriesOfARequestShareABudget() throws {
        let budget = PlaceBudget()
        let polar = try systems.parse("IAU_2015:49930").crs
        let reader = FilterReader(layer, systems: systems, defaultCRS: polar, budget: budget)
        let line = Self.new(
            "<fes:Intersects><gml:LineString><gml:posList>1000 1000 900000 1000</gml:posList></gml:LineString></fes:Intersects>"
        )
        _ = try reader.read(line)
        var left = 0
        while budget.take() { left += 1 }
        #expect(left < PlaceBudget.most - 4 && left > PlaceBudget.most - 10_000)
        let error = #expect(throws: OGCException.self) { try reader.read(line) }
        #expect(error?.text.contains("too many long edges") == true)
    }

    private static func sign(_ word: String, _ comparison: FeatureComparison) -> (String, FeatureFilter) {
        (
            "<fes:PropertyIs\(word)>\(diam)<fes:Literal> 12.5 </fes:Literal></fes:PropertyIs\(word)>",
            compare(comparison, .real(12.5))
        )
    }

    private static func relation(_ word: String, _ relation: SpatialRelation) -> (String, FeatureFilter) {
        (
            "<fes:\(word)><fes:ValueReference>tessera:geom</fes:ValueReference>\(point)</fes:\(word)>",
            .spatial(relation, .point(Position(10, 5)))
        )
    }

    private static func distance(_ word: String, _ text: String, _ metres: Double) -> (String, FeatureFilter)
    {
        let distance = GroundDistance(metres: metres, radiusMetres: radius)
        let place = Geometry.point(Position(10, 5))
        return (
            "<fes:\(word)><fes:ValueReference>geom</fes:ValueReference>\(point)\(text)</fes:\(word)>",
            word == "DWithin" ? .within(distance, of: place) : .beyond(distance, of: place)
        )
    }

    /// Operators of both generations.
    private static let operators: [(String, FeatureFilter)] = [
        sign("EqualTo", .equal), sign("NotEqualTo", .notEqual), sign("LessThan", .less),
        sign("GreaterThan", .greater), sign("LessThanOrEqualTo", .lessOrEqual),
        sign("GreaterThanOrEqualTo", .greaterOrEqual),
        (
            "<fes:PropertyIsEqualTo matchCase=\"false\"><fes:ValueReference>craters/name</fes:ValueReference>"
                + "<fes:Literal>'; DROP TABLE mars_craters; --</fes:Literal></fes:PropertyIsEqualTo>",
            .comparison(
                .field(.column("name")), .equal, .value(.text("'; DROP TABLE mars_craters; --")),
                matchCase: false)
        ),
        (
            "<fes:PropertyIsLessThan><fes:Literal>3</fes:Literal>\(diam)</fes:PropertyIsLessThan>",
            .comparison(.value(.integer(3)), .less, .field(.column("diam")), matchCase: true)
        ),
        (
            "<fes:PropertyIsGreaterThan>\(diam)<fes:ValueReference>tessera:depth_x0020_km</fes:ValueReference></fes:PropertyIsGreaterThan>",
            .comparison(
                .field(.column("diam")), .greater, .field(.column("depth km")), matchCase: true)
        ),
        (
            "<fes:PropertyIsEqualTo><fes:ValueReference>big</fes:ValueReference><fes:Literal>true</fes:Literal></fes:PropertyIsEqualTo>",
            .comparison(.field(.column("big")), .equal, .value(.integer(1)), matchCase: true)
        ),
        (
            "<fes:PropertyIsBetween>\(diam)<fes:LowerBoundary><fes:Literal>1</fes:Literal></fes:LowerBoundary>"
                + "<fes:UpperBoundary><fes:Literal>1e1</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>",
            .between(.field(.column("diam")), lower: .value(.integer(1)), upper: .value(.real(10)))
        ),
        (
            "<fes:PropertyIsLike wildCard=\"%\" singleChar=\"_\" escapeChar=\"!\"><fes:ValueReference>name</fes:ValueReference>"
                + "<fes:Literal>A!%_%</fes:Literal></fes:PropertyIsLike>",
            .like(.column("name"), FeaturePattern([.text("A%"), .anyLetter, .anyText]))
        ),
        (
            "<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>",
            .isNull(.column("name"))
        ),
        (
            "<fes:PropertyIsNull><fes:ValueReference>geom</fes:ValueReference></fes:PropertyIsNull>",
            .hasNoPlace
        ),
        (
            "<fes:And><fes:Not>\(sign("LessThan", .less).0)</fes:Not><fes:Or>\(sign("LessThan", .less).0)"
                + "\(sign("EqualTo", .equal).0)</fes:Or></fes:And>",
            .and([
                .not(compare(.less, .real(12.5))),
                .or([compare(.less, .real(12.5)), compare(.equal, .real(12.5))]),
            ])
        ),
        ("<fes:BBOX>\(envelope)</fes:BBOX>", .spatial(.intersects, square.geometry)),
        (
            "<fes:BBOX><fes:ValueReference>geom</fes:ValueReference>\(envelope)</fes:BBOX>",
            .spatial(.intersects, square.geometry)
        ),
        (
            "<fes:Within><fes:ValueReference></fes:ValueReference>\(envelope)</fes:Within>",
            .spatial(.within, square.geometry)
        ),
        relation("Equals", .equals), relation("Disjoint", .disjoint), relation("Intersects", .intersects),
        relation("Intersect", .intersects), relation("Touches", .touches), relation("Crosses", .crosses),
        relation("Within", .within), relation("Contains", .contains), relation("Overlaps", .overlaps),
        distance("DWithin", "<fes:Distance uom=\"km\">2.5</fes:Distance>", 2500),
        distance("Beyond", "<fes:Distance uom=\"m\">7</fes:Distance>", 7),
        distance("DWithin", "<fes:Distance>7</fes:Distance>", 7),
        distance(
            "DWithin", "<fes:Distance uom=\"urn:ogc:def:uom:EPSG::9102\">2</fes:Distance>",
            2 * (radius * .pi / 180)),
    ]

    @Test(arguments: Self.operators.indices) func becomesWhatItSays(index: Int) throws {
        let (text, expected) = Self.operators[index]
        #expect(try reader.read(Self.new(text)) == expected)
        #expect(try reader.read(Self.old(text)) == expected)
        // Some clients write no namespaces at all.
        let bare = Self.new(text).replacing("fes:", with: "").replacing("gml:", with: "")
            .replacing("xmlns:fes=\"http://www.opengis.net/fes/2.0\"", with: "")
        #expect(try reader.read(bare.replacing("tessera:geom", with: "geom")) == expected)
    }

    /// What only the newer generation has.
    @Test func timesAndIdentifiers() throws {
        let moment =
            "<gml:TimeInstant gml:id=\"a\"><gml:timePosition>2013-07-04T12:00:00+02:00</gml:timePosition></gml:TimeInstant>"
        let period = """
            <gml:TimePeriod gml:id="b"><gml:beginPosition>2013-07-04</gml:beginPosition>\
            <gml:end><gml:TimeInstant><gml:timePosition>2013-07-05</gml:timePosition></gml:TimeInstant></gml:end></gml:TimePeriod>
            """
        let day = FeatureField.column("day")
        let (one, two) = (
            FeatureTime("2013-07-04T10:00:00Z")!, FeatureTime(from: "2013-07-04", to: "2013-07-05")!
        )
        for (word, text, relation, time) in [
            ("After", moment, TemporalRelation.after, one), ("Before", period, .before, two),
            ("During", period, .during, two), ("TEquals", moment, .equals, one),
        ] {
            let filter = "<fes:\(word)><fes:ValueReference>day</fes:ValueReference>\(text)</fes:\(word)>"
            #expect(try reader.read(Self.new(filter)) == .temporal(relation, day, time))
        }
        #expect(
            try reader.read(Self.new("<fes:ResourceId rid=\"craters.17\"/><fes:ResourceId rid=\"other.3\"/>"))
                == .ids([17]))
        #expect(try reader.read(Self.old("<ogc:FeatureId fid=\"tessera:craters.4\"/>")) == .ids([4]))
        #expect(try reader.read(Self.old("<ogc:GmlObjectId gml:id=\"craters.4\"/>")) == .ids([4]))
        #expect(
            try reader.read(
                Self.new(
                    "<fes:PropertyIsEqualTo><fes:ValueReference>@gml:id</fes:ValueReference><fes:Literal>craters.4</fes:Literal></fes:PropertyIsEqualTo>"
                )) == .ids([4]))
        #expect(
            try reader.read("(" + Self.new("<fes:ResourceId rid=\"craters.17\"/>") + ")") == .ids([17]))
    }

    /// What GDAL 3.6 sends: no names of systems, the longitude first.
    @Test func filterOfGDAL() throws {
        let text = """
            <Filter xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><And><BBOX>\
            <ValueReference>geom</ValueReference><gml:Envelope><gml:lowerCorner>350 -5</gml:lowerCorner>\
            <gml:upperCorner>370 5</gml:upperCorner></gml:Envelope></BBOX><PropertyIsGreaterThan>\
            <ValueReference>diam</ValueReference><Literal>100</Literal></PropertyIsGreaterThan></And></Filter>
            """
        let box = FeatureBox(minX: -10, minY: -5, maxX: 10, maxY: 5)
        #expect(
            try reader.read(text)
                == .and([.spatial(.intersects, box.geometry), Self.compare(.greater, .integer(100))]))
    }

    private static func nested(_ depth: Int) -> String {
        let inner = sign("EqualTo", .equal).0
        return new(
            String(repeating: "<fes:Not>", count: depth) + inner
                + String(repeating: "</fes:Not>", count: depth))
    }

    private static let refused: [(String, String)] = [
        (
            new(
                "<fes:PropertyIsEqualTo><fes:ValueReference>diameter</fes:ValueReference><fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>"
            ), "geom, name, diam, depth_x0020_km"
        ),
        (
            new("<fes:PropertyIsEqualTo>\(diam)<fes:Literal>big</fes:Literal></fes:PropertyIsEqualTo>"),
            "a number was expected"
        ),
        (
            new("<fes:PropertyIsEqualTo>\(diam)<fes:Literal>1 OR 1=1</fes:Literal></fes:PropertyIsEqualTo>"),
            "a number was expected"
        ),
        (
            new("<fes:PropertyIsEqualTo>\(diam)<fes:Literal>nan</fes:Literal></fes:PropertyIsEqualTo>"),
            "a number was expected"
        ),
        (
            new(
                "<fes:PropertyIsEqualTo>\(diam)<fes:ValueReference>name</fes:ValueReference></fes:PropertyIsEqualTo>"
            ), "texts"
        ),
        (new("<fes:PropertyIsEqualTo>\(diam)</fes:PropertyIsEqualTo>"), "a property and a literal"),
        (
            new(
                "<fes:PropertyIsEqualTo matchAction=\"Some\">\(diam)<fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>"
            ), "All, Any or One"
        ),
        (
            new(
                "<fes:PropertyIsEqualTo matchCase=\"maybe\">\(diam)<fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>"
            ), "true or false"
        ),
        (
            new(
                "<fes:PropertyIsEqualTo><fes:Function name=\"sin\"/><fes:Literal>1</fes:Literal></fes:PropertyIsEqualTo>"
            ), "functions"
        ),
        (
            new(
                "<fes:PropertyIsEqualTo><fes:ValueReference>day</fes:ValueReference><fes:Literal>now</fes:Literal></fes:PropertyIsEqualTo>"
            ), "a date"
        ),
        (
            new(
                "<fes:PropertyIsLike><fes:ValueReference>raw</fes:ValueReference><fes:Literal>1</fes:Literal></fes:PropertyIsLike>"
            ), "bytes"
        ),
        (new("<fes:PropertyIsEvil>\(diam)</fes:PropertyIsEvil>"), "PropertyIsLike"),
        (new("<fes:And>\(sign("EqualTo", .equal).0)</fes:And>"), "two or more"),
        (new(sign("EqualTo", .equal).0 + sign("EqualTo", .equal).0), "And or Or"),
        (new(""), "0 operators"),
        (new("<fes:ResourceId rid=\"crater\"/>"), "craters.1"),
        (new("<fes:BBOX/>"), "no geometry"),
        (
            new("<fes:BBOX><fes:ValueReference>name</fes:ValueReference>\(envelope)</fes:BBOX>"),
            "geom was expected"
        ),
        (new("<fes:BBOX>\(envelope)\(envelope)</fes:BBOX>"), "second geometry"),
        (
            new(
                "<fes:BBOX><gml:Envelope srsName=\"IAU_2015:30100\"><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></fes:BBOX>"
            ), "Moon"
        ),
        (new("<fes:Touches>\(diam)\(point)</fes:Touches>"), "geom was expected"),
        (
            new(
                "<fes:Touches><gml:MultiGeometry><gml:geometryMember>\(point)</gml:geometryMember></gml:MultiGeometry></fes:Touches>"
            ), "MultiGeometry"
        ),
        (new("<fes:DWithin>\(point)</fes:DWithin>"), "no Distance"),
        (
            new("<fes:DWithin>\(point)<fes:Distance uom=\"furlong\">1</fes:Distance></fes:DWithin>"),
            "m, km or deg"
        ),
        (new("<fes:DWithin>\(point)<fes:Distance uom=\"m\">-1</fes:Distance></fes:DWithin>"), "from 0 on"),
        (
            new(
                "<fes:After>\(diam)<gml:TimeInstant><gml:timePosition>2013-07-04</gml:timePosition></gml:TimeInstant></fes:After>"
            ), "no dates"
        ),
        (
            new(
                "<fes:During><fes:ValueReference>day</fes:ValueReference><gml:TimePeriod><gml:beginPosition>2014-01-01</gml:beginPosition><gml:endPosition>2013-01-01</gml:endPosition></gml:TimePeriod></fes:During>"
            ), "2013-07-04"
        ),
        (nested(60), "more than 25"),
        (nested(90_000), "too large"),
        (new(String(repeating: " ", count: 5_000_000)), "too large"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]>" + new("<fes:ResourceId rid=\"&a;\"/>"), "which is not read here"),
        ("<Filter", "not well-formed"), ("", "cannot be read"), ("<Query/>", "Filter was expected"),
        (
            "<Filter xmlns=\"http://www.opengis.net/sld\"><PropertyIsNull/></Filter>",
            "http://www.opengis.net/fes/2.0"
        ),
    ]

    @Test func refusesWhatItCannotDo() throws {
        for (text, words) in Self.refused {
            do {
                let filter = try reader.read(text)
                Issue.record("\(text.prefix(300)) became \(filter)")
            } catch {
                #expect([.invalidParameterValue, .operationProcessingFailed].contains(error.code))
                #expect(error.locator == "FILTER" && error.status == 400)
                #expect(error.text.contains(words), "\(error.text) has no \(words)")
                #expect(error.text.count < 1000)
            }
        }
    }
}

import HiPS
import PlanetaryFrames
import Testing

@testable import Features

/// Conditions on columns and places, each against what can be said by hand.
@Suite struct FilterTests {
    private let scratch: Scratch
    private let store: FeatureStore
    private let name: LayerName

    private static let columns = [
        FeatureColumn(name: "name", kind: .text), FeatureColumn(name: "diam", kind: .real, unit: "km"),
        FeatureColumn(name: "number", kind: .integer), FeatureColumn(name: "day", kind: .date),
        FeatureColumn(name: "at", kind: .dateTime), FeatureColumn(name: "old \"name\"", kind: .text),
        FeatureColumn(name: "big", kind: .boolean),
    ]
    private static let rows: [[FeatureValue]] = [
        [
            .text("Olympus Mons"), .real(610.13), .integer(3), .text("2006-01-02"),
            .text("2006-01-02T03:04:05.000Z"), .text("a"), .integer(1),
        ],
        [
            .text("Elysium Mons"), .real(401), .integer(4), .text("2006-01-03"),
            .text("2006-01-02T03:04:05.250Z"), .text("b"), .integer(1),
        ],
        [
            .text("'; DROP TABLE mars_places; --"), .real(8.9), .integer(5), .text("2016-02-29"), .null,
            .text("*?[x]"), .integer(0),
        ],
        [.text("Ärgyre"), .real(315), .integer(3), .null, .text("2016-03-01T00:00:00.000Z"), .null, .null],
        [.null, .null, .null, .null, .null, .null, .null],
    ]

    init() throws {
        scratch = try Scratch()
        name = try LayerName(body: "mars", name: "places")
        store = try FeatureStore.writing(scratch.data)
        let writer = try LayerWriter(
            store, name: name, body: BodyCatalogue.standard().body(named: "mars"), columns: Self.columns,
            mode: .create)
        let places: [Geometry?] = [
            .point(Position(-134, 18.4)), .point(Position(147, 25)), .point(Position(180, 0)),
            .point(Position(-180, 1)), nil,
        ]
        for (place, values) in zip(places, Self.rows) { try writer.add(place, values) }
        try writer.finish(description: "", source: "", assumptions: [])
    }

    private func found(_ filter: FeatureFilter) throws -> [Int64] {
        let query = FeatureQuery(filter: filter)
        let ids = try store.features(of: name, query).map(\.id)
        #expect(try store.count(of: name, matching: query) == ids.count)
        return ids
    }

    private static func compare(
        _ column: String, _ sign: FeatureComparison, _ value: FeatureValue, _ matchCase: Bool = true
    ) -> FeatureFilter {
        .comparison(.field(.column(column)), sign, .value(value), matchCase: matchCase)
    }

    private static let conditions: [(FeatureFilter, [Int64])] = [
        (compare("diam", .equal, .real(401)), [2]),
        (compare("diam", .notEqual, .integer(401)), [1, 3, 4]),
        (compare("diam", .less, .real(315)), [3]),
        (compare("diam", .lessOrEqual, .integer(315)), [3, 4]),
        (compare("diam", .greater, .real(401)), [1]),
        (compare("number", .greaterOrEqual, .real(3.5)), [2, 3]),
        (compare("name", .equal, .text("'; DROP TABLE mars_places; --")), [3]),
        (compare("name", .equal, .text("olympus mons")), []),
        (compare("name", .equal, .text("OLYMPUS mons"), false), [1]),
        (compare("name", .equal, .text("ärGYRE"), false), [4]),
        (compare("big", .equal, .integer(1)), [1, 2]),
        (compare("day", .greater, .text("2006-01-02")), [2, 3]),
        (compare("day", .equal, .text("2006-01-02T00:00:00Z")), [1]),
        (compare("at", .greater, .text("2006-01-02T04:04:05.1+01:00")), [2, 4]),
        (compare("old \"name\"", .equal, .text("b")), [2]),
        (
            .comparison(.value(.integer(400)), .less, .field(.column("diam")), matchCase: true), [1, 2]
        ),
        (.comparison(.field(.column("number")), .equal, .field(.key), matchCase: true), []),
        (.comparison(.field(.key), .less, .field(.column("number")), matchCase: true), [1, 2, 3]),
        (
            .between(
                .field(.column("diam")), lower: .value(.integer(315)), upper: .value(.real(401))), [2, 4]
        ),
        (.isNull(.column("diam")), [5]), (.not(.isNull(.column("diam"))), [1, 2, 3, 4]), (.hasNoPlace, [5]),
        (.ids([4, 1, 99]), [1, 4]), (.ids([]), []), (.and([]), [1, 2, 3, 4, 5]), (.or([]), []),
        // Neither a comparison nor its opposite finds what has no value.
        (.not(compare("diam", .less, .real(315))), [1, 2, 4]),
        (.and([compare("number", .equal, .integer(3)), compare("diam", .greater, .real(400))]), [1]),
        (.or([.ids([5]), compare("number", .equal, .integer(3)), .ids([2])]), [1, 2, 4, 5]),
        (like("*Mons"), [1, 2]), (like("Olympus?Mons"), [1]), (like("olympus*"), []),
        (like("olympus*", matchCase: false), [1]), (like("?rgyre"), [4]),
        (like("ÄRG*", matchCase: false), [4]),
        (like("!*!?[x]", column: "old \"name\"", escape: "!"), [3]),
        (like("*[x*", column: "old \"name\""), [3]), (like("[ab]", column: "old \"name\""), []),
        (like("6%", column: "diam", wildCard: "%"), [1]),
        (.temporal(.after, .column("day"), FeatureTime("2006-01-02")!), [2, 3]),
        (.temporal(.before, .column("at"), FeatureTime("2006-01-02T03:04:05.25Z")!), [1]),
        (
            .temporal(
                .during, .column("at"),
                FeatureTime(from: "2006-01-02T03:04:05Z", to: "2016-03-01")!), [2]
        ),
        (.temporal(.equals, .column("day"), FeatureTime("2016-02-29")!), [3]),
        // Both sides of longitude 180 are the same place.
        (.box(FeatureBox(minX: 170, minY: -5, maxX: 180, maxY: 5)), [3, 4]),
        (.box(FeatureBox(minX: -180, minY: -5, maxX: -170, maxY: 5)), [3, 4]),
        (.box(FeatureBox(minX: 180, minY: -5, maxX: 180, maxY: 5)), [3, 4]),
        (.box(FeatureBox(minX: 340, minY: -90, maxX: -200, maxY: 90)), [2]),
        (.spatial(.intersects, FeatureBox(minX: 170, minY: -5, maxX: 180, maxY: 5).geometry), [3, 4]),
        (.spatial(.disjoint, FeatureBox(minX: 170, minY: -5, maxX: 190, maxY: 5).geometry), [1, 2]),
        (.not(.spatial(.disjoint, FeatureBox(minX: 170, minY: -5, maxX: 190, maxY: 5).geometry)), [3, 4, 5]),
    ]

    /// Edges along parallels have some 9000 arcs each: two such lines are too much for one statement, one is not.
    @Test func distancesShareABudget() throws {
        let layer = try #require(try store.layers().first)
        let line = Geometry.line((0..<16).map { Position($0 % 2 == 0 ? -170 : 170, Double($0) / 5) })
        let distance = GroundDistance(metres: 1, radiusMetres: 1)
        func sql(_ filters: [FeatureFilter]) throws -> String {
            var compiler = FilterCompiler(layer, SpatialTests())
            return try compiler.sql(.or(filters))
        }
        #expect(try sql([.within(distance, of: line)]).contains("tessera_holds"))
        #expect(throws: FeatureError.self) {
            try sql([.within(distance, of: line), .beyond(distance, of: line)])
        }
    }

    @Test func largeQuestionsAreNotKept() {
        let marks = PageMarks()
        for (count, kept) in [(10_000, 7), (10_001, nil)] as [(Int, Int?)] {
            let places = Geometry.multiPoint((0..<count).map { Position(Double($0) / 1000, 0) })
            let state = LayerState(id: 1, lastChange: "", count: 1, first: 1, last: 1)
            let question = PageMarks.Question(
                name, state, FeatureQuery(filter: .not(.spatial(.intersects, places))))
            marks.remember(count: 7, of: question)
            #expect(marks.count(of: question) == kept)
        }
    }

    /// A query ends at the first feature after nobody wants it any more, or its time is over.
    @Test func queriesEndEarly() throws {
        let query = FeatureQuery(
            filter: .spatial(.intersects, FeatureBox(minX: 170, minY: -5, maxX: 180, maxY: 5).geometry))
        #expect(try QueryPatience(seconds: 60).with { try store.features(of: name, query).count } == 2)
        for over in [QueryPatience(seconds: 0), QueryPatience(seconds: 60) { true }] {
            #expect(throws: FeatureError.stopped) { try over.with { try store.features(of: name, query) } }
            #expect(throws: FeatureError.stopped) {
                try over.with { try store.count(of: name, matching: query) }
            }
        }
        // The connection goes on.
        #expect(try store.features(of: name, query).count == 2)
    }

    /// SQLite refuses longer patterns with an error of its own.
    @Test func patternsHaveALength() throws {
        func layer() throws -> FeatureLayer { try #require(try store.layers().first) }
        func sql(_ letters: Int) throws -> String {
            var compiler = FilterCompiler(try layer(), SpatialTests())
            return try compiler.sql(Self.like(String(repeating: "a", count: letters)))
        }
        #expect(try sql(50_000).contains("GLOB ?"))
        let error = #expect(throws: FeatureError.self) { try sql(50_001) }
        guard case .badFilter? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private static func like(
        _ pattern: String, column: String = "name", wildCard: String = "*", escape: String = "\\",
        matchCase: Bool = true
    ) -> FeatureFilter {
        .like(
            .column(column),
            FeaturePattern(
                pattern, wildCard: wildCard, singleChar: "?", escape: escape, matchCase: matchCase))
    }

    @Test func conditions() throws {
        for (filter, expected) in Self.conditions { #expect(try found(filter) == expected, "\(filter)") }
    }

    @Test func wrongConditionsAreRefused() throws {
        let wrong: [FeatureFilter] = [
            Self.compare("nothing", .equal, .integer(1)), Self.compare("diam\"; --", .equal, .integer(1)),
            Self.compare("diam", .equal, .text("x")), Self.compare("diam", .equal, .null),
            Self.compare("name", .equal, .integer(1)), Self.compare("day", .less, .text("yesterday")),
            Self.compare("diam", .equal, .real(.nan)),
            .comparison(.value(.integer(1)), .equal, .value(.integer(1)), matchCase: true),
            .comparison(.field(.column("name")), .equal, .field(.column("diam")), matchCase: true),
            .temporal(.after, .column("name"), FeatureTime("2006-01-02")!),
            .within(GroundDistance(metres: -1, radiusMetres: 1), of: .point(Position(0, 0))),
        ]
        for filter in wrong {
            #expect(throws: FeatureError.self, "\(filter)") {
                try store.count(of: name, matching: .init(filter: filter))
            }
        }
        #expect(
            throws: FeatureError.noColumn(
                name: "x", layer: "mars/places", known: Self.columns.map(\.name))
        ) {
            try store.features(of: name, FeatureQuery(columns: ["x"]))
        }
        #expect(try store.count(of: name) == 5)
    }

    /// Nothing of a condition stands in the text of a statement but the names of columns.
    @Test func valuesAreBound() throws {
        let layer = try #require(try store.layer(name))
        var compiler = FilterCompiler(layer, store.tests)
        let text = try compiler.sql(
            .and([
                Self.compare("name", .equal, .text("SECRET")), Self.like("SECRET*"),
                .between(
                    .field(.column("diam")), lower: .value(.integer(12345)), upper: .value(.real(12345))),
                .temporal(.during, .column("day"), FeatureTime(from: "2012-03-04", to: "2013-03-04")!),
                .ids([12345]), .box(FeatureBox(minX: 12345, minY: 1, maxX: 12346, maxY: 2)),
            ]))
        store.tests.forget(compiler.numbers)
        #expect(!text.contains("SECRET") && !text.contains("12345") && !text.contains("2012"))
        #expect(text.filter { $0 == "?" }.count == compiler.arguments.count)
    }

    @Test func columnsThatAreAskedFor() throws {
        let query = FeatureQuery(
            filter: .ids([2]), columns: ["number", "name"], readsGeometry: false)
        #expect(
            try store.features(of: name, query) == [
                Feature(id: 2, geometry: nil, values: [.integer(4), .text("Elysium Mons")])
            ])
    }

    @Test func deepFilters() throws {
        var filter = Self.compare("number", .equal, .integer(3))
        for _ in 0..<12 { filter = .not(.not(filter)) }
        #expect(try found(filter) == [1, 4])
        #expect(
            try found(.or((0..<900).map { Self.compare("number", .equal, .integer(Int64($0))) })) == [
                1, 2, 3, 4,
            ])
    }

    /// Python's datetime is the judge.
    @Test func times() {
        #expect(FeatureTime("2013-07-04")?.begin == "2013-07-04T00:00:00.000Z")
        #expect(FeatureTime("2000-03-01T00:30:00+01:00")?.begin == "2000-02-29T23:30:00.000Z")
        #expect(FeatureTime("1900-02-28T23:59:59.9999-00:01")?.begin == "1900-03-01T00:00:59.999Z")
        #expect(FeatureTime("0001-01-01T00:00:00Z")?.begin == "0001-01-01T00:00:00.000Z")
        #expect(FeatureTime("9999-12-31T24:00:00Z") == nil)
        for text in [
            "", "2013", "2013-13-01", "2013-02-29", "2013-07-04T", "2013-07-04T1:2", "2013-07-04T10:00:00.",
            "2013-07-04Zx",
        ] {
            #expect(FeatureTime(text) == nil, "\(text)")
        }
        #expect(FeatureTime(from: "2013-07-05", to: "2013-07-04") == nil)
    }
}

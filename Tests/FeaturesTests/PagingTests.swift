import GRDB
import GRDBSQLite
import HiPS
import PlanetaryFrames
import Synchronization
import Testing

@testable import Features

/// What steps SQLite's machine takes, in hundreds.
private let steps = Atomic<Int>(0)

/// Pages of long answers: whole, in order, and none dearer than the first.
@Suite(.serialized) struct PagingTests {
    private let scratch: Scratch
    private let name: LayerName
    private static let count = 30_000

    init() throws {
        scratch = try Scratch()
        name = try LayerName(body: "mars", name: "grid")
        let store = try FeatureStore.writing(scratch.data)
        let writer = try LayerWriter(
            store, name: name, body: BodyCatalogue.standard().body(named: "mars"),
            columns: [
                FeatureColumn(name: "number", kind: .integer), FeatureColumn(name: "third", kind: .integer),
                FeatureColumn(name: "word", kind: .text),
            ], mode: .create)
        for index in 0..<Self.count {
            // Numbers in an order that is not the keys'; a third of the words are missing.
            let number = (index * 7919) % Self.count
            try writer.add(
                .point(Position(Double(index % 360) - 180, Double(index / 360 % 180) - 90)),
                [
                    .integer(Int64(number)), .integer(Int64(index % 3)),
                    number % 3 == 0 ? .null : .text("w\(number % 50)"),
                ])
        }
        try writer.finish(description: "", source: "", assumptions: [])
    }

    /// The steps of one call. Calls after each other use the same connection.
    private func cost(_ store: FeatureStore, _ body: () throws -> Void) throws -> Int {
        try store.read { db in
            sqlite3_progress_handler(
                db.sqliteConnection, 100,
                { _ in
                    steps.add(1, ordering: .relaxed)
                    return 0
                }, nil)
        }
        steps.store(0, ordering: .relaxed)
        try body()
        return steps.load(ordering: .relaxed)
    }

    private func gaps() throws {
        let store = try FeatureStore.writing(scratch.data)
        try store.write { try $0.execute(sql: "DELETE FROM mars_grid WHERE fid % 7 = 3") }
    }

    private static let low = FeatureFilter.comparison(
        .field(.column("third")), .less, .value(.integer(2)))

    private static let queries: [(FeatureQuery, hasGaps: Bool, isWritable: Bool)] = [
        (FeatureQuery(), false, false),
        (FeatureQuery(order: [FeatureOrder(.key, isDescending: true)]), false, false),
        (FeatureQuery(), true, false),
        (FeatureQuery(filter: low), false, false),
        (FeatureQuery(order: [FeatureOrder(.column("number"))]), false, true),
        (FeatureQuery(filter: low, order: [FeatureOrder(.column("number"), isDescending: true)]), true, true),
        (FeatureQuery(order: [FeatureOrder(.column("third"))]), false, true),
        (FeatureQuery(order: [FeatureOrder(.column("word"))]), false, true),
        (FeatureQuery(order: [FeatureOrder(.column("word"), isDescending: true)]), false, true),
        (
            FeatureQuery(
                order: [FeatureOrder(.column("third"), isDescending: true), FeatureOrder(.column("word"))]),
            false, true
        ),
    ]

    /// Page after page by offset is the whole answer, and the last page takes no more steps than the first.
    @Test func pagesByOffset() throws {
        for (query, hasGaps, isWritable) in Self.queries {
            if hasGaps { try gaps() }
            let store =
                isWritable
                ? try FeatureStore.writing(scratch.data)
                : try #require(try FeatureStore.reading(scratch.data))
            var whole = query
            whole.limit = Self.count
            let all = try store.features(of: name, whole).map(\.id)
            #expect(Set(all).count == all.count)
            var (costs, seen) = ([Int](), [Int64]())
            var page = query
            page.limit = 100
            while true {
                page.offset = seen.count
                var ids: [Int64] = []
                costs.append(
                    try cost(store) { ids = try store.features(of: name, page).map(\.id) })
                if ids.isEmpty { break }
                seen += ids
            }
            #expect(seen == all, "\(query)")
            let full = costs.dropFirst(2).dropLast(2)
            #expect(
                full.max()! <= 2 * costs[0] + 20, "\(query): \(costs[0]) steps, then up to \(full.max()!)")
        }
    }

    /// A jump into an answer that nobody has paged through yet.
    @Test func jumps() throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        let page = try store.features(of: name, FeatureQuery(offset: 29_990, limit: 100))
        #expect(page.map(\.id) == Array(29_991...30_000))
        #expect(try store.features(of: name, FeatureQuery(offset: 30_000, limit: 100)).isEmpty)
        #expect(try store.features(of: name, FeatureQuery(offset: .max, limit: .max)).isEmpty)
        let low = try store.features(of: name, FeatureQuery(filter: Self.low, offset: 19_999, limit: 5))
        #expect(low.map(\.id) == [29_999])
        let sorted = try store.features(
            of: name, FeatureQuery(order: [FeatureOrder(.column("number"))], offset: 12_345, limit: 1))
        #expect(sorted[0].values[0] == .integer(12_345))
    }

    /// Where no index can be made the order of all is remembered after some pages, which cost little from then on.
    @Test func remembersTheOrder() throws {
        for (filter, order) in [
            (nil, [FeatureOrder(.column("number"), isDescending: true)]),
            (Self.low, [FeatureOrder(.column("word")), FeatureOrder(.column("number"))]),
        ] as [(FeatureFilter?, [FeatureOrder])] {
            let query = FeatureQuery(filter: filter, order: order, limit: Self.count)
            let all = try #require(try FeatureStore.reading(scratch.data)).features(of: name, query)
            #expect(all.count >= 20_000)
            let store = try #require(try FeatureStore.reading(scratch.data))
            var (costs, offset) = ([Int](), 0)
            while offset < all.count {
                var page = query
                (page.offset, page.limit, page.columns) = (offset, 700, ["word"])
                page.readsGeometry = offset % 1400 == 0
                var found: [Feature] = []
                costs.append(try cost(store) { found = try store.features(of: name, page) })
                let wanted = all[offset..<min(offset + 700, all.count)]
                #expect(found.map(\.id) == wanted.map(\.id))
                #expect(found.map(\.values) == wanted.map { [$0.values[2]] })
                #expect(found.allSatisfy { ($0.geometry != nil) == page.readsGeometry })
                offset += found.count
            }
            #expect(costs[0] > 1000 && costs.dropFirst(5).max()! < costs[0] / 8, "\(costs)")
            // An answer that is sent in pieces goes on by the same list, from any offset to any limit.
            for (offset, limit) in [
                (0, Int.max), (1999, 3001), (all.count - 1, 10), (all.count, 5), (.max, 1),
            ] {
                var part = query
                (part.offset, part.limit) = (offset, limit)
                var pages = try store.pages(of: name, part)
                var seen: [Feature] = []
                while let page = try pages.next() {
                    #expect(page.count <= 1000)
                    seen += page
                }
                #expect(seen == Array(all.dropFirst(offset).prefix(limit)))
            }
        }
    }

    /// A feature that others take away without a word is missed, not passed over.
    @Test func noticesMissingFeatures() throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        let order = [FeatureOrder(.column("number"))]
        func pages() throws -> [Int64] {
            var pages = try store.pages(of: name, FeatureQuery(order: order, limit: .max))
            var seen: [Int64] = []
            while let page = try pages.next() { seen += page.map(\.id) }
            return seen
        }
        #expect(try pages().count == Self.count)
        try FeatureStore.writing(scratch.data).write {
            try $0.execute(sql: "DELETE FROM mars_grid WHERE fid = 17")
            // As if by a program that heeds no triggers.
            try $0.execute(sql: "UPDATE tessera_layers SET feature_count = feature_count + 1")
        }
        #expect(throws: FeatureError.changed(name: "mars/grid", path: store.path)) { try pages() }
        #expect(try pages().count == Self.count - 1)
    }

    /// Keys of the questions that were asked last are kept, as many as there is room for.
    @Test func listsOfKeysAreLimited() throws {
        let marks = PageMarks()
        let state = LayerState(id: 1, lastChange: "", count: 0, first: nil, last: nil)
        func question(_ offset: Int64) -> PageMarks.Question {
            PageMarks.Question(name, state, FeatureQuery(after: offset))
        }
        let third = Array(repeating: Int64(0), count: PageMarks.mostKeys / 3)
        for number in 1...4 as ClosedRange<Int64> { marks.remember(keys: third, of: question(number)) }
        #expect((1...4).map { marks.keys(of: question($0)) != nil } == [false, true, true, true])
        marks.remember(keys: Array(repeating: 0, count: PageMarks.mostKeys), of: question(5))
        #expect((1...5).map { marks.keys(of: question($0)) != nil } == [false, false, false, false, true])
        marks.remember(keys: Array(repeating: 0, count: PageMarks.mostKeys + 1), of: question(6))
        #expect(marks.keys(of: question(6)) == nil && marks.keys(of: question(5)) != nil)
        marks.forgetKeys(of: question(5))
        #expect(marks.keys(of: question(5)) == nil)
    }

    /// Lists that pages are read by are kept, however many others ask in between.
    @Test func listsOfKeysInUseStay() throws {
        let marks = PageMarks()
        let state = LayerState(id: 1, lastChange: "", count: 0, first: nil, last: nil)
        func question(_ number: Int64) -> PageMarks.Question {
            PageMarks.Question(name, state, FeatureQuery(after: number))
        }
        marks.remember(keys: [3, 1, 2], of: question(0))
        marks.remember(keys: [1], of: question(1000))
        for number in 1...64 as ClosedRange<Int64> {
            marks.remember(count: 1, of: question(number))
            #expect(marks.keys(of: question(0)) == [3, 1, 2])
        }
        // One that nobody read by gave way.
        #expect(marks.keys(of: question(1000)) == nil)
        // And where the room for keys is short.
        let half = Array(repeating: Int64(0), count: PageMarks.mostKeys / 2 - 3)
        marks.remember(keys: half, of: question(1))
        marks.remember(keys: half, of: question(2))
        #expect(marks.keys(of: question(0)) != nil)
        marks.remember(keys: half, of: question(3))
        #expect((0...3).map { marks.keys(of: question($0)) != nil } == [true, false, true, true])
    }

    /// A jump over many features of a sorted answer finds the order of all at once, one over few does not.
    @Test func jumpsFindTheOrder() throws {
        let order = [FeatureOrder(.column("number"), isDescending: true)]
        func page(_ offset: Int, _ store: FeatureStore) throws -> (ids: [FeatureValue], steps: Int) {
            var found: [FeatureValue] = []
            let steps = try cost(store) {
                found = try store.features(
                    of: name, FeatureQuery(order: order, offset: offset, limit: 10)
                ).map { $0.values[0] }
            }
            return (found, steps)
        }
        func wanted(_ offset: Int) -> [FeatureValue] {
            (0..<10).map { .integer(Int64(Self.count - 1 - offset - $0)) }
        }
        let near = try #require(try FeatureStore.reading(scratch.data))
        let far = try #require(try FeatureStore.reading(scratch.data))
        let first = (try page(5000, near), try page(25_000, far))
        #expect(first.0.ids == wanted(5000) && first.1.ids == wanted(25_000))
        let second = (try page(4000, near), try page(12_000, far))
        #expect(second.0.ids == wanted(4000) && second.1.ids == wanted(12_000))
        #expect(second.0.steps > 1000 && second.1.steps < 100, "\(second.0.steps), \(second.1.steps)")
        // Behind a page that is known a little further is near.
        let behind = try #require(try FeatureStore.reading(scratch.data))
        _ = try page(4000, behind)
        #expect(try page(9000, behind).ids == wanted(9000))
        #expect(try page(9000, behind).steps > 100)
    }

    /// The order is what SQLite makes of all rows at once.
    @Test func sorts() throws {
        let store = try #require(try FeatureStore.reading(scratch.data))
        let order = [FeatureOrder(.column("word"), isDescending: true), FeatureOrder(.column("third"))]
        let expected = try store.read { db in
            try Int64.fetchAll(db, sql: "SELECT fid FROM mars_grid ORDER BY word DESC, third, fid")
        }
        var pages = try store.pages(of: name, FeatureQuery(order: order, limit: .max))
        var seen: [Int64] = []
        while let page = try pages.next() {
            #expect(page.count <= 1000)
            seen += page.map(\.id)
        }
        #expect(seen == expected)
    }

    @Test func pagesAreLimitedInBytes() throws {
        let store = try FeatureStore.writing(scratch.data)
        let name = try LayerName(body: "mars", name: "long")
        let writer = try LayerWriter(
            store, name: name, body: BodyCatalogue.standard().body(named: "mars"),
            columns: [FeatureColumn(name: "text", kind: .text)], mode: .create)
        for _ in 0..<20 { try writer.add(nil, [.text(String(repeating: "x", count: 300_000))]) }
        try writer.finish(description: "", source: "", assumptions: [])
        var pages = try store.pages(of: name, FeatureQuery(offset: 3, limit: 10))
        var sizes: [Int] = []
        while let page = try pages.next() { sizes.append(page.count) }
        #expect(sizes == [4, 4, 2])
    }

    /// Half an answer is not taken for a whole one.
    @Test func noticesAnotherLayer() throws {
        let reader = try #require(try FeatureStore.reading(scratch.data))
        var pages = try reader.pages(of: name, FeatureQuery(limit: .max))
        #expect(try pages.next()?.count == 1000)
        let store = try FeatureStore.writing(scratch.data)
        let mars = try BodyCatalogue.standard().body(named: "mars")
        do {
            // The lock is let go of with the writer.
            let writer = try LayerWriter(store, name: name, body: mars, columns: [], mode: .replace)
            for _ in 0..<Self.count { try writer.add(.point(Position(1, 2)), []) }
            #expect(try pages.next()?.count == 1000)
            try writer.finish(description: "", source: "", assumptions: [])
        }
        #expect(throws: FeatureError.changed(name: "mars/grid", path: store.path)) { try pages.next() }
        let removed = try reader.pages(of: name, FeatureQuery(limit: .max))
        try store.remove(name)
        #expect(throws: FeatureError.self) {
            var removed = removed
            _ = try removed.next()
        }
    }

    /// Counts and ends of pages of another state of the layer are not used.
    @Test func forgetsWhatWasBefore() throws {
        let store = try FeatureStore.writing(scratch.data)
        let query = FeatureQuery(filter: Self.low, offset: 100, limit: 100)
        #expect(try store.count(of: name, matching: query) == 20_000)
        _ = try store.features(of: name, query)
        let mars = try BodyCatalogue.standard().body(named: "mars")
        let writer = try LayerWriter(
            store, name: name, body: mars, columns: [FeatureColumn(name: "third", kind: .integer)],
            mode: .replace)
        for _ in 0..<150 { try writer.add(nil, [.integer(1)]) }
        try writer.finish(description: "", source: "", assumptions: [])
        #expect(try store.count(of: name, matching: query) == 150)
        #expect(try store.features(of: name, query).map(\.id) == Array(101...150))
    }

    @Test func sortsAlongAnIndex() throws {
        let store = try FeatureStore.writing(scratch.data)
        let order = [FeatureOrder(.column("number"), isDescending: true)]
        _ = try store.features(of: name, FeatureQuery(order: order, limit: 1))
        let layer = try #require(try store.layer(name))
        let fields = FeatureStatement.order(order)
        for level in FeatureStatement.levels(fields, behind: PageMark(key: 4, values: [.integer(7)])) {
            var statement = FeatureStatement(layer, store.tests)
            try statement.restrict(to: level, of: fields)
            let text = try statement.selectText(FeatureQuery(), fields, from: level)
            let plan = try store.read { db in
                try Row.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN " + text, arguments: statement.arguments + [100]
                ).map { $0["detail"] as String }
            }
            #expect(
                plan.count == 1 && plan[0].contains("USING INDEX tessera_order_mars_grid_number "),
                "\(plan)")
        }
    }
}

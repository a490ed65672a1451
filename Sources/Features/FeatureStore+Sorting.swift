internal import FoundationEssentials
internal import GRDB

/// Pages of sorted answers in files that may not be written, where no index can be made.
extension FeatureStore {
    /// Sorting a few thousand features takes milliseconds.
    static let mostSortedAnew = 5000
    /// How many pages look at all features before the order of all is found and remembered, which takes as long as some more of
    /// them: most clients want the first page alone.
    private static let mostScans = 4
    /// How many features are looked up at a time.
    private static let chunk = 1000

    /// The keys of all features of a sorted answer in their order; nil where pages are to look for themselves.
    func sortedKeys(
        of layer: FeatureLayer, _ query: FeatureQuery, _ order: [FeatureOrder], at place: PagePlace,
        _ question: PageMarks.Question, _ db: Database
    ) throws -> [Int64]? {
        guard !isWritable, order.count > 1, layer.count > Self.mostSortedAnew,
            layer.count <= PageMarks.mostKeys
        else { return nil }
        if let keys = marks.keys(of: question) { return keys }
        // To pass over many features is to sort whole rows of them.
        let isFar =
            place.mark == nil && question.isKept
            && marks.place(place.skip, of: question).skip > Self.mostSortedAnew
        guard isFar || marks.addScan(of: question) > Self.mostScans else { return nil }
        var statement = FeatureStatement(layer, tests)
        defer { tests.forget(statement.numbers) }
        try statement.restrict(to: query)
        let select = try db.makeStatement(sql: try statement.keysText(order))
        let keys = try Int64.fetchAll(select, arguments: statement.arguments)
        marks.remember(keys: keys, of: question)
        return keys
    }

    /// Reads a page of features whose keys are known.
    /// - Throws: ``FeatureError/changed(name:path:)`` where one of them is not there any more.
    func page(
        of layer: FeatureLayer, _ query: FeatureQuery, _ order: [FeatureOrder], _ keys: [Int64],
        from offset: Int, limit: Int, bytes: Int, _ question: PageMarks.Question, _ db: Database
    ) throws -> (features: [Feature], next: PagePlace, isLast: Bool) {
        var reader = PageReader(layer: layer, query: query, order: order, limit: limit, bytes: bytes)
        let statement = FeatureStatement(layer, tests)
        let select = try db.makeStatement(sql: try statement.lookupText(query, order))
        var rest = keys.dropFirst(offset).prefix(limit)
        while !reader.isFull, !rest.isEmpty {
            let wanted = rest.prefix(Self.chunk)
            let list = "[" + wanted.map(String.init).joined(separator: ",") + "]"
            let rows = try Row.fetchCursor(select, arguments: [list])
            for key in wanted where !reader.isFull {
                guard let row = try rows.next(), row[0] == key else {
                    marks.forgetKeys(of: question)
                    throw FeatureError.changed(name: layer.name.description, path: path)
                }
                reader.take(row)
            }
            rest = rest.dropFirst(wanted.count)
        }
        let next = PagePlace(mark: reader.mark, skip: 0, offset: offset + reader.features.count)
        return (reader.features, next, isLast: !reader.isFull)
    }
}

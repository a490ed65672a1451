internal import FoundationEssentials
internal import GRDB

extension FeatureStore {
    /// One page of a layer's features.
    ///
    /// Pages of one query cost the same wherever they are: in a layer without gaps in its keys an offset is a key, and otherwise the
    /// ends of pages are remembered. Only a jump far behind all that was read before looks at what it leaves out. The first page of
    /// a sorted query makes an index where the store was opened for writing; elsewhere the first few look at all features each, and
    /// then the order of all is remembered, at once for a jump over many.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer,
    ///   ``FeatureError/noColumn(name:layer:known:)`` and ``FeatureError/badFilter(layer:reason:)`` for queries that do not fit it.
    public func features(of name: LayerName, _ query: FeatureQuery) throws(FeatureError) -> [Feature] {
        try makeOrderIndex(of: name, query)
        return try page(
            of: name, query, at: PagePlace(offset: max(0, query.offset)), limit: max(0, query.limit),
            bytes: .max, expecting: nil
        ).features
    }

    /// The features of a layer, page by page, from the query's offset on and up to its limit.
    /// - Parameter expecting: what the layer has to be like; nil for whatever it is.
    /// - Throws: as ``features(of:_:)``, and ``FeatureError/changed(name:path:)`` when the layer is another one than expected.
    public func pages(
        of name: LayerName, _ query: FeatureQuery, expecting: LayerState? = nil
    ) throws(FeatureError) -> FeaturePages {
        try makeOrderIndex(of: name, query)
        let (layer, state) = try read { try self.known(name, expecting: expecting, $0) }
        return FeaturePages(self, layer, state, query)
    }

    /// What a layer is like now, for several calls that have to find the same.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func layerState(of name: LayerName) throws(FeatureError) -> LayerState {
        try read { try self.known(name, expecting: nil, $0).state }
    }

    /// One feature; nil when the layer has none of this key.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func feature(_ id: Int64, of name: LayerName) throws(FeatureError) -> Feature? {
        guard id > Int64.min else { return nil }
        return try features(of: name, FeatureQuery(after: id - 1, limit: 1)).first { $0.id == id }
    }

    /// The number of features whose box meets another one; of all of them for nil.
    /// - Throws: ``FeatureError/noLayer(name:path:known:)`` when there is no such layer.
    public func count(of name: LayerName, box: FeatureBox? = nil) throws(FeatureError) -> Int {
        try count(of: name, matching: FeatureQuery(box: box))
    }

    /// The number of features that a query finds, whatever its offset and limit.
    ///
    /// It is remembered for as long as the layer stays as it is.
    /// - Parameter expecting: what the layer has to be like; nil for whatever it is.
    /// - Throws: as ``features(of:_:)``, and ``FeatureError/changed(name:path:)`` when the layer is another one than expected.
    public func count(
        of name: LayerName, matching query: FeatureQuery, expecting: LayerState? = nil
    ) throws(FeatureError) -> Int {
        try read { db in
            let (layer, state) = try self.known(name, expecting: expecting, db)
            if query.box == nil, query.filter == nil, query.after <= 0 { return layer.count }
            let question = PageMarks.Question(name, state, query)
            if let count = self.marks.count(of: question) { return count }
            var statement = FeatureStatement(layer, self.tests)
            defer { self.tests.forget(statement.numbers) }
            try statement.restrict(to: query)
            let count = try Int.fetchOne(db, sql: statement.countText, arguments: statement.arguments) ?? 0
            self.marks.remember(count: count, of: question)
            return count
        }
    }

    /// Reads a page that begins at a place.
    func page(
        of name: LayerName, _ query: FeatureQuery, at place: PagePlace, limit: Int, bytes: Int,
        expecting: LayerState?
    ) throws(FeatureError) -> (features: [Feature], next: PagePlace, isLast: Bool) {
        try read { db in
            let (layer, state) = try self.known(name, expecting: expecting, db)
            let order = FeatureStatement.order(query.order)
            let question = PageMarks.Question(name, state, query)
            if let keys = try self.sortedKeys(of: layer, query, order, at: place, question, db) {
                return try self.page(
                    of: layer, query, order, keys, from: place.offset, limit: limit, bytes: bytes, question,
                    db)
            }
            var place = place
            // The offset that the page begins at, for pages that begin with one.
            let offset = place.mark == nil ? place.skip : nil
            if place.mark == nil, place.skip > 0 {
                place =
                    try self.keyPlace(name, query, order, place.skip, state, db)
                    ?? self.marks.place(place.skip, of: question)
            }
            var reader = PageReader(layer: layer, query: query, order: order, limit: limit, bytes: bytes)
            for level in FeatureStatement.levels(order, behind: place.mark) where !reader.isFull {
                var statement = FeatureStatement(layer, self.tests)
                defer { self.tests.forget(statement.numbers) }
                try statement.restrict(to: query)
                try statement.restrict(to: level, of: order)
                let text = try statement.selectText(query, order, from: level)
                let wanted = min(reader.left, Int.max - place.skip) + place.skip
                // Filters have too many forms to be kept.
                let isKept = query.filter == nil && query.columns == nil
                let select = try isKept ? db.cachedStatement(sql: text) : db.makeStatement(sql: text)
                let rows = try Row.fetchCursor(select, arguments: statement.arguments + [wanted])
                while !reader.isFull, let row = try rows.next() {
                    if place.skip > 0 { place.skip -= 1 } else { reader.take(row) }
                }
            }
            if let offset, let mark = reader.mark {
                self.marks.remember(mark, at: offset + reader.features.count, of: question)
            }
            return (
                reader.features,
                PagePlace(
                    mark: reader.mark ?? place.mark, skip: 0, offset: place.offset + reader.features.count),
                isLast: !reader.isFull
            )
        }
    }

    /// The place of an offset where keys are counted without gaps and nothing is left out; nil where they are not.
    private func keyPlace(
        _ name: LayerName, _ query: FeatureQuery, _ order: [FeatureOrder], _ offset: Int, _ state: LayerState,
        _ db: Database
    ) throws -> PagePlace? {
        guard query.box == nil, query.filter == nil, query.after <= 0, order.count == 1,
            let keys = state.wholeKeys, offset <= state.count
        else { return nil }
        var isWhole = marks.isWhole(state)
        if isWhole == nil {
            let found = try Int.fetchOne(
                db, sql: "SELECT count(*) FROM \(GeoPackageSchema.quoted(name.table))")
            isWhole = found == state.count
            marks.remember(isWhole: isWhole == true, state)
        }
        guard isWhole == true else { return nil }
        let key =
            order[0].isDescending ? keys.upperBound - Int64(offset) + 1 : keys.lowerBound + Int64(offset) - 1
        return PagePlace(mark: PageMark(key: key, values: []), skip: 0, offset: offset)
    }

    /// Makes the index that pages of a sorted query go along, where the file may be written.
    private func makeOrderIndex(of name: LayerName, _ query: FeatureQuery) throws(FeatureError) {
        let order = FeatureStatement.order(query.order)
        guard isWritable, order.count > 1 else { return }
        let layer = try read { try self.known(name, $0) }
        guard layer.count > Self.mostSortedAnew else { return }
        let direction = order[order.count - 1].isDescending
        let columns = try order.dropLast().map { order throws(FeatureError) in
            guard case .column(let column) = order.field else { return "fid" }
            let name = GeoPackageSchema.quoted(try layer.column(column).name)
            // The key grows with the last column: the index is gone along backwards where that descends.
            return order.isDescending != direction ? name + " DESC" : name
        }
        let index = GeoPackageSchema.quoted(
            "tessera_order_\(name.table)_" + columns.joined(separator: "_").replacing("\"", with: ""))
        let isThere = try hasTable(index.dropFirst().dropLast().description)
        guard !isThere else { return }
        try write { db in
            try db.execute(
                sql: "CREATE INDEX IF NOT EXISTS \(index) ON \(GeoPackageSchema.quoted(name.table)) "
                    + "(\(columns.joined(separator: ", ")))")
        }
    }

    private func known(_ name: LayerName, _ db: Database) throws -> FeatureLayer {
        if let layer = try knownLayers.layer(name, in: db) { return layer }
        throw FeatureError.noLayer(
            name: name.description, path: path, known: try Self.layers(db).map(\.name.description))
    }

    private func known(
        _ name: LayerName, expecting: LayerState?, _ db: Database
    ) throws -> (layer: FeatureLayer, state: LayerState) {
        let layer = try known(name, db)
        let state = try Self.state(of: layer, db)
        if let expecting, expecting != state {
            throw FeatureError.changed(name: name.description, path: path)
        }
        return (layer, state)
    }

    private static func state(of layer: FeatureLayer, _ db: Database) throws -> LayerState {
        let table = GeoPackageSchema.quoted(layer.name.table)
        let statement = try db.cachedStatement(
            sql: "SELECT id, (SELECT min(fid) FROM \(table)), (SELECT max(fid) FROM \(table)) "
                + "FROM tessera_layers WHERE table_name = ?")
        let row = try Row.fetchOne(statement, arguments: [layer.name.table])
        return LayerState(
            id: row?[0] ?? 0, lastChange: layer.lastChange, count: layer.count, first: row?[1], last: row?[2])
    }
}

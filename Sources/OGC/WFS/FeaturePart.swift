internal import Features
internal import Maps

/// The features that one query finds, on their way to an answer.
struct FeaturePart: Sendable {
    let type: FeatureType
    let projection: FeatureProjection
    /// The name of the system in the answer.
    let system: String
    /// Whether y comes first in GML.
    let isNorthFirst: Bool
    /// How many features the query finds, and how many of them are in the answer.
    var matched: Int
    var returned: Int
    /// The smallest and the largest key that there can be; nil where there is nothing to be read.
    let keys: ClosedRange<Int64>?
    /// Nil where there is nothing to be read.
    private var pages: FeaturePages?
    /// A page that was read before it was known how the answer begins.
    private var first: [Feature]?

    /// Counts the features, and reads the first page where that is wanted, which often tells how many there are.
    /// - Parameter state: what the layer has to be like; nil for whatever it is.
    /// - Throws: a `FeatureError`: `changed` where the layer is another one than expected, or is replaced meanwhile, so that
    ///   the number would not be that of what is read.
    init(
        _ type: FeatureType, _ projection: FeatureProjection, system: String, isNorthFirst: Bool,
        _ query: FeatureQuery, in store: FeatureStore, expecting state: LayerState? = nil, readsFirst: Bool
    ) throws {
        self.type = type
        self.projection = projection
        self.system = system
        self.isNorthFirst = isNorthFirst
        let name = type.layer.name
        guard query.limit > 0 else {
            matched = try store.count(of: name, matching: query, expecting: state)
            (returned, keys) = (0, nil)
            return
        }
        var pages = try store.pages(of: name, query, expecting: state)
        // Values are told apart by their places.
        guard pages.layer.columns == type.layer.columns else {
            throw FeatureError.changed(name: name.description, path: store.path)
        }
        keys = pages.keys
        guard readsFirst else {
            matched = try store.count(of: name, matching: query, expecting: pages.state)
            returned = min(query.limit, max(0, matched - query.offset))
            self.pages = returned > 0 ? pages : nil
            return
        }
        let page = try pages.next() ?? []
        if pages.isAtEnd, query.offset == 0 || !page.isEmpty, page.count < query.limit {
            matched = query.offset + page.count
        } else {
            matched = try store.count(of: name, matching: query, expecting: pages.state)
        }
        returned = min(query.limit, max(0, matched - query.offset))
        first = page
        self.pages = pages.isAtEnd ? nil : pages
    }

    /// The next features.
    mutating func next() throws -> [Feature]? {
        if let page = first {
            first = nil
            if !page.isEmpty { return page }
        }
        return try pages?.next()
    }

    /// The box around all features of the answer, where they have been read already.
    func bounds() throws -> FeatureBox? {
        guard pages == nil, let first else { return nil }
        var box: FeatureBox?
        for geometry in try projection.geometries(of: first) {
            guard let part = geometry?.box else { continue }
            box =
                box.map {
                    FeatureBox(
                        minX: min($0.minX, part.minX), minY: min($0.minY, part.minY),
                        maxX: max($0.maxX, part.maxX),
                        maxY: max($0.maxY, part.maxY))
                } ?? part
        }
        return box
    }
}

/// An answer with features, made piece by piece.
struct FeatureDocument: OGCPieces {
    private var writer: any FeatureWriter
    private var parts: [FeaturePart]
    private let head: FeatureHead
    private var index = 0
    private var hasBegun = false
    private var hasBegunPart = false
    /// Whether the last piece has been made.
    private(set) var isDone = false

    /// About how many bytes a piece has at least.
    private static let pieceSize = 1 << 17

    init(_ parts: [FeaturePart], _ head: FeatureHead, _ writer: any FeatureWriter) {
        self.parts = parts
        self.head = head
        self.writer = writer
    }

    mutating func next() throws -> [UInt8]? {
        guard !isDone else { return nil }
        var text = ByteText(capacity: hasBegun ? Self.pieceSize : 1 << 15)
        if !hasBegun {
            writer.begin(head, into: &text)
            hasBegun = true
        }
        while index < parts.count {
            if !hasBegunPart, parts.count > 1 {
                var head = head
                (head.matched, head.returned) = (parts[index].matched, parts[index].returned)
                (head.next, head.previous, head.bounds) = (nil, nil, nil)
                writer.beginPart(head, into: &text)
            }
            hasBegunPart = true
            if let features = try parts[index].next() {
                let geometries = try parts[index].projection.geometries(of: features)
                writer.write(features, geometries, into: &text)
                if text.bytes.count >= Self.pieceSize { return text.drain() }
            } else {
                if parts.count > 1 { writer.endPart(into: &text) }
                index += 1
                hasBegunPart = false
            }
        }
        writer.end(into: &text)
        isDone = true
        return text.drain()
    }
}

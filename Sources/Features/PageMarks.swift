internal import Synchronization

/// A layer as it is at some time: another one after every import.
public struct LayerState: Sendable, Hashable {
    let id: Int64
    let lastChange: String
    let count: Int
    /// The smallest and the largest key; nil for an empty layer.
    let first, last: Int64?

    /// The keys from the first to the last, where there can be none missing between them.
    var wholeKeys: ClosedRange<Int64>? {
        guard let first, let last, last - first == Int64(count) - 1 else { return nil }
        return first...last
    }
}

/// The end of a page: the key of its last feature, and what it is sorted by.
struct PageMark: Sendable, Hashable {
    let key: Int64
    let values: [FeatureValue]
}

/// Where a page begins: behind a mark, nil for the beginning of the answer, and so many features further.
struct PagePlace: Sendable {
    var mark: PageMark?
    var skip: Int
    /// How many features of the answer are before it.
    let offset: Int

    init(mark: PageMark?, skip: Int, offset: Int) {
        (self.mark, self.skip, self.offset) = (mark, skip, offset)
    }

    /// So many features behind the beginning.
    init(offset: Int) { self.init(mark: nil, skip: offset, offset: offset) }
}

/// What was learnt of queries that ask for page after page: where pages ended, and how many features there are.
///
/// The number of queries and that of the marks of each are limited; what is forgotten costs time alone.
final class PageMarks: Sendable {
    /// A query without what tells its pages apart.
    struct Question: Hashable, Sendable {
        let layer: LayerName
        let state: LayerState
        private let query: FeatureQuery
        /// Whether it is small enough to be kept.
        let isKept: Bool
        /// The most positions in the geometries of a query that is kept.
        private static let mostPositions = 10_000

        init(_ layer: LayerName, _ state: LayerState, _ query: FeatureQuery) {
            self.layer = layer
            self.state = state
            var query = query
            (query.offset, query.limit, query.columns, query.readsGeometry) = (0, 0, nil, true)
            self.query = query
            isKept = query.filter.map { $0.positionCount <= Self.mostPositions } ?? true
        }
    }

    private struct Answer {
        var used: UInt64
        var count: Int?
        /// Sorted by the number of features before them.
        var marks: [(offset: Int, mark: PageMark)] = []
        /// How often all features were looked at for one page.
        var scans = 0
        /// The keys of all features in their order.
        var keys: [Int64]?
    }

    private struct Memory {
        var clock: UInt64 = 0
        var answers: [Question: Answer] = [:]
        var wholeStates: [LayerState: Bool] = [:]
    }

    private let memory = Mutex(Memory())
    private static let mostAnswers = 64
    private static let mostMarks = 512
    /// How many keys of sorted answers are kept at most, 32 MB.
    static let mostKeys = 4 << 20

    /// The place of an offset: behind the last known end of a page before it.
    func place(_ offset: Int, of question: Question) -> PagePlace {
        look(question) { answer in
            answer.marks.last { $0.offset <= offset }.map {
                PagePlace(mark: $0.mark, skip: offset - $0.offset, offset: offset)
            }
        } ?? PagePlace(offset: offset)
    }

    /// Remembers that so many features of an answer end with a mark.
    func remember(_ mark: PageMark, at offset: Int, of question: Question) {
        change(question) { answer in
            let index = answer.marks.firstIndex { $0.offset >= offset } ?? answer.marks.count
            if index < answer.marks.count, answer.marks[index].offset == offset { return }
            answer.marks.insert((offset, mark), at: index)
            // Every other one is enough, and the last, behind which the next page begins.
            if answer.marks.count > Self.mostMarks {
                let last = answer.marks.count - 1
                answer.marks = answer.marks.enumerated().filter { $0.offset % 2 == 1 || $0.offset == last }
                    .map(\.element)
            }
        }
    }

    func count(of question: Question) -> Int? { look(question) { $0.count } }

    func remember(count: Int, of question: Question) { change(question) { $0.count = count } }

    /// The keys of all features in their order, where they are known.
    func keys(of question: Question) -> [Int64]? { look(question) { $0.keys } }

    /// Remembers the keys of all features in their order, and forgets those of others where there is no room for all.
    func remember(keys: [Int64], of question: Question) {
        guard question.isKept, keys.count <= Self.mostKeys else { return }
        change(question) { $0.keys = keys }
        memory.withLock { memory in
            var room = Self.mostKeys
            for (known, answer) in memory.answers.sorted(by: { $0.value.used > $1.value.used }) {
                guard let count = answer.keys?.count else { continue }
                if count > room { memory.answers[known]?.keys = nil } else { room -= count }
            }
        }
    }

    func forgetKeys(of question: Question) { memory.withLock { $0.answers[question]?.keys = nil } }

    /// Notes that all features are looked at for a page once more, and says how often they were; 0 for what is not kept.
    func addScan(of question: Question) -> Int {
        change(question) { $0.scans += 1 }
        return memory.withLock { $0.answers[question]?.scans ?? 0 }
    }

    /// Whether a layer has all keys from its first to its last; nil when it was not looked at yet.
    func isWhole(_ state: LayerState) -> Bool? { memory.withLock { $0.wholeStates[state] } }

    func remember(isWhole: Bool, _ state: LayerState) {
        memory.withLock {
            if $0.wholeStates.count >= 1000 { $0.wholeStates.removeAll() }
            $0.wholeStates[state] = isWhole
        }
    }

    /// Looks up what is known of a question, which is one of those that were used last from then on.
    private func look<T>(_ question: Question, _ body: (Answer) -> T?) -> T? {
        memory.withLock { memory in
            guard let index = memory.answers.index(forKey: question) else { return nil }
            memory.clock += 1
            memory.answers.values[index].used = memory.clock
            return body(memory.answers.values[index])
        }
    }

    private func change(_ question: Question, _ body: (inout Answer) -> Void) {
        guard question.isKept else { return }
        memory.withLock { memory in
            memory.clock += 1
            var answer = memory.answers[question] ?? Answer(used: 0)
            answer.used = memory.clock
            body(&answer)
            memory.answers[question] = answer
            if memory.answers.count > Self.mostAnswers,
                let oldest = memory.answers.min(by: { $0.value.used < $1.value.used })?.key
            {
                memory.answers[oldest] = nil
            }
        }
    }
}

extension FeatureFilter {
    /// The number of positions in all geometries.
    fileprivate var positionCount: Int {
        switch self {
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.positionCount }
        case .not(let part): part.positionCount
        case .spatial(_, let geometry), .within(_, of: let geometry), .beyond(_, of: let geometry):
            geometry.positionCount
        default: 0
        }
    }
}

extension Geometry {
    fileprivate var positionCount: Int {
        var count = 0
        forEachPosition { _ in count += 1 }
        return count
    }
}

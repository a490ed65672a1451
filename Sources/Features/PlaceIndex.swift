/// The places of a layer by their names, in memory.
struct PlaceIndex: Sendable {
    /// A place before it is known what it is looked for by.
    struct Place: Sendable {
        let id: Int64
        let name: String
        let type: String?
        let diameter: Double?
        let position: Position?
    }

    /// A word that stands in names, and the places whose names have it.
    private struct Word: Sendable {
        let letters: [Unicode.Scalar]
        /// One bit for each letter of the alphabet that is in it.
        let set: UInt64
        let places: [Int32]
    }

    private let places: [Place]
    private let names: [[Unicode.Scalar]]
    private let types: [[[Unicode.Scalar]]]
    /// Sorted.
    private let words: [Word]

    init(_ places: [Place]) {
        self.places = places
        var names: [[Unicode.Scalar]] = []
        var postings: [[Unicode.Scalar]: [Int32]] = [:]
        // Types are few.
        var known: [String: [[Unicode.Scalar]]] = [:]
        var types: [[[Unicode.Scalar]]] = []
        for (index, place) in places.enumerated() {
            let name = PlaceName(place.name)
            names.append(name.joined)
            var own = Set(name.words)
            // For those who leave out the blank.
            if name.words.count > 1 { own.insert(Array(name.words.joined())) }
            for word in own { postings[word, default: []].append(Int32(index)) }
            let type = place.type ?? ""
            let typeWords = known[type] ?? PlaceName(type).words
            known[type] = typeWords
            types.append(typeWords)
        }
        self.names = names
        self.types = types
        words = postings.map { Word(letters: $0.key, set: Self.set(of: $0.key), places: $0.value) }
            .sorted { $0.letters.lexicographicallyPrecedes($1.letters) }
    }

    var count: Int { places.count }

    /// The places that fit best, the best first.
    /// - Parameters:
    ///   - name: what is looked for; has at least one word.
    ///   - type: the beginnings of words that the type of a place must have.
    ///   - limit: how many at most.
    func search(_ name: PlaceName, type: PlaceName?, limit: Int) -> [(place: Place, match: PlaceMatch)] {
        let wanted = Array(name.words.prefix(Self.mostWords))
        let beginnings = wanted.map { prefixed($0).map { (word: $0, distance: 0) } }
        var found = combine(beginnings, type).map { ($0.place, match($0.place, name.joined), 0) }
        if found.count < limit {
            let known = Set(found.map(\.0))
            let slips = zip(wanted, beginnings).map { $1 + similar($0) }
            found += combine(slips, type).filter { !known.contains($0.place) }
                .map { ($0.place, .slip, $0.distance) }
        }
        return found.sorted { precedes($0, $1) }.prefix(limit).map { (places[$0.0], $0.1) }
    }

    /// Words of a request beyond these are not looked at.
    private static let mostWords = 8

    /// What all the words of a request have in common: places that have each of them, with the sum of the slips.
    private func combine(_ lists: [[(word: Int, distance: Int)]], _ type: PlaceName?) -> [(
        place: Int, distance: Int
    )] {
        var stage = [UInt8](repeating: 0, count: places.count)
        var distances = stage
        var last: [Int] = []
        for (number, list) in lists.enumerated() {
            last.removeAll(keepingCapacity: true)
            // Those without slips come first, so that a place has the fewest that it can have.
            for (word, distance) in list {
                for place in words[word].places where stage[Int(place)] == number {
                    stage[Int(place)] = UInt8(number + 1)
                    distances[Int(place)] += UInt8(distance)
                    last.append(Int(place))
                }
            }
        }
        return last.filter { hasType($0, type) }.map { ($0, Int(distances[$0])) }
    }

    private func hasType(_ place: Int, _ type: PlaceName?) -> Bool {
        guard let type else { return true }
        return type.words.allSatisfy { wanted in types[place].contains { $0.starts(with: wanted) } }
    }

    private func match(_ place: Int, _ wanted: [Unicode.Scalar]) -> PlaceMatch {
        let name = names[place]
        return name == wanted ? .exact : name.starts(with: wanted) ? .prefix : .word
    }

    private func precedes(_ a: (Int, PlaceMatch, Int), _ b: (Int, PlaceMatch, Int)) -> Bool {
        if a.1 != b.1 { return a.1 < b.1 }
        if a.2 != b.2 { return a.2 < b.2 }
        let (left, right) = (places[a.0], places[b.0])
        let (size, other) = (left.diameter ?? -1, right.diameter ?? -1)
        if size != other { return size > other }
        return (left.name, left.id) < (right.name, right.id)
    }

    /// The words that begin with some letters.
    private func prefixed(_ start: [Unicode.Scalar]) -> Range<Int> {
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle].letters.lexicographicallyPrecedes(start) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var end = low
        while end < words.count, words[end].letters.starts(with: start) { end += 1 }
        return low..<end
    }

    /// The words that differ by one slip, or by two in long words, those with one first.
    private func similar(_ wanted: [Unicode.Scalar]) -> [(word: Int, distance: Int)] {
        let most = wanted.count < 4 ? 0 : wanted.count < 8 ? 1 : 2
        guard most > 0 else { return [] }
        let set = Self.set(of: wanted)
        var found: [(word: Int, distance: Int)] = []
        for (index, word) in words.enumerated()
        // A slip changes the length by one at most, and which letters there are by two.
        where abs(word.letters.count - wanted.count) <= most && (word.set ^ set).nonzeroBitCount <= 2 * most {
            if let distance = EditDistance.between(wanted, word.letters, most: most) {
                found.append((index, distance))
            }
        }
        return found.sorted { $0.distance < $1.distance }
    }

    private static func set(of letters: [Unicode.Scalar]) -> UInt64 {
        letters.reduce(0) { $0 | 1 << UInt64($1.value & 63) }
    }
}

/// How many slips there are between two words.
enum EditDistance {
    /// Letters left out, added, changed, or exchanged with their neighbour, each of which counts one (the optimal string
    /// alignment distance of Damerau and Levenshtein); nil where there are more than `most`.
    static func between(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], most: Int) -> Int? {
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                var best = min(last[j + 1], row[j]) + 1
                best = min(best, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            guard row.contains(where: { $0 <= most }) else { return nil }
            (before, last) = (last, row)
        }
        return last[b.count] <= most ? last[b.count] : nil
    }
}

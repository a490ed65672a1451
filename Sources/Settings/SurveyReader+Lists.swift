internal import PlanetaryFrames
internal import Yams

extension SurveyReader {
    /// Tile formats.
    static let formatWords = ["fits", "png", "jpeg", "webp"]
    /// The keys of an extent, in the order of its list.
    static let extentKeys = ["west", "south", "east", "north"]
    /// The keys of a cut, in the order of its list.
    static let cutKeys = ["low", "high"]

    /// One path or a list of paths.
    mutating func inputs(_ node: Node) -> [String] {
        let items = items(node)
        guard !items.isEmpty else {
            note(node, "\"inputs\" is empty; give the path of at least one raster")
            return []
        }
        var paths: [String] = []
        for item in items {
            guard let path = text(item, "inputs") else { continue }
            if path.allSatisfy(\.isWhitespace) {
                note(item, "an input is empty; give the path of a raster")
            } else if path.contains(where: \.isNewline) {
                note(item, "an input has several lines; give a list of paths")
            } else if paths.contains(path) {
                note(item, "the input \"\(path.clipped)\" is listed twice")
            } else {
                paths.append(path)
            }
        }
        return paths
    }

    /// One tile format, several with commas, or a list.
    mutating func formats(_ node: Node) -> [String]? {
        let known = Self.formatWords
        let items = items(node)
        guard !items.isEmpty else {
            note(node, "\"formats\" is empty; give some of \(known.joined(separator: ", "))")
            return nil
        }
        var formats: [String] = []
        for item in items {
            guard let text = text(item, "formats") else { continue }
            for word in text.split(separator: ",", omittingEmptySubsequences: false) {
                let given = word.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
                let format = given == "jpg" ? "jpeg" : given
                if !known.contains(format) {
                    note(
                        item,
                        "\"\(given.clipped)\" is no tile format; \(known.joined(separator: ", ")) are"
                            + Nearest.offer(format, among: known))
                } else if formats.contains(format) {
                    note(item, "the format \"\(format)\" is listed twice")
                } else {
                    formats.append(format)
                }
            }
        }
        return formats
    }

    /// One number of a band, or three in a list for red, green and blue.
    mutating func bands(_ node: Node) -> [Int]? {
        let items = items(node)
        guard items.count == 1 || items.count == 3 else {
            note(
                node,
                "\"bands\" has \(items.count) numbers; one of a band of values, or three of red, green and blue were expected"
            )
            return nil
        }
        let numbers = items.map { integer($0, "bands", 1...Self.mostBands) }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
    }

    /// Two numbers as a list, or a mapping of `low` and `high`.
    mutating func cut(_ node: Node) -> Cut? {
        guard let values = numbers(node, "cut", Self.cutKeys) else { return nil }
        guard values[0] < values[1] else {
            note(node, "the cut runs from \(values[0]) to \(values[1]); the lower value comes first")
            return nil
        }
        return Cut(low: values[0], high: values[1])
    }

    /// Four numbers as a list, or a mapping of `west`, `south`, `east` and `north`.
    mutating func extent(_ node: Node) -> Extent? {
        let names = Self.extentKeys
        guard let values = numbers(node, "extent", names) else { return nil }
        let places = places(node, names)
        var isGood = true
        for (index, name) in names.enumerated() {
            let value = values[index]
            let isLatitude = !index.isMultiple(of: 2)
            if isLatitude, abs(value) > 90 {
                note(places[index], "\(name) is \(value); a latitude of -90 to 90 degrees was expected")
                isGood = false
            } else if !isLatitude, abs(value) > 360 {
                note(places[index], "\(name) is \(value); a longitude of -360 to 360 degrees was expected")
                isGood = false
            }
        }
        guard isGood else { return nil }
        let extent = Extent(west: values[0], south: values[1], east: values[2], north: values[3])
        if extent.south >= extent.north {
            note(node, "south (\(extent.south)) is not below north (\(extent.north))")
            isGood = false
        }
        return isGood ? extent : nil
    }

    /// Whether an extent has a width; which one, the sense of longitudes decides.
    mutating func isWide(_ extent: Extent, _ node: Node, _ sense: LongitudeSense?) -> Bool {
        let difference = abs(extent.east - extent.west)
        let width = sense == .west ? difference : extent.widthDegrees
        guard extent.west != extent.east, width > 0, width <= 360 else {
            note(
                node,
                "from west (\(extent.west)) to east (\(extent.east)) is \(difference) "
                    + "degrees; more than 0 and at most 360 were expected")
            return false
        }
        return true
    }

    private func items(_ node: Node) -> [Node] {
        if case .sequence(let sequence) = node { return Array(sequence) }
        return [node]
    }

    /// As many numbers as names, from a list in their order or from a mapping.
    private mutating func numbers(_ node: Node, _ key: String, _ names: [String]) -> [Double]? {
        let expected = "\(names.count) numbers (\(names.joined(separator: ", ")))"
        switch node {
        case .sequence(let sequence):
            guard sequence.count == names.count else {
                note(node, "\"\(key)\" has \(sequence.count) values; \(expected) were expected")
                return nil
            }
            let values = zip(sequence, names).map { number($0, $1) }
            return values.contains(nil) ? nil : values.compactMap { $0 }
        case .mapping(let mapping):
            return numbers(mapping, node, key, names)
        default:
            note(node, "\"\(key)\" is \(node.kindInWords); \(expected) were expected")
            return nil
        }
    }

    private mutating func numbers(_ mapping: Node.Mapping, _ node: Node, _ key: String, _ names: [String])
        -> [Double]?
    {
        var found: [String: Double] = [:]
        var isGood = true
        var present: Set<String> = []
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? keyNode.kindInWords
            if isHidden(keyNode) { continue }
            guard names.contains(name) else {
                note(
                    keyNode,
                    "the key \"\(name.clipped)\" of \"\(key)\" is not known"
                        + Nearest.offer(name, among: names))
                isGood = false
                continue
            }
            present.insert(name)
            if value.isAbsent {
                note(keyNode, "the key \"\(name)\" has no value; give one or remove the key")
            } else if let number = number(value, name) {
                found[name] = number
            }
        }
        let missing = names.filter { !present.contains($0) }
        if !missing.isEmpty {
            note(node, "\"\(key)\" lacks \(missing.joined(separator: ", "))")
        }
        let values = names.compactMap { found[$0] }
        return isGood && values.count == names.count ? values : nil
    }

    private func places(_ node: Node, _ names: [String]) -> [Node] {
        switch node {
        case .sequence(let sequence): return Array(sequence)
        case .mapping(let mapping):
            return names.map { name in mapping.first { $0.key.scalar?.string == name }?.value ?? node }
        default: return names.map { _ in node }
        }
    }
}

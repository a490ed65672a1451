/// A dictionary with a limit to the sum of its entries' costs, from which the entries not used for longest
/// are dropped. All operations take constant time.
struct LeastRecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// An entry in a list from the most to the least recently used; links are indices, -1 for none.
    private struct Node: Sendable {
        var key: Key
        var value: Value?
        var cost: Int
        var newer: Int
        var older: Int
    }

    private let limit: Int
    private var nodes: [Node] = []
    private var positions: [Key: Int] = [:]
    private var unused: [Int] = []
    private var newest = -1
    private var oldest = -1
    /// The sum of the costs of all entries.
    private(set) var cost = 0

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { positions.count }

    /// The value of a key, which becomes the most recently used.
    mutating func value(of key: Key) -> Value? {
        guard let position = positions[key] else { return nil }
        if position != newest {
            unlink(position)
            linkAsNewest(position)
        }
        return nodes[position].value
    }

    /// Keeps a value in the place of any earlier one; one that costs more than the limit is not kept.
    mutating func insert(_ value: Value, for key: Key, cost: Int) {
        if let position = positions[key] { remove(position) }
        guard cost <= limit else { return }
        while self.cost + cost > limit { remove(oldest) }
        let node = Node(key: key, value: value, cost: cost, newer: -1, older: -1)
        let position: Int
        if let free = unused.popLast() {
            position = free
            nodes[free] = node
        } else {
            position = nodes.count
            nodes.append(node)
        }
        positions[key] = position
        self.cost += cost
        linkAsNewest(position)
    }

    private mutating func remove(_ position: Int) {
        unlink(position)
        positions[nodes[position].key] = nil
        cost -= nodes[position].cost
        nodes[position].value = nil
        unused.append(position)
    }

    private mutating func unlink(_ position: Int) {
        let (newer, older) = (nodes[position].newer, nodes[position].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }

    private mutating func linkAsNewest(_ position: Int) {
        nodes[position].newer = -1
        nodes[position].older = newest
        if newest >= 0 { nodes[newest].newer = position } else { oldest = position }
        newest = position
    }
}

import HEALPix
import MOC
import Testing

/// Numbers that are the same in each run (Steele et al. 2014, SplitMix64).
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A coverage of cells that are near each other as often as not.
    mutating func moc(deepest: Int = 29) -> MOC {
        let order = Int.random(in: 0...deepest, using: &self)
        var cells: [Cell] = []
        for _ in 0..<Int.random(in: 0...30, using: &self) {
            let depth = Bool.random(using: &self) ? order : Int.random(in: 0...order, using: &self)
            let count = Order(depth)!.cellCount
            var number = Int64.random(in: 0..<count, using: &self)
            if let other = cells.randomElement(using: &self), Bool.random(using: &self) {
                let near = other.order.value > depth ? other.ancestor(at: Order(depth)!)!.npix : other.npix
                number = min(count - 1, near + Int64.random(in: 0...3, using: &self))
            }
            cells.append(Cell(order: depth, npix: number)!)
        }
        return MOC(order: Order(order)!, cells: cells)
    }
}

@Suite struct PairTests {
    @Test func operationsAgreeWithMocpy() throws {
        let rows = try Tables.rows("pairs.txt")
        #expect(rows.count == 600)
        for row in rows {
            let (a, b) = (try MOC(ascii: row[0]), try MOC(ascii: row[1]))
            #expect(a.union(b).ascii == row[2])
            #expect(a.intersection(b).ascii == row[3])
            #expect(a.difference(b).ascii == row[4], "\(row[0]) without \(row[1])")
            #expect(a.symmetricDifference(b).ascii == row[5])
            #expect(a.complement.ascii == row[6])
            #expect(a.intersects(b) == !a.intersection(b).isEmpty)
            #expect(a.contains(b) == (a.union(b).ranges == a.ranges))
        }
    }

    /// At a low order a coverage is a set of cells, and all operations are those of sets.
    @Test func operationsAreThoseOfSets() {
        var random = Randomness(1)
        for _ in 0..<1000 {
            let (a, b) = (random.moc(deepest: 3), random.moc(deepest: 3))
            let order = max(a.order, b.order)
            func set(_ moc: MOC) -> Set<Int64> { Set(moc.refined(to: order).flatCells) }
            let (left, right) = (set(a), set(b))
            #expect(set(a.union(b)) == left.union(right))
            #expect(set(a.intersection(b)) == left.intersection(right))
            #expect(set(a.difference(b)) == left.subtracting(right))
            #expect(set(a.symmetricDifference(b)) == left.symmetricDifference(right))
            #expect(set(a.complement) == Set(0..<order.cellCount).subtracting(left))
            #expect(a.refined(to: order).flatCellCount == Int64(left.count))
        }
    }

    @Test func lawsHoldAtAllOrders() {
        var random = Randomness(2)
        for _ in 0..<1000 {
            let (a, b, c) = (random.moc(), random.moc(), random.moc())
            #expect(a.difference(b).ranges == a.intersection(b.complement).ranges)
            #expect(a.symmetricDifference(b).ranges == a.difference(b).union(b.difference(a)).ranges)
            #expect(a.union(b).complement.ranges == a.complement.intersection(b.complement).ranges)
            #expect(a.complement.complement == a)
            #expect(MOC.union(of: [a, b, c, a]) == a.union(b).union(c))
            #expect(a.difference(a).isEmpty && a.symmetricDifference(a).isEmpty)
            for moc in [
                a.union(b), a.difference(b), a.symmetricDifference(c), a.complement, b.intersection(c),
            ] {
                #expect(moc == MOC(order: moc.order, covering: moc.ranges.reversed()))
            }
        }
    }

    @Test func theUnionOfManyIsTheUnionOfAll() {
        var random = Randomness(3)
        let mocs = (0..<300).map { _ in random.moc(deepest: 8) }
        let all = MOC(order: mocs.map(\.order).max()!, covering: mocs.flatMap(\.ranges))
        #expect(MOC.union(of: mocs) == all)
        #expect(MOC.union(of: []) == nil)
        #expect(MOC.union(of: [mocs[0]]) == mocs[0])
    }

    @Test func rangesOffTheSphereAreLeftOut() {
        let end = Order.maximum.cellCount
        let moc = MOC(order: .maximum, covering: [(-5)..<3, end - 2..<Int64.max, 7..<7])
        #expect(moc.ranges == [0..<3, end - 2..<end])
    }
}

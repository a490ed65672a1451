import HEALPix
import Testing

@testable import MOC

@Suite struct BorderTests {
    @Test func bordersPartsAndFlatCellsAgreeWithMocpy() throws {
        let rows = try Tables.rows("borders.txt")
        #expect(rows.count == 350)
        for row in rows {
            let moc = try MOC(ascii: row[0])
            #expect(try moc.grown().ascii == row[1], "\(row[0])")
            #expect(try moc.shrunk().ascii == row[2], "\(row[0])")
            for (index, diagonally) in [(3, false), (4, true)] {
                let parts = try moc.parts(diagonally: diagonally).map(\.ascii).sorted()
                #expect(parts == row[index].split(separator: ";").map(String.init), "\(row[0])")
            }
            if !row[5].isEmpty {
                #expect(moc.flatCells.map(String.init) == row[5].split(separator: " ").map(String.init))
                #expect(moc.flatCellCount == Int64(row[5].split(separator: " ").count))
            }
        }
    }

    /// Isolated cells are grown by blocks of 8 x 8; one by one they have the neighbours of `Cell`.
    @Test(arguments: [2, 3, 5, 6, 9]) func blocksGrowAsSingleCellsDo(_ level: Int) throws {
        let order = try #require(Order(level))
        for (count, step) in [(1, 7), (9, 3), (40, 1), (200, 11), (2000, 5)] {
            var cells: Set<Cell> = []
            for index in 0..<count {
                // Far apart, near each other, and at the corners of faces and blocks.
                let scattered = Int64(index) &* 2_654_435_761 &+ Int64(step)
                let near = order.cellCount / 12 * Int64(index % 12) + Int64(index * step)
                for number in [scattered, near, order.cellCount - 1 - near] {
                    let npix = ((number % order.cellCount) + order.cellCount) % order.cellCount
                    cells.insert(try #require(Cell(order: order, npix: npix)))
                }
            }
            let grown = cells.union(cells.flatMap { $0.neighbours.compactMap { $0 } })
            #expect(
                try MOC(order: order, cells: cells).grown() == MOC(order: order, cells: grown),
                "\(count) \(step)")
        }
    }

    @Test func ringsAddUp() throws {
        var random = Randomness(4)
        for _ in 0..<100 {
            let moc = random.moc(deepest: 6)
            #expect(try moc.grown(by: 2) == (try moc.grown().grown()))
            #expect(try moc.shrunk(by: 2) == (try moc.shrunk().shrunk()))
            #expect(try moc.grown(by: 0) == moc)
            #expect(try moc.outerBorder().intersects(moc) == false)
            #expect(try moc.grown().shrunk().contains(moc))
        }
    }

    @Test func wholeAndEmptyHaveNoBorder() throws {
        let whole = MOC(order: .maximum, cells: Cell.bases)
        #expect(try whole.grown() == whole && whole.shrunk() == whole)
        let empty = MOC(order: Order(9)!)
        #expect(try empty.grown() == empty && empty.shrunk() == empty)
        #expect(try whole.parts() == [whole] && empty.parts().isEmpty)
    }

    @Test func aBorderThatIsTooLongIsRefused() throws {
        let moc = MOC(order: .maximum, cells: [Cell.bases[4]])
        var walk = BorderWalk(around: moc, most: 1000)
        let error = #expect(throws: MOCError.self) { try walk.run() }
        #expect(error?.description.contains("degrade the coverage first") == true)
        var enough = BorderWalk(around: moc.degraded(to: Order(7)!), most: 1000)
        try enough.run()
        // Four sides of 128, and corners to the east and west; at the other two only three faces meet.
        #expect(Set(enough.numbers).count == 4 * 128 + 2)
    }

    @Test func partsMakeUpTheWhole() throws {
        var random = Randomness(5)
        for _ in 0..<300 {
            let moc = random.moc()
            for diagonally in [false, true] {
                let parts = try moc.parts(diagonally: diagonally)
                #expect(MOC.union(of: parts) ?? MOC(order: moc.order) == moc)
                let count = parts.reduce(0) { $0 + $1.flatCellCount }
                #expect(count == moc.flatCellCount)
                #expect(parts.allSatisfy { (try? $0.parts(diagonally: diagonally).count) == 1 })
            }
        }
    }
}

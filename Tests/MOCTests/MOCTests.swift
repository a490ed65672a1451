import FITS
import HEALPix
import Testing

@testable import MOC

private func cells(_ text: String) -> [Cell] {
    text.split(separator: " ").map {
        let parts = $0.split(separator: "/")
        return Cell(order: Int(parts[0])!, npix: Int64(parts[1])!)!
    }
}

@Suite struct CellTests {
    @Test func cellsAgreeWithMocpy() throws {
        let rows = try Tables.rows("cells.txt")
        #expect(rows.count > 50)
        for row in rows {
            let order = Order(Int(row[0])!)!
            let given = cells(row[1])
            let moc = MOC(order: order, cells: given)
            #expect(moc.ascii == row[2])
            #expect(moc.json == row[3])
            #expect(moc.ranges.reduce(0) { $0 + Int64($1.count) } == Int64(row[4])!)
            #expect(abs(moc.coverageFraction - Double(row[5])!) <= 2 * Double(row[5])!.ulp)
            #expect(MOC(order: order, cells: given.reversed() + given) == moc)
            #expect(MOC(order: order, cells: moc.cells) == moc)
            #expect(moc.cells == moc.cells.sorted { ($0.order, $0.npix) < ($1.order, $1.npix) })
            #expect(try MOC(ascii: row[2]) == moc)
            #expect(try MOC(json: row[3]) == moc)
        }
    }

    @Test func finerCellsStandForTheirAncestors() {
        let moc = MOC(order: Order(2)!, cells: cells("5/4095 3/7"))
        #expect(moc.cells == cells("2/1 2/63"))
    }

    @Test func emptyAndWhole() {
        let empty = MOC(order: Order(5)!)
        #expect(empty.isEmpty && empty.cells.isEmpty && empty.coverageFraction == 0)
        #expect(empty.ascii == "5/" && empty.json == "{\"5\":[]}")
        #expect(!empty.intersects(Cell(order: 0, npix: 0)!))
        let whole = MOC(order: .maximum, cells: (0..<12).map { Cell(order: 0, npix: $0)! })
        #expect(whole.coverageFraction == 1)
        #expect(whole.contains(Cell(order: Order.maximum, npix: Order.maximum.cellCount - 1)!))
        #expect(whole.ranges == [0..<Order.maximum.cellCount])
    }

    @Test func manyCellsAreNotQuadratic() {
        // Every second cell: nothing merges. A quadratic method takes 10^11 steps.
        let order = Order(9)!
        let every = (0..<order.cellCount / 8).map { Cell(order: order, npix: 2 * $0)! }
        let moc = MOC(order: order, cells: every.reversed())
        #expect(moc.ranges.count == every.count)
        #expect(moc.cells == every)
    }
}

@Suite struct OperationTests {
    @Test func operationsAgreeWithMocpy() throws {
        let rows = try Tables.rows("operations.txt")
        #expect(rows.count > 30)
        for row in rows {
            let (left, right) = (try MOC(ascii: row[0]), try MOC(ascii: row[1]))
            #expect(left.union(right).ascii == row[2])
            #expect(right.union(left).ascii == row[2])
            #expect(left.intersection(right).ascii == row[3])
            #expect(right.intersection(left).ascii == row[3])
            #expect(left.degraded(to: Order(Int(row[4])!)!).ascii == row[5])
        }
    }

    @Test func degradingToAFinerOrderChangesNothing() throws {
        let moc = try MOC(ascii: "3/1-4 7")
        #expect(moc.degraded(to: Order(3)!) == moc)
        #expect(moc.degraded(to: Order(8)!) == moc)
    }

    @Test func membershipAgreesWithSets() throws {
        let rows = try Tables.rows("membership.txt")
        #expect(rows.count == 240)
        for row in rows {
            let moc = MOC(order: Order(4)!, cells: cells(row[0]))
            let cell = cells(row[1])[0]
            #expect(moc.contains(cell) == (row[2] == "1"), "\(cell)")
            #expect(moc.intersects(cell) == (row[3] == "1"), "\(cell)")
        }
    }
}

@Suite struct TextTests {
    @Test(arguments: [
        ("1/1 2 4 2/12-14 21 23 25 8/", "1/1 2 4 2/12-14 21 23 25 8/"),
        ("1/1,2,4 2/12-14,21,23,25", "1/1 2 4 2/12-14 21 23 25"),
        ("s1/1 4", "1/1 4"),
        (" 3/10\n 4/16-18\t22\r\n29/ ", "3/10 4/16-18 22 29/"),
        ("2/0-3", "1/0 2/"),
    ])
    func asciiIsRead(_ text: String, _ expected: String) throws {
        let moc = try MOC(ascii: text)
        #expect(moc == (try MOC(ascii: expected)))
        #expect(try MOC(ascii: moc.ascii) == moc)
    }

    @Test(arguments: [
        "", "   ", "12", "3/x", "30/1", "0/12", "1/5-3", "1/-3", "t61/1 s29/1", "3/1 4/99999999999999999999",
        "1/1-", "/", "1/1;2", "s", "29/3458764513820540928",
    ])
    func wrongASCIIIsRefused(_ text: String) {
        #expect(throws: MOCError.self) { try MOC(ascii: text) }
    }

    @Test func jsonMayHaveSpaces() throws {
        let moc = try MOC(json: " { \"1\" : [ 1 , 2 ] ,\n\"29\":[ ] } ")
        #expect(moc.ascii == "1/1-2 29/")
    }

    @Test(arguments: [
        "", "{}", "{", "[1]", "{\"1\":[1}", "{\"1\":[1],}", "{\"1\":[1,]}", "{\"x\":[1]}", "{\"30\":[]}",
        "{\"0\":[12]}", "{\"1\":[-1]}", "{\"1\":[1]} x", "{\"1\":1}", "{\"1\":[1.5]}",
    ])
    func wrongJSONIsRefused(_ text: String) {
        #expect(throws: MOCError.self) { try MOC(json: text) }
    }

    @Test func errorsSayWhatAndWhere() {
        let missing =
            "there is no HEALPix cell 0/12: orders are 0 to 29, with 12 * 4^order cells each"
        #expect(throws: MOCError.text(form: "ASCII", reason: missing, position: 2)) { try MOC(ascii: "0/12") }
        let text = MOCError.text(form: "ASCII", reason: "a number is expected", position: 2).description
        #expect(text == "This is not a MOC in ASCII form: a number is expected (at character 3).")
    }
}

import FITS
import HEALPix
import MOC
import Testing

@Suite struct MOCFITSTests {
    @Test func filesAreReadAsMocpyReadsThem() throws {
        let rows = try Tables.rows("fits.txt")
        #expect(rows.count == 6)
        for row in rows {
            #expect(try MOC(fits: try Tables.bytes(row[0])).ascii == row[1], "\(row[0])")
        }
    }

    @Test func tableAndHeaderAreThoseOfMocpy() throws {
        for name in ["small", "deep"] {
            // mocpy writes NUNIQ numbers only with the older header.
            let numbers = try FITSTable.decode(try Tables.bytes(name + "_v1.fits"))
            let modern = try FITSTable.decode(try Tables.bytes(name + "_v2.fits"))
            let moc = try MOC(fits: try Tables.bytes(name + "_v2.fits"))
            let ours = try FITSTable.decode(try moc.fits())
            #expect(ours.column == numbers.column)
            #expect(ours.values == numbers.values)
            for keyword in ["MOCVERS", "MOCDIM", "COORDSYS", "MOCORD_S"] {
                #expect(modern.cards[keyword] != nil, "\(keyword)")
                #expect(ours.cards[keyword] == modern.cards[keyword], "\(keyword)")
            }
            for keyword in ["ORDERING", "COORDSYS", "MOCORDER"] {
                #expect(numbers.cards[keyword] != nil, "\(keyword)")
                #expect(ours.cards[keyword] == numbers.cards[keyword], "\(keyword)")
            }
        }
    }

    @Test func bodyAndFurtherCardsAreWritten() throws {
        let moc = MOC(order: Order(3)!, cells: [Cell(order: 3, npix: 5)!])
        let card = FITSCard("DATE", .string("2001-02-03"))
        let table = try FITSTable.decode(try moc.fits(body: "mars", cards: [card]))
        #expect(table.cards.string("MOCBODY") == "mars")
        #expect(table.cards.string("COORDSYS") == "C")
        #expect(table.cards.string("DATE") == "2001-02-03")
        #expect(table.cards.integer("MOCORDER") == 3)
        #expect(table.cards.string("PIXTYPE") == "HEALPIX")
        #expect(table.values == [4 * 64 + 5])
        #expect(try FITSTable.decode(try moc.fits()).cards["DATE"] == nil)
        #expect(try moc.fits() == (try moc.fits()))
    }

    @Test func emptyKeepsItsOrder() throws {
        let empty = MOC(order: Order(7)!)
        #expect(try MOC(fits: try empty.fits(body: "io")) == empty)
    }

    @Test func aTimeMOCIsRefusedByName() throws {
        let bytes = try Tables.bytes("TMOC.fits")
        let reason = "it is a coverage of TIME, where one of space alone is expected"
        #expect(throws: MOCError.form(reason)) { try MOC(fits: bytes) }
    }

    @Test(
        arguments: [
            ([3], "NUNIQ"), ([-1], "NUNIQ"), ([.max], "NUNIQ"), ([1 << 62], "NUNIQ"),
            ([1], "RANGE"), ([5, 4], "RANGE"), ([-1, 4], "RANGE"), ([0, .max], "RANGE"), ([4], "WEIRD"),
        ] as [([Int64], String)])
    func wrongNumbersAreRefused(_ values: [Int64], _ ordering: String) throws {
        let cards = [FITSCard("ORDERING", .string(ordering)), FITSCard("MOCORDER", .integer(29))]
        let bytes = try FITSTable(column: "UNIQ", values: values, cards: cards).encoded()
        #expect(throws: MOCError.self) { try MOC(fits: bytes) }
    }

    @Test func aWrongOrderIsRefused() throws {
        let cards = [FITSCard("MOCORDER", .integer(30))]
        let bytes = try FITSTable(column: "UNIQ", values: [4], cards: cards).encoded()
        #expect(throws: MOCError.self) { try MOC(fits: bytes) }
    }

    @Test func rangesSetTheOrderThatTheyNeed() throws {
        let cards = [FITSCard("ORDERING", .string("RANGE"))]
        let cell = Int64(1) << 52
        let bytes = try FITSTable(column: "RANGE", values: [cell, 3 * cell], cards: cards).encoded()
        #expect(try MOC(fits: bytes).ascii == "3/1-2")
    }
}

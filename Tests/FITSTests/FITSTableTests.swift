import FITS
import Testing

@Suite struct FITSTableTests {
    @Test func tablesAreReadAsAstropyWroteThem() throws {
        let rows = try Tables.rows("tables.txt")
        #expect(rows.count == 4)
        for row in rows {
            let table = try FITSTable.decode(try Tables.bytes(row[0]))
            #expect(table.column == row[1])
            #expect(table.values == row[2].split(separator: " ").map { Int64($0)! })
            #expect(table.cards.integer("MOCORDER") == 29)
        }
    }

    @Test(
        arguments: [
            ([], 4), ([0], 4), ([4, -5, Int64(Int32.max), Int64(Int32.min)], 4), ([Int64(Int32.max) + 1], 8),
            ([.min, .max, 0], 8),
        ] as [([Int64], Int)])
    func whatIsWrittenIsReadBack(_ values: [Int64], _ rowBytes: Int) throws {
        let table = FITSTable(column: "UNIQ", values: values, cards: [FITSCard("MOCVERS", .string("2.0"))])
        let bytes = try table.encoded()
        #expect(bytes.count == (values.isEmpty ? 2 : 3) * 2880)
        let text = String(decoding: bytes[2880..<5760], as: UTF8.self)
        #expect(text.hasPrefix("XTENSION= 'BINTABLE'"))
        #expect(text.contains("NAXIS1  =                    \(rowBytes)"))
        #expect(text.contains("TFORM1  = '1\(rowBytes == 4 ? "J" : "K")"))
        #expect(try FITSTable.decode(bytes) == table)
    }

    @Test func theDataUnitIsTheOneOfAstropy() throws {
        // A column alone, so that rows hold nothing else.
        let bytes = try FITSTable(column: "UNIQ", values: [1, 256, -2]).encoded()
        #expect(bytes[5760..<5772].elementsEqual([0, 0, 0, 1, 0, 0, 1, 0, 255, 255, 255, 254]))
        #expect(bytes[5772...].allSatisfy { $0 == 0 })
    }

    @Test func manyRowsAreReadBack() throws {
        let values = (0..<100_000).map { Int64($0) << 30 }
        let table = FITSTable(column: "UNIQ", values: values)
        #expect(try FITSTable.decode(try table.encoded()).values == values)
    }

    @Test func otherFilesAreRefused() throws {
        #expect(throws: FITSError.unsupported("it holds no binary table")) {
            try FITSTable.decode(try Tables.bytes("int16.fits"))
        }
        #expect(throws: FITSError.self) { try FITSTable.decode(try Tables.bytes("text_column.fits")) }
        #expect(throws: FITSError.self) { try FITSTable.decode([]) }
    }

    @Test func everyCutIsAnError() throws {
        let whole = try Tables.bytes("column_k.fits")
        let needed = whole.count - 2880 + 3 * 16
        for count in stride(from: 0, to: needed, by: 7) {
            #expect(throws: FITSError.self) { try FITSTable.decode(Array(whole.prefix(count))) }
        }
    }

    @Test func aClaimOfManyRowsTakesNoMemory() throws {
        let whole = try Tables.bytes("column_k.fits")
        let text = String(decoding: whole[2880..<5760], as: UTF8.self)
        let row = "NAXIS2  =                    3"
        let claimed = text.replacing(row, with: "NAXIS2  =        9000000000000")
        #expect(claimed != text)
        let bytes = whole[..<2880] + Array(claimed.utf8) + whole[5760...]
        #expect(throws: FITSError.self) { try FITSTable.decode(Array(bytes)) }
        let columns = text.replacing(
            "TFIELDS =                    2", with: "TFIELDS =            900000000")
        #expect(columns != text)
        let wide = whole[..<2880] + Array(columns.utf8) + whole[5760...]
        #expect(throws: FITSError.self) { try FITSTable.decode(Array(wide)) }
    }

    @Test(arguments: ["BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "PCOUNT", "GCOUNT", "TFIELDS"])
    func mandatoryCardsThatAreNoNumbersAreRefused(_ keyword: String) throws {
        let whole = try FITSTable(column: "UNIQ", values: [4, 5]).encoded()
        let name = Array((keyword + String(repeating: " ", count: 8 - keyword.utf8.count) + "= ").utf8)
        let start = try #require(
            stride(from: 2880, to: 5760, by: 80).first { whole[$0...].starts(with: name) })
        for value in ["       (            1", "", "1.5", "one"] {
            var bytes = whole
            let padded = Array(value.utf8) + [UInt8](repeating: 32, count: 70 - value.utf8.count)
            bytes.replaceSubrange(start + 10..<start + 80, with: padded)
            let error = #expect(throws: FITSError.self) { try FITSTable.decode(bytes) }
            #expect(error.map { "\($0)".contains(keyword) || keyword == "TFIELDS" } == true)
        }
    }

    @Test(arguments: [80, 300, 639, 1000])
    func aHeaderThatIsCutShortIsRefused(_ count: Int) throws {
        let whole = try FITSTable(column: "UNIQ", values: [4, 5]).encoded()
        var bytes = Array(whole[..<(2880 + count)])
        #expect(throws: FITSError.self) { try FITSTable.decode(bytes) }
        bytes.replaceSubrange(2960..<2960, with: Array("NAXIS1  =  $".utf8))
        #expect(throws: FITSError.self) { try FITSTable.decode(bytes) }
    }
}

import FITS
import Testing

/// The samples in the byte order of FITS.
private func bigEndian(_ samples: FITSImage.Samples) -> [UInt8] {
    func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    }
    return switch samples {
    case .uint8(let values): values
    case .int16(let values): bytes(values)
    case .int32(let values): bytes(values)
    case .float(let values): bytes(values.map(\.bitPattern))
    case .double(let values): bytes(values.map(\.bitPattern))
    }
}

private func encode(
    _ samples: FITSImage.Samples, _ width: Int, _ height: Int, _ cards: [FITSCard],
    with encoder: FITSImageEncoder = FITSImageEncoder()
) throws -> [UInt8] {
    switch samples {
    case .uint8(let values): try encoder.encode(values.span, width: width, height: height, cards: cards)
    case .int16(let values): try encoder.encode(values.span, width: width, height: height, cards: cards)
    case .int32(let values): try encoder.encode(values.span, width: width, height: height, cards: cards)
    case .float(let values): try encoder.encode(values.span, width: width, height: height, cards: cards)
    case .double(let values): try encoder.encode(values.span, width: width, height: height, cards: cards)
    }
}

/// The header as its 80-character cards, up to `END`.
private func header(_ bytes: [UInt8]) -> [String] {
    var cards: [String] = []
    for start in stride(from: 0, to: bytes.count, by: 80) {
        let card = String(decoding: bytes[start..<start + 80], as: UTF8.self)
        if card.hasPrefix("END     ") { break }
        cards.append(card)
    }
    return cards
}

@Suite struct FITSImageTests {
    @Test func imagesAreReadAsAstropyWroteThem() throws {
        let rows = try Tables.rows("images.txt")
        #expect(rows.count == 5)
        for row in rows {
            let image = try FITSImage.decode(try Tables.bytes(row[0]))
            #expect(image.width == Int(row[1])! && image.height == Int(row[2])!)
            #expect(bigEndian(image.samples) == Tables.hexadecimal(row[3]), "\(row[0])")
            #expect(image.cards.integer("ORDER") == 3)
            #expect(image.cards.first { $0.keyword == "ORDER" }?.comment == "HEALPix order")
            #expect(image.cards.real("CRVAL1") == -0.123456789012345678)
            #expect(image.cards.real("CDELT1") == 1e-5)
            #expect(image.cards.string("CTYPE1") == "MALN-HPX")
            #expect(image.cards.string("WHO") == "O'Neill / 'and' others")
            let long = String(
                repeating: "A text that does not fit a single card because it is so long. ", count: 3)
            #expect(image.cards.string("LONGTEXT") == String(long.dropLast()))
            #expect(image.cards["YES"] == .logical(true) && image.cards["NO"] == .logical(false))
            #expect(image.cards.integer("BIG") == 9_007_199_254_740_993)
            #expect(image.cards["HISTORY"] == nil && image.cards["NAXIS1"] == nil)
            #expect(image.cards.integer("BLANK") == ([16, 32].contains(image.bitpix) ? -32768 : nil))
        }
    }

    @Test func theDataUnitIsTheOneOfAstropy() throws {
        for row in try Tables.rows("images.txt") {
            let theirs = try Tables.bytes(row[0])
            let image = try FITSImage.decode(theirs)
            let ours = try encode(image.samples, image.width, image.height, image.cards)
            #expect(ours.count.isMultiple(of: 2880))
            #expect(ours.suffix(2880) == theirs.suffix(2880), "\(row[0])")
            let again = try FITSImage.decode(ours)
            #expect(again.cards == image.cards)
            #expect(bigEndian(again.samples) == bigEndian(image.samples))
        }
    }

    @Test func theHeaderFollowsTheStandard() throws {
        let cards = [
            FITSCard("ORDER", .integer(3), comment: "order"), FITSCard("CDELT1", .real(1e-5)),
            FITSCard("CRPIX1", .real(-256)), FITSCard("TINY", .real(.leastNonzeroMagnitude)),
            FITSCard("BLANK", .integer(-32768)),
            FITSCard("TEN", .real(1e20)), FITSCard("TRUE", .logical(true)), FITSCard("WORD", .string("a'b")),
        ]
        let image: [Int16] = [1, 2, 3, 4, 5, 6]
        let bytes = try FITSImageEncoder().encode(image.span, width: 3, height: 2, cards: cards)
        #expect(bytes.count == 2 * 2880)
        let header = header(bytes)
        let keywords = header.map { $0.prefix(8).filter { $0 != " " } }
        #expect(
            keywords == [
                "SIMPLE", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "EXTEND", "ORDER", "CDELT1", "CRPIX1",
                "TINY",
                "BLANK", "TEN", "TRUE", "WORD",
            ])
        let fixed = ["3", "1.0E-05", "-256.0", "5.0E-324", "-32768", "1.0E+20", "T"]
        for (card, value) in zip(header[6...], fixed) {
            // Fixed format: the value ends in column 30 (FITS 4.0, section 4.2).
            let text = String(repeating: " ", count: 20 - value.count) + value
            #expect(card.dropFirst(8).prefix(22) == "= " + text)
        }
        #expect(header[13].dropFirst(8).hasPrefix("= 'a''b    '"))
    }

    @Test func workersDoNotDisturbEachOther() async throws {
        let samples = (0..<4096).map { Int16($0) }
        let cards = [FITSCard("ORDER", .integer(3)), FITSCard("CDELT1", .real(0.1))]
        let expected = try encode(.int16(samples), 64, 64, cards)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        let bytes = try encode(.int16(samples), 64, 64, cards)
                        #expect(bytes == expected)
                        #expect(try FITSImage.decode(bytes).cards == cards)
                        #expect(throws: FITSError.self) { try FITSImage.decode(Array(bytes.dropLast(2880))) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func bytesDoNotDependOnWhatWasEncodedBefore() throws {
        let encoder = FITSImageEncoder()
        let small = FITSImage.Samples.int16((0..<100).map { Int16($0) })
        let large = FITSImage.Samples.double([Double](repeating: .nan, count: 10_000))
        let cards = (0..<80).map { FITSCard("KEY\($0)", .integer(Int64($0))) }
        let first = try encode(small, 10, 10, [], with: encoder)
        let second = try encode(large, 100, 100, cards, with: encoder)
        #expect(try encode(small, 10, 10, [], with: encoder) == first)
        #expect(try encode(large, 100, 100, cards, with: encoder) == second)
        #expect(try encode(small, 10, 10, []) == first)
        #expect(try encode(large, 100, 100, cards) == second)
        // After a refused card the encoder still works.
        #expect(throws: FITSError.self) {
            try encode(small, 10, 10, [FITSCard("bad key", .integer(1))], with: encoder)
        }
        #expect(try encode(small, 10, 10, [], with: encoder) == first)
    }

    @Test func realsReadBackExactly() throws {
        let numbers = [
            0.1, -0.0, 1 / 3.0, 6.283185307179586, .leastNonzeroMagnitude, -.greatestFiniteMagnitude,
        ]
        let cards = numbers.enumerated().map { FITSCard("R\($0.offset)", .real($0.element)) }
        let image = try FITSImage.decode(try encode(.uint8([7]), 1, 1, cards))
        #expect(image.cards == cards)
    }

    @Test(arguments: [
        FITSCard("BLANK", .real(-1)), FITSCard("BLANK", .string("x")), FITSCard("", .integer(1)),
        FITSCard("lower", .integer(1)), FITSCard("NINELONGS", .integer(1)), FITSCard("NAXIS1", .integer(1)),
        FITSCard("SIMPLE", .logical(true)), FITSCard("END", .integer(1)), FITSCard("X", .real(.nan)),
        FITSCard("X", .string("Ångström")), FITSCard("X", .integer(1), comment: "line\nbreak"),
    ])
    func wrongCardsAreRefused(_ card: FITSCard) {
        #expect {
            try encode(.uint8([1]), 1, 1, [card])
        } throws: { error in
            guard case FITSError.invalidCard(card.keyword, _) = error else { return false }
            return true
        }
    }

    @Test func wrongSizesAreRefused() {
        let expected = FITSError.sampleCount(found: 3, width: 2, height: 2)
        #expect(throws: expected) { try encode(.uint8([1, 2, 3]), 2, 2, []) }
        #expect(throws: FITSError.self) { try encode(.uint8([]), 0, 0, []) }
        #expect(throws: FITSError.self) { try encode(.uint8([1]), .max, 3, []) }
    }
}

@Suite struct FITSHostileInputTests {
    @Test func everyCutIsAnError() throws {
        let whole = try Tables.bytes("int16.fits")
        for count in stride(from: 0, to: whole.count - 2880 + 24, by: 1) {
            #expect(throws: FITSError.self) { try FITSImage.decode(Array(whole.prefix(count))) }
        }
    }

    @Test func unsupportedKindsAreNamed() throws {
        #expect(throws: FITSError.unsupported("its primary array has 3 axes where two are expected")) {
            try FITSImage.decode(try Tables.bytes("cube.fits"))
        }
        #expect(throws: FITSError.unsupported("BITPIX is 64 where 8, 16, 32, -32 or -64 is expected")) {
            try FITSImage.decode(try Tables.bytes("int64.fits"))
        }
        #expect(throws: FITSError.unsupported("its primary array has 0 axes where two are expected")) {
            try FITSImage.decode(try Tables.bytes("column_j.fits"))
        }
        #expect(throws: FITSError.self) { try FITSImage.decode(Array(repeating: 0x20, count: 5760)) }
    }

    @Test func largeSizesAreRefusedBeforeTheirMemoryIsTaken() throws {
        let image = try Tables.bytes("int16.fits")
        #expect(throws: FITSError.tooLarge("4 x 3 samples where at most 3 a side are accepted")) {
            try FITSImage.decode(image, maximumSize: 3)
        }
        // NAXIS1 of 12000 with the data of a 4 x 3 image behind it.
        let text = String(decoding: image.prefix(2880), as: UTF8.self)
        let claimed = text.replacing("NAXIS1  =                    4", with: "NAXIS1  =                12000")
        #expect(claimed != text)
        #expect(throws: FITSError.self) { try FITSImage.decode(Array(claimed.utf8) + image.dropFirst(2880)) }
    }

    @Test func damagedHeadersNeverTrap() throws {
        var generator = SeededGenerator(state: 1)
        var outcomes = (read: 0, refused: 0)
        for name in ["int16.fits", "column_k.fits", "double.fits"] {
            let whole = try Tables.bytes(name)
            for _ in 0..<500 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                        in: 32...126, using: &generator)
                }
                do throws(FITSError) {
                    _ = try FITSImage.decode(bytes, maximumSize: 4096)
                    outcomes.read += 1
                } catch {
                    #expect(!error.description.isEmpty)
                    outcomes.refused += 1
                }
                _ = try? FITSTable.decode(bytes)
            }
        }
        #expect(outcomes.read > 0 && outcomes.refused > 0)
    }
}

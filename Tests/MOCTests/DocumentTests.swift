import FITS
import HEALPix
import MOC
import Testing

@Suite struct DocumentTests {
    private func read(_ text: String, _ repairs: MOCRepairs = []) throws -> MOCDocument {
        try MOCDocument(reading: Array(text.utf8), accepting: repairs)
    }

    @Test func anyChainOfFormsGivesTheSame() throws {
        var random = Randomness(9)
        for _ in 0..<400 {
            let moc = random.moc()
            var document = MOCDocument(.space(moc))
            for _ in 0..<5 {
                let format = MOCFormat.allCases.randomElement(using: &random)!
                document = try MOCDocument(reading: try document.encoded(as: format))
                #expect(document.coverage == .space(moc))
                #expect(document.repairs.isEmpty)
            }
        }
    }

    @Test func timesAreReadAndWrittenWithoutLoss() throws {
        let texts = [
            "TMOC.fits": "t31/1 32/4 35/", "STMOC.fits": "t61/1 3 5 s3/1-3 t61/50 52 s4/25 t61/ s4/",
        ]
        for (name, text) in texts {
            let document = try MOCDocument(reading: try Tables.bytes(name))
            #expect(String(decoding: try document.encoded(as: .ascii), as: UTF8.self) == text)
            #expect(document.cards.string("MOCTOOL") == "CDSjavaAPI-10.0")
            for format in [MOCFormat.ascii, .json, .fits, .fitsRange] {
                let again = try MOCDocument(reading: try document.encoded(as: format))
                #expect(again.coverage == document.coverage, "\(name) \(format)")
            }
            // The numbers themselves are those of the file.
            let (ours, theirs) = (
                try FITSTable.decode(try document.encoded(as: .fits)),
                try FITSTable.decode(try Tables.bytes(name))
            )
            #expect(ours.values == theirs.values)
            for keyword in ["MOCVERS", "MOCDIM", "ORDERING", "MOCORD_T", "MOCORD_S", "COORDSYS", "TIMESYS"] {
                #expect(ours.cards[keyword] == theirs.cards[keyword], "\(name) \(keyword)")
            }
            #expect(throws: MOCError.self) { try document.encoded(as: .fitsV1) }
            #expect(throws: MOCError.self) { try document.coverage.ofSpace() }
        }
    }

    @Test func textsOfMocpyAreRead() throws {
        let text = "t61/1 3 5 s3/1-3 4/ t61/50 52 s4/25 t61/ s4/"
        let json = """
            [{"t":{"61":[1,3,5]},"s":{"3":[1,2,3],"4":[]}},{"t":{"61":[50,52]},"s":{"4":[25]}},
             {"t":{"61":[]},"s":{"4":[]}}]
            """
        let file = try MOCDocument(reading: try Tables.bytes("STMOC.fits"))
        #expect(try read(text).coverage == file.coverage && read(json).coverage == file.coverage)
        guard case .spaceTime(let moc) = file.coverage else {
            Issue.record("\(file.coverage)")
            return
        }
        #expect(moc.places.ascii == "3/1-3 4/25")
        #expect(moc.times.ranges == [1..<2, 3..<4, 5..<6, 50..<51, 52..<53] && moc.times.order == 61)
        let time = try MOCDocument(reading: Array("31/1 32/4 35/".utf8), isTime: true)
        #expect(time.coverage == (try MOCDocument(reading: try Tables.bytes("TMOC.fits"))).coverage)
    }

    @Test func timesAreWidenedToTheirOrder() throws {
        let moc = try #require(TimeMOC(order: 59, covering: [5..<6, 0..<1, 9..<9]))
        #expect(moc.ranges == [0..<8])
        #expect(TimeMOC(order: 62, covering: []) == nil)
        #expect(TimeMOC(order: 3, covering: [(-1)..<4]) == nil)
    }

    @Test(arguments: [
        ("3/1 2/0", 6), ("3/1-5 7 5 4/1000", 8), (#"{"2":[5,6,5]}"#, 10), (#"{"1":[4],"3":[3,64]}"#, 16),
    ])
    func cellsThatOverlapAreNamedOrMerged(_ text: String, _ position: Int) throws {
        let error = #expect(throws: MOCError.self) { try read(text) }
        guard case .text(_, let reason, let found)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("overlaps") && found == position, "\(found)")
        let document = try read(text, .overlaps)
        #expect(document.repairs.count == 1)
        let plain = text.hasPrefix("{") ? try MOC(json: text) : try MOC(ascii: text)
        #expect(try document.coverage.ofSpace() == plain)
    }

    @Test func textsThatAreCutShort() throws {
        let whole = #"{"2":[5,6,17],"4":[1000,1001,2000]}"#
        for count in 1..<whole.utf8.count {
            let text = String(whole.prefix(count))
            #expect(throws: MOCError.self, "\(text)") { try read(text) }
            // What is read is part of the whole; at the beginning there is nothing to read.
            guard let document = try? read(text, .cutShort) else {
                #expect(count < 6, "\(text)")
                continue
            }
            #expect(try MOC(json: whole).contains(try document.coverage.ofSpace()), "\(text)")
            #expect(document.repairs.count == 1)
        }
    }

    @Test func filesThatAreCutShort() throws {
        let moc = MOC(order: Order(9)!, cells: (0..<2000).map { Cell(order: 9, npix: 3 * $0)! })
        for format in [MOCFormat.fits, .fitsRange] {
            let whole = try MOCDocument(.space(moc), body: "mars").encoded(as: format)
            for count in [0, 80, 2880, 4000, 5000, 5760, 5770, 9000, 12321, 5760 + 7999] {
                let bytes = Array(whole.prefix(count))
                #expect(throws: (any Error).self) { try MOCDocument(reading: bytes) }
                #expect(throws: (any Error).self) { try MOC(fits: bytes) }
                guard count >= 5000 else { continue }
                let document = try MOCDocument(reading: bytes, accepting: .cutShort)
                #expect(moc.contains(try document.coverage.ofSpace()))
                #expect(document.repairs.first?.contains("of \(format == .fits ? 2000 : 4000)") == true)
            }
        }
    }

    @Test func rowsThatOverlapAreNamedOrMerged() throws {
        func file(_ ordering: String, _ values: [Int64]) throws -> [UInt8] {
            let cards = [FITSCard("ORDERING", .string(ordering)), FITSCard("MOCORDER", .integer(29))]
            return try FITSTable(column: "UNIQ", values: values, cards: cards).encoded()
        }
        let numbers = try file("NUNIQ", [5, 4, 20])
        #expect(throws: MOCError.fits("the cell in row 3 overlaps one of another row")) {
            try MOCDocument(reading: numbers)
        }
        #expect(try MOC(fits: numbers).ascii == "0/0-1 29/")
        let nested = try file("NUNIQ", [4, 16])
        #expect(throws: MOCError.self) { try MOCDocument(reading: nested) }
        let ranges = try file("RANGE", [0, 9, 30, 40, 5, 12])
        #expect(throws: MOCError.fits("the cell in row 5 overlaps one of another row")) {
            try MOCDocument(reading: ranges)
        }
        #expect(try MOC(fits: ranges).ranges == [0..<12, 30..<40])
        // Ranges that only touch, or stand in another sequence, break no rule.
        #expect(
            try MOCDocument(reading: try file("RANGE", [30, 40, 0, 9, 9, 12])).coverage
                == .space(MOC(order: .maximum, covering: [0..<12, 30..<40])))
    }

    @Test func emptyRangesOfTimesAndPlacesCoverNothing() throws {
        func file(_ values: [Int64]) throws -> [UInt8] {
            let cards = [
                FITSCard("MOCVERS", .string("2.0")), FITSCard("MOCDIM", .string("TIME.SPACE")),
                FITSCard("ORDERING", .string("RANGE")), FITSCard("MOCORD_T", .integer(61)),
                FITSCard("MOCORD_S", .integer(29)),
            ]
            return try FITSTable(column: "RANGE", values: values, cards: cards).encoded()
        }
        func time(_ value: Int64) -> Int64 { value | .min }
        let places: [Int64] = [4, 9]
        let times = [time(1), time(3)]
        let expected = try MOCDocument(reading: try file(times + places)).coverage
        guard case .spaceTime(let moc) = expected else {
            Issue.record("\(expected)")
            return
        }
        #expect(moc.parts.map(\.times) == [[1..<3]] && moc.parts.map(\.places) == [[4..<9]])
        // A part without times before, and one without places after it; each is as good as none.
        let more = [time(7), time(7)] + places + times + places + [time(5), time(6), 0, 0]
        let document = try MOCDocument(reading: try file(more))
        #expect(document.coverage == expected)
        #expect(try MOCDocument(reading: try document.encoded(as: .fits)).coverage == expected)
        let nothing = try MOCDocument(reading: try file([time(5), time(6), 0, 0]))
        for format in [MOCFormat.fits, .ascii, .json] {
            let again = try MOCDocument(reading: try nothing.encoded(as: format))
            #expect(again.coverage == nothing.coverage, "\(format)")
        }
    }

    @Test func theBodyHasItsKeyword() throws {
        let moc = MOC(order: Order(3)!, cells: [Cell(order: 3, npix: 5)!])
        for format in [MOCFormat.fits, .fitsRange, .fitsV1] {
            let plain = try MOCDocument(.space(moc), body: "Mars").encoded(as: format)
            let framed = try MOCDocument(.space(moc), body: "mars").encoded(as: format, isBodyFramed: true)
            #expect(try FITSTable.decode(plain).cards.string("COORDSYS") == "C")
            #expect(try FITSTable.decode(framed).cards.string("COORDSYS") == "mars")
            for bytes in [plain, framed] {
                #expect(try FITSTable.decode(bytes).cards.string("MOCBODY") == "mars")
                let document = try MOCDocument(reading: bytes)
                #expect(document.body == "mars" && document.coverage == .space(moc))
            }
        }
        #expect(
            try FITSTable.decode(try MOCDocument(.space(moc)).encoded(as: .fitsV1)).cards["MOCVERS"] == nil)
        #expect(throws: MOCError.self) { try MOCDocument(.space(moc)).encoded(as: .fits, isBodyFramed: true) }
        let torn = [FITSCard("COORDSYS", .string("moon")), FITSCard("MOCBODY", .string("mars"))]
        let bytes = try FITSTable(column: "UNIQ", values: [4], cards: torn).encoded()
        #expect(throws: MOCError.bodies("mars", "moon")) { try MOCDocument(reading: bytes) }
        for keyword in ["MOCBODY", "COORDSYS"] {
            // Other letters than those of FITS, in place of "mars": a name that no file could have again.
            let named = try FITSTable(
                column: "UNIQ", values: [4], cards: [FITSCard(keyword, .string("mars"))]
            ).encoded()
            let start = try #require(named.firstRange(of: Array("'mars".utf8))).lowerBound + 1
            var wrong = named
            wrong[start] = 0xC3
            wrong[start + 1] = 0xA9
            let error = #expect(throws: MOCError.self) {
                try MOCDocument(reading: wrong, accepting: .all)
            }
            #expect(error?.description.contains(keyword) == true)
        }
        #expect(try MOCDocument.commonBody(["mars", nil, "mars"]) == "mars")
        #expect(throws: MOCError.bodies("mars", "moon")) {
            try MOCDocument.commonBody(["mars", nil, "moon"])
        }
    }

    @Test func suffixesNameForms() {
        #expect(MOCFormat(suffixOf: "a/b.c/Moc.FITS") == .fits && MOCFormat(suffixOf: "x.json") == .json)
        #expect(MOCFormat(suffixOf: "m.txt") == .ascii && MOCFormat(suffixOf: "a.fits/none") == nil)
    }

    @Test(arguments: [
        "t61/1", "t62/1 s3/1", "t3/16 s1/1", "t3/1 s30/1", "s1/1 t3/1", "f3/1", #"[{"q":{"61":[1]}}]"#,
        #"[{"t":{"t":{}}}]"#, #"[{"s":{"1":[1]}},{"t":{"61":[1]}}]"#, "[]", "[{}]",
    ])
    func wrongTimesAreRefused(_ text: String) throws {
        guard text == "t61/1" else {
            #expect(throws: MOCError.self) { try read(text) }
            return
        }
        guard case .time = try read(text).coverage else {
            Issue.record("not a coverage of time")
            return
        }
    }
}

import HEALPix
import MOC
import Testing

@Suite struct TimeTests {
    @Test func timesAreThoseOfAstropy() throws {
        let rows = try Tables.rows("times.txt")
        #expect(rows.count == 108)
        for row in rows {
            let scale = try #require(TimeScale(rawValue: row[0]))
            let found = try CoverageTime(row[1], scale: scale).microseconds
            let expected = try #require(Int64(row[2]))
            // From TDB and TCB nothing but the rounding of astropy's pair of doubles is between.
            #expect(abs(found - expected) <= (scale == .tdb || scale == .tcb ? 1 : 20), "\(row): \(found)")
        }
    }

    @Test func formsOfATimeAreTheSame() throws {
        let time = try CoverageTime("2021-02-18T20:55:00")
        for text in [
            "2021-02-18T20:55", "2021-02-18 20:55:00.000", "2021-049T20:55:00Z",
            "2021-02-18t20:55:00.0000009z",
        ] { #expect(try CoverageTime(text) == time, "\(text)") }
        #expect(try CoverageTime("2021-02-18T20:55:00.5").microseconds - time.microseconds == 500_000)
        #expect(try CoverageTime("2021-02-18") == CoverageTime("2021-049T00:00"))
        #expect(try CoverageTime("2016-12-31T23:59:59") < CoverageTime("2016-12-31T23:59:60"))
        #expect(try CoverageTime("2016-12-31T23:59:60") < CoverageTime("2017-01-01"))
        #expect(try CoverageTime("2024-366") == CoverageTime("2024-12-31"))
        #expect(try CoverageTime("1965-07-15T01:00", scale: .tt).microseconds > 0)
    }

    @Test(arguments: [
        "", "2021", "2021-2-18", "2021-02-29", "2021-00-01", "2021-13-01", "2021-366", "2021-000", "21-02-18",
        "2021-02-18T", "2021-02-18T24:00", "2021-02-18T20", "2021-02-18T20:60", "2021-02-18T20:55:60",
        "2016-12-31T22:59:60", "2016-12-31T23:59:61", "2021-02-18T20:55:00.", "2021-02-18T20:55:00+01",
        "2021-02-18T20:55:00ZZ", "٢٠٢١-02-18", "nan", "1971-12-31", "-2021-01-01",
    ])
    func otherTextsAreNoTimes(_ text: String) throws {
        let error = #expect(throws: MOCError.self) { try CoverageTime(text) }
        guard case .time(let named, _)? = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
        #expect(named == text)
    }

    @Test func leapSecondsAndZAreOfUTCAlone() {
        #expect(throws: MOCError.self) { try CoverageTime("2016-12-31T23:59:60", scale: .tai) }
        #expect(throws: MOCError.self) { try CoverageTime("2016-12-31T23:59:59Z", scale: .tdb) }
    }

    @Test func timesAndPlacesGoTogether() throws {
        let times = try #require(TimeMOC(order: 61, covering: [10..<12, 20..<21]))
        let places = try MOC(ascii: "3/1-3")
        let both = SpaceTimeMOC(times: times, places: places)
        #expect(both.times == times && both.places == places && both.parts.count == 1)
        let none = SpaceTimeMOC(times: times, places: MOC(order: Order(3)!))
        #expect(none.parts.isEmpty && none.timeOrder == 61)
        let document = MOCDocument(.spaceTime(both), body: "mars")
        for format in [MOCFormat.fits, .ascii, .json] {
            let again = try MOCDocument(reading: document.encoded(as: format))
            #expect(again.coverage == .spaceTime(both), "\(format)")
        }
    }
}

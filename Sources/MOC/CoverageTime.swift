/// A moment as coverages count it.
public struct CoverageTime: Sendable, Hashable, Comparable {
    /// Microseconds of TCB since JD 0.
    public let microseconds: Int64

    /// Reads a date and time of ISO 8601, such as `2021-02-18T20:55:00.25`, `2021-02-18` or, with the day of the year,
    /// `2021-049T20:55`.
    ///
    /// The result is within 20 microseconds of what astropy gives: TDB is taken at the centre of the earth, by a series that
    /// holds from 1600 to 2200. A `Z` at the end is allowed for UTC; second 60 where one was inserted.
    ///
    /// - Parameters:
    ///   - text: the date and time, in the years 1 to 9999.
    ///   - scale: the scale that it is told in.
    /// - Throws: ``MOCError/time(_:_:)`` with what is wrong; UTC before 1972 is refused, for its seconds had other lengths.
    public init(_ text: String, scale: TimeScale = .utc) throws(MOCError) {
        var reader = DateReader(text)
        let (day, microseconds) = try reader.read(scale)
        guard let count = scale.tcb(day: day, microseconds: microseconds) else {
            throw .time(text, "UTC before 1972 had seconds of another length; say the time in TAI or TT")
        }
        self.microseconds = count
    }

    /// Whether a moment is before another.
    public static func < (a: CoverageTime, b: CoverageTime) -> Bool { a.microseconds < b.microseconds }
}

/// Reads dates.
private struct DateReader {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    /// The modified Julian date and the microseconds since it began.
    mutating func read(_ scale: TimeScale) throws(MOCError) -> (day: Int64, microseconds: Int64) {
        let year = try number(4, 1...9999, "a year of four digits")
        try expect("-", "after the year")
        let day: Int64
        // Three digits are a day of the year.
        if rest.prefix(while: Self.isDigit).count == 3 {
            let ordinal = try number(3, 1...(Self.isLeap(year) ? 366 : 365), "a day of the year \(year)")
            day = Self.day(year, 1, 1) + ordinal - 1
        } else {
            let month = try number(2, 1...12, "a month")
            try expect("-", "after the month")
            let next = month == 12 ? Self.day(year + 1, 1, 1) : Self.day(year, month + 1, 1)
            let first = Self.day(year, month, 1)
            day = first + (try number(2, 1...next - first, "a day of \(year)-\(month)")) - 1
        }
        var microseconds: Int64 = 0
        if take("T") || take("t") || take(" ") {
            let hour = try number(2, 0...23, "an hour")
            try expect(":", "after the hour")
            let minute = try number(2, 0...59, "a minute")
            microseconds = (hour * 60 + minute) * 60_000_000
            if take(":") {
                let isLeap = scale == .utc && hour == 23 && minute == 59 && LeapSeconds.isAtEnd(of: day)
                let most: Int64 = isLeap ? 60 : 59
                microseconds += try number(2, 0...most, "a second, at most \(most) here,") * 1_000_000
                if take(".") { microseconds += try fraction() }
            }
        }
        if take("Z") || take("z"), scale != .utc {
            throw .time(text, "Z means UTC, and the scale is \(scale.rawValue.uppercased())")
        }
        guard rest.isEmpty else { throw .time(text, "\"\(rest)\" follows the time") }
        return (day, microseconds)
    }

    /// Digits behind the point, of which those beyond the sixth are left out.
    private mutating func fraction() throws(MOCError) -> Int64 {
        let digits = rest.prefix(while: Self.isDigit)
        guard !digits.isEmpty else { throw .time(text, "digits are expected behind the point") }
        rest = rest.dropFirst(digits.count)
        let six = digits.prefix(6) + String(repeating: "0", count: max(0, 6 - digits.count))
        return Int64(six) ?? 0
    }

    private mutating func number(
        _ count: Int, _ range: ClosedRange<Int64>, _ name: String
    ) throws(MOCError) -> Int64 {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(Self.isDigit), let value = Int64(digits),
            range.contains(value)
        else {
            throw .time(text, "\(name) is expected, not \(digits.isEmpty ? "the end" : "\"\(digits)\"")")
        }
        rest = rest.dropFirst(count)
        return value
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func expect(_ character: Character, _ place: String) throws(MOCError) {
        guard take(character) else { throw .time(text, "\"\(character)\" is expected \(place)") }
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The modified Julian date of a day of the Gregorian calendar, of years from 1 on: days of whole years before, with the
    /// year taken to begin in March.
    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let sinceMarch = (month + 9) % 12
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * sinceMarch + 2) / 5 + day
            - 678_882
    }
}

/// A time, or a time from a begin to an end, in UTC.
public struct FeatureTime: Sendable, Hashable {
    /// The begin, as `2013-07-04T12:30:05.250Z`.
    public let begin: String
    /// The end; the begin again for a moment.
    public let end: String

    /// A moment.
    /// - Returns: nil for a text that is no date and no time of ISO 8601 as XML Schema has them (`xs:date`, `xs:dateTime`).
    public init?(_ text: String) {
        guard let moment = Self.moment(text) else { return nil }
        (begin, end) = (moment, moment)
    }

    /// A time from a begin to an end.
    /// - Returns: nil when one of them is none, or the end comes before the begin.
    public init?(from first: String, to last: String) {
        guard let begin = Self.moment(first), let end = Self.moment(last), begin <= end else { return nil }
        (self.begin, self.end) = (begin, end)
    }

    /// The text of a date or a time with milliseconds in UTC, all of the same length, so that they sort as texts; without a
    /// zone it counts as UTC.
    private static func moment(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes.count <= 64, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = number(bytes, 0, 4), let month = number(bytes, 5, 2), let day = number(bytes, 8, 2),
            (1...12).contains(month), (1...length(of: month, in: year)).contains(day)
        else { return nil }
        var milliseconds = days(year, month, day) * 86_400_000
        var at = 10
        if at < bytes.count, bytes[at] == UInt8(ascii: "T") || bytes[at] == UInt8(ascii: " ") {
            guard bytes.count >= 16, bytes[13] == UInt8(ascii: ":"), let hour = number(bytes, 11, 2),
                hour < 25,
                let minute = number(bytes, 14, 2), minute < 60
            else { return nil }
            milliseconds += hour * 3_600_000 + minute * 60_000
            at = 16
            if at < bytes.count, bytes[at] == UInt8(ascii: ":") {
                guard let second = number(bytes, 17, 2), second < 61 else { return nil }
                milliseconds += second * 1000
                at = 19
                if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                    at += 1
                    var unit = 100
                    let start = at
                    while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
                        milliseconds += Int(bytes[at] - 0x30) * unit
                        unit /= 10
                        at += 1
                    }
                    guard at > start else { return nil }
                }
            }
        }
        if at < bytes.count {
            guard let offset = zone(bytes, at) else { return nil }
            milliseconds -= offset
        }
        return written(milliseconds)
    }

    /// The milliseconds by which a zone at the end of a text is ahead of UTC.
    private static func zone(_ bytes: [UInt8], _ at: Int) -> Int? {
        if bytes.count == at + 1, bytes[at] == UInt8(ascii: "Z") { return 0 }
        guard bytes.count == at + 6, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-"),
            bytes[at + 3] == UInt8(ascii: ":"), let hours = number(bytes, at + 1, 2), hours < 15,
            let minutes = number(bytes, at + 4, 2), minutes < 60
        else { return nil }
        return (bytes[at] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes) * 60_000
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[start..<start + count] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    private static func length(of month: Int, in year: Int) -> Int {
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days since 0000-03-01 of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        // Years before 0 are not told from one another by division: one era is added and taken away.
        let shifted = y + 400
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * m + 2) / 5 + day - 1
            - 146_097
    }

    private static func written(_ milliseconds: Int) -> String? {
        let dayLength = 86_400_000
        var days = milliseconds / dayLength
        var rest = milliseconds % dayLength
        if rest < 0 {
            rest += dayLength
            days -= 1
        }
        days += 146_097
        let era = days / 146_097
        let inEra = days % 146_097
        let yearOfEra = (inEra - inEra / 1460 + inEra / 36524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * inYear + 2) / 153
        let (day, month) = (inYear - (153 * m + 2) / 5 + 1, m < 10 ? m + 3 : m - 9)
        let year = yearOfEra + era * 400 - 400 + (month <= 2 ? 1 : 0)
        guard (0...9999).contains(year) else { return nil }
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
        let time =
            padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":"
            + padded(rest / 1000 % 60, 2)
        return date + "T" + time + "." + padded(rest % 1000, 3) + "Z"
    }
}

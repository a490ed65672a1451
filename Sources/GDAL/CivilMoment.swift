/// A moment of the Gregorian calendar, for writing it in ISO 8601.
struct CivilMoment {
    var year, month, day, hour, minute: Int
    /// Milliseconds of the minute.
    var milliseconds: Int

    /// `2013-07-04`.
    var dateText: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

    /// `12:30:05.250`.
    var timeText: String {
        Self.padded(hour, 2) + ":" + Self.padded(minute, 2) + ":" + Self.padded(milliseconds / 1000, 2) + "."
            + Self.padded(milliseconds % 1000, 3)
    }

    /// The moment with less than a minute in its milliseconds, which a rounding may have filled.
    var carried: CivilMoment {
        guard milliseconds >= 60_000 else { return self }
        var moment = moved(minutes: 1)
        moment.milliseconds -= 60_000
        return moment
    }

    /// The moment some minutes later.
    func moved(minutes: Int) -> CivilMoment {
        guard minutes != 0 else { return self }
        // Days from the civil calendar and back, counted in years from March on (Hinnant's algorithm).
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let total = (days * 24 + hour) * 60 + minute + minutes
        let minuteOfDay = ((total % 1440) + 1440) % 1440
        let newDays = (total - minuteOfDay) / 1440
        let newEra = (newDays >= 0 ? newDays : newDays - 146_096) / 146_097
        let dayOfEra = newDays - newEra * 146_097
        let newYearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let newDayOfYear = dayOfEra - (365 * newYearOfEra + newYearOfEra / 4 - newYearOfEra / 100)
        let march = (5 * newDayOfYear + 2) / 153
        var moved = self
        moved.day = newDayOfYear - (153 * march + 2) / 5 + 1
        moved.month = march < 10 ? march + 3 : march - 9
        moved.year = newYearOfEra + newEra * 400 + (moved.month <= 2 ? 1 : 0)
        moved.hour = minuteOfDay / 60
        moved.minute = minuteOfDay % 60
        return moved
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(abs(number))
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

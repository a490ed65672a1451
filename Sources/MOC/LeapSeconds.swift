/// TAI - UTC since 1972, when UTC came to differ from TAI by whole seconds.
///
/// The values are those of the IERS's Bulletin C and leap-seconds.list as of July 2025: none was announced after that of
/// January 2017 until the end of June 2026. A new one is a new line here.
enum LeapSeconds {
    /// The first day of each value as a modified Julian date, and the seconds from then on.
    private static let table: [(day: Int64, seconds: Int64)] = [
        (41317, 10), (41499, 11), (41683, 12), (42048, 13), (42413, 14), (42778, 15), (43144, 16),
        (43509, 17),
        (43874, 18), (44239, 19), (44786, 20), (45151, 21), (45516, 22), (46247, 23), (47161, 24),
        (47892, 25),
        (48257, 26), (48804, 27), (49169, 28), (49534, 29), (50083, 30), (50630, 31), (51179, 32),
        (53736, 33),
        (54832, 34), (56109, 35), (57204, 36), (57754, 37),
    ]

    /// TAI - UTC on a day in seconds; nil before 1972.
    static func offset(day: Int64) -> Int64? { table.last { $0.day <= day }?.seconds }

    /// Whether a second 23:59:60 ends a day.
    static func isAtEnd(of day: Int64) -> Bool { table.dropFirst().contains { $0.day == day + 1 } }
}

internal import Glibc

/// A scale that times are told in.
public enum TimeScale: String, Sendable, CaseIterable {
    /// Coordinated universal time, as clocks and the labels of archives have it.
    case utc
    /// International atomic time.
    case tai
    /// Terrestrial time.
    case tt
    /// Barycentric dynamical time, the ephemeris time of SPICE.
    case tdb
    /// Barycentric coordinate time, which coverages are counted in.
    case tcb

    static let dayMicroseconds: Int64 = 86_400_000_000
    /// TT - TAI.
    private static let ttMinusTAI: Int64 = 32_184_000
    /// JD 2443144.5003725, where TCB and TDB are told to agree but for `tdbZero` (IAU resolution B3 of 2006).
    private static let origin: Int64 = 2_443_144 * dayMicroseconds + dayMicroseconds / 2 + ttMinusTAI
    private static let rate = 1.550519768e-8
    private static let tdbZero = -65.5

    /// Microseconds of TCB since JD 0 of a moment.
    ///
    /// - Parameters:
    ///   - day: The day as a modified Julian date.
    ///   - microseconds: Microseconds since the day began.
    /// - Returns: nil for UTC before 1972.
    func tcb(day: Int64, microseconds: Int64) -> Int64? {
        // MJD 0 is JD 2400000.5.
        let count = (day + 2_400_000) * Self.dayMicroseconds + Self.dayMicroseconds / 2 + microseconds
        switch self {
        case .utc:
            guard let seconds = LeapSeconds.offset(day: day) else { return nil }
            return Self.tcb(tt: count + seconds * 1_000_000 + Self.ttMinusTAI)
        case .tai: return Self.tcb(tt: count + Self.ttMinusTAI)
        case .tt: return Self.tcb(tt: count)
        case .tdb: return Self.tcb(tdb: count, fraction: 0)
        case .tcb: return count
        }
    }

    private static func tcb(tt: Int64) -> Int64 {
        let fraction = tdbMinusTT(centuries: (Double(tt) / Double(dayMicroseconds) - 2_451_545) / 36525)
        return tcb(tdb: tt, fraction: fraction)
    }

    private static func tcb(tdb: Int64, fraction: Double) -> Int64 {
        let since = Double(tdb - origin) + fraction - tdbZero
        return tdb + Int64((fraction - tdbZero + since * (rate / (1 - rate))).rounded())
    }

    /// TDB - TT at the centre of the earth in microseconds, to 10 microseconds from 1600 to 2200 (Kaplan 2005, USNO
    /// Circular 179, equation 2.6).
    private static func tdbMinusTT(centuries t: Double) -> Double {
        1657 * sin(628.3076 * t + 6.2401) + 22 * sin(575.3385 * t + 4.2970) + 14 * sin(1256.6152 * t + 6.1969)
            + 5 * sin(606.9777 * t + 4.0212) + 5 * sin(52.9691 * t + 0.4444) + 2 * sin(21.3299 * t + 5.5431)
            + 10 * t * sin(628.3076 * t + 4.2490)
    }
}

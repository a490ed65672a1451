/// Numbers for people.
enum SizeText {
    /// Bytes in the unit that leaves one to three digits before the point.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["bytes", "kB", "MB", "GB", "TB"] {
            if value < 1000 || unit == "TB" { return "\(short(value)) \(unit)" }
            value /= 1000
        }
        return "\(count) bytes"
    }

    /// Metres or kilometres.
    static func metres(_ length: Double) -> String {
        length < 10_000 ? "\(short(length)) m" : "\(short(length / 1000)) km"
    }

    /// Seconds, minutes or hours.
    static func seconds(_ time: Double) -> String {
        if time < 60 { return "\(short(time)) s" }
        let whole = Int(time.rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// All digits, without a point where none is needed.
    static func exact(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    /// Three or four significant digits.
    static func short(_ value: Double) -> String {
        if abs(value) >= 100 || value == value.rounded() { return String(Int(value.rounded())) }
        let factor = abs(value) >= 10 ? 10.0 : (abs(value) >= 1 ? 100 : 10_000)
        return String((value * factor).rounded() / factor)
    }
}

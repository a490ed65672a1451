internal import Glibc
internal import Synchronization

/// What the access log says about one request.
struct AccessLine {
    /// When the answer was ready, in nanoseconds since 1970.
    var time: Int64
    var identifier: String
    var client: String?
    var method: String
    var target: String
    var status: Int
    /// The length of the body.
    var count: Int
    /// How long the answer took.
    var nanoseconds: Int
    var operation: ServedOperation
    var cacheUse: RequestRecord.CacheUse
    var userAgent: String?
    var referrer: String?

    /// The line with its end: `key=value` with blanks between, or one JSON object.
    func bytes(asJSON: Bool) -> [UInt8] {
        var line = AccessLineWriter(asJSON: asJSON)
        line.plain("time", timeText)
        line.text("id", identifier)
        line.text("client", client ?? "-")
        line.text("method", method)
        line.text("path", target)
        line.number("status", status)
        line.number("bytes", count)
        line.unquoted("ms", milliseconds)
        line.plain("service", operation.service)
        line.plain("operation", operation.name)
        switch cacheUse {
        case .none: break
        case .hit: line.plain("cache", "hit")
        case .miss: line.plain("cache", "miss")
        }
        if let userAgent { line.text("agent", userAgent) }
        if let referrer { line.text("referrer", referrer) }
        line.end()
        return line.bytes
    }

    /// The time as RFC 3339 has it, in UTC to the millisecond.
    private var timeText: String {
        let second = Int(time / 1_000_000_000)
        let text = Self.latest.withLock { latest in
            if latest.second != second { latest = (second, Self.text(second)) }
            return latest.text
        }
        return text + Self.digits(Int(time / 1_000_000 % 1000), 3) + "Z"
    }

    /// The second that was written last, which is that of thousands of lines.
    private static let latest = Mutex<(second: Int, text: String)>((-1, ""))

    private static func text(_ second: Int) -> String {
        var (seconds, parts) = (time_t(second), tm())
        gmtime_r(&seconds, &parts)
        var text = digits(Int(parts.tm_year) + 1900, 4)
        for (sign, number) in [
            ("-", parts.tm_mon + 1), ("-", parts.tm_mday), ("T", parts.tm_hour), (":", parts.tm_min),
            (":", parts.tm_sec),
        ] {
            text += sign + digits(Int(number), 2)
        }
        return text + "."
    }

    /// A number with zeros in front.
    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        if text.utf8.count >= count { return text }
        return String(repeating: "0", count: count - text.utf8.count) + text
    }

    private var milliseconds: String {
        let microseconds = max(0, nanoseconds / 1000)
        return String(microseconds / 1000) + "." + Self.digits(microseconds % 1000, 3)
    }
}

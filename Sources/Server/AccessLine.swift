internal import Glibc

/// What the access log says about one request.
struct AccessLine {
    /// When the answer was ready, in nanoseconds since 1970.
    var time: Int64
    var identifier: String
    var client: String?
    var method: String
    var target: String
    var status: Int
    var bytes: Int
    var duration: Duration
    var operation: ServedOperation
    var cacheUse: RequestRecord.CacheUse
    var userAgent: String?
    var referrer: String?

    /// `key=value` with blanks between, and a line end.
    var logfmt: String {
        fields.map { name, value in
            switch value {
            case .text(let text): name + "=" + LogText.logfmt(text)
            case .number(let text): name + "=" + text
            }
        }.joined(separator: " ") + "\n"
    }

    /// One JSON object and a line end.
    var json: String {
        "{"
            + fields.map { name, value in
                switch value {
                case .text(let text): "\"" + name + "\":" + LogText.quoted(text)
                case .number(let text): "\"" + name + "\":" + text
                }
            }.joined(separator: ",") + "}\n"
    }

    private enum Value {
        case text(String)
        case number(String)
    }

    private var fields: [(String, Value)] {
        var fields: [(String, Value)] = [
            ("time", .text(timeText)), ("id", .text(identifier)), ("client", .text(client ?? "-")),
            ("method", .text(method)), ("path", .text(target)), ("status", .number(String(status))),
            ("bytes", .number(String(bytes))), ("ms", .number(milliseconds)),
            ("service", .text(operation.service)), ("operation", .text(operation.name)),
        ]
        switch cacheUse {
        case .none: break
        case .hit: fields.append(("cache", .text("hit")))
        case .miss: fields.append(("cache", .text("miss")))
        }
        if let userAgent { fields.append(("agent", .text(userAgent))) }
        if let referrer { fields.append(("referrer", .text(referrer))) }
        return fields
    }

    /// The time as RFC 3339 has it, in UTC to the millisecond.
    private var timeText: String {
        var seconds = time_t(time / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date =
            digits(Int(parts.tm_year) + 1900, 4) + "-" + digits(Int(parts.tm_mon) + 1, 2) + "-"
            + digits(Int(parts.tm_mday), 2)
        let clock =
            digits(Int(parts.tm_hour), 2) + ":" + digits(Int(parts.tm_min), 2) + ":"
            + digits(Int(parts.tm_sec), 2)
        return date + "T" + clock + "." + digits(Int(time / 1_000_000 % 1000), 3) + "Z"
    }

    private var milliseconds: String {
        let (seconds, attoseconds) = duration.components
        let microseconds = max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        let rest = String(microseconds % 1000)
        return String(microseconds / 1000) + "." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}

/// Puts one line of the access log together, field by field.
struct AccessLineWriter {
    private let asJSON: Bool
    private var line = ""

    /// A line of logfmt, or a JSON object.
    init(asJSON: Bool) {
        self.asJSON = asJSON
        line.reserveCapacity(400)
    }

    /// Adds a text that may hold anything.
    mutating func text(_ name: String, _ value: String) {
        begin(name)
        line += asJSON ? LogText.quoted(value) : LogText.logfmt(value)
    }

    /// Adds a text of the program's own, which needs no escapes.
    mutating func plain(_ name: String, _ value: String) {
        begin(name)
        if asJSON {
            line += "\""
            line += value
            line += "\""
        } else {
            line += value
        }
    }

    /// Adds a number.
    mutating func number(_ name: String, _ value: Int) {
        unquoted(name, String(value))
    }

    /// Adds a number that has been written already.
    mutating func unquoted(_ name: String, _ value: String) {
        begin(name)
        line += value
    }

    /// Hands the line over with its end.
    mutating func end(into bytes: inout [UInt8]) {
        line += asJSON ? "}\n" : "\n"
        bytes.append(contentsOf: line.utf8)
    }

    private mutating func begin(_ name: String) {
        if asJSON {
            line += line.isEmpty ? "{\"" : ",\""
            line += name
            line += "\":"
        } else {
            if !line.isEmpty { line += " " }
            line += name
            line += "="
        }
    }
}

/// Puts one line of the access log together, field by field.
struct AccessLineWriter {
    private let asJSON: Bool
    private(set) var bytes: [UInt8] = []

    /// A line of logfmt, or a JSON object.
    init(asJSON: Bool) {
        self.asJSON = asJSON
        bytes.reserveCapacity(512)
    }

    /// Adds a text that may hold anything.
    mutating func text(_ name: StaticString, _ value: String) {
        begin(name)
        add(asJSON ? LogText.quoted(value) : LogText.logfmt(value))
    }

    /// Adds a text of the program's own, which needs no escapes.
    mutating func plain(_ name: StaticString, _ value: String) {
        begin(name)
        if asJSON { bytes.append(UInt8(ascii: "\"")) }
        add(value)
        if asJSON { bytes.append(UInt8(ascii: "\"")) }
    }

    /// Adds a number.
    mutating func number(_ name: StaticString, _ value: Int) {
        unquoted(name, String(value))
    }

    /// Adds a number that has been written already.
    mutating func unquoted(_ name: StaticString, _ value: String) {
        begin(name)
        add(value)
    }

    /// Ends the line.
    mutating func end() {
        if asJSON { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func begin(_ name: StaticString) {
        if asJSON {
            bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
            bytes.append(UInt8(ascii: "\""))
        } else if !bytes.isEmpty {
            bytes.append(UInt8(ascii: " "))
        }
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        if asJSON {
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        } else {
            bytes.append(UInt8(ascii: "="))
        }
    }

    private mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}

import HEALPix

extension Coverage {
    /// The JSON form (MOC 2.0, section 4.3.3), as in `{"1":[1,2,4],"2":[12,13,14]}`.
    ///
    /// The finest order is named at the end even where no cell has it: `{"1":[1],"29":[]}`. Times stand in an object
    /// of their own under `"t"`; times and places together in a list of objects with `"t"` and `"s"`, as mocpy writes it.
    var jsonBytes: [UInt8] {
        var writer = TextWriter()
        switch self {
        case .space(let moc):
            writer.json(moc.ranges, .space, finest: moc.order.value)
        case .time(let moc):
            writer.text("{\"t\":")
            writer.json(moc.ranges, .time, finest: moc.order)
            writer.text("}")
        case .spaceTime(let moc):
            writer.text("[")
            for part in moc.parts {
                writer.text("{\"t\":")
                writer.json(part.times, .time, finest: nil)
                writer.text(",\"s\":")
                writer.json(part.places, .space, finest: nil)
                writer.text("},\n")
            }
            writer.text("{\"t\":{\"\(moc.timeOrder)\":[]},\"s\":{\"\(moc.spaceOrder)\":[]}}]")
        }
        return writer.bytes
    }

    /// Reads the JSON form (MOC 2.0, section 4.3.3), and those of times that ``jsonBytes`` tells of.
    ///
    /// The orders of the coverage are the finest that are named.
    static func read(
        json bytes: [UInt8], unnamedAxis: Axis, accepting accepted: MOCRepairs
    ) throws(MOCError) -> (Coverage, [String]) {
        var reader = JSONReader(bytes, accepting: accepted)
        return try reader.read(unnamedAxis)
    }
}

/// Reads the JSON form from its bytes.
private struct JSONReader {
    private var scanner: TextScanner
    private var reading: TextReading
    /// Set where the text ends too early and that is to be put up with: everything then ends.
    private var isCut = false

    init(_ bytes: [UInt8], accepting accepted: MOCRepairs) {
        scanner = TextScanner(bytes, form: "JSON")
        reading = TextReading(accepting: accepted)
    }

    mutating func read(_ unnamedAxis: Axis) throws(MOCError) -> (Coverage, [String]) {
        if takes("[") {
            var hasMore = !takes("]")
            while hasMore, !isCut {
                try expect("{")
                reading.beginPart()
                try members(unnamedAxis)
                hasMore = takes(",")
                if !hasMore { try expect("]") }
            }
        } else {
            try expect("{")
            try members(unnamedAxis)
        }
        if isCut {
            reading.say("the text ends before its last bracket: read what is there in full")
        } else if !scanner.isAtEnd() {
            throw scanner.failure("something follows the closing bracket")
        }
        return (try reading.coverage(scanner, emptyExample: "{\"3\":[]}"), reading.repairs)
    }

    /// The members of an object up to its closing brace: orders, or objects of orders under "t" and "s".
    private mutating func members(_ axis: Axis, isInner: Bool = false) throws(MOCError) {
        var isOpen = !takes("}")
        var hasBegun = isInner
        while isOpen, !isCut {
            try expect("\"")
            if isCut || cutsHere() { return }
            let inner: Axis? = scanner.take("t") ? .time : scanner.take("s") ? .space : nil
            if let inner {
                guard !isInner else { throw scanner.failure("a number is expected") }
                try expect("\"")
                try expect(":")
                try expect("{")
                if isCut { return }
                reading.begin(inner)
                try members(inner, isInner: true)
            } else {
                if !hasBegun { reading.begin(axis) }
                hasBegun = true
                try order(axis)
            }
            isOpen = takes(",")
            if !isOpen { try expect("}") }
        }
    }

    private mutating func order(_ axis: Axis) throws(MOCError) {
        let position = scanner.position
        let order = try scanner.number()
        if cutsHere() { return }
        try locate(position) { (reading) throws(MOCError) in try reading.note(axis, order: order) }
        try expect("\"")
        try expect(":")
        try expect("[")
        if isCut { return }
        var hasMore = !takes("]")
        while hasMore, !isCut {
            scanner.skipSpace()
            if cutsHere() { return }
            let position = scanner.position
            let number = try scanner.number()
            // The last number of a text that is cut short may lack digits.
            if cutsHere() { return }
            try locate(position) { (reading) throws(MOCError) in
                try reading.append(axis, order: order, number, number, at: position)
            }
            hasMore = takes(",")
            if !hasMore { try expect("]") }
        }
    }

    private mutating func locate(
        _ position: Int, _ work: (inout TextReading) throws(MOCError) -> Void
    ) throws(MOCError) {
        do throws(MOCError) {
            try work(&reading)
        } catch {
            throw scanner.failure(Coverage.outside(error), at: position)
        }
    }

    /// Whether the text ends here though it should not, and that is accepted.
    private mutating func cutsHere() -> Bool {
        // On a copy: blanks that are no part of a word are not to be skipped here.
        var ahead = scanner
        if reading.accepted.contains(.cutShort), ahead.isAtEnd() { isCut = true }
        return isCut
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        scanner.skipSpace()
        return scanner.take(character)
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(MOCError) {
        if isCut || takes(character) || cutsHere() { return }
        throw scanner.failure("\"\(character)\" is expected")
    }
}

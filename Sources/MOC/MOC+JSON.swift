import HEALPix

extension MOC {
    /// The JSON form (MOC 2.0, section 4.3.3), as in `{"1":[1,2,4],"2":[12,13,14]}`.
    ///
    /// The finest order is named at the end even where no cell has it: `{"1":[1],"29":[]}`.
    public var json: String {
        var parts: [String] = []
        let cells = self.cells
        var start = 0
        while start < cells.count {
            let order = cells[start].order
            let end = cells[start...].firstIndex { $0.order != order } ?? cells.count
            let numbers = cells[start..<end].map { String($0.npix) }.joined(separator: ",")
            parts.append("\"\(order.value)\":[\(numbers)]")
            start = end
        }
        if cells.last?.order != order { parts.append("\"\(order.value)\":[]") }
        return "{" + parts.joined(separator: ",") + "}"
    }

    /// Reads the JSON form (MOC 2.0, section 4.3.3).
    ///
    /// The order of the coverage is the finest that is named.
    ///
    /// - Throws: ``MOCError`` where the text is something else, or names a cell that does not exist.
    public init(json text: String) throws(MOCError) {
        var scanner = ASCIIScanner(text, form: "JSON")
        var finest: Int64?
        var ranges: [Range<Int64>] = []
        func expect(_ character: Unicode.Scalar) throws(MOCError) {
            scanner.skipSpace()
            guard scanner.take(character) else { throw scanner.failure("\"\(character)\" is expected") }
        }
        func takes(_ character: Unicode.Scalar) -> Bool {
            scanner.skipSpace()
            return scanner.take(character)
        }
        try expect("{")
        var isOpen = !takes("}")
        while isOpen {
            try expect("\"")
            let order = try scanner.number()
            _ = try cellRange(order, 0, 0)
            finest = max(finest ?? order, order)
            try expect("\"")
            try expect(":")
            try expect("[")
            var hasMore = !takes("]")
            while hasMore {
                scanner.skipSpace()
                let npix = try scanner.number()
                ranges.append(try cellRange(order, npix, npix))
                hasMore = takes(",")
                if !hasMore { try expect("]") }
            }
            isOpen = takes(",")
            if !isOpen { try expect("}") }
        }
        guard scanner.isAtEnd() else { throw scanner.failure("something follows the closing brace") }
        guard let finest, let order = Order(Int(finest)) else {
            throw scanner.failure("it names no order; an empty MOC of order 3 is written {\"3\":[]}")
        }
        self.init(order: order, covering: ranges)
    }
}

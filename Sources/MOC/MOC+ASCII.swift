import HEALPix

extension MOC {
    /// The ASCII form (MOC 2.0, section 4.3.2), as in `1/1 2 4 2/12-14`.
    ///
    /// The finest order is named at the end even where no cell has it: `1/1 29/`.
    public var ascii: String {
        var text = ""
        var current: Order?
        var pending: ClosedRange<Int64>?
        func flush() {
            guard let run = pending else { return }
            if !text.isEmpty, !text.hasSuffix("/") { text += " " }
            text += run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)"
            pending = nil
        }
        for cell in cells {
            if cell.order == current, let run = pending, run.upperBound + 1 == cell.npix {
                pending = run.lowerBound...cell.npix
                continue
            }
            flush()
            if cell.order != current {
                text += (text.isEmpty ? "" : " ") + "\(cell.order.value)/"
                current = cell.order
            }
            pending = cell.npix...cell.npix
        }
        flush()
        if current != order { text += (text.isEmpty ? "" : " ") + "\(order.value)/" }
        return text
    }

    /// Reads the ASCII form (MOC 2.0, section 4.3.2; also MOC 1.1 with commas).
    ///
    /// The order of the coverage is the finest that is named.
    ///
    /// - Throws: ``MOCError`` where the text is something else, or names a cell that does not exist.
    public init(ascii text: String) throws(MOCError) {
        var scanner = ASCIIScanner(text)
        var finest: Int64?
        var current: Int64?
        var ranges: [Range<Int64>] = []
        while try scanner.skipSeparators() {
            let number = try scanner.number()
            if scanner.take("/") {
                _ = try cellRange(number, 0, 0)
                current = number
                finest = max(finest ?? number, number)
                continue
            }
            guard let current else { throw scanner.failure("an order such as 3/ must come first") }
            let last = scanner.take("-") ? try scanner.number() : number
            guard last >= number else { throw scanner.failure("the range \(number)-\(last) runs backwards") }
            ranges.append(try cellRange(current, number, last))
        }
        guard let finest, let order = Order(Int(finest)) else {
            throw scanner.failure("it names no order; an empty MOC of order 3 is written 3/")
        }
        self.init(order: order, covering: ranges)
    }
}

/// The order-29 indices of the cells from `first` to `last` of an order, which are all checked to exist.
func cellRange(_ order: Int64, _ first: Int64, _ last: Int64) throws(MOCError) -> Range<Int64> {
    guard let valid = Int(exactly: order).flatMap({ Order($0) }) else {
        throw .cell(order: order, npix: first)
    }
    guard let start = Cell(order: valid, npix: first) else { throw .cell(order: order, npix: first) }
    guard let end = Cell(order: valid, npix: last) else { throw .cell(order: order, npix: last) }
    return start.range.lowerBound..<end.range.upperBound
}

/// Walks over the bytes of a MOC in a text form.
struct ASCIIScanner {
    private let bytes: [UInt8]
    private(set) var position = 0
    private let form: String

    init(_ text: String, form: String = "ASCII") {
        bytes = Array(text.utf8)
        self.form = form
    }

    func failure(_ reason: String) -> MOCError { .text(form: form, reason: reason, position: position) }

    /// Whether all bytes but white space have been read.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    /// Skips white space and commas and the letter of the spatial axis; false at the end of the text.
    mutating func skipSeparators() throws(MOCError) -> Bool {
        repeat { skipSpace() } while take(",")
        if take("s") { return true }
        if take("t") || take("f") { throw failure("it has a time or frequency axis; only space is read") }
        return position < bytes.count
    }

    /// Reads one byte if it is this character.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Reads a whole number without a sign.
    mutating func number() throws(MOCError) -> Int64 {
        var value: Int64 = 0
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, above) = product.addingReportingOverflow(Int64(bytes[position] - 0x30))
            guard !over, !above else { throw failure("a number exceeds 63 bits") }
            value = sum
            position += 1
        }
        guard position > start else { throw failure("a number is expected") }
        return value
    }
}

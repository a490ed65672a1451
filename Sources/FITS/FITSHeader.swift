/// The header of one HDU as it lies in memory, and where its data are (FITS 4.0, sections 3 and 4).
struct FITSHeader {
    /// Every keyword that has a value, in the order of the file, those of the structure included.
    let cards: [FITSCard]
    /// Where the data begin.
    let dataStart: Int
    /// How many bytes of data the header claims, without the filling of the last block.
    let dataSize: Int

    /// More cards than any coverage needs.
    private static let maximumCards = 10_000

    /// Reads the header that begins at a block; nil at the end of the bytes.
    static func read(_ bytes: Span<UInt8>, at start: Int) throws(FITSError) -> FITSHeader? {
        guard start < bytes.count else { return nil }
        var cards: [FITSCard] = []
        var position = start
        while true {
            guard position + 80 <= bytes.count else {
                throw .malformed("the header at byte \(start) is cut short: its END is missing")
            }
            let card = bytes.extracting(position..<position + 80)
            position += 80
            if Self.keyword(card) == "END" { break }
            guard cards.count < maximumCards else {
                throw .tooLarge("a header of more than \(maximumCards) cards")
            }
            if Self.keyword(card) == "CONTINUE", let last = cards.last, case .string(let text) = last.value,
                text.hasSuffix("&"), case .string(let more)? = Self.value(card, from: 8)
            {
                // The convention of long texts (FITS 4.0, section 4.2.1.2).
                cards[cards.count - 1].value = .string(text.dropLast() + more)
            } else if card[8] == UInt8(ascii: "="), card[9] == UInt8(ascii: " "),
                let value = Self.value(card, from: 10)
            {
                cards.append(FITSCard(Self.keyword(card), value))
            }
        }
        let dataStart = start + (position - start + 2879) / 2880 * 2880
        return FITSHeader(cards: cards, dataStart: dataStart, dataSize: try dataSize(cards, at: start))
    }

    private static func keyword(_ card: Span<UInt8>) -> String {
        var end = 8
        while end > 0, card[end - 1] == 32 { end -= 1 }
        return text(card, 0..<end)
    }

    private static func text(_ card: Span<UInt8>, _ part: Range<Int>) -> String {
        String(decoding: part.map { card[$0] }, as: UTF8.self)
    }

    /// The value of a card; nil for kinds that have no case and for what is no value.
    private static func value(_ card: Span<UInt8>, from first: Int) -> FITSValue? {
        var position = first
        while position < 80, card[position] == 32 { position += 1 }
        guard position < 80 else { return nil }
        if card[position] == UInt8(ascii: "'") {
            var text: [UInt8] = []
            position += 1
            while position < 80 {
                if card[position] == UInt8(ascii: "'") {
                    // Two quotes stand for one.
                    guard position + 1 < 80, card[position + 1] == UInt8(ascii: "'") else { break }
                    position += 1
                }
                text.append(card[position])
                position += 1
            }
            while text.last == 32 { text.removeLast() }
            return .string(String(decoding: text, as: UTF8.self))
        }
        let start = position
        while position < 80, card[position] != UInt8(ascii: "/"), card[position] != 32 { position += 1 }
        let word = text(card, start..<position)
        switch word {
        case "T": return .logical(true)
        case "F": return .logical(false)
        default:
            if let number = Int64(word) { return .integer(number) }
            let exponent = String(word.map { $0 == "D" || $0 == "d" ? "E" : $0 })
            guard let number = Double(exponent), number.isFinite else { return nil }
            return .real(number)
        }
    }

    /// |BITPIX| / 8 * GCOUNT * (PCOUNT + NAXIS1 * NAXIS2 ...) (FITS 4.0, section 4.4.1).
    private static func dataSize(_ cards: [FITSCard], at start: Int) throws(FITSError) -> Int {
        func number(_ keyword: String, _ range: ClosedRange<Int64>, or missing: Int64? = nil)
            throws(FITSError)
            -> Int64
        {
            guard cards[keyword] != nil else {
                if let missing { return missing }
                throw .malformed("the header at byte \(start) has no \(keyword)")
            }
            guard let value = cards.integer(keyword), range.contains(value) else {
                throw .malformed(
                    "\(keyword) of the header at byte \(start) is not a whole number of \(range.lowerBound) to "
                        + "\(range.upperBound)")
            }
            return value
        }
        let any = 0...Int64.max
        let bitpix = try number("BITPIX", -64...64)
        let axes = try number("NAXIS", 0...999)
        guard [8, 16, 32, 64, -32, -64].contains(bitpix) else {
            throw .malformed("BITPIX of the header at byte \(start) is \(bitpix)")
        }
        guard axes > 0 else { return 0 }
        var count: Int64 = 1
        var isTooLarge = false
        func multiply(_ factor: Int64) {
            let (product, overflow) = count.multipliedReportingOverflow(by: factor)
            (count, isTooLarge) = (product, isTooLarge || overflow)
        }
        for axis in 1...axes { multiply(try number("NAXIS\(axis)", any)) }
        let (sum, overflow) = count.addingReportingOverflow(try number("PCOUNT", any, or: 0))
        (count, isTooLarge) = (sum, isTooLarge || overflow)
        multiply(try number("GCOUNT", any, or: 1))
        multiply(abs(bitpix) / 8)
        // So that a block more can be added to it anywhere below.
        guard !isTooLarge, count <= Int64.max / 4 else {
            throw .malformed("the header at byte \(start) claims more data than there can be")
        }
        return Int(count)
    }
}

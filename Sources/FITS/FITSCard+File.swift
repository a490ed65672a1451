internal import CCFITSIO

/// Keywords that state the structure of an HDU, which this module writes and reads itself.
func statesStructure(_ keyword: String) -> Bool {
    switch keyword {
    case "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "EXTEND", "PCOUNT", "GCOUNT", "TFIELDS", "END": true
    default: ["NAXIS", "TTYPE", "TFORM"].contains { isIndexed(keyword, $0) }
    }
}

private func isIndexed(_ keyword: String, _ stem: String) -> Bool {
    keyword.hasPrefix(stem) && keyword.dropFirst(stem.count).allSatisfy(\.isNumber)
}

/// Appends cards to the header of the current HDU.
func writeCards(_ file: FITSFilePointer, _ cards: [FITSCard]) throws(FITSError) {
    for card in cards {
        try validate(card)
        var status: Int32 = 0
        switch card.value {
        case .string(let text):
            ffpkls(file, card.keyword, text, card.comment, &status)
        case .integer(let number):
            ffpkyj(file, card.keyword, number, card.comment, &status)
        case .logical(let flag):
            ffpkyl(file, card.keyword, flag ? 1 : 0, card.comment, &status)
        case .real(let number):
            ffprec(file, realCard(card, number), &status)
        }
        try check(status, "write the card \(card.keyword)")
    }
}

private func validate(_ card: FITSCard) throws(FITSError) {
    func refuse(_ reason: String) -> FITSError { .invalidCard(keyword: card.keyword, reason: reason) }
    let allowed = card.keyword.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
    guard (1...8).contains(card.keyword.utf8.count), allowed else {
        throw refuse("a keyword is one to eight of A-Z, 0-9, - and _")
    }
    guard !statesStructure(card.keyword) else {
        throw refuse("it states the structure of the file, which the encoder writes itself")
    }
    func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (32...126).contains($0) } }
    guard isPrintable(card.comment) else { throw refuse("its comment is not plain ASCII") }
    switch card.value {
    case .string(let text):
        guard isPrintable(text) else { throw refuse("its text is not plain ASCII") }
    case .real(let number):
        guard number.isFinite else { throw refuse("\(number) is not a finite number") }
    case .integer, .logical: break
    }
    if card.keyword == "BLANK" {
        guard case .integer = card.value else { throw refuse("BLANK must be a whole number") }
    }
}

/// A card in fixed format whose value has the fewest digits that read back as the same number.
///
/// CFITSIO's own writer of doubles cuts at 15 digits or pads to 17.
private func realCard(_ card: FITSCard, _ number: Double) -> String {
    var value = number.description.uppercased()
    if !value.utf8.contains(UInt8(ascii: ".")) {
        // "1E-05": FITS 4.0, section 4.2.4 wants the decimal point so that it is no integer.
        let exponent = value.firstIndex(of: "E") ?? value.endIndex
        value.insert(contentsOf: ".0", at: exponent)
    }
    var text = card.keyword + String(repeating: " ", count: 8 - card.keyword.utf8.count) + "= "
    text += String(repeating: " ", count: max(0, 20 - value.utf8.count)) + value
    if !card.comment.isEmpty { text += " / " + card.comment }
    return String(text.prefix(80))
}

/// More cards than any tile or coverage needs.
private let maximumCards = 10_000

/// Reads every keyword that has a value from the current HDU, without those that state the structure.
func readCards(_ file: FITSFilePointer) throws(FITSError) -> [FITSCard] {
    var status: Int32 = 0
    var count: Int32 = 0
    ffghsp(file, &count, nil, &status)
    try check(status, "count the header cards")
    guard count > 0 else { return [] }
    // Long texts are looked up by their keyword, which in a header without bound takes quadratic time.
    guard count <= maximumCards else {
        throw .tooLarge("a header of \(count) cards where at most \(maximumCards) are accepted")
    }
    var cards: [FITSCard] = []
    cards.reserveCapacity(Int(count))
    // One allocation for the three texts that CFITSIO fills; each is larger than a card can hold.
    try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 768) { (text) throws(FITSError) in
        text.initialize(repeating: 0)
        let keyword = text.baseAddress!
        let value = keyword + 256
        let comment = keyword + 512
        for position in 1...count {
            ffgkyn(file, position, keyword, value, comment, &status)
            try check(status, "read header card \(position)")
            let name = String(cString: keyword)
            guard !statesStructure(name), name != "CONTINUE" else { continue }
            guard let parsed = try parse(file, name, String(cString: value)) else { continue }
            cards.append(FITSCard(name, parsed, comment: String(cString: comment)))
        }
    }
    return cards
}

/// The value of a card from its text; nil for commentary cards and for kinds that have no case.
private func parse(
    _ file: FITSFilePointer, _ keyword: String, _ text: String
) throws(FITSError) -> FITSValue? {
    switch text.utf8.first {
    case nil: return nil
    case UInt8(ascii: "'"):
        if text.hasSuffix("&'") { return .string(try longString(file, keyword)) }
        var body = text.dropFirst()
        if body.hasSuffix("'") { body.removeLast() }
        var plain = ""
        var quoted = false
        for character in body {
            // Two quotes stand for one.
            if character == "'", !quoted {
                quoted = true
                continue
            }
            quoted = false
            plain.append(character)
        }
        while plain.hasSuffix(" ") { plain.removeLast() }
        return .string(plain)
    case UInt8(ascii: "T") where text.utf8.count == 1: return .logical(true)
    case UInt8(ascii: "F") where text.utf8.count == 1: return .logical(false)
    default:
        let digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
        if let number = Int64(digits) { return .integer(number) }
        let exponent = String(digits.map { $0 == "D" || $0 == "d" ? "E" : $0 })
        if let number = Double(exponent), number.isFinite { return .real(number) }
        return nil
    }
}

private func longString(_ file: FITSFilePointer, _ keyword: String) throws(FITSError) -> String {
    var status: Int32 = 0
    var pointer: UnsafeMutablePointer<CChar>?
    ffgkls(file, keyword, &pointer, nil, &status)
    defer {
        if let pointer {
            var freeing: Int32 = 0
            fffree(pointer, &freeing)
        }
    }
    try check(status, "read the card \(keyword)")
    return pointer.map { String(cString: $0) } ?? ""
}

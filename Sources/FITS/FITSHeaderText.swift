/// The header of a FITS image whose data follow piece by piece (FITS 4.0, section 4).
public enum FITSHeaderText {
    /// Bytes of a block, of which headers and data are whole numbers.
    public static let blockSize = 2880

    /// The header of a primary array.
    ///
    /// - Parameters:
    ///   - bitpix: `BITPIX`.
    ///   - axes: `NAXIS1` and so on.
    ///   - cards: further keywords, in this order. Texts are ASCII of at most 68 characters.
    /// - Throws: ``FITSError/invalidCard(keyword:reason:)`` for a card that cannot be written on one line.
    public static func image(bitpix: Int, axes: [Int], cards: [FITSCard]) throws(FITSError) -> [UInt8] {
        var all = [
            FITSCard("SIMPLE", .logical(true), comment: "FITS 4.0"),
            FITSCard("BITPIX", .integer(Int64(bitpix))), FITSCard("NAXIS", .integer(Int64(axes.count))),
        ]
        for (index, length) in axes.enumerated() {
            all.append(FITSCard("NAXIS\(index + 1)", .integer(Int64(length))))
        }
        var bytes: [UInt8] = []
        for card in all + cards { bytes += try line(card) }
        bytes += padded("END", to: 80)
        return bytes + filling(bytes.count, with: 32)
    }

    /// What fills the last block behind so many bytes.
    public static func filling(_ count: Int, with byte: UInt8 = 0) -> [UInt8] {
        [UInt8](repeating: byte, count: (blockSize - count % blockSize) % blockSize)
    }

    private static func line(_ card: FITSCard) throws(FITSError) -> [UInt8] {
        func refuse(_ reason: String) -> FITSError { .invalidCard(keyword: card.keyword, reason: reason) }
        var value: String
        switch card.value {
        case .string(let text):
            guard text.utf8.allSatisfy({ (32...126).contains($0) }) else {
                throw refuse("\"\(text)\" is not printable ASCII")
            }
            // Quotes are doubled, and short texts are filled up to eight characters (4.2.1.1).
            let quoted = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            value = "'" + quoted + String(repeating: " ", count: max(0, 8 - quoted.utf8.count)) + "'"
            guard value.utf8.count <= 70 else { throw refuse("its text is longer than 68 characters") }
        case .integer(let number): value = aligned(String(number))
        case .logical(let flag): value = aligned(flag ? "T" : "F")
        case .real(let number):
            guard number.isFinite else { throw refuse("its value is not a finite number") }
            let text = "\(number)".uppercased()
            value = aligned(text)
        }
        var line = padded(card.keyword, to: 8) + Array("= ".utf8) + Array(value.utf8)
        if !card.comment.isEmpty { line += Array(" / \(card.comment)".utf8) }
        return padded(line)
    }

    private static func aligned(_ text: String) -> String {
        String(repeating: " ", count: max(0, 20 - text.utf8.count)) + text
    }

    private static func padded(_ text: String, to count: Int) -> [UInt8] {
        let bytes = Array(text.utf8)
        return bytes + [UInt8](repeating: 32, count: max(0, count - bytes.count))
    }

    private static func padded(_ line: [UInt8]) -> [UInt8] {
        Array(line.prefix(80)) + [UInt8](repeating: 32, count: max(0, 80 - line.count))
    }
}

/// Looks at the bytes of a document before libxml2 does, which compares each attribute of a tag with all of those before it:
/// tens of thousands of them in one tag take minutes.
enum TagScan {
    /// More than any tag of a person or a program has.
    static let mostAttributes = 500

    /// - Throws: ``XMLReadingError/tooLarge(found:limit:)`` when a tag has too many attributes.
    static func check(_ document: [UInt8]) throws(XMLReadingError) {
        let head = document.prefix(4)
        // Of words of two bytes and more nobody can tell where a tag ends: all equals signs count. A code of other letters
        // altogether begins with L and o, by its bytes (XML 1.0, appendix F).
        guard !head.starts(with: [0x4C, 0x6F]), !namesOtherLetters(document) else {
            throw .forbidden(line: 1, found: "an encoding that is none of UTF-8, UTF-16 and ISO 8859")
        }
        let isWide = head.contains(0) || head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE])
        let isFine = document.withUnsafeBufferPointer { bytes in
            isWide ? bytes.count { $0 == 0x3D } <= mostAttributes : tagsAreFine(bytes)
        }
        guard isFine else { throw .tooLarge(found: "attributes of an element", limit: mostAttributes) }
    }

    private static func tagsAreFine(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var (isInTag, quote, equals, index) = (false, UInt8(0), 0, 0)
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if isInTag {
                switch byte {
                case UInt8(ascii: ">"): isInTag = false
                case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
                case UInt8(ascii: "="):
                    equals += 1
                    if equals > mostAttributes { return false }
                default: break
                }
            } else if byte == UInt8(ascii: "<") {
                if let end = passage(bytes, index) { index = end } else { (isInTag, equals) = (true, 0) }
            }
        }
        return true
    }

    /// Where a remark, an instruction or a section of text ends that begins behind a `<`; nil for a tag.
    private static func passage(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        let kinds: [(begin: StaticString, end: StaticString)] = [
            ("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"),
        ]
        func stands(_ text: StaticString, _ index: Int) -> Bool {
            let count = text.utf8CodeUnitCount
            guard index + count <= bytes.count else { return false }
            return (0..<count).allSatisfy { bytes[index + $0] == text.utf8Start[$0] }
        }
        guard let kind = kinds.first(where: { stands($0.begin, start) }) else { return nil }
        var index = start + kind.begin.utf8CodeUnitCount
        while index < bytes.count {
            if stands(kind.end, index) { return index + kind.end.utf8CodeUnitCount }
            index += 1
        }
        return bytes.count
    }

    /// Whether the declaration names an encoding whose signs are not those of ASCII.
    private static func namesOtherLetters(_ document: [UInt8]) -> Bool {
        let head = String(decoding: document.prefix(200), as: UTF8.self).lowercased()
        guard head.contains("<?xml"), let end = head.firstRange(of: "?>"),
            let name = head[..<end.lowerBound].firstRange(of: "encoding")
        else { return false }
        let word = head[name.upperBound..<end.lowerBound].drop { " \t\r\n=\"'".contains($0) }
            .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) }
        let known = [
            "utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-", "iso8859-", "windows-125", "latin1",
        ]
        return !word.isEmpty && !known.contains { word.hasPrefix($0) }
    }
}

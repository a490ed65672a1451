/// Writes an XML 1.0 document in UTF-8, piece by piece and well-formed whatever the texts hold.
///
/// Elements are closed by the writer, so that no tag can be left open. Characters that XML 1.0 cannot hold (section 2.2)
/// become U+FFFD. Long documents are taken out with `drain()` while they are written, so that memory stays small.
public struct XMLWriter: Sendable {
    /// What has been written since the last `drain()`.
    public private(set) var bytes: [UInt8] = []
    private let indent: Bool
    private var depth = 0
    /// Whether the element that is open holds text, where blanks would count.
    private var holdsText = false

    /// Begins a document.
    /// - Parameters:
    ///   - declaration: whether to begin with `<?xml version="1.0" encoding="UTF-8"?>`.
    ///   - documentType: the text of a document type declaration between `<!DOCTYPE ` and `>`, for documents with a DTD.
    ///   - indent: whether elements stand on lines of their own.
    public init(declaration: Bool = true, documentType: String? = nil, indent: Bool = true) {
        self.indent = indent
        if declaration { raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
        if let documentType { raw("<!DOCTYPE " + documentType + ">\n") }
    }

    /// Writes an element with what `content` writes into it; without content it is an empty tag.
    /// - Parameters:
    ///   - name: a name of XML, with its prefix.
    ///   - attributes: names and values in their order; an attribute whose value is nil is left out.
    ///   - content: writes the inside.
    /// - Precondition: names are names of XML.
    public mutating func element<Failure: Error>(
        _ name: String, _ attributes: KeyValuePairs<String, String?> = [:],
        content: (inout XMLWriter) throws(Failure) -> Void
    ) throws(Failure) {
        startLine()
        openTag(name, attributes)
        raw(">")
        depth += 1
        let start = written
        let outerHoldsText = holdsText
        holdsText = false
        try content(&self)
        depth -= 1
        if written == start {
            // Nothing was written inside: the bracket becomes that of an empty tag.
            bytes.removeLast()
            raw("/>")
        } else {
            if !holdsText { newLine() }
            raw("</")
            raw(name)
            raw(">")
        }
        holdsText = outerHoldsText
        if depth == 0 { raw("\n") }
    }

    /// Writes an element that holds a text alone; nil writes an empty tag.
    public mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String? = nil
    ) {
        element(name, attributes) { writer in
            if let text { writer.text(text) }
        }
    }

    /// Writes text into the element that is open.
    public mutating func text(_ text: String) {
        guard !text.isEmpty else { return }
        holdsText = true
        escape(text, inAttribute: false)
    }

    /// Takes out what has been written, for sending it on.
    public mutating func drain() -> [UInt8] {
        // The last byte stays: it is the bracket that an empty element takes back.
        guard bytes.count > 1, let last = bytes.last else { return [] }
        let taken = Array(bytes.dropLast())
        drained += taken.count
        bytes = [last]
        return taken
    }

    private var drained = 0
    private var written: Int { drained + bytes.count }

    private mutating func startLine() {
        if depth > 0, !holdsText { newLine() }
    }

    private mutating func newLine() {
        guard indent else { return }
        raw("\n")
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func openTag(_ name: String, _ attributes: KeyValuePairs<String, String?>) {
        precondition(Self.isName(name), "\"\(name)\" is no name of XML")
        raw("<")
        raw(name)
        for (name, value) in attributes {
            guard let value else { continue }
            precondition(Self.isName(name), "\"\(name)\" is no name of XML")
            raw(" ")
            raw(name)
            raw("=\"")
            escape(value, inAttribute: true)
            raw("\"")
        }
    }

    /// Whether a text is a name of XML out of ASCII, which all names of our documents are.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        }
        return isLetter(first)
            && text.utf8.allSatisfy {
                isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: ":")).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
            }
    }

    private mutating func escape(_ text: String, inAttribute: Bool) {
        bytes.reserveCapacity(bytes.count + text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"" where inAttribute: raw("&quot;")
            // Readers turn these into blanks or line feeds unless they are escaped (sections 2.11 and 3.3.3).
            case "\r": raw("&#13;")
            case "\n" where inAttribute: raw("&#10;")
            case "\t" where inAttribute: raw("&#9;")
            case "\n", "\t": bytes.append(UInt8(ascii: scalar))
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                raw("\u{FFFD}")
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

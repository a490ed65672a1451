import Testing
import XML

struct XMLWriterTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func elementsAreNestedAndClosed() {
        var writer = XMLWriter()
        writer.element("a", ["x": "1", "y": nil]) { writer in
            writer.element("b", text: "text")
            writer.element("c")
            writer.element("d") { $0.element("e", ["z": ""]) }
        }
        #expect(
            text(writer.bytes) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <a x="1">
                  <b>text</b>
                  <c/>
                  <d>
                    <e z=""/>
                  </d>
                </a>

                """)
    }

    @Test func nothingInATextEndsIt() {
        var writer = XMLWriter(declaration: false, indent: false)
        writer.element("a", ["b": "<\"&'>\n\t\r"], text: "]]><b>&amp;\"'\r\n\u{0}\u{B}\u{FFFF}é𝔐")
        #expect(
            text(writer.bytes)
                == "<a b=\"&lt;&quot;&amp;'&gt;&#10;&#9;&#13;\">]]&gt;&lt;b&gt;&amp;amp;\"'&#13;\n\u{FFFD}\u{FFFD}\u{FFFD}é𝔐</a>\n"
        )
    }

    @Test func aDocumentTypeStandsBeforeTheRoot() {
        var writer = XMLWriter(documentType: "a SYSTEM \"a.dtd\"")
        writer.element("a")
        #expect(
            text(writer.bytes) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE a SYSTEM "a.dtd">
                <a/>

                """)
    }

    /// Pieces that are taken out on the way are the document together, wherever it is cut.
    @Test func drainedPiecesAreTheDocument() {
        func write(_ writer: inout XMLWriter, _ use: (inout XMLWriter) -> Void) {
            writer.element("a") { writer in
                use(&writer)
                for index in 0..<20 {
                    writer.element("b", ["n": "\(index)"]) { writer in
                        use(&writer)
                        if index % 2 == 0 { writer.element("c", text: index % 4 == 0 ? "t" : nil) }
                        use(&writer)
                    }
                    use(&writer)
                }
            }
        }
        var whole = XMLWriter()
        write(&whole) { _ in }
        var pieces: [UInt8] = []
        var writer = XMLWriter()
        write(&writer) { pieces += $0.drain() }
        #expect(text(pieces + writer.bytes) == text(whole.bytes))
        #expect(writer.bytes.count < whole.bytes.count / 10)
    }

    @Test(arguments: [
        ("a", true), ("_a-1.b", true), ("ns:a", true), ("", false), ("1a", false), ("-a", false),
        ("a b", false),
        ("é", false), (":a", false),
    ])
    func names(_ name: String, _ isName: Bool) {
        #expect(XMLWriter.isName(name) == isName)
    }
}

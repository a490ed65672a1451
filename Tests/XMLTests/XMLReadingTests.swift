import Testing
import XML

struct XMLReadingTests {
    private func read(_ text: String) throws(XMLReadingError) -> XMLElement {
        try XMLElement.parse(Array(text.utf8))
    }

    @Test func elementsKeepTheirNamesTextsAndAttributes() throws {
        let root = try read(
            """
            <?xml version="1.0"?>
            <!-- a remark -->
            <a:x xmlns:a="urn:a" xmlns="urn:d" one="1" a:two="&lt;2&#x3E;">
              <y> left <z/><![CDATA[<right>]]></y>
              <a:y>second</a:y>
            </a:x>
            """)
        #expect(root.name == "x" && root.namespace == "urn:a" && root.line == 3)
        #expect(root.attribute("one") == "1" && root.attribute("two") == nil)
        #expect(root.attribute("two", namespace: "urn:a") == "<2>")
        #expect(root.attributes.count == 2)
        #expect(root.children.map(\.name) == ["y", "y"])
        #expect(root.children.map(\.namespace) == ["urn:d", "urn:a"])
        #expect(root.children[0].text == " left <right>")
        #expect(root.children[0].trimmedText == "left <right>")
        #expect(root.children[0].children == [try #require(root.child("y")?.child("z"))])
        #expect(root.children[1].text == "second" && root.children[1].line == 5)
    }

    @Test(arguments: ["<a><b></a>", "<a", "", "text", "<a>&nbsp;</a>", "<a/><b/>", "<a b=1/>", "<a:b/>x"])
    func whatIsNotWellFormedIsRefused(_ text: String) {
        #expect(throws: XMLReadingError.self) { try read(text) }
    }

    @Test func tagsOfTooManyAttributesAreRefused() throws {
        func attributes(_ count: Int) -> String { (0..<count).map { " a\($0)='='" }.joined() }
        #expect(try read("<r><a\(attributes(500))/></r>").children[0].attributes.count == 500)
        #expect(throws: XMLReadingError.tooLarge(found: "attributes of an element", limit: 500)) {
            try read("<r><a\(attributes(501))/></r>")
        }
        // Signs elsewhere are no attributes, and each tag counts for itself.
        let signs = String(repeating: "=", count: 600)
        let text = "<r><!-- <a \(signs) --><?p \(signs)?><![CDATA[<a \(signs)]]>\(signs)"
        #expect(
            try read(text + "<a b='\(signs)'\(attributes(300))/><a\(attributes(300))/></r>").children.count
                == 2)
        var wide: [UInt8] = [0xFE, 0xFF]
        for byte in "<a\(attributes(501))/>".utf8 { wide += [0, byte] }
        #expect(throws: XMLReadingError.tooLarge(found: "attributes of an element", limit: 500)) {
            try XMLElement.parse(wide)
        }
        #expect(throws: XMLReadingError.self) { try read("<?xml version='1.0' encoding='UTF-7'?><a/>") }
        #expect(try read("<?xml version='1.0' encoding='ISO-8859-1'?><a/>").name == "a")
    }

    @Test func theLineOfAMistakeIsTold() throws {
        let error = try #require(throws: XMLReadingError.self) { try read("<a>\n<b>\n</c>\n</a>") }
        guard case .malformed(3, let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains("mismatch"))
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;\">]><a b=\"&z;\"/>",
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>",
    ])
    func declarationsOfDocumentTypesAreNotRead(_ text: String) throws {
        let error = try #require(throws: XMLReadingError.self) { try read(text) }
        guard case .forbidden = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func limitsHold() throws {
        let deep = String(repeating: "<a>", count: 101) + String(repeating: "</a>", count: 101)
        #expect(throws: XMLReadingError.tooLarge(found: "levels of elements", limit: 100)) { try read(deep) }
        let many = "<a>" + String(repeating: "<b/>", count: 50_000) + "</a>"
        #expect(throws: XMLReadingError.tooLarge(found: "elements", limit: 50_000)) { try read(many) }
        let long = "<a>" + String(repeating: "x", count: 1 << 20) + "</a>"
        #expect(throws: XMLReadingError.tooLarge(found: "bytes", limit: 1 << 20)) { try read(long) }
        #expect(try read("<a>" + String(repeating: "<b/>", count: 40_000) + "</a>").children.count == 40_000)
    }
}

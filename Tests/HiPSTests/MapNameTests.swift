import HiPS
import Testing

@Suite struct MapNameTests {
    @Test(arguments: [
        "", ".", "..", ".viking", "a/b", "/", "a\\b", "a\0", "a\nb", "a\u{7F}", "Viking", "marsP",
        String(repeating: "a", count: 101),
    ])
    func refused(_ name: String) {
        #expect(throws: HiPSError.self) { try MapName(body: "mars", name: name) }
        #expect(throws: HiPSError.self) { try MapName(body: name, name: "viking") }
    }

    @Test(
        arguments: ["a", "viking", "mdim2.1", "a b", "größe", "x_y-z", "100"])
    func taken(_ name: String) throws {
        #expect(try MapName(body: "mars", name: name).description == "mars/" + name)
    }

    @Test func whyIsSaid() {
        do {
            _ = try MapName(body: "mars", name: "Mars Viking")
            Issue.record("a capital letter was taken")
        } catch {
            #expect(error.description.contains("\"Mars Viking\""))
            #expect(error.description.contains("use \"mars-viking\""))
        }
    }

    @Test(arguments: [
        ("Mars Viking MDIM2.1", "mars-viking-mdim2.1"), ("  67P/C-G  ", "67p-c-g"), ("../../etc", "etc"),
        ("a__b", "a__b"),
        ("Größe", "gr-e"), ("x.", "x"), ("...", ""), ("火星", ""), ("a \t\n b", "a-b"),
    ])
    func slugs(_ text: String, _ slug: String) {
        #expect(MapName.slug(text) == slug)
    }

    @Test func order() throws {
        let names = try [("moon", "a"), ("mars", "b"), ("mars", "a")].map {
            try MapName(body: $0.0, name: $0.1)
        }
        #expect(names.sorted().map(\.description) == ["mars/a", "mars/b", "moon/a"])
    }
}

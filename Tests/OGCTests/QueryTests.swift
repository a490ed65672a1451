import Testing

@testable import OGC

struct QueryTests {
    @Test func namesCountInAnyCase() throws {
        let query = KVPQuery("LaYeRs=a,b&styles=&SeRvIcE=WMS&unknown=1")
        #expect(try query.value(of: "LAYERS") == "a,b")
        #expect(try query.value(of: "STYLES") == "")
        #expect(try query.optional("STYLES") == nil)
        #expect(try query.value(of: "VERSION") == nil)
    }

    @Test func plusIsABlankAndHexIsDecoded() throws {
        let query = KVPQuery("FORMAT=image%2Fpng;+mode%3d8bit&L%41YERS=%c3%A9")
        #expect(try query.value(of: "FORMAT") == "image/png; mode=8bit")
        #expect(try query.value(of: "LAYERS") == "é")
    }

    @Test(arguments: ["A=%", "A=%4", "A=%zz", "A=%FF", "A=1&a=2"])
    func whatCannotBeReadIsToldWhenItIsAskedFor(_ text: String) {
        let query = KVPQuery(text + "&B=1")
        #expect(throws: OGCException.self) { try query.value(of: "A") }
        #expect((try? query.value(of: "B")) == "1")
    }

    @Test func theSameTwiceIsOnce() throws {
        #expect(try KVPQuery("A=1&&a=1&=3").value(of: "A") == "1")
    }
}

import Testing
import XML

@testable import OGC

/// Filters of several queries in an address.
struct FilterListTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    @Test func filtersAreToldApart() {
        #expect(WFSRequest.filters("()()") == ["", ""] && WFSRequest.filters("()") == [""])
        #expect(WFSRequest.filters("(") == ["("] && WFSRequest.filters("<a>)(</a>") == ["<a>)(</a>"])
        let ends = ["</Filter>", "</fes:Filter>", "</Filter >", "</é.1:Filter\n>", "</Filter> "]
        for literal in [
            ")(", ")()(", "()", "a)(", ")(b", "<b/>)(", ")(<b/>", "<b/>)(<b/>", ")()()(", "&lt;/Filter>)(",
        ] {
            for end in ends {
                let filter = "<Filter><Literal>\(literal)</Literal>" + end
                #expect(WFSRequest.filters("(\(filter))") == [filter])
                #expect(
                    WFSRequest.filters("()(\(filter))()(\(filter))(\(filter))()()")
                        == ["", filter, "", filter, filter, "", ""], "\(filter)")
            }
        }
        for end in [
            "</xFilter>", "<Filter>", "</Filters>", "</Filter", "</a:b:Filter>", "</:Filter>",
            "</Filter x=\"Filter>",
        ] {
            #expect(WFSRequest.filters("(<Filter>\(end))(</Filter>)").count == 1, "\(end)")
        }
        // Nobody waits long for an answer to nonsense.
        let long = String(repeating: ")(", count: 40_000)
        #expect(WFSRequest.filters("(<" + long + "Filter>)").count == 1)
        #expect(WFSRequest.filters("(" + String(repeating: "Filter>)(", count: 8000) + ")").count == 1)
    }

    /// Literals with parentheses in addresses.
    @Test(arguments: [")(", ")()(", "a)(<b", "(x)(y)"])
    func literalsHoldParentheses(_ literal: String) throws {
        let escaped = literal.replacing("<", with: "&lt;")
        let filter =
            "<f:Filter xmlns:f=\"http://www.opengis.net/fes/2.0\"><f:Not>"
            + "<f:PropertyIsEqualTo><f:ValueReference>name</f:ValueReference><f:Literal>\(escaped)</f:Literal>"
            + "</f:PropertyIsEqualTo></f:Not></f:Filter>"
        let none = filter.replacing("<f:Not>", with: "").replacing("</f:Not>", with: "")
        let asked = "FILTER=" + URLText.escaped("(\(filter))(\(none))")
        let answer = try small.features(asked, type: "(places)(places)")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.keys() == Array(1...9) && answer.xml().attribute("numberMatched") == "9")
    }
}

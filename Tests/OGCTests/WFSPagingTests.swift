import Features
import Testing
import XML

@testable import OGC

/// Pages of requests that came in any way, and several queries of one type.
struct WFSPagingTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    /// What stands in the place of a feature or of a value in a document: the identifier, whether the feature itself is there,
    /// and all its texts.
    private struct Member: Hashable {
        var identifier: String
        var isReference = false
        var texts: [String] = []

        static func all(in element: XMLElement) -> [Member] {
            let isMember = ["member", "featureMember"].contains(element.name)
            guard isMember, element.children.first?.name != "FeatureCollection" else {
                return element.children.flatMap(all(in:))
            }
            if let href = element.attribute("href", namespace: "http://www.w3.org/1999/xlink") {
                return [Member(identifier: String(href.dropFirst()), isReference: true)]
            }
            let feature = element.children.first
            let name = feature?.attributes.first { ["id", "fid"].contains($0.name) }?.value
            return [Member(identifier: name ?? "", texts: texts(element))]
        }

        private static func texts(_ element: XMLElement) -> [String] {
            [element.name, element.trimmedText] + element.children.flatMap(texts)
        }
    }

    private static let fes = "xmlns:f=\"http://www.opengis.net/fes/2.0\" xmlns:t=\"urn:x-tessera:mars\""
    private static let size = PropertyName.encoded("2nd Größe")

    private static func compare(_ operation: String, _ name: String, _ value: String) -> String {
        "<f:\(operation)><f:ValueReference>\(name)</f:ValueReference>\n  <f:Literal>\(value)</f:Literal></f:\(operation)>"
    }

    private static func filter(_ inside: String) -> String { "<f:Filter>\n\(inside)\n</f:Filter>" }

    private static let box = filter(
        "<f:BBOX><f:ValueReference>geom</f:ValueReference><g:Envelope xmlns:g=\"http://www.opengis.net/gml/3.2\" "
            + "srsName=\"urn:ogc:def:crs:IAU_2015::49900\"><g:lowerCorner>-180 -90</g:lowerCorner>"
            + "<g:upperCorner>110 46</g:upperCorner></g:Envelope></f:BBOX>")

    private static let queries = [
        "<Query typeNames=\"t:places\"/>",
        // Everything that a query may say.
        """
        <Query typeNames="places" srsName="IAU_2015:49900"><PropertyName>t:number</PropertyName><PropertyName>\(size)\
        </PropertyName>\(filter("<f:Or>" + compare("PropertyIsGreaterThan", "places/t:" + size, "4")
            + compare("PropertyIsEqualTo", "flag", "true") + "</f:Or>"))<f:SortBy><f:SortProperty><f:ValueReference>flag\
        </f:ValueReference><f:SortOrder>DESC</f:SortOrder></f:SortProperty><f:SortProperty><f:ValueReference>\(size)\
        </f:ValueReference></f:SortProperty></f:SortBy></Query>
        """,
        // Texts that the parentheses, the address and the document itself have a meaning for.
        "<Query typeNames=\"places\">"
            + filter(
                "<f:PropertyIsNotEqualTo matchCase=\"false\"><f:ValueReference>name</f:ValueReference><f:Literal>)(</f:Literal>"
                    + "</f:PropertyIsNotEqualTo>") + "</Query>",
        "<Query typeNames=\"places\">"
            + filter(
                "<f:Not>" + compare("PropertyIsEqualTo", "name", "&lt;3&gt; &amp; \"x\", y") + "</f:Not>")
            + "</Query>",
        "<Query typeNames=\"places\"><PropertyName>@gml:id</PropertyName>\(box)</Query>",
        // One type twice, with features that both find.
        "<Query typeNames=\"places\">\(box)</Query><Query typeNames=\"places\" srsName=\"IAU_2015:49900\">"
            + filter(compare("PropertyIsLessThan", "number", "40")) + "</Query>",
        "<Query typeNames=\"places\"/><Query typeNames=\"places\"/>",
        // Several types; what one of them says the others do not.
        "<Query typeNames=\"shapes\" srsName=\"IAU_2015:49900\"/><Query typeNames=\"places\"><PropertyName>name</PropertyName>"
            + filter(compare("PropertyIsNotEqualTo", "name", "a)()(b"))
            + "</Query><Query typeNames=\"shapes\"/>",
        // Stored queries among others, one of which finds nothing.
        """
        <StoredQuery id="\(WFSRequest.featureByID)"><Parameter name="id">places.4</Parameter></StoredQuery>\
        <StoredQuery id="\(WFSRequest.featureByID)"><Parameter name="id">nothing</Parameter></StoredQuery>\
        <Query typeNames="places"/>
        """,
    ]

    private func document(_ queries: String, _ more: String, operation: String = "GetFeature") -> String {
        "<\(operation) service=\"WFS\" version=\"2.0.0\" \(more) \(Self.fes)>\(queries)</\(operation)>"
    }

    private func ask(link: String) throws -> OGCAnswer {
        let start = SmallFeatures.address + "?SERVICE=WFS&"
        #expect(link.hasPrefix(start))
        // What a line of HTTP can hold.
        #expect(link.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"<>\\^`{|}#".utf8.contains($0) })
        return try small.ask(String(link.dropFirst(start.count)))
    }

    /// The pages of an answer from the first to the last, and back again.
    private func pages(_ first: OGCAnswer) throws -> (onwards: [OGCAnswer], back: [OGCAnswer]) {
        var onwards = [first]
        while let next = try onwards[onwards.count - 1].xml().attribute("next") {
            onwards.append(try ask(link: next))
            try #require(onwards.count < 100)
        }
        var back = [onwards[onwards.count - 1]]
        while let previous = try back[back.count - 1].xml().attribute("previous") {
            back.append(try ask(link: previous))
            try #require(back.count < 100)
        }
        return (onwards, back.reversed())
    }

    /// All pages together are the whole, whatever their size, in both directions.
    @Test(arguments: queries, [1, 2, 4])
    func linksOfDocumentsAreFollowed(_ query: String, _ count: Int) throws {
        let whole = try small.post(document(query, ""))
        #expect(whole.status == 200, "\(whole.text)")
        let wanted = try Member.all(in: whole.xml())
        #expect(try wanted.count == Int(whole.xml().attribute("numberMatched") ?? "") && wanted.count > 2)
        let (onwards, back) = try pages(small.post(document(query, "count=\"\(count)\"")))
        for page in onwards + back {
            #expect(
                try page.status == 200 && page.xml().attribute("numberMatched") == "\(wanted.count)",
                "\(page.text)")
        }
        // A page has no place for what another one refers to.
        let full = try Member.all(in: small.post(document(query, "")).xml()).map(\.identifier)
        for pages in [onwards, back] {
            let found = try pages.flatMap { try Member.all(in: $0.xml()) }
            #expect(found.map(\.identifier) == full)
            for member in found where !member.isReference && !wanted.contains(member) {
                // Only what the whole refers to can be another text, that of the query which asks for it here.
                #expect(wanted.contains { $0.isReference && $0.identifier == member.identifier })
            }
        }
        #expect(onwards.count == (wanted.count + count - 1) / count)
    }

    @Test func linksOfValuesAreFollowed() throws {
        for reference in ["@gml:id", Self.size, "geom"] {
            let query = document(
                Self.queries[1], "valueReference=\"\(reference)\" count=\"2\"", operation: "GetPropertyValue")
            let whole = try small.post(query.replacing("count=\"2\"", with: ""))
            let wanted = try Member.all(in: whole.xml())
            let (onwards, back) = try pages(small.post(query))
            #expect(wanted.count > 4 && onwards.count == (wanted.count + 1) / 2)
            for pages in [onwards, back] {
                #expect(try pages.flatMap { try Member.all(in: $0.xml()) } == wanted)
            }
        }
    }

    /// Which properties a document names is of no use where the values of one are asked for, and no mistake on the second page.
    @Test func linksOfValuesNameNoProperties() throws {
        let query =
            "<Query typeNames=\"places\"><PropertyName>nothing</PropertyName><PropertyName>seen</PropertyName></Query>"
        let first = try small.post(
            document(query, "valueReference=\"number\" count=\"4\"", operation: "GetPropertyValue"))
        let (onwards, back) = try pages(first)
        for pages in [onwards, back] {
            #expect(pages.allSatisfy { $0.status == 200 } && pages.count == 3)
            #expect(try pages.flatMap { try $0.texts("number") } == (0..<9).map { "\($0 * $0)" })
        }
        #expect(try first.xml().attribute("next")?.contains("PROPERTYNAME") == false)
    }

    /// A form may hold what no address does.
    @Test func linksOfFormsAreFollowed() throws {
        let filter =
            "<Filter>" + "<PropertyIsNotEqualTo><ValueReference>name</ValueReference><Literal>{é#}</Literal>"
            + "</PropertyIsNotEqualTo></Filter>"
        let form = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&COUNT=4&FILTER=" + filter
        let (onwards, back) = try pages(small.post(form))
        #expect(try onwards.flatMap { try $0.keys() } == Array(1...9) && onwards.count == 3)
        #expect(try back.flatMap { try $0.keys() } == Array(1...9))
    }

    @Test func linksKeepFormatAndVersion() throws {
        let post = document(Self.queries[1], "count=\"3\" outputFormat=\"application/geo+json\"")
            .replacing("2.0.0\"", with: "1.1.0\"")
        let text = try small.post(post).text
        let start = try #require(text.firstRange(of: "\"href\":\"")).upperBound
        let link = String(text[start...].prefix { $0 != "\"" })
        #expect(link.contains("&VERSION=1.1.0&") || link.contains("?VERSION=1.1.0&"), "\(link)")
        let next = try ask(link: link)
        #expect(
            next.mediaType == "application/geo+json" && next.text.contains("\"rel\":\"prev\""), "\(next.text)"
        )
        #expect(next.text.contains("\"numberMatched\":7,\"numberReturned\":3"))
    }

    /// What no address holds has no links, and is right all the same.
    @Test func longRequestsHaveNoLinks() throws {
        func answer(_ letters: Int) throws -> OGCAnswer {
            let literal = String(repeating: "é", count: letters)
            return try small.post(
                document(
                    "<Query typeNames=\"places\">"
                        + Self.filter(Self.compare("PropertyIsNotEqualTo", "name", literal)) + "</Query>",
                    "count=\"4\""))
        }
        #expect(try answer(10_000).xml().attribute("next")?.utf8.count ?? 0 > 60_000)
        let long = try answer(11_000)
        #expect(try long.xml().attribute("next") == nil && long.xml().attribute("numberMatched") == "9")
    }

    // MARK: Several queries of one type

    @Test(arguments: ["1.0.0", "1.1.0", "2.0.0"])
    func featuresStandThereOnce(_ version: String) throws {
        for answer in [
            try small.features(
                "FILTER="
                    + URLText.escaped(
                        "()(<Filter><PropertyIsLessThan><ValueReference>number</ValueReference><Literal>9</Literal>"
                            + "</PropertyIsLessThan></Filter>)()"), type: "(places)(places)(shapes)",
                version: version),
            try small.post(
                document(
                    "<Query typeNames=\"places\"/><Query typeNames=\"places\">"
                        + Self.filter(Self.compare("PropertyIsLessThan", "number", "9"))
                        + "</Query><Query typeNames=\"shapes\"/>", ""
                ).replacing("2.0.0\"", with: version + "\"")),
        ] {
            let members = try Member.all(in: answer.xml())
            #expect(
                members.map(\.identifier) == (1...9).map { "places.\($0)" } + (1...3).map { "places.\($0)" }
                    + ["shapes.1", "shapes.2"], "\(answer.text)")
            #expect(members.map(\.isReference) == (0..<14).map { (9..<12).contains($0) })
        }
    }

    /// A page that begins in the middle of one query has the features that the other one finds before it.
    @Test func pagesReferToWhatTheyHoldAlone() throws {
        let page = try small.features("STARTINDEX=6&COUNT=8", type: "(places)(places)").xml()
        let members = Member.all(in: page)
        #expect(members.map(\.identifier) == [7, 8, 9, 1, 2, 3, 4, 5].map { "places.\($0)" })
        #expect(members.filter(\.isReference).isEmpty)
        let later = Member.all(in: try small.features("STARTINDEX=6", type: "(places)(places)").xml())
        #expect(later.filter(\.isReference).map(\.identifier) == ["places.7", "places.8", "places.9"])
    }

    @Test func keysAreRemembered() throws {
        var room: Int64 = 1000
        let set = try #require(KeySet(-3...500, room: &room))
        #expect(room == 496)
        for key in [-3, 0, 60, 61, 500, -2, 59, 62, 499] as [Int64] {
            let copy = set
            let isNew = [copy.insert(key), set.insert(key), copy.insert(key)]
            #expect(isNew == [true, false, false])
        }
        // What cannot be is no reason to end the server.
        for key in [-4, 501, .min, .max] as [Int64] {
            let isNew = [set.insert(key), set.insert(key)]
            #expect(isNew == [true, true])
        }
        #expect(KeySet(0...496, room: &room) == nil && KeySet(.min ... .max, room: &room) == nil)
        #expect(KeySet(0...495, room: &room) != nil && room == 0)
    }

    // MARK: The default number

    @Test func theDefaultNumberIsHeeded() throws {
        var options = WebFeatureService.Options()
        options.countDefault = 4
        let few = try SmallFeatures(options: options)
        for (version, name, total) in [("2.0.0", "numberReturned", "9"), ("1.1.0", "numberOfFeatures", nil)] {
            let root = try few.features("", version: version)
            #expect(try root.keys() == [1, 2, 3, 4] && root.xml().attribute(name) == "4")
            #expect(try root.xml().attribute("numberMatched") == total)
            #expect(try few.features("MAXFEATURES=7", version: version).keys().count == 7)
        }
        #expect(try few.features("", version: "1.0.0").keys() == [1, 2, 3, 4])
        #expect(try few.features("RESULTTYPE=hits").xml().attribute("numberMatched") == "9")
        #expect(
            try few.features("RESULTTYPE=hits", version: "1.1.0").xml().attribute("numberOfFeatures") == "9")
        let next = try #require(try few.post(document(Self.queries[0], "")).xml().attribute("next"))
        #expect(next.hasSuffix("&STARTINDEX=4&COUNT=4"))
        let values = document(Self.queries[0], "valueReference=\"name\"", operation: "GetPropertyValue")
        #expect(try few.post(values).xml().children.count == 4)
        // Where a document has no place for it the head of the answer tells.
        let told = ["The answer has 4 of 9 features, for the request says no COUNT."]
        for (version, format) in [
            ("1.0.0", "gml2"), ("1.1.0", "gml3"), ("2.0.0", "csv"), ("2.0.0", "votable"), ("2.0.0", "gpkg"),
        ] {
            let asked = "OUTPUTFORMAT=" + format
            #expect(try few.features(asked, version: version).warnings == told)
            for more in ["&COUNT=3", "&STARTINDEX=5", "&RESOURCEID=places.1"] {
                #expect(try few.features(asked + more, version: version).warnings.isEmpty)
            }
        }
        for format in ["gml32", "json"] {
            #expect(try few.features("OUTPUTFORMAT=" + format).warnings.isEmpty)
        }
        // Said by each version in its words, by the others not at all.
        for (version, operations, name) in [
            ("2.0.0", ["GetFeature", "GetPropertyValue"], "CountDefault"),
            ("1.1.0", ["GetFeature"], "DefaultMaxFeatures"),
        ] {
            let found = try few.ask("REQUEST=GetCapabilities&VERSION=" + version).xml()
                .child("OperationsMetadata")?.children.filter { operation in
                    operation.name == "Operation"
                        && operation.children.contains {
                            $0.name == "Constraint" && $0.attribute("name") == name
                                && $0.children.last?.text == "4"
                        }
                }
            #expect(found?.compactMap { $0.attribute("name") } == operations)
            #expect(try !small.ask("REQUEST=GetCapabilities&VERSION=" + version).text.contains(name))
        }
    }
}

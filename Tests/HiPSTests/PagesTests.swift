import HiPS
import Testing

@Suite struct PagesTests {
    func entry(_ name: String, _ title: String) throws -> MapEntry {
        var properties = HiPSProperties()
        properties.creatorDID = "ivo://localhost/mars/" + name
        properties["hips_service_url"] = "http://elsewhere/"
        properties.title = title
        return MapEntry(map: try MapName(body: "mars", name: name), path: "/x", properties: properties)
    }

    @Test func list() throws {
        let entries = [try entry("a", "A"), try entry("b", "B\n\nC")]
        let text = HiPSList.text(entries) { "http://h/hips/" + $0.body + "/" + $0.name }
        #expect(
            text == """
                creator_did          = ivo://localhost/mars/a
                hips_service_url     = http://h/hips/mars/a
                obs_title            = A

                creator_did          = ivo://localhost/mars/b
                hips_service_url     = http://h/hips/mars/b
                obs_title            = B  C

                """)
        #expect(HiPSList.text([]) { _ in "" } == "")
    }

    @Test func everythingIsEscaped() {
        let evil = "<script>alert('x')</script>\"&"
        var properties = HiPSProperties()
        for key in [
            "obs_title", "obs_description", "hips_body", "obs_copyright", "tessera_licence", "<b>",
            "creator_did",
        ] {
            properties[key] = evil
        }
        properties.creditURL = "javascript:alert(1)"
        let page = IndexPage.html(properties)
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains("<b>"))
        #expect(!page.contains("href=\"javascript"))
        #expect(page.contains("<h1>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;</h1>"))
        properties.creditURL = "https://example.org/?a=1&b=\"2"
        #expect(IndexPage.html(properties).contains("<a href=\"https://example.org/?a=1&amp;b=&quot;2\">"))
    }

    @Test func pageHoldsWhatIsKnown() {
        var properties = HiPSProperties()
        properties.title = "Mars"
        properties.abstract = "Colour mosaic"
        properties.credit = "NASA/USGS"
        properties.licence = "https://creativecommons.org/publicdomain/zero/1.0/"
        properties["hips_order"] = "3"
        let page = IndexPage.html(properties)
        for part in [
            "<title>Mars</title>", "Colour mosaic", "NASA/USGS", "<th>hips_order</th><td>3</td>",
            "preview.jpg", "Moc.fits",
            "<a href=\"https://creativecommons.org/publicdomain/zero/1.0/\">", "Aladin Desktop", "TOPCAT",
            "QGIS",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(IndexPage.html(HiPSProperties()).contains("<h1>HiPS</h1>"))
    }
}

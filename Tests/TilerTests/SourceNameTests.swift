import Testing

@testable import Tiler

/// What everybody is told of where a source lies.
@Suite struct SourceNameTests {
    @Test(arguments: [
        ("maps/Region Heights.tif", "Region Heights.tif"), ("/vsis3/bucket/a?b.tif", "a?b.tif"),
        ("/maps/what?.tif", "what?.tif"), ("/vsicurl/https://example.org/maps/a.tif", "a.tif"),
        ("/vsicurl/https://example.org/a.tif?X-Amz-Signature=1f/2.e", "a.tif"),
        ("/vsicurl/https://example.org/a.tif#word/x", "a.tif"),
        ("/vsicurl?use_head=no&url=https%3A%2F%2Fkey@example.org/a.tif", "vsicurl"),
    ])
    func aSourceIsNamedWithoutWhatMayBeASecret(source: String, name: String) {
        let request = BuildRequest(source: source)
        #expect(MapProperties.progenitor(request) == name)
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        var named = request
        named.name = stem
        #expect(HiPSPlan.slug(request) == HiPSPlan.slug(named))
    }
}

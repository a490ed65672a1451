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
        ("/vsigzip//vsicurl/https://example.org/a.tif.gz?X-Amz-Signature=1f/2", "a.tif.gz"),
        ("/vsitar//vsicurl/https://example.org/a.tar?X-Amz-Signature=1f/b.tif", "a.tar"),
        ("/vsizip/{/vsicurl/https://example.org/a.zip?sig=1}/b.tif", "a.zip"),
        ("/vsitar//vsicurl/https://example.org/a.tar/b.tif", "b.tif"), ("/vsizip/maps.zip/a?.tif", "a?.tif"),
        ("/vsicurl/https://user:word@example.org", "example.org"),
        ("https://user:word@example.org?sig=1", "example.org"),
        ("/vsiwebhdfs/http://example.org/a.tif?user.name=me", "a.tif"),
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

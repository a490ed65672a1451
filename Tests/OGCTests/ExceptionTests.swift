import Testing
import Tiles

@testable import OGC

/// Mistakes in the form of each version (OGC 06-042, section 6.11 and annex E.2; OGC 01-068r3, annex A.3).
struct ExceptionTests {
    private func answer(_ query: String, _ code: OGCException.Code = .invalidCRS) -> OGCAnswer {
        WMSExchange(query, limits: WMSLimits()).refusal(
            OGCException(code, locator: "CRS", "No <such> thing & \"more\"."))
    }

    @Test func eachVersionHasItsOwnDocument() {
        let new = answer("REQUEST=GetMap&VERSION=1.3.0")
        #expect(new.status == 400 && new.mediaType == "text/xml")
        let text = String(decoding: new.body, as: UTF8.self)
        #expect(
            text.contains("<ServiceExceptionReport version=\"1.3.0\" xmlns=\"http://www.opengis.net/ogc\""))
        #expect(
            text.contains(
                "<ServiceException code=\"InvalidCRS\" locator=\"CRS\">No &lt;such&gt; thing &amp; \"more\".</ServiceException>"
            ))
        let old = answer("REQUEST=GetMap&VERSION=1.1.1")
        #expect(old.status == 400 && old.mediaType == "application/vnd.ogc.se_xml")
        let oldText = String(decoding: old.body, as: UTF8.self)
        #expect(oldText.contains("<!DOCTYPE ServiceExceptionReport SYSTEM"))
        #expect(oldText.contains("<ServiceException code=\"InvalidSRS\">"))
    }

    private static let codes: [(OGCException.Code, String?, String?)] = [
        (.invalidPoint, "InvalidPoint", nil), (.layerNotDefined, "LayerNotDefined", "LayerNotDefined"),
        (.operationNotSupported, "OperationNotSupported", nil), (.invalidParameterValue, nil, nil),
        (.currentUpdateSequence, "CurrentUpdateSequence", "CurrentUpdateSequence"),
    ]

    @Test(arguments: codes)
    func codesAreThoseOfTheVersion(_ code: OGCException.Code, _ new: String?, _ old: String?) {
        for (version, word) in [("1.3.0", new), ("1.1.1", old)] {
            let text = String(decoding: answer("REQUEST=GetMap&VERSION=\(version)", code).body, as: UTF8.self)
            if let word {
                #expect(text.contains("code=\"\(word)\""))
            } else {
                #expect(!text.contains("code="))
            }
        }
    }

    @Test(arguments: ["1.3.0&EXCEPTIONS=BLANK", "1.1.1&EXCEPTIONS=application/vnd.ogc.se_blank"])
    func aBlankPictureHasTheColourOfTheBackground(_ version: String) throws {
        let query = "REQUEST=GetMap&WIDTH=30&HEIGHT=20&FORMAT=image/png&BGCOLOR=0x102030&VERSION=\(version)"
        let opaque = answer(query)
        #expect(opaque.status == 200 && opaque.mediaType == "image/png")
        let picture = try PictureDecoder.decode(opaque.body)
        #expect(picture.width == 30 && picture.height == 20 && picture.channels == 3)
        #expect(Array(picture.samples[..<3]) == [0x10, 0x20, 0x30] && Set(picture.samples).count == 3)
        let transparent = try PictureDecoder.decode(answer(query + "&TRANSPARENT=TRUE").body)
        #expect(transparent.channels % 2 == 0)
        #expect(
            stride(from: transparent.channels - 1, to: transparent.samples.count, by: transparent.channels)
                .allSatisfy { transparent.samples[$0] == 0 })
    }

    @Test(arguments: ["image/png", "image/jpeg", "image/webp", "image/png;%20mode=8bit"])
    func wordsStandInThePicture(_ format: String) throws {
        let query = "REQUEST=GetMap&WIDTH=200&HEIGHT=60&EXCEPTIONS=INIMAGE&VERSION=1.3.0&FORMAT=\(format)"
        let reply = answer(query)
        #expect(reply.status == 200 && reply.mediaType == format.replacing("%20", with: " "))
        let picture = try PictureDecoder.decode(reply.body)
        #expect(picture.width == 200 && picture.height == 60)
        #expect(picture.samples.contains { $0 < 60 } && picture.samples.contains { $0 > 200 })
    }

    /// Without a size or format there is nothing to draw in, and other requests have no picture at all.
    @Test(arguments: [
        "REQUEST=GetMap&EXCEPTIONS=INIMAGE&VERSION=1.3.0&WIDTH=10&FORMAT=image/png",
        "REQUEST=GetMap&EXCEPTIONS=INIMAGE&VERSION=1.3.0&WIDTH=10&HEIGHT=1e9&FORMAT=image/png",
        "REQUEST=GetMap&EXCEPTIONS=BLANK&VERSION=1.3.0&WIDTH=10&HEIGHT=10&FORMAT=image/gif",
        "REQUEST=GetFeatureInfo&EXCEPTIONS=BLANK&VERSION=1.3.0&WIDTH=10&HEIGHT=10&FORMAT=image/png",
    ])
    func otherwiseADocumentIsSent(_ query: String) {
        #expect(answer(query).mediaType == "text/xml")
    }

    @Test func whatMayPassKeepsItsStatus() {
        let exchange = WMSExchange(
            "REQUEST=GetMap&EXCEPTIONS=BLANK&VERSION=1.3.0&WIDTH=9&HEIGHT=9&FORMAT=image/png",
            limits: WMSLimits())
        let busy = exchange.refusal(OGCException(.noApplicableCode, "Later.", status: 503, retryAfter: 7))
        #expect(busy.status == 503 && busy.retryAfter == 7 && busy.mediaType == "text/xml")
    }
}

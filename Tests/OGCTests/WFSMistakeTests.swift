import Features
import Testing
import XML

@testable import OGC

/// What a Web Feature Service refuses, and how it says so.
struct WFSMistakeTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    @Test(arguments: [
        ("VERSION=2.0.0&REQUEST=Transaction", "OperationNotSupported"),
        ("VERSION=2.0.0&REQUEST=LockFeature", "OperationNotSupported"),
        ("VERSION=2.0.0&REQUEST=GetFeature", "MissingParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=nothing", "InvalidParameterValue"),
        ("VERSION=3.0.0&REQUEST=GetFeature&TYPENAMES=places", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places,shapes", "OptionNotSupported"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&SRSNAME=EPSG:4326", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&SRSNAME=IAU_2015:30100", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&BBOX=1,2,3", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&BBOX=1,2,3,4,EPSG:4326", "InvalidParameterValue"),
        (
            "VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&BBOX=1,2,3,4&RESOURCEID=places.1",
            "InvalidParameterValue"
        ),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&RESOURCEID=shapes.1", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&PROPERTYNAME=nothing", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&SORTBY=nothing", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&SORTBY=name+UP", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&OUTPUTFORMAT=shape-zip", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&FILTER=%3CFilter", "InvalidParameterValue"),
        ("VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=places&RESOLVE=remote", "OptionNotSupported"),
    ])
    func mistakesAreTold(_ query: String, _ code: String) throws {
        let answer = try small.ask(query)
        #expect(answer.exceptionCode == code, "\(answer.text)")
        #expect(
            answer.status == (["OperationNotSupported", "OptionNotSupported"].contains(code) ? 501 : 400))
    }

    @Test func exceptionsHaveTheFormOfTheVersion() throws {
        for (version, namespace, stated) in [
            ("1.0.0", "http://www.opengis.net/ogc", "1.2.0"),
            ("1.1.0", "http://www.opengis.net/ows", "1.1.0"),
            ("2.0.0", "http://www.opengis.net/ows/1.1", "2.0.0"),
        ] {
            let root = try small.features("", type: "nothing", version: version).xml()
            #expect(root.namespace == namespace && root.attribute("version") == stated)
        }
        let other = small.service.answer(WFSExchange(query: "SERVICE=WMS&REQUEST=GetMap"))
        #expect(other.exceptionCode == "InvalidParameterValue")
        #expect(small.service.answer(WFSExchange(query: "")).exceptionCode == "MissingParameterValue")
    }

    /// Documents that ask for files, grow without bounds or are nonsense.
    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><GetFeature>&x;</GetFeature>",
        "<!DOCTYPE a [<!ENTITY x \"aaaa\"><!ENTITY y \"&x;&x;&x;\">]><GetFeature>&y;</GetFeature>",
        "<GetFeature service=\"WFS\" version=\"2.0.0\"><Query typeNames=\"places\">",
        "<GetFeature service=\"WFS\" version=\"2.0.0\"/>", "<x/>", "<", "",
        "<Transaction service=\"WFS\" version=\"2.0.0\"/>",
    ])
    func wrongDocumentsAreRefused(_ document: String) throws {
        let answer = try small.post(document)
        #expect(answer.exceptionCode != nil && answer.status >= 400 && !answer.text.contains("root:"))
    }

    @Test func depthAndSizeAreLimited() throws {
        let deep = String(repeating: "<a>", count: 5000) + String(repeating: "</a>", count: 5000)
        #expect(try small.post(deep).exceptionCode == "OperationParsingFailed")
        let nots = String(repeating: "<Not>", count: 90) + String(repeating: "</Not>", count: 90)
        let filter = "<Filter xmlns=\"http://www.opengis.net/fes/2.0\">\(nots)</Filter>"
        #expect(try small.features("FILTER=" + URLText.escaped(filter)).status == 400)
        let large = "<GetFeature>" + String(repeating: "x", count: 5 << 20) + "</GetFeature>"
        let answer = try small.post(large)
        #expect(answer.status == 413 && answer.exceptionCode == "OperationParsingFailed")
    }
}

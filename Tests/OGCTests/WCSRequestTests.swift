import Testing

@testable import OGC

/// Requests of the coverage service in pairs and as documents.
struct WCSRequestTests {
    private static let namespaces = """
        xmlns:wcs="http://www.opengis.net/wcs/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" \
        xmlns:crs="http://www.opengis.net/wcs/crs/1.0" \
        xmlns:int="http://www.opengis.net/WCS_service-extension_interpolation/1.0" \
        xmlns:scal="http://www.opengis.net/WCS_service-extension_scaling/1.0" \
        xmlns:rsub="http://www.opengis.net/wcs/range-subsetting/1.0" \
        xmlns:geotiff="http://www.opengis.net/gmlcov/geotiff/1.0"
        """

    /// The same request, written in both ways.
    @Test(arguments: [
        (
            "SUBSET=E(-1000,2000)&SUBSET=N(50.5)",
            """
            <wcs:DimensionTrim><wcs:Dimension>E</wcs:Dimension><wcs:TrimLow>-1000</wcs:TrimLow>
            <wcs:TrimHigh>2000</wcs:TrimHigh></wcs:DimensionTrim>
            <wcs:DimensionSlice><wcs:Dimension>N</wcs:Dimension><wcs:SlicePoint>50.5</wcs:SlicePoint></wcs:DimensionSlice>
            """, ""
        ),
        (
            "SUBSET=E(*,2000)&FORMAT=image/tiff&MEDIATYPE=multipart/related",
            """
            <wcs:DimensionTrim><wcs:Dimension>E</wcs:Dimension><wcs:TrimHigh>2000</wcs:TrimHigh></wcs:DimensionTrim>
            <wcs:format>image/tiff</wcs:format><wcs:mediaType>multipart/related</wcs:mediaType>
            """, ""
        ),
        (
            "SUBSETTINGCRS=IAU_2015:49900&OUTPUTCRS=IAU_2015:49930", "",
            """
            <crs:GetCoverageCrs><crs:subsettingCrs>IAU_2015:49900</crs:subsettingCrs>
            <crs:outputCrs>IAU_2015:49930</crs:outputCrs></crs:GetCoverageCrs>
            """
        ),
        ("OUTPUTCRS=IAU_2015:49930", "", "<crs:outputCrs>IAU_2015:49930</crs:outputCrs>"),
        (
            "SCALEFACTOR=0.5", "",
            "<scal:Scaling><scal:ScaleByFactor><scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleByFactor></scal:Scaling>"
        ),
        (
            "SCALEAXES=E(0.5),N(2)", "",
            """
            <scal:Scaling><scal:ScaleAxesByFactor>
            <scal:ScaleAxis><scal:axis>E</scal:axis><scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleAxis>
            <scal:ScaleAxis><scal:axis>N</scal:axis><scal:scaleFactor>2</scal:scaleFactor></scal:ScaleAxis>
            </scal:ScaleAxesByFactor></scal:Scaling>
            """
        ),
        (
            "SCALESIZE=E(512),N(256)", "",
            """
            <scal:Scaling><scal:ScaleToSize>
            <scal:TargetAxisSize><scal:axis>E</scal:axis><scal:targetSize>512</scal:targetSize></scal:TargetAxisSize>
            <scal:TargetAxisSize><scal:axis>N</scal:axis><scal:targetSize>256.0</scal:targetSize></scal:TargetAxisSize>
            </scal:ScaleToSize></scal:Scaling>
            """
        ),
        (
            "SCALEEXTENT=E(10:19)", "",
            """
            <scal:Scaling><scal:ScaleToExtent><scal:TargetAxisExtent><scal:axis>E</scal:axis><scal:low>10</scal:low>
            <scal:high>19</scal:high></scal:TargetAxisExtent></scal:ScaleToExtent></scal:Scaling>
            """
        ),
        (
            "INTERPOLATION=http://www.opengis.net/def/interpolation/OGC/1/linear&RANGESUBSET=red,green:blue",
            "",
            """
            <int:Interpolation><int:globalInterpolation>http://www.opengis.net/def/interpolation/OGC/1/linear\
            </int:globalInterpolation></int:Interpolation>
            <rsub:RangeSubset><rsub:RangeItem><rsub:RangeComponent>red</rsub:RangeComponent></rsub:RangeItem>
            <rsub:RangeItem><rsub:RangeInterval><rsub:startComponent>green</rsub:startComponent>
            <rsub:endComponent>blue</rsub:endComponent></rsub:RangeInterval></rsub:RangeItem></rsub:RangeSubset>
            """
        ),
        (
            "geotiff:compression=Deflate&GEOTIFF:tiling=true&geotiff:tilewidth=512", "",
            """
            <geotiff:parameters><geotiff:compression>Deflate</geotiff:compression><geotiff:tiling>true</geotiff:tiling>
            <geotiff:tilewidth>512</geotiff:tilewidth></geotiff:parameters>
            """
        ),
    ])
    func pairsAndDocumentsMeanTheSame(_ query: String, _ body: String, _ extensions: String) throws {
        let document = """
            <wcs:GetCoverage \(Self.namespaces) service="WCS" version="2.0.1">
            \(extensions.isEmpty ? "" : "<wcs:Extension>\(extensions)</wcs:Extension>")
            <wcs:CoverageId>mola</wcs:CoverageId>\(body)</wcs:GetCoverage>
            """
        let pairs = WCSExchange(
            query: "service=wcs&version=2.0.1&request=GetCoverage&coverageId=mola&" + query)
        #expect(try pairs.request.get() == WCSExchange(document: Array(document.utf8)).request.get())
    }

    @Test func documentsAskForCapabilitiesAndDescriptions() throws {
        let capabilities = """
            <GetCapabilities xmlns="http://www.opengis.net/wcs/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" \
            service="WCS" updateSequence="3"><ows:AcceptVersions><ows:Version>1.1.0</ows:Version>
            <ows:Version>2.0.1</ows:Version></ows:AcceptVersions><ows:Sections><ows:Section>Contents</ows:Section>
            </ows:Sections><ows:AcceptFormats><ows:OutputFormat>application/xml</ows:OutputFormat></ows:AcceptFormats>
            </GetCapabilities>
            """
        let query =
            "SERVICE=WCS&REQUEST=GetCapabilities&ACCEPTVERSIONS=1.1.0,2.0.1&SECTIONS=Contents&UPDATESEQUENCE=3"
            + "&ACCEPTFORMATS=application/xml"
        #expect(
            try WCSExchange(document: Array(capabilities.utf8)).request.get()
                == WCSExchange(query: query).request.get())
        let describe = """
            <DescribeCoverage xmlns="http://www.opengis.net/wcs/2.0" service="WCS" version="2.0.1">
            <CoverageId>a</CoverageId><CoverageId> b </CoverageId></DescribeCoverage>
            """
        #expect(
            try WCSExchange(document: Array(describe.utf8)).request.get()
                == .description(version: .v201, coverages: ["a", "b"]))
    }

    /// Versions are agreed on as both standards say.
    @Test(arguments: [
        ("", "2.0.1"), ("&VERSION=1.0.0", "1.0.0"), ("&VERSION=1.1.1", "1.0.0"), ("&VERSION=2.0.0", "2.0.1"),
        ("&VERSION=9.9.9", "2.0.1"), ("&VERSION=0.7", "1.0.0"), ("&ACCEPTVERSIONS=1.0.0,2.0.1", "1.0.0"),
        ("&ACCEPTVERSIONS=1.1.1,2.0.1&VERSION=1.0.0", "2.0.1"), ("&ACCEPTVERSIONS=3.0.0", "-"),
    ])
    func versions(_ parameters: String, _ expected: String) throws {
        let exchange = WCSExchange(query: "SERVICE=WCS&REQUEST=GetCapabilities" + parameters)
        guard case .success(.capabilities(let wish)) = exchange.request else {
            #expect(expected == "-")
            return
        }
        #expect(wish.version.rawValue == expected)
    }

    /// What a request of 1.0.0 says.
    @Test func plainRequestsAreRead() throws {
        let query =
            "SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCoverage&COVERAGE=dem&CRS=&RESPONSE_CRS=IAU_2015:49910"
            + "&BBOX=-1,-2,3.5,4&WIDTH=10&HEIGHT=5&FORMAT=GTiff&INTERPOLATION=bilinear&Band=1,3/4&TIME=now"
        guard case .success(.plainCoverage(let wish)) = WCSExchange(query: query).request else {
            Issue.record("no request")
            return
        }
        #expect(wish.crs == nil && wish.responseCRS == "IAU_2015:49910" && wish.box == [-1, -2, 3.5, 4])
        #expect(wish.size == .pixels(width: 10, height: 5) && wish.format == "GTiff")
        #expect(wish.range == [.component("1"), .interval("3", "4")])
        let resolution = query.replacing("WIDTH=10&HEIGHT=5", with: "RESX=0.5&RESY=-0.25")
        guard case .success(.plainCoverage(let other)) = WCSExchange(query: resolution).request else {
            Issue.record("no request")
            return
        }
        #expect(other.size == .resolution(x: 0.5, y: 0.25))
    }

    /// What is wrong is told with the code, the status and the locator of the standard.
    @Test(arguments: [
        ("", "MissingParameterValue 400 service"),
        ("SERVICE=WCS", "MissingParameterValue 400 request"),
        ("SERVICE=WMS&REQUEST=GetCapabilities", "InvalidParameterValue 400 service"),
        ("SERVICE=WCS&REQUEST=GetFish", "OperationNotSupported 501 request"),
        ("SERVICE=WCS&REQUEST=DescribeCoverage&COVERAGEID=a", "MissingParameterValue 400 version"),
        (
            "SERVICE=WCS&REQUEST=DescribeCoverage&VERSION=1.1.1&COVERAGEID=a",
            "InvalidParameterValue 400 version"
        ),
        ("SERVICE=WCS&REQUEST=DescribeCoverage&VERSION=2.0.1", "MissingParameterValue 400 coverageId"),
        (
            "SERVICE=WCS&REQUEST=DescribeCoverage&VERSION=2.0.1&COVERAGEID=",
            "emptyCoverageIdList 404 coverageId"
        ),
        ("SERVICE=WCS&REQUEST=GetCoverage&VERSION=2.0.1", "MissingParameterValue 400 coverageId"),
        (
            "SERVICE=WCS&REQUEST=GetCapabilities&ACCEPTVERSIONS=7.0",
            "VersionNegotiationFailed 400 AcceptVersions"
        ),
        ("SERVICE=WCS&REQUEST=GetCapabilities&SECTIONS=Content", "InvalidParameterValue 400 Sections"),
        ("GET&SUBSET=E", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=E(1,2,3)", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=E(2,1)", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=E(nan,1)", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=E(1e999,2)", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=E(*)", "InvalidSubsetting 404 subset"),
        ("GET&SUBSET=(1,2)", "InvalidAxisLabel 404 subset"),
        ("GET&MEDIATYPE=text/plain", "InvalidParameterValue 400 mediatype"),
        ("GET&SCALEFACTOR=0", "InvalidScaleFactor 404 scalefactor"),
        ("GET&SCALEFACTOR=-1", "InvalidScaleFactor 404 scalefactor"),
        ("GET&SCALEFACTOR=nan", "InvalidScaleFactor 404 scalefactor"),
        ("GET&SCALEFACTOR=2&SCALESIZE=E(2)", "InvalidParameterValue 400 scalefactor"),
        ("GET&SCALESIZE=E(0)", "InvalidExtent 404 scalesize"),
        ("GET&SCALESIZE=E(1.5)", "InvalidExtent 404 scalesize"),
        ("GET&SCALESIZE=E(99999999999999999999)", "InvalidExtent 404 scalesize"),
        ("GET&SCALESIZE=E", "InvalidParameterValue 400 scalesize"),
        ("GET&SCALEEXTENT=E(5:1)", "InvalidExtent 404 scaleextent"),
        ("GET&SCALEEXTENT=E(5)", "InvalidExtent 404 scaleextent"),
        ("GET&RANGESUBSET=a,,b", "NoSuchField 404 rangesubset"),
        ("GET&FORMAT=%FF", "InvalidParameterValue 400 format"),
        ("GET&FORMAT=a&FORMAT=b", "InvalidParameterValue 400 format"),
    ])
    func mistakes(_ query: String, _ expected: String) throws {
        let full = query.replacing(
            "GET&", with: "SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID=a&")
        let exchange = WCSExchange(query: full)
        guard case .failure(let mistake) = exchange.request else {
            Issue.record("\(full) was read")
            return
        }
        let text = String(decoding: exchange.refusal(mistake).body, as: UTF8.self)
        let words = expected.split(separator: " ")
        #expect(mistake.status == Int(words[1]))
        #expect(
            text.contains("exceptionCode=\"\(words[0])\"") && text.contains("locator=\"\(words[2])\""),
            "\(text)")
        #expect(text.contains("ows/2.0") && text.contains("version=\"2.0.0\""))
    }

    /// Documents that are none, or try to reach further than they should.
    @Test(arguments: [
        "", "no XML", "<GetCapabilities service=\"WCS\">", "<a/>",
        "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;&a;\">]><GetCapabilities service=\"WCS\">&c;</GetCapabilities>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><GetCapabilities service=\"WCS\">&a;</GetCapabilities>",
        "<DescribeCoverage service=\"WCS\" version=\"1.0.0\"><Coverage>a</Coverage></DescribeCoverage>",
        "<DescribeCoverage service=\"WCS\" version=\"2.0.1\"/>",
        "<GetCoverage service=\"WCS\" version=\"2.0.1\"><CoverageId>a</CoverageId><CoverageId>b</CoverageId></GetCoverage>",
        "<GetCoverage service=\"WCS\" version=\"2.0.1\"><CoverageId>a</CoverageId><DimensionTrim/></GetCoverage>",
        "<GetCoverage service=\"WCS\" version=\"2.0.1\"><CoverageId>a</CoverageId><Extension><Scaling/></Extension></GetCoverage>",
    ])
    func badDocumentsAreRefused(_ document: String) throws {
        let exchange = WCSExchange(document: Array(document.utf8))
        guard case .failure(let mistake) = exchange.request else {
            Issue.record("\(document) was read")
            return
        }
        #expect((400..<500).contains(mistake.status) || mistake.status == 501)
        #expect(!mistake.text.contains("root:"))
    }

    /// Names that XML cannot hold have another spelling, by which they are found.
    @Test func identifiers() {
        #expect(CoverageText.identifier("mola-512.b_c") == "mola-512.b_c")
        #expect(CoverageText.identifier("2mass") == "_2mass")
        #expect(CoverageText.identifier("a b") == "a_x20b")
        #expect(CoverageText.identifier("käse") == "k_xc3_xa4se")
        #expect(WebCoverageService.isNamed("2mass", "_2mass") && WebCoverageService.isNamed("2mass", "2mass"))
        #expect(!WebCoverageService.isNamed("2mass", "mass"))
    }
}

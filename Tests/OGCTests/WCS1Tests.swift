import FITS
import GridCoverages
import Testing
import XML

@testable import OGC

/// Version 1.0.0 of the coverage service, as QGIS and old clients speak it.
struct WCS1Tests {
    private let small: SmallCoverages
    private static let degree = SmallCoverages.turn / 360

    init() throws {
        small = try SmallCoverages()
    }

    private static let base = "SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCoverage&COVERAGE=heights&FORMAT=FITS"

    /// The size and the values, rows from the top.
    private func image(_ query: String) throws -> (width: Int, height: Int, values: [Double]) {
        let answer = try small.answer(Self.base + query)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        let image = try FITSImage.decode(answer.body)
        let (width, height) = (image.width, image.height)
        guard case .float(let samples) = image.samples else {
            Issue.record("samples of \(image.bitpix) bits")
            return (0, 0, [])
        }
        // The lowest row comes first in FITS.
        let values = (0..<height).reversed().flatMap { row in
            samples[row * width..<(row + 1) * width].map(Double.init)
        }
        return (width, height, values)
    }

    @Test func capabilities() throws {
        let root = try small.root("SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCapabilities")
        #expect(root.name == "WCS_Capabilities" && root.attribute("version") == "1.0.0")
        #expect(root.children.map(\.name) == ["Service", "Capability", "ContentMetadata"])
        let briefs = root.children[2].children
        #expect(briefs.compactMap { $0.child("name")?.text } == ["heights", "colours"])
        #expect(briefs.allSatisfy { $0.child("label")?.text.isEmpty == false })
        let envelope = try #require(briefs[0].child("lonLatEnvelope"))
        #expect(envelope.attribute("srsName") == "urn:ogc:def:crs:OGC:1.3:CRS84")
        let corners = envelope.children.map { SmallGrid.numbers($0) }
        #expect(abs(corners[0][0] + 180) < 0.01 && abs(corners[0][1] + 90) < 0.01)
        #expect(abs(corners[1][0] - 180) < 0.01 && abs(corners[1][1] - 90) < 0.01)
        let part = try small.root(
            "SERVICE=WCS&VERSION=1.0.0&REQUEST=GetCapabilities&SECTION=/WCS_Capabilities/ContentMetadata")
        #expect(part.name == "ContentMetadata" && part.children.count == 2)
    }

    @Test func descriptions() throws {
        let root = try small.root("SERVICE=WCS&VERSION=1.0.0&REQUEST=DescribeCoverage&COVERAGE=heights")
        let offering = try #require(root.child("CoverageOffering"))
        let domain = try #require(offering.child("domainSet")?.child("spatialDomain"))
        let grid = try #require(domain.child("RectifiedGrid"))
        #expect(grid.attribute("srsName") == "IAU_2015:49910")
        #expect(grid.child("limits")?.child("GridEnvelope")?.child("high")?.text == "383 191")
        let systems = try #require(offering.child("supportedCRSs")).children
        #expect(systems.first?.text == "IAU_2015:49910" && systems.last?.name == "nativeCRSs")
        #expect(systems.contains { $0.text == "IAU_2015:49930" })
        let formats = try #require(offering.child("supportedFormats"))
        #expect(formats.attribute("nativeFormat") == "GTiff" && formats.children.first?.text == "GTiff")
        // Without names all are described.
        #expect(
            try small.root("SERVICE=WCS&VERSION=1.0.0&REQUEST=DescribeCoverage").children.count == 2)
        #expect(
            try small.mistake("SERVICE=WCS&VERSION=1.0.0&REQUEST=DescribeCoverage&COVERAGE=nosuch")
                == "CoverageNotDefined 404")
    }

    @Test func boxesAreTheEdgesOfTheAnswer() throws {
        let d = Self.degree
        let box = "&BBOX=\(-10 * d),\(20 * d),\(10 * d),\(40 * d)"
        // An empty system is the coverage's own; the size is what was asked for.
        for crs in ["&CRS=IAU_2015:49910", "&CRS=", "", "&CRS=IAU_2015:49910&RESPONSE_CRS=IAU_2015:49910"] {
            let image = try image(box + crs + "&WIDTH=4&HEIGHT=10")
            #expect(image.width == 4 && image.height == 10)
            for row in 0..<10 { #expect(abs(image.values[4 * row] - (3900 - 200 * Double(row))) < 30) }
        }
        let resolution = try image(box + "&CRS=IAU_2015:49910&RESX=\(5 * d)&RESY=\(2 * d)")
        #expect(resolution.width == 4 && resolution.height == 10)
        let own = try image(box)
        #expect(own.width == 21 && own.height == 21)
    }

    /// QGIS looks whether a box is that of the centres or of the edges, by asking for a part twice.
    @Test func halfAPixelIsHalfAPixel() throws {
        let d = Self.degree
        let whole = try image("&BBOX=0,0,\(6 * d),\(3 * d)&CRS=IAU_2015:49910&WIDTH=6&HEIGHT=3")
        let part = try image("&BBOX=0,0,\(3 * d),\(3 * d)&CRS=IAU_2015:49910&WIDTH=3&HEIGHT=3")
        for row in 0..<3 {
            for column in 0..<3 {
                #expect(abs(whole.values[6 * row + column] - part.values[3 * row + column]) < 1e-3)
            }
        }
    }

    @Test func otherSystems() throws {
        // x before y, in degrees as well.
        let degrees = try image("&CRS=IAU_2015:49900&BBOX=170,10,190,30&WIDTH=2&HEIGHT=4")
        #expect(abs(degrees.values[0] - 2750) < 30 && abs(degrees.values[7] - 1250) < 30)
        let polar = try image(
            "&CRS=IAU_2015:49930&BBOX=-300000,-300000,300000,300000&WIDTH=3&HEIGHT=3&INTERPOLATION=nearest neighbor"
        )
        #expect(abs(polar.values[4] - 9000) < 200)
        let mixed = try image(
            "&CRS=IAU_2015:49900&RESPONSE_CRS=IAU_2015:49910&BBOX=0,10,20,30&WIDTH=2&HEIGHT=4")
        #expect(abs(mixed.values[0] - 2750) < 60)
    }

    @Test(arguments: [
        ("COVERAGE=heights", "COVERAGE=nosuch", "CoverageNotDefined 404"),
        ("FORMAT=FITS", "FORMAT=fish", "InvalidFormat 400"),
        ("&FORMAT=FITS", "", "MissingParameterValue 400"),
        ("FITS", "FITS&BBOX=1,2,3", "InvalidParameterValue 400"),
        ("FITS", "FITS&BBOX=3,0,1,1", "InvalidParameterValue 400"),
        ("FITS", "FITS&BBOX=0,0,0,1", "InvalidParameterValue 400"),
        ("FITS", "FITS&BBOX=0,0,nan,1", "InvalidParameterValue 400"),
        ("FITS", "FITS&WIDTH=5", "MissingParameterValue 400"),
        ("FITS", "FITS&WIDTH=0&HEIGHT=5", "InvalidParameterValue 400"),
        ("FITS", "FITS&WIDTH=200000&HEIGHT=200000", "InvalidParameterValue 400"),
        ("FITS", "FITS&RESX=0&RESY=1", "InvalidParameterValue 400"),
        ("FITS", "FITS&RESX=1e-300&RESY=1", "InvalidParameterValue 400"),
        ("FITS", "FITS&CRS=IAU_2015:30110", "InvalidParameterValue 400"),
        ("FITS", "FITS&RESPONSE_CRS=fish", "InvalidParameterValue 400"),
        ("FITS", "FITS&INTERPOLATION=barycentric", "InvalidParameterValue 400"),
        ("FITS", "FITS&BAND=7", "InvalidParameterValue 400"),
    ])
    func mistakes(_ old: String, _ new: String, _ expected: String) throws {
        let answer = try small.answer(Self.base.replacing(old, with: new))
        #expect(answer.mediaType == "application/vnd.ogc.se_xml")
        #expect(try SmallCoverages.mistake(answer) == expected)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("version=\"1.2.0\""))
    }
}

import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct CRSTextTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.standard() }

    @Test func allSpellingsGiveOneValue() throws {
        for code in ["49900", "200000115", "30135"] {
            let identifier = CRSIdentifier(authority: "IAU_2015", code: code)
            for spelling in CRSSpelling.allCases {
                #expect(try CRSIdentifier.parse(identifier.spelled(spelling)) == identifier, "\(spelling)")
            }
        }
        let esri = CRSIdentifier(authority: "ESRI", code: "104905")
        for spelling in CRSSpelling.allCases {
            #expect(try CRSIdentifier.parse(esri.spelled(spelling)) == esri, "\(spelling)")
        }
    }

    @Test func servicesWriteWhatTheirClientsRead() throws {
        let mars = CRSIdentifier(authority: "IAU_2015", code: "49910")
        #expect(mars.text(for: .wms) == "IAU_2015:49910")
        #expect(mars.text(for: .wmts) == "urn:ogc:def:crs:IAU_2015::49910")
        #expect(mars.text(for: .wfs) == "urn:ogc:def:crs:IAU_2015::49910")
        #expect(mars.text(for: .wcs1) == "IAU_2015:49910")
        #expect(mars.text(for: .wcs2) == "http://www.opengis.net/def/crs/IAU_2015/0/49910")
        #expect(mars.text(for: .ogcAPI) == "http://www.opengis.net/def/crs/IAU_2015/0/49910")
        #expect(mars.spelled(.officialURI) == "http://www.opengis.net/def/crs/IAU/2015/49910")
        #expect(mars.spelled(.officialURN) == "urn:ogc:def:crs:IAU:2015:49910")
    }

    @Test func whatIsWrittenReadsAsTheSameFrame() throws {
        for code in [
            "49900", "49901", "49902", "49910", "49912", "49916", "49920", "49931", "49932", "30135", "59901",
            "200000145",
        ] {
            let identifier = CRSIdentifier(authority: "IAU_2015", code: code)
            let frame = try MapFrame(
                definition: "IAU_2015:\(code)", declaredBody: nil, catalogue: catalogue,
                overrides: code == "49916" ? FrameOverrides(latitude: .planetographic) : FrameOverrides(),
                source: "a")
            for form in [CRSForm.wkt2, .projJSON] {
                let text = try CRSWriter.text(identifier, as: form)
                #expect(text.losses.isEmpty)
                let again = try MapFrame(
                    definition: text.text, declaredBody: nil, catalogue: catalogue,
                    overrides: code == "49916" ? FrameOverrides(latitude: .planetographic) : FrameOverrides(),
                    source: "a")
                #expect(again.body == frame.body)
                #expect(again.projection == frame.projection)
                #expect(again.latitudeKind == frame.latitudeKind, "\(code) \(form)")
                #expect(again.longitudeSense == frame.longitudeSense, "\(code) \(form)")
                #expect(again.radiusMetres == frame.radiusMetres)
                #expect(again.identifier == frame.identifier, "\(code) \(form)")
            }
            let esri = try CRSWriter.text(identifier, as: .wkt1ESRI)
            #expect(esri.text.hasPrefix("GEOGCS[") || esri.text.hasPrefix("PROJCS["), "\(esri.text)")
            #expect(esri.losses.contains { $0.contains("planetocentric") } == code.hasSuffix("2"), "\(code)")
        }
        #expect(throws: FrameError.self) {
            try CRSWriter.text(CRSIdentifier(authority: "IAU_2015", code: "12300"), as: .wkt2)
        }
    }

    @Test func codesOfTheIAUAreWrittenInEveryForm() throws {
        for body in try BodyCatalogue.iau2015().bodies where body.naifCode % 4 == 1 || body.naifCode == 499 {
            for k in [0, 10, 15, 20, 30, 40, 50, 60, 65, 75, 80, 85] {
                for form in CRSForm.allCases {
                    #expect(!(try CRSWriter.text(body: body, kind: k, as: form).text.isEmpty))
                }
            }
        }
    }

    @Test func bodiesWithoutCodesHaveWKT() throws {
        let ryugu = try catalogue.body(named: "Ryugu")
        #expect(ryugu.identifier(0) == nil)
        for k in [0, 1, 2, 10, 15, 20, 30, 31, 32, 35, 40, 65, 66, 12] {
            let text = try CRSWriter.text(body: ryugu, kind: k, as: .wkt2).text
            let frame = try MapFrame(
                definition: text, declaredBody: nil, catalogue: catalogue, source: "map.tif")
            #expect(frame.body == ryugu)
            #expect(frame.identifier == nil)
            #expect(frame.radiusMetres == 502)
            #expect(frame.polarRadiusMetres == (k % 5 == 0 ? 502 : 438), "\(k)")
            #expect(frame.latitudeKind == (k % 5 == 1 ? .planetographic : .planetocentric), "\(k): \(text)")
            #expect(frame.longitudeSense == .east)
            #expect(!(try CRSWriter.text(body: ryugu, kind: k, as: .wkt1ESRI).text.isEmpty))
            if k < 10 || k % 5 != 2 {
                #expect(!(try CRSWriter.text(body: ryugu, kind: k, as: .projJSON).text.isEmpty))
            }
        }
        let bennu = try catalogue.body(named: "101955 Bennu")
        for k in [1, 2, 11, 31] {
            #expect(throws: FrameError.self) { try CRSWriter.text(body: bennu, kind: k, as: .wkt2) }
        }
        for k in [-1, 3, 7, 99, 1000] {
            #expect(throws: FrameError.self) { try CRSWriter.text(body: ryugu, kind: k, as: .wkt2) }
        }
    }
}

import Maps
import Testing

@testable import OGC

/// What the capabilities say; that they are valid is seen with xmllint by tools/verify/wms_clients.py.
struct CapabilitiesTests {
    static let service = WMSCapabilities(
        identity: ServiceIdentity(
            contact: .init(organization: "An <institute> & \"others\"", email: "a@b.example")),
        body: "Mars", root: "http://127.0.0.1:8080", path: "/mars/wms",
        layers: [layer("mola"), layer("viking")],
        limits: WMSLimits(), updateSequence: 100)

    static func layer(_ name: String) -> ServiceLayer {
        var layer = ServiceLayer(
            name: name, title: "Title of \(name)",
            geographicExtent: MapBox(minX: -180, minY: -90, maxX: 180, maxY: name == "mola" ? 90 : 45),
            boxes: [
                SystemBox(
                    crs: "IAU_2015:49900", isNorthFirst: true,
                    box: MapBox(minX: -180, minY: -90, maxX: 180, maxY: name == "mola" ? 90 : 45)),
                SystemBox(
                    crs: "IAU_2015:49910", isNorthFirst: false,
                    box: MapBox(
                        minX: -10_669_445.5, minY: -5_334_722.5, maxX: 10_669_445.5, maxY: 5_334_722.5)),
                SystemBox(
                    crs: "CRS:84", isNorthFirst: false,
                    box: MapBox(minX: -180, minY: -90, maxX: 180, maxY: 90)),
            ],
            styles: [
                .init(name: "default", title: "Default", legend: .init(width: 120, height: 60)),
                .init(name: "grey", title: "Grey"),
            ])
        layer.licence = "public domain"
        layer.credit = "NASA"
        layer.creditURL = "https://example.org/?a=1&b=2"
        layer.identifier = "ivo://localhost/\(name)"
        layer.coverage = .init(mediaType: "application/fits", path: "/hips/mars/\(name)/Moc.fits")
        return layer
    }

    private func text(_ version: WMSVersion) -> String {
        String(decoding: Self.service.document(version), as: UTF8.self)
    }

    @Test func axesAreThoseOfTheSystemIn130AndXYIn111() {
        #expect(
            text(.v130).contains(
                "<BoundingBox CRS=\"IAU_2015:49900\" minx=\"-90.0\" miny=\"-180.0\" maxx=\"90.0\" maxy=\"180.0\"/>"
            ))
        #expect(
            text(.v111).contains(
                "<BoundingBox SRS=\"IAU_2015:49900\" minx=\"-180.0\" miny=\"-90.0\" maxx=\"180.0\" maxy=\"90.0\"/>"
            ))
        for version in WMSVersion.allCases {
            #expect(
                text(version).contains(
                    "=\"IAU_2015:49910\" minx=\"-10669445.5\" miny=\"-5334722.5\" maxx=\"10669445.5\" maxy=\"5334722.5\"/>"
                ))
        }
    }

    /// The root lists what all layers have in common, so that nobody sees a system twice; each layer has a box for each.
    @Test func systemsAreListedOnceAndBoxesAreUniqueForEachLayer() {
        let document = text(.v130)
        #expect(document.parts(at: "<CRS>IAU_2015:49900</CRS>").count == 2)
        let layers = document.parts(at: "<Layer queryable=\"1\">").dropFirst()
        #expect(layers.count == 2)
        for layer in layers {
            #expect(layer.contains("<EX_GeographicBoundingBox>"))
            for crs in ["IAU_2015:49900", "IAU_2015:49910", "CRS:84"] {
                #expect(String(layer).parts(at: "<BoundingBox CRS=\"\(crs)\"").count == 2)
            }
        }
        // An authority that came with 1.3.0.
        #expect(!text(.v111).contains("CRS:84"))
    }

    @Test func contactsHaveWholeAddresses() {
        var service = Self.service
        for version in WMSVersion.allCases {
            #expect(!String(decoding: service.document(version), as: UTF8.self).contains("<ContactAddress>"))
        }
        service.identity.contact.city = "Berlin"
        service.identity.contact.url = "https://maps.example.org/about"
        for version in WMSVersion.allCases {
            let text = String(decoding: service.document(version), as: UTF8.self)
            let found = text.filter { !$0.isWhitespace }
            let forms = [
                "<Address></Address><City>Berlin</City><StateOrProvince></StateOrProvince><PostCode></PostCode><Country></Country>",
                "<Address/><City>Berlin</City><StateOrProvince/><PostCode/><Country/>",
            ].map { "<ContactAddress><AddressType>postal</AddressType>" + $0 + "</ContactAddress>" }
            let isWhole = forms.contains { found.contains($0) }
            #expect(isWhole)
            let head = text.prefix { $0 != "@" }
            #expect(head.contains("xlink:href=\"https://maps.example.org/about\""))
        }
    }

    @Test func addressesArePrefixesAndTextsAreEscaped() {
        for version in WMSVersion.allCases {
            let document = text(version)
            #expect(document.contains("xlink:href=\"http://127.0.0.1:8080/mars/wms?\""))
            #expect(document.contains("An &lt;institute&gt; &amp; \"others\""))
            #expect(document.contains("https://example.org/?a=1&amp;b=2"))
            #expect(document.contains("http://127.0.0.1:8080/hips/mars/mola/Moc.fits"))
            #expect(
                document.contains(
                    "<AccessConstraints>mola: public domain; viking: public domain</AccessConstraints>"))
            #expect(
                document.contains(
                    "REQUEST=GetLegendGraphic&amp;LAYER=mola&amp;STYLE=default&amp;FORMAT=image/png"))
            #expect(document.contains("<LegendURL width=\"120\" height=\"60\">"))
        }
        #expect(text(.v130).contains("<LayerLimit>16</LayerLimit>"))
        #expect(text(.v130).contains("<MaxWidth>8192</MaxWidth>"))
    }

    @Test func updateSequencesAreHeldTo() throws {
        for sequence in [nil, "", "99", "-5"] {
            #expect(try Self.service.answer(.v130, sequence: sequence).status == 200)
        }
        for (sequence, code) in [
            ("100", OGCException.Code.currentUpdateSequence), ("101", .invalidUpdateSequence),
            ("x", .invalidUpdateSequence),
        ] {
            do {
                _ = try Self.service.answer(.v130, sequence: sequence)
                Issue.record("a document for \(sequence)")
            } catch {
                #expect(error.code == code)
            }
        }
    }

    @Test func mediaTypesAreThoseOfTheVersions() throws {
        #expect(try Self.service.answer(.v130, sequence: nil).mediaType == "text/xml")
        #expect(try Self.service.answer(.v111, sequence: nil).mediaType == "application/vnd.ogc.wms_xml")
    }

    @Test func aServiceWithoutLayersHasADocument() {
        var service = Self.service
        service.layers = []
        for version in WMSVersion.allCases { #expect(!service.document(version).isEmpty) }
    }
}

extension String {
    fileprivate func parts(at mark: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: mark) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

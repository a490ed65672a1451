public import GridCoverages
public import Maps
internal import PlanetaryFrames
internal import XML

/// The capabilities of a coverage service (OGC 09-110r4, section 8.2, and OGC 03-065r6, section 7).
public struct WCSCapabilities: Sendable {
    /// Who offers the service.
    public var identity: ServiceIdentity
    /// The body, for titles and keywords.
    public var body: String
    /// Scheme and authority of the server, such as `http://127.0.0.1:8080`.
    public var root: String
    /// The path of the service below it, such as `/mars/wcs`.
    public var path: String
    /// The coverages.
    public var coverages: [GridCoverage]
    /// The systems in which subsets and answers may be.
    public var systems: [MapCRS]
    /// The number of this state of the document; a later state has a higher one.
    public var updateSequence: Int64

    /// A description of a service.
    public init(
        identity: ServiceIdentity, body: String, root: String, path: String, coverages: [GridCoverage],
        systems: [MapCRS], updateSequence: Int64
    ) {
        self.identity = identity
        self.body = body
        self.root = root
        self.path = path
        self.coverages = coverages
        self.systems = systems.filter(\.isForFiles)
        self.updateSequence = updateSequence
    }

    /// The answer to GetCapabilities: in 2.0 nothing but the number when the client has the present document.
    /// - Throws: `InvalidUpdateSequence` when the client's document is a later one, and in 1.0.0 `CurrentUpdateSequence` when
    ///   it is this one (OGC 06-121r9, section 7.3.4; OGC 03-065r6, table 3).
    public func answer(_ wish: WCSDocumentParameters) throws(OGCException) -> OGCAnswer {
        var sections = wish.sections
        if let text = wish.updateSequence {
            guard let number = Int64(text), number <= updateSequence else {
                throw OGCException(
                    .invalidUpdateSequence, locator: "UPDATESEQUENCE",
                    "UPDATESEQUENCE is \(OGCException.quoted(text)); the present document has the number \(updateSequence)."
                )
            }
            if number == updateSequence {
                guard wish.version == .v201 else {
                    throw OGCException(
                        .currentUpdateSequence, locator: "UPDATESEQUENCE",
                        "The document \(number) is the present one.")
                }
                sections = []
            }
        }
        return OGCAnswer(mediaType: wish.mediaType, body: document(wish.version, sections))
    }

    /// The document of a version with some of its sections; that of 1.0.0 has one of them alone, or all.
    public func document(
        _ version: WCSVersion, _ sections: Set<WCSDocumentParameters.Section>
    ) -> [UInt8] {
        version == .v100 ? plainDocument(sections) : document(sections)
    }

    private func document(_ sections: Set<WCSDocumentParameters.Section>) -> [UInt8] {
        var writer = XMLWriter()
        writer.element(
            "wcs:Capabilities",
            [
                "version": "2.0.1", "updateSequence": String(updateSequence),
                "xmlns:wcs": "http://www.opengis.net/wcs/2.0", "xmlns:ows": "http://www.opengis.net/ows/2.0",
                "xmlns:crs": "http://www.opengis.net/wcs/crs/1.0",
                "xmlns:int": "http://www.opengis.net/WCS_service-extension_interpolation/1.0",
                "xmlns:xlink": "http://www.w3.org/1999/xlink",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/wcs/2.0 http://schemas.opengis.net/wcs/2.0/wcsGetCapabilities.xsd",
            ]
        ) { writer in
            if sections.contains(.serviceIdentification) { identification(&writer) }
            if sections.contains(.serviceProvider) { provider(&writer) }
            if sections.contains(.operationsMetadata) { operations(&writer) }
            if sections.contains(.serviceMetadata) { serviceMetadata(&writer) }
            if sections.contains(.contents) { contents(&writer) }
        }
        return writer.bytes
    }

    /// The address of the service, without a question mark.
    var address: String { root + path }

    /// What the service speaks beside the core.
    private static let profiles = [
        "WCS/2.0/conf/core", "WCS_protocol-binding_get-kvp/1.0/conf/get-kvp",
        "WCS_protocol-binding_post-xml/1.0/conf/post-xml", "GMLCOV/1.0/conf/gml-coverage",
        "GMLCOV/1.0/conf/multipart", "GMLCOV_geotiff-coverages/1.0/conf/geotiff-coverage",
        "WCS_service-extension_crs/1.0/conf/crs", "WCS_service-extension_scaling/1.0/conf/scaling",
        "WCS_service-extension_interpolation/1.0/conf/interpolation",
        "WCS_service-extension_range-subsetting/1.0/conf/record-subsetting",
    ]

    private func identification(_ writer: inout XMLWriter) {
        writer.element("ows:ServiceIdentification") { writer in
            writer.element("ows:Title", text: title)
            writer.element("ows:Abstract", text: identity.abstract ?? defaultAbstract)
            keywords(&writer, serviceWords)
            writer.element("ows:ServiceType", ["codeSpace": "OGC"], text: "OGC WCS")
            for version in WCSVersion.allCases.reversed() {
                writer.element("ows:ServiceTypeVersion", text: version.rawValue)
            }
            for profile in Self.profiles {
                writer.element("ows:Profile", text: "http://www.opengis.net/spec/" + profile)
            }
            writer.element("ows:Fees", text: identity.fees)
            writer.element("ows:AccessConstraints", text: identity.accessConstraints ?? "none")
        }
    }

    var title: String { identity.title.map { "\(body): \($0)" } ?? "Coverages of \(body)" }

    var defaultAbstract: String {
        "The numbers behind the maps of \(body), in the planetary coordinate systems of the IAU. Coverages whose names end "
            + "in \(GridCoverage.nativeSuffix) are the sources themselves; the others are their HiPS."
    }

    var serviceWords: [String] { [body, "planetary", "HiPS"] + identity.keywords }

    private func provider(_ writer: inout XMLWriter) {
        let contact = identity.contact
        writer.element("ows:ServiceProvider") { writer in
            // OWSLib does without neither the section nor the name.
            writer.element(
                "ows:ProviderName",
                text: contact.organization ?? contact.person ?? identity.title ?? "Tessera")
            if let url = contact.url {
                writer.element("ows:ProviderSite", ["xlink:type": "simple", "xlink:href": url])
            }
            writer.element("ows:ServiceContact") { writer in
                writer.optional("ows:IndividualName", contact.person)
                writer.optional("ows:PositionName", contact.position)
                guard contact.telephone != nil || contact.email != nil else { return }
                writer.element("ows:ContactInfo") { writer in
                    if let telephone = contact.telephone {
                        writer.element("ows:Phone") { $0.element("ows:Voice", text: telephone) }
                    }
                    if let email = contact.email {
                        writer.element("ows:Address") { $0.element("ows:ElectronicMailAddress", text: email) }
                    }
                }
            }
        }
    }

    private func operations(_ writer: inout XMLWriter) {
        writer.element("ows:OperationsMetadata") { writer in
            for name in ["GetCapabilities", "DescribeCoverage", "GetCoverage"] {
                writer.element("ows:Operation", ["name": name]) { writer in
                    writer.element("ows:DCP") { writer in
                        writer.element("ows:HTTP") { writer in
                            writer.element("ows:Get", ["xlink:type": "simple", "xlink:href": address + "?"])
                            writer.element("ows:Post", ["xlink:type": "simple", "xlink:href": address]) {
                                $0.element("ows:Constraint", ["name": "PostEncoding"]) { writer in
                                    writer.element("ows:AllowedValues") {
                                        $0.element("ows:Value", text: "XML")
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func serviceMetadata(_ writer: inout XMLWriter) {
        writer.element("wcs:ServiceMetadata") { writer in
            for format in WCSFormat.allCases { writer.element("wcs:formatSupported", text: format.mediaType) }
            writer.element("wcs:Extension") { writer in
                writer.element("int:InterpolationMetadata") { writer in
                    for interpolation in CoverageInterpolation.allCases {
                        writer.element("int:InterpolationSupported", text: interpolation.uri)
                    }
                }
                writer.element("crs:CrsMetadata") { writer in
                    for identifier in supportedSystems {
                        writer.element("crs:crsSupported", text: identifier)
                    }
                }
            }
        }
    }

    /// The systems of the body, and those of coverages that are in others.
    private var supportedSystems: [String] {
        WMSCapabilities.unique((systems + coverages.map(\.crs)).map { $0.identifier.text(for: .wcs2) })
    }

    private func contents(_ writer: inout XMLWriter) {
        writer.element("wcs:Contents") { writer in
            for coverage in coverages {
                let axes = CoverageAxes(coverage.crs)
                writer.element("wcs:CoverageSummary") { writer in
                    writer.element("ows:Title", text: coverage.title)
                    writer.optional("ows:Abstract", coverage.abstract)
                    keywords(&writer, [body, coverage.isNative ? "native grid" : "HiPS"])
                    writer.element("wcs:CoverageId", text: CoverageText.identifier(coverage.identifier))
                    writer.element("wcs:CoverageSubtype", text: "RectifiedGridCoverage")
                    writer.element(
                        "ows:BoundingBox",
                        ["crs": coverage.crs.identifier.text(for: .wcs2), "dimensions": "2"]
                    ) { writer in
                        let box = coverage.grid.box
                        writer.element("ows:LowerCorner", text: axes.ordered(box.minX, box.minY))
                        writer.element("ows:UpperCorner", text: axes.ordered(box.maxX, box.maxY))
                    }
                }
            }
        }
    }

    private func keywords(_ writer: inout XMLWriter, _ words: [String]) {
        writer.element("ows:Keywords") { writer in
            for word in WMSCapabilities.unique(words) { writer.element("ows:Keyword", text: word) }
        }
    }
}

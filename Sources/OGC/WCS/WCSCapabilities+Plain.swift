internal import GridCoverages
internal import Maps
internal import PlanetaryFrames
internal import XML

// WCS 1.0.0 (OGC 03-065r6, section 7.3).
extension WCSCapabilities {
    /// The document of 1.0.0, or the one section of it that was asked for.
    func plainDocument(_ sections: Set<WCSDocumentParameters.Section>) -> [UInt8] {
        var writer = XMLWriter()
        if sections.count == 1, let only = sections.first, let root = Self.plainRoot(only) {
            writer.element(root, Self.plainNamespaces) { section(only, &$0) }
            return writer.bytes
        }
        writer.element("WCS_Capabilities", Self.plainNamespaces(sequence: updateSequence)) { writer in
            for part in [WCSDocumentParameters.Section.serviceIdentification, .operationsMetadata, .contents]
            {
                writer.element(Self.plainRoot(part) ?? "") { section(part, &$0) }
            }
        }
        return writer.bytes
    }

    private static let plainNamespaces: KeyValuePairs<String, String?> = [
        "version": "1.0.0", "xmlns": "http://www.opengis.net/wcs", "xmlns:gml": "http://www.opengis.net/gml",
        "xmlns:xlink": "http://www.w3.org/1999/xlink",
    ]

    private static func plainNamespaces(sequence: Int64) -> KeyValuePairs<String, String?> {
        [
            "version": "1.0.0", "updateSequence": String(sequence), "xmlns": "http://www.opengis.net/wcs",
            "xmlns:gml": "http://www.opengis.net/gml", "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation":
                "http://www.opengis.net/wcs http://schemas.opengis.net/wcs/1.0.0/wcsCapabilities.xsd",
        ]
    }

    /// The element of a section in 1.0.0; nil where there is none.
    private static func plainRoot(_ section: WCSDocumentParameters.Section) -> String? {
        switch section {
        case .serviceIdentification: "Service"
        case .operationsMetadata: "Capability"
        case .contents: "ContentMetadata"
        case .serviceProvider, .languages, .serviceMetadata: nil
        }
    }

    private func section(_ section: WCSDocumentParameters.Section, _ writer: inout XMLWriter) {
        switch section {
        case .serviceIdentification: service(&writer)
        case .operationsMetadata: capability(&writer)
        default:
            for coverage in coverages {
                writer.element("CoverageOfferingBrief") {
                    PlainDescription(coverage, systems: systems).brief(&$0)
                }
            }
        }
    }

    private func service(_ writer: inout XMLWriter) {
        writer.element("description", text: identity.abstract ?? defaultAbstract)
        writer.element("name", text: "WCS")
        writer.element("label", text: title)
        writer.element("keywords") { writer in
            for word in WMSCapabilities.unique(serviceWords) { writer.element("keyword", text: word) }
        }
        responsible(&writer)
        writer.element("fees", text: identity.fees)
        writer.element("accessConstraints", text: identity.accessConstraints ?? "none")
    }

    private func responsible(_ writer: inout XMLWriter) {
        let contact = identity.contact
        guard contact.person != nil || contact.organization != nil else { return }
        writer.element("responsibleParty") { writer in
            writer.optional("individualName", contact.person)
            writer.optional("organisationName", contact.organization)
            writer.optional("positionName", contact.position)
            guard contact.telephone != nil || contact.email != nil else { return }
            writer.element("contactInfo") { writer in
                if let telephone = contact.telephone {
                    writer.element("phone") { $0.element("voice", text: telephone) }
                }
                if let email = contact.email {
                    writer.element("address") { $0.element("electronicMailAddress", text: email) }
                }
            }
        }
    }

    private func capability(_ writer: inout XMLWriter) {
        writer.element("Request") { writer in
            for name in ["GetCapabilities", "DescribeCoverage", "GetCoverage"] {
                writer.element(name) { writer in
                    writer.element("DCPType") { writer in
                        writer.element("HTTP") { writer in
                            writer.element("Get") {
                                $0.element(
                                    "OnlineResource",
                                    ["xlink:type": "simple", "xlink:href": address + "?"])
                            }
                        }
                    }
                }
            }
        }
        writer.element("Exception") { $0.element("Format", text: "application/vnd.ogc.se_xml") }
    }
}

/// What WCS 1.0.0 says of a coverage (OGC 03-065r6, section 8.3).
struct PlainDescription {
    let coverage: GridCoverage
    /// The systems in which requests and answers may be.
    let systems: [MapCRS]

    init(_ coverage: GridCoverage, systems: [MapCRS]) {
        self.coverage = coverage
        self.systems = coverage.isReprojected ? systems.filter(\.isForFiles) : []
    }

    /// The document that describes coverages.
    static func document(_ coverages: [GridCoverage], systems: [MapCRS]) -> [UInt8] {
        var writer = XMLWriter()
        writer.element(
            "CoverageDescription",
            [
                "version": "1.0.0", "xmlns": "http://www.opengis.net/wcs",
                "xmlns:gml": "http://www.opengis.net/gml", "xmlns:xlink": "http://www.w3.org/1999/xlink",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/wcs http://schemas.opengis.net/wcs/1.0.0/describeCoverage.xsd",
            ]
        ) { writer in
            for coverage in coverages {
                writer.element("CoverageOffering") { PlainDescription(coverage, systems: systems).whole(&$0) }
            }
        }
        return writer.bytes
    }

    /// What the capabilities say.
    func brief(_ writer: inout XMLWriter) {
        let vertical = coverage.vertical.map { "Vertical reference: \($0)." }
        writer.element(
            "description", text: [coverage.abstract, vertical].compactMap { $0 }.joined(separator: " "))
        writer.element("name", text: CoverageText.identifier(coverage.identifier))
        writer.element("label", text: coverage.title)
        // Longitudes and latitudes of the body: the standard has no other word for them.
        writer.element("lonLatEnvelope", ["srsName": "urn:ogc:def:crs:OGC:1.3:CRS84"]) { writer in
            let extent = GeographicExtent(of: coverage.grid.box, in: coverage.crs)
            writer.element("gml:pos", text: "\(extent.west) \(extent.south)")
            writer.element("gml:pos", text: "\(extent.east) \(extent.north)")
        }
        writer.element("keywords") { writer in
            writer.element("keyword", text: coverage.crs.body.name)
            writer.element("keyword", text: coverage.isNative ? "native grid" : "HiPS")
        }
    }

    private func whole(_ writer: inout XMLWriter) {
        brief(&writer)
        writer.element("domainSet") { writer in
            writer.element("spatialDomain") { writer in
                let (grid, box) = (coverage.grid, coverage.grid.box)
                // The plain code is no anyURI, which the schema wants here; but QGIS finds the extent under no other name.
                let srsName = coverage.crs.identifier.text(for: .wcs1)
                writer.element("gml:Envelope", ["srsName": srsName]) { writer in
                    writer.element("gml:pos", text: Self.pair(box.minX, box.minY))
                    writer.element("gml:pos", text: Self.pair(box.maxX, box.maxY))
                }
                writer.element("gml:RectifiedGrid", ["dimension": "2", "srsName": srsName]) { writer in
                    writer.element("gml:limits") { writer in
                        writer.element("gml:GridEnvelope") { writer in
                            writer.element("gml:low", text: "0 0")
                            writer.element("gml:high", text: "\(grid.width - 1) \(grid.height - 1)")
                        }
                    }
                    writer.element("gml:axisName", text: "x")
                    writer.element("gml:axisName", text: "y")
                    writer.element("gml:origin") {
                        $0.element(
                            "gml:pos",
                            text: Self.pair(
                                grid.originX + grid.pixelWidth / 2, grid.originY - grid.pixelHeight / 2))
                    }
                    writer.element("gml:offsetVector", text: Self.pair(grid.pixelWidth, 0))
                    writer.element("gml:offsetVector", text: Self.pair(0, -grid.pixelHeight))
                }
            }
        }
        writer.element("rangeSet") { $0.element("RangeSet") { rangeSet(&$0) } }
        writer.element("supportedCRSs") { writer in
            let native = coverage.crs.identifier.text(for: .wcs1)
            for name in WMSCapabilities.unique([native] + systems.map { $0.identifier.text(for: .wcs1) }) {
                writer.element("requestResponseCRSs", text: name)
            }
            writer.element("nativeCRSs", text: native)
        }
        writer.element("supportedFormats", ["nativeFormat": "GTiff"]) { writer in
            for name in coverage.formats.compactMap({ kind in
                WCSFormat.allCases.first { $0.kind == kind }?.plainName
            }) { writer.element("formats", text: name) }
        }
        let usual = coverage.interpolations.first ?? .nearest
        writer.element("supportedInterpolations", ["default": usual.plainName]) { writer in
            for interpolation in coverage.interpolations {
                writer.element("interpolationMethod", text: interpolation.plainName)
            }
        }
    }

    private func rangeSet(_ writer: inout XMLWriter) {
        let words = coverage.bands.map { band in
            let unit = band.unit.map { " [\($0)]" } ?? ""
            return "\(band.name): \(band.description)\(unit)"
        }
        writer.element("description", text: words.joined(separator: "; "))
        writer.element("name", text: coverage.bands.count == 1 ? coverage.bands[0].name : "bands")
        writer.element("label", text: coverage.title)
        if coverage.bands.count > 1 {
            writer.element("axisDescription") { writer in
                writer.element("AxisDescription") { writer in
                    writer.element("name", text: "band")
                    writer.element("label", text: "Bands, counted from 1")
                    writer.element("values") { writer in
                        for number in 1...coverage.bands.count {
                            writer.element("singleValue", text: "\(number)")
                        }
                    }
                }
            }
        }
        // One value for all bands is all that there is room for.
        if let value = coverage.bands[0].nilValues.first {
            writer.element("nullValues") { $0.element("singleValue", text: CoverageText.number(value)) }
        }
    }

    private static func pair(_ x: Double, _ y: Double) -> String {
        CoverageText.number(x) + " " + CoverageText.number(y)
    }
}

/// The longitudes and latitudes of a box: planetocentric degrees, east, -180 to 180.
struct GeographicExtent {
    private(set) var west = -180.0
    private(set) var south = -90.0
    private(set) var east = 180.0
    private(set) var north = 90.0

    /// Looks at a lattice of places of the box; longitudes are all of them where a box reaches around a pole or over the
    /// meridian opposite to 0.
    init(of box: MapBox, in crs: MapCRS) {
        let steps = 64
        var longitudes: [Double] = []
        var latitudes: [Double] = []
        for row in 0...steps {
            for column in 0...steps {
                // The very edges may lie beyond the map by a rounding.
                let x = box.minX + box.width * Self.inside(column, of: steps)
                let y = box.minY + box.height * Self.inside(row, of: steps)
                guard let place = try? crs.direction(x: x, y: y) else { continue }
                longitudes.append(place.lonDeg > 180 ? place.lonDeg - 360 : place.lonDeg)
                latitudes.append(place.latDeg)
            }
        }
        guard let least = latitudes.min(), let greatest = latitudes.max() else { return }
        (south, north) = (Self.rounded(least), Self.rounded(greatest))
        longitudes.sort()
        let gap = zip(longitudes, longitudes.dropFirst()).map { $1 - $0 }.max() ?? 360
        let outside = longitudes[0] + 360 - longitudes[longitudes.count - 1]
        // Where the widest gap is the one at 180 degrees the box does not cross it.
        if outside >= gap, outside > 1 {
            (west, east) = (Self.rounded(longitudes[0]), Self.rounded(longitudes[longitudes.count - 1]))
        }
    }

    private static func inside(_ step: Int, of steps: Int) -> Double {
        min(max(Double(step) / Double(steps), 1e-9), 1 - 1e-9)
    }

    /// Degrees to a millionth.
    private static func rounded(_ degrees: Double) -> Double { (degrees * 1e6).rounded() / 1e6 }
}

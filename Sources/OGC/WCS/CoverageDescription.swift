internal import GridCoverages
internal import Maps
internal import PlanetaryFrames
internal import XML

/// What WCS 2.0 says of a coverage: its domain, its range and how it is served (OGC 09-110r4, section 8.3, and 09-146r2).
struct CoverageDescription {
    let coverage: GridCoverage
    let axes: CoverageAxes
    let identifier: String

    init(_ coverage: GridCoverage) {
        self.coverage = coverage
        axes = CoverageAxes(coverage.crs)
        identifier = CoverageText.identifier(coverage.identifier)
    }

    /// The namespaces of the documents that hold descriptions.
    static let namespaces: KeyValuePairs<String, String?> = [
        "xmlns:wcs": "http://www.opengis.net/wcs/2.0", "xmlns:gml": "http://www.opengis.net/gml/3.2",
        "xmlns:gmlcov": "http://www.opengis.net/gmlcov/1.0", "xmlns:swe": "http://www.opengis.net/swe/2.0",
        "xmlns:xlink": "http://www.w3.org/1999/xlink",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": "http://www.opengis.net/wcs/2.0 http://schemas.opengis.net/wcs/2.0/wcsAll.xsd",
    ]

    /// The document that describes coverages.
    static func document(_ coverages: [GridCoverage]) -> [UInt8] {
        var writer = XMLWriter()
        writer.element("wcs:CoverageDescriptions", namespaces) { writer in
            for coverage in coverages { CoverageDescription(coverage).write(&writer) }
        }
        return writer.bytes
    }

    private var srsName: String { coverage.crs.identifier.text(for: .wcs2) }

    private func write(_ writer: inout XMLWriter) {
        writer.element("wcs:CoverageDescription", ["gml:id": identifier]) { writer in
            writer.element("gml:description", text: words)
            writer.element("gml:name", text: coverage.title)
            writer.element("gml:boundedBy") { envelope(coverage.grid.box, axes, srsName, &$0) }
            writer.element("wcs:CoverageId", text: identifier)
            gridFunction(&writer)
            metadata(&writer)
            domainSet(coverage.grid, axes, srsName, id: "grid-" + identifier, &writer)
            rangeType(coverage.bands, &writer)
            writer.element("wcs:ServiceParameters") { writer in
                writer.element("wcs:CoverageSubtype", text: "RectifiedGridCoverage")
                writer.element("wcs:nativeFormat", text: coverage.formats[0].mediaType)
            }
        }
    }

    /// A coverage of part of this one, as the answer to a request: the same bands on another grid.
    /// - Parameter range: writes the values, or where they are.
    func writeCoverage(
        of bands: [CoverageBand], on grid: CoverageGrid, in crs: MapCRS, _ writer: inout XMLWriter,
        range: (inout XMLWriter) -> Void
    ) {
        let axes = CoverageAxes(crs)
        let srsName = crs.identifier.text(for: .wcs2)
        writer.element(
            "gmlcov:RectifiedGridCoverage",
            [
                "gml:id": identifier, "xmlns:gml": "http://www.opengis.net/gml/3.2",
                "xmlns:gmlcov": "http://www.opengis.net/gmlcov/1.0",
                "xmlns:swe": "http://www.opengis.net/swe/2.0", "xmlns:xlink": "http://www.w3.org/1999/xlink",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/gmlcov/1.0 http://schemas.opengis.net/gmlcov/1.0/gmlcovAll.xsd",
            ]
        ) { writer in
            writer.element("gml:description", text: words)
            writer.element("gml:name", text: coverage.title)
            writer.element("gml:boundedBy") { envelope(grid.box, axes, srsName, &$0) }
            domainSet(grid, axes, srsName, id: "grid-" + identifier, &writer)
            writer.element("gml:rangeSet") { range(&$0) }
            gridFunction(&writer)
            rangeType(bands, &writer)
            metadata(&writer)
        }
    }

    /// The outer edges of the pixels.
    private func envelope(
        _ box: MapBox, _ axes: CoverageAxes, _ srsName: String, _ writer: inout XMLWriter
    ) {
        writer.element(
            "gml:Envelope",
            [
                "srsName": srsName, "axisLabels": axes.labels, "uomLabels": "\(axes.unit) \(axes.unit)",
                "srsDimension": "2",
            ]
        ) { writer in
            writer.element("gml:lowerCorner", text: axes.ordered(box.minX, box.minY))
            writer.element("gml:upperCorner", text: axes.ordered(box.maxX, box.maxY))
        }
    }

    /// Rows from the top, pixels from the left.
    private func gridFunction(_ writer: inout XMLWriter) {
        writer.element("gml:coverageFunction") { writer in
            writer.element("gml:GridFunction") { writer in
                writer.element("gml:sequenceRule", ["axisOrder": "+1 +2"], text: "Linear")
                writer.element("gml:startPoint", text: "0 0")
            }
        }
    }

    private func domainSet(
        _ grid: CoverageGrid, _ axes: CoverageAxes, _ srsName: String, id: String, _ writer: inout XMLWriter
    ) {
        writer.element("gml:domainSet") { writer in
            writer.element("gml:RectifiedGrid", ["gml:id": id, "dimension": "2"]) { writer in
                writer.element("gml:limits") { writer in
                    writer.element("gml:GridEnvelope") { writer in
                        writer.element("gml:low", text: "0 0")
                        writer.element("gml:high", text: "\(grid.width - 1) \(grid.height - 1)")
                    }
                }
                // The grid's first axis runs along a row, whatever comes first in the system.
                writer.element("gml:axisLabels", text: "\(axes.x) \(axes.y)")
                writer.element("gml:origin") { writer in
                    writer.element("gml:Point", ["gml:id": id + "-origin", "srsName": srsName]) {
                        $0.element(
                            "gml:pos",
                            text: axes.ordered(
                                grid.originX + grid.pixelWidth / 2, grid.originY - grid.pixelHeight / 2))
                    }
                }
                writer.element(
                    "gml:offsetVector", ["srsName": srsName], text: axes.ordered(grid.pixelWidth, 0))
                writer.element(
                    "gml:offsetVector", ["srsName": srsName], text: axes.ordered(0, -grid.pixelHeight))
            }
        }
    }

    private func rangeType(_ bands: [CoverageBand], _ writer: inout XMLWriter) {
        writer.element("gmlcov:rangeType") { writer in
            writer.element("swe:DataRecord") { writer in
                for band in bands {
                    writer.element("swe:field", ["name": band.name]) { quantity(band, &$0) }
                }
            }
        }
    }

    private func quantity(_ band: CoverageBand, _ writer: inout XMLWriter) {
        var words = band.description
        if !band.isUnscaled {
            words +=
                ". Stored numbers times \(CoverageText.number(band.scale)) plus "
                + "\(CoverageText.number(band.offset)) are the values"
        }
        writer.element("swe:Quantity") { writer in
            writer.element("swe:label", text: band.name)
            writer.element("swe:description", text: words)
            if !band.nilValues.isEmpty {
                writer.element("swe:nilValues") { writer in
                    writer.element("swe:NilValues") { writer in
                        for value in band.nilValues {
                            writer.element(
                                "swe:nilValue", ["reason": "http://www.opengis.net/def/nil/OGC/0/missing"],
                                text: CoverageText.number(value))
                        }
                    }
                }
            }
            writer.element("swe:uom", ["code": CoverageText.unit(band.unit)])
            guard let interval = band.interval ?? band.type.range else { return }
            writer.element("swe:constraint") { writer in
                writer.element("swe:AllowedValues") {
                    $0.element(
                        "swe:interval",
                        text: CoverageText.number(interval.lowerBound) + " "
                            + CoverageText.number(interval.upperBound))
                }
            }
        }
    }

    /// What a reader has to know, for those who read texts.
    private var words: String {
        // The first says where the numbers come from.
        [
            coverage.abstract,
            coverage.vertical.map { "Vertical reference: \($0)." },
        ].compactMap { $0 }.joined(separator: " ")
    }

    /// The same for programs.
    private func metadata(_ writer: inout XMLWriter) {
        writer.element("gmlcov:metadata") { writer in
            writer.element("gmlcov:Extension") { writer in
                writer.element("tessera:coverage", ["xmlns:tessera": "urn:tessera:coverage"]) { writer in
                    writer.element("tessera:body", text: coverage.crs.body.name)
                    writer.element("tessera:grid", text: coverage.isNative ? "native" : "hips")
                    writer.optional("tessera:verticalReference", coverage.vertical)
                    writer.element("tessera:crsName", text: coverage.crs.title)
                    for interpolation in coverage.interpolations {
                        writer.element("tessera:interpolation", text: interpolation.rawValue)
                    }
                }
            }
        }
    }
}

import GridCoverages
import Testing
import XML

@testable import OGC

/// The checklist of a Web Coverage Service on two small maps: heights of a hundred times the latitude, and colours whose
/// red is the longitude and whose green is the latitude.
struct WCSTests {
    private let small: SmallCoverages

    init() throws {
        small = try SmallCoverages()
    }

    private static let base = SmallCoverages.base
    private static let pixel = SmallCoverages.pixel
    private static let degree = SmallCoverages.turn / 360

    // Capabilities (OGC 09-110r4, requirements 10 to 16).

    @Test func capabilitiesListWhatCanBeDescribed() throws {
        let root = try small.root("SERVICE=WCS&REQUEST=GetCapabilities")
        #expect(root.name == "Capabilities" && root.namespace == "http://www.opengis.net/wcs/2.0")
        #expect(root.attribute("version") == "2.0.1" && root.attribute("updateSequence") == "100")
        let profiles = try #require(root.child("ServiceIdentification")).children.filter {
            $0.name == "Profile"
        }
        for part in [
            "core", "get-kvp", "post-xml", "gml-coverage", "multipart", "geotiff-coverage", "crs", "scaling",
            "interpolation", "record-subsetting",
        ] {
            #expect(profiles.contains { $0.text.hasSuffix("/conf/" + part) }, "\(part)")
        }
        let summaries = try #require(root.child("Contents")).children
        let names = summaries.compactMap { $0.child("CoverageId")?.text }
        #expect(names == ["heights", "colours"])
        #expect(summaries.allSatisfy { $0.child("CoverageSubtype")?.text == "RectifiedGridCoverage" })
        let described = try small.root(
            "SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=" + names.joined(separator: ","))
        #expect(described.children.compactMap { $0.child("CoverageId")?.text } == names)
        // Boxes are those of the descriptions.
        for (summary, description) in zip(summaries, described.children) {
            let box = try #require(summary.child("BoundingBox"))
            let envelope = try #require(description.child("boundedBy")?.child("Envelope"))
            #expect(box.attribute("crs") == envelope.attribute("srsName"))
            #expect(box.child("LowerCorner")?.text == envelope.child("lowerCorner")?.text)
            #expect(box.child("UpperCorner")?.text == envelope.child("upperCorner")?.text)
        }
    }

    @Test func capabilitiesSayFormatsSystemsAndInterpolations() throws {
        let metadata = try #require(
            try small.root("SERVICE=WCS&REQUEST=GetCapabilities").child("ServiceMetadata"))
        let formats = metadata.children.filter { $0.name == "formatSupported" }.map(\.text)
        #expect(formats.contains("image/tiff") && formats.contains("application/gml+xml"))
        // What is listed is what is sent.
        for format in formats {
            let query =
                Self.base + "&SUBSET=E(0,200000)&SUBSET=N(0,200000)&FORMAT="
                + format.replacing("+", with: "%2B")
            let answer = try small.answer(query)
            #expect(answer.status == 200 && answer.mediaType == format && !answer.body.isEmpty, "\(format)")
        }
        let systems = try #require(metadata.child("Extension")?.child("CrsMetadata")).children.map(\.text)
        #expect(Set(systems).count == systems.count && systems.count >= 13)
        #expect(systems.contains("http://www.opengis.net/def/crs/IAU_2015/0/49910"))
        let interpolations = try #require(
            metadata.child("Extension")?.child("InterpolationMetadata")
        ).children.map(\.text)
        #expect(interpolations.contains("http://www.opengis.net/def/interpolation/OGC/1/nearest-neighbor"))
        // Every one of both is understood.
        for system in systems {
            let answer = try small.answer(Self.base + "&SCALESIZE=x(8),y(4)&OUTPUTCRS=" + system)
            #expect(answer.status == 200, "\(system)")
        }
        for interpolation in interpolations {
            #expect(
                try small.answer(Self.base + "&SCALESIZE=x(8),y(4)&INTERPOLATION=" + interpolation).status
                    == 200)
        }
    }

    @Test func sectionsAndSequences() throws {
        let contents = try small.root("SERVICE=WCS&REQUEST=GetCapabilities&SECTIONS=Contents")
        #expect(contents.children.map(\.name) == ["Contents"])
        let all = try small.root("SERVICE=WCS&REQUEST=GetCapabilities&SECTIONS=All&UPDATESEQUENCE=99")
        #expect(all.children.count == 5)
        let none = try small.root("SERVICE=WCS&REQUEST=GetCapabilities&UPDATESEQUENCE=100")
        #expect(none.children.isEmpty)
        #expect(
            try small.mistake("SERVICE=WCS&REQUEST=GetCapabilities&UPDATESEQUENCE=101")
                == "InvalidUpdateSequence 400")
        #expect(
            try small.mistake("SERVICE=WCS&REQUEST=GetCapabilities&VERSION=1.0.0&UPDATESEQUENCE=100")
                == "CurrentUpdateSequence 400")
    }

    // Descriptions (requirements 17 to 24).

    @Test func descriptionsAreThoseOfTheGrid() throws {
        let root = try small.root("SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=heights")
        let description = try #require(root.children.first)
        let envelope = try #require(description.child("boundedBy")?.child("Envelope"))
        let name = "http://www.opengis.net/def/crs/IAU_2015/0/49910"
        #expect(envelope.attribute("srsName") == name && envelope.attribute("axisLabels") == "E N")
        #expect(envelope.attribute("uomLabels") == "m m" && envelope.attribute("srsDimension") == "2")
        let upper = SmallGrid.numbers(envelope.child("upperCorner"))
        // Half the circumference of a sphere of 3396190 m, and a quarter.
        #expect(abs(upper[0] - .pi * 3_396_190) < 1e-3 && abs(upper[1] - .pi * 3_396_190 / 2) < 1e-3)
        let grid = try #require(description.child("domainSet")?.child("RectifiedGrid"))
        #expect(grid.child("limits")?.child("GridEnvelope")?.child("high")?.text == "383 191")
        #expect(grid.child("axisLabels")?.text == "E N")
        let point = try #require(grid.child("origin")?.child("Point"))
        #expect(point.attribute("srsName") == name)
        let origin = SmallGrid.numbers(point.child("pos"))
        #expect(abs(origin[0] - (Self.pixel / 2 - .pi * 3_396_190)) < 1e-3)
        #expect(abs(origin[1] - (.pi * 3_396_190 / 2 - Self.pixel / 2)) < 1e-3)
        let offsets = grid.children.filter { $0.name == "offsetVector" }
        #expect(offsets.allSatisfy { $0.attribute("srsName") == name })
        #expect(abs(SmallGrid.numbers(offsets[0])[0] - Self.pixel) < 1e-6)
        #expect(abs(SmallGrid.numbers(offsets[1])[1] + Self.pixel) < 1e-6)
        let quantity = try #require(
            description.child("rangeType")?.child("DataRecord")?.child("field")?.child("Quantity"))
        #expect(quantity.child("uom")?.attribute("code") == "m")
        #expect(quantity.child("nilValues")?.child("NilValues")?.child("nilValue") != nil)
        let words = try #require(description.child("description")?.text)
        #expect(words.contains("areoid") && words.contains("HiPS"), "\(words)")
        let parameters = try #require(description.child("ServiceParameters"))
        #expect(parameters.child("nativeFormat")?.text == "image/tiff")
        #expect(
            try small.mistake("SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=heights,nosuch")
                == "NoSuchCoverage 404")
    }

    @Test func coloursAreBytes() throws {
        let root = try small.root("SERVICE=WCS&VERSION=2.0.1&REQUEST=DescribeCoverage&COVERAGEID=colours")
        let record = try #require(root.children.first?.child("rangeType")?.child("DataRecord"))
        let names = record.children.compactMap { $0.attribute("name") }
        #expect(names.prefix(3) == ["red", "green", "blue"])
        let interval = record.children[0].child("Quantity")?.child("constraint")?.child("AllowedValues")
        #expect(interval?.child("interval")?.text == "0 255")
    }

    // Subsets (requirements 30 to 42).

    @Test func trimsGiveThePixelsWhoseCentresAreInside() throws {
        let p = Self.pixel
        // The edges of ten columns and four rows, as clients compute them, in either order and by other names of the axes.
        for (x, y) in [("E", "N"), ("x", "y"), ("X", "Y")] {
            let grid = try small.grid(
                Self.base + "&SUBSET=\(y)(\(2 * p),\(6 * p))&SUBSET=\(x)(\(-4 * p),\(6 * p))")
            #expect(grid.width == 10 && grid.height == 4 && grid.values.count == 40)
            #expect(abs(grid.lower[0] + 4 * p) < 1e-6 && abs(grid.upper[1] - 6 * p) < 1e-6)
            #expect(abs(grid.origin[0] + 3.5 * p) < 1e-6 && abs(grid.origin[1] - 5.5 * p) < 1e-6)
            // A hundred times the latitude of the middle of the upper row.
            #expect(abs(grid.values[0] - 5.5 * 0.9375 * 100) < 30)
        }
        // From the centre of one pixel to that of another.
        let centres = try small.grid(
            Self.base + "&SUBSET=E(\(0.5 * p),\(2.5 * p))&SUBSET=N(\(0.5 * p),\(0.5 * p))")
        #expect(centres.width == 3 && centres.height == 1)
    }

    @Test func slicesAndOpenBounds() throws {
        let p = Self.pixel
        let point = try small.grid(Self.base + "&SUBSET=E(\(3.2 * p))&SUBSET=N(\(-7.9 * p))")
        #expect(point.width == 1 && point.height == 1)
        #expect(abs(point.origin[0] - 3.5 * p) < 1e-6 && abs(point.origin[1] + 7.5 * p) < 1e-6)
        let open = try small.grid(Self.base + "&SUBSET=E(*,*)&SUBSET=N(\(80 * Self.degree),*)")
        #expect(open.width == 384 && open.height == 11)
    }

    @Test func subsetsInOtherSystems() throws {
        // Degrees, by the labels of that system: latitude 40 to 50, longitude 10 to 20.
        let grid = try small.grid(
            Self.base
                + "&SUBSETTINGCRS=http://www.opengis.net/def/crs/IAU_2015/0/49900&OUTPUTCRS=IAU_2015:49910"
                + "&SUBSET=Lat(40,50)&SUBSET=Long(10,20)")
        #expect(grid.labels == "E N" && abs(grid.width - 11) <= 1 && abs(grid.height - 11) <= 1)
        #expect(abs(grid.lower[0] / Self.degree - 10) < 1 && abs(grid.upper[1] / Self.degree - 50) < 1)
        // Without a system of its own the answer is in that of the subsets; latitude comes first there.
        let degrees = try small.grid(
            Self.base + "&SUBSET=Lat,IAU_2015:49900(40,50)&SUBSET=Long,IAU_2015:49900(10,20)")
        #expect(degrees.labels == "Lat Long" && degrees.srsName.hasSuffix("/49900"))
        #expect(degrees.lower == [40, 10] && degrees.upper == [50, 20])
        #expect(degrees.offsets[0][0] == 0 && degrees.offsets[0][1] > 0 && degrees.offsets[1][0] < 0)
        let rows = degrees.height
        let step = 10 / Double(rows)
        for row in 0..<rows {
            let value = degrees.values[row * degrees.width + degrees.width / 2]
            #expect(abs(value - 100 * (50 - (Double(row) + 0.5) * step)) < 30)
        }
        // The north pole lies in the middle of its map.
        let polar = try small.grid(
            Self.base + "&OUTPUTCRS=IAU_2015:49930&SUBSETTINGCRS=IAU_2015:49930&SUBSET=E(-500000,500000)"
                + "&SUBSET=N(-500000,500000)&SCALESIZE=E(11),N(11)")
        #expect(abs(polar.values[60] - 9000) < 120)
        // Over the seam, on another turn.
        let seam = try small.grid(
            Self.base.replacing("heights", with: "colours")
                + "&SUBSETTINGCRS=IAU_2015:49900&SUBSET=Lat(-5,5)&SUBSET=Long(170,190)&SCALESIZE=x(20),y(1)&RANGESUBSET=red"
        )
        for column in 0..<20 {
            #expect(abs(seam.values[column] - (170.5 + Double(column)) / 360 * 255) < 2)
        }
    }

    /// All seven ways to write a system are understood.
    @Test(arguments: [
        "IAU_2015:49930", "IAU:49930", "IAU:2015:49930", "urn:ogc:def:crs:IAU_2015::49930",
        "urn:ogc:def:crs:IAU:2015:49930", "http://www.opengis.net/def/crs/IAU_2015/0/49930",
        "https://www.opengis.net/def/crs/IAU/2015/49930",
    ])
    func spellings(_ text: String) throws {
        let grid = try small.grid(Self.base + "&SCALESIZE=x(4),y(4)&OUTPUTCRS=" + text)
        #expect(grid.srsName == "http://www.opengis.net/def/crs/IAU_2015/0/49930")
    }

    // Scaling (OGC 12-039).

    @Test(arguments: [
        ("SCALEFACTOR=0.5", 10, 5), ("SCALEFACTOR=2", 40, 20), ("SCALEFACTOR=0.0001", 1, 1),
        ("SCALEAXES=E(0.5)", 10, 10), ("SCALEAXES=N(2),E(.1)", 2, 20), ("SCALESIZE=x(7),y(3)", 7, 3),
        ("SCALESIZE=N(4)", 20, 4), ("SCALEEXTENT=E(10:19),N(0:4)", 10, 5),
    ])
    func scaling(_ parameter: String, _ width: Int, _ height: Int) throws {
        let p = Self.pixel
        let grid = try small.grid(
            Self.base + "&SUBSET=E(0,\(20 * p))&SUBSET=N(0,\(10 * p))&" + parameter)
        #expect(grid.width == width && grid.height == height)
        // The same place with other pixels.
        #expect(abs(grid.upper[0] - 20 * p) < 1e-6 && abs(grid.upper[1] - 10 * p) < 1e-6)
        let top = 10 * 0.9375 * (1 - 0.5 / Double(height))
        #expect(abs(grid.values[0] - 100 * top) < 60)
    }

    // Ranges (OGC 12-040).

    @Test(arguments: [
        ("green", ["green"]), ("blue,red", ["blue", "red"]), ("red:blue", ["red", "green", "blue"]),
        ("blue,red:green", ["blue", "red", "green"]),
    ])
    func fields(_ range: String, _ expected: [String]) throws {
        let grid = try small.grid(
            Self.base.replacing("heights", with: "colours")
                + "&SUBSET=E(0,100000)&SUBSET=N(0,100000)&RANGESUBSET=" + range)
        #expect(grid.fields == expected && grid.values.count == expected.count * grid.width * grid.height)
        if let blue = expected.firstIndex(of: "blue") { #expect(grid.values[blue] == 7) }
    }

    // Files.

    @Test func severalPartsHoldTheDescriptionAndTheFile() throws {
        let query = Self.base + "&SUBSET=E(0,200000)&SUBSET=N(0,200000)"
        let file = try small.answer(query)
        #expect(file.mediaType == "image/tiff" && file.body.starts(with: [0x49, 0x49, 0x2A, 0]))
        let parts = try small.answer(query + "&MEDIATYPE=multipart/related")
        #expect(parts.mediaType.hasPrefix("multipart/related; type=\"application/gml+xml\""))
        let boundary = Array(("--" + String(parts.mediaType.split(separator: "boundary=")[1])).utf8)
        let starts = parts.body.indices.filter { parts.body[$0...].starts(with: boundary) }
        try #require(starts.count == 3)
        // The file is the same, byte by byte.
        #expect(parts.body[starts[1]..<starts[2] - 2].suffix(file.body.count).elementsEqual(file.body))
        let head = String(decoding: parts.body[starts[0]..<starts[1]], as: UTF8.self)
        #expect(head.contains("RectifiedGridCoverage") && head.contains("cid:"))
    }

    @Test func geoTIFFParameters() throws {
        let query = Self.base + "&SUBSET=E(0,2000000)&SUBSET=N(0,2000000)"
        for parameters in [
            "&geotiff:compression=Deflate", "&geotiff:compression=ZSTD&geotiff:predictor=FloatingPoint",
            "&geotiff:tiling=true&geotiff:tilewidth=64&geotiff:tileheight=32", "&geotiff:compression=None",
        ] {
            let answer = try small.answer(query + parameters)
            #expect(answer.status == 200 && answer.mediaType == "image/tiff", "\(parameters)")
        }
        let cloud = try small.answer(
            query
                + "&geotiff:compression=Deflate&FORMAT=image/tiff;application=geotiff;profile=cloud-optimized"
        )
        #expect(cloud.status == 200 && cloud.mediaType.hasSuffix("profile=cloud-optimized"))
        // GDAL's words on the layout, which readers find in the first bytes.
        #expect(String(decoding: cloud.body.prefix(400), as: UTF8.self).contains("LAYOUT=IFDS_BEFORE_DATA"))
        for parameters in [
            "&FORMAT=image/png&RANGESUBSET=value,value", "&geotiff:compression=LZMA",
            "&geotiff:tiling=perhaps",
            "&geotiff:tiling=true&geotiff:tilewidth=17",
            "&geotiff:interleave=Line", "&geotiff:predictor=Magic", "&geotiff:tilewidth=0",
        ] {
            #expect(try small.mistake(query + parameters) == "InvalidParameterValue 400", "\(parameters)")
        }
    }

    // What is wrong.

    @Test(arguments: [
        ("&COVERAGEID=nosuch", "NoSuchCoverage 404"),
        ("&SUBSET=E(0,1)&SUBSET=E(0,1)", "InvalidAxisLabel 404"),
        ("&SUBSET=E(0,1)&SUBSET=x(0)", "InvalidAxisLabel 404"),
        ("&SUBSET=Lat(0,1)", "InvalidAxisLabel 404"), ("&SUBSET=time(0,1)", "InvalidAxisLabel 404"),
        ("&SUBSET=E(0,1e9)", "InvalidSubsetting 404"), ("&SUBSET=N(1e8,2e8)", "InvalidSubsetting 404"),
        ("&SUBSET=N(1e300)", "InvalidSubsetting 404"), ("&SUBSET=E(5,4)", "InvalidSubsetting 404"),
        ("&SUBSETTINGCRS=IAU_2015:49900&SUBSET=Lat(100,120)", "InvalidSubsetting 404"),
        ("&SUBSETTINGCRS=IAU_2015:49900&SUBSET=Long(0,500)", "InvalidSubsetting 404"),
        ("&SUBSETTINGCRS=IAU_2015:30110", "SubsettingCrs-NotSupported 404"),
        ("&SUBSETTINGCRS=EPSG:4326", "SubsettingCrs-NotSupported 404"),
        ("&OUTPUTCRS=IAU_2015:30110", "OutputCrs-NotSupported 404"),
        ("&OUTPUTCRS=fish", "OutputCrs-NotSupported 404"),
        (
            "&SUBSETTINGCRS=IAU_2015:49900&SUBSET=E,IAU_2015:49910(0,1)", "InvalidParameterValue 400"
        ),
        ("&FORMAT=image/x-fish", "InvalidParameterValue 400"),
        ("&INTERPOLATION=magic", "InterpolationMethodNotSupported 404"),
        ("&RANGESUBSET=nosuch", "NoSuchField 404"),
        ("&SCALEAXES=z(2)", "ScaleAxisUndefined 404"), ("&SCALESIZE=E(2),x(3)", "ScaleAxisUndefined 404"),
        ("&SCALESIZE=E(3000000000),N(1)", "InvalidExtent 404"), ("&SCALEFACTOR=1e18", "InvalidExtent 404"),
        ("&SCALEEXTENT=E(-9223372036854775807:9223372036854775807)", "InvalidExtent 404"),
        ("&SCALESIZE=E(100000),N(100000)", "InvalidParameterValue 400"),
    ])
    func mistakes(_ parameters: String, _ expected: String) throws {
        let base =
            parameters.contains("COVERAGEID")
            ? Self.base.replacing("&COVERAGEID=heights", with: "") : Self.base
        #expect(try small.mistake(base + parameters) == expected, "\(parameters)")
    }

    @Test func fieldsThatRunBackwardsAreRefused() throws {
        let query = Self.base.replacing("heights", with: "colours")
        #expect(try small.mistake(query + "&RANGESUBSET=blue:red") == "IllegalFieldSequence 404")
    }

    @Test func theLimitIsNamed() throws {
        let limited = try SmallCoverages(limits: CoverageLimits(pixels: 10_000))
        let answer = try limited.answer(Self.base)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == 400 && text.contains("10000"), "\(text)")
        // What is made small enough is given, however large the map is.
        #expect(try limited.answer(Self.base + "&SCALESIZE=x(100),y(100)").status == 200)
    }

    @Test func documentsAreAnsweredAsPairsAre() throws {
        let document = """
            <GetCoverage xmlns="http://www.opengis.net/wcs/2.0" service="WCS" version="2.0.1">
            <CoverageId>heights</CoverageId>
            <DimensionTrim><Dimension>E</Dimension><TrimLow>0</TrimLow><TrimHigh>200000</TrimHigh></DimensionTrim>
            <DimensionSlice><Dimension>N</Dimension><SlicePoint>0</SlicePoint></DimensionSlice></GetCoverage>
            """
        #expect(
            try small.answer(document: document).body
                == small.answer(Self.base + "&SUBSET=E(0,200000)&SUBSET=N(0)").body)
        #expect(
            try SmallCoverages.mistake(
                try small.answer(document: document.replacing("heights", with: "nosuch")))
                == "NoSuchCoverage 404")
    }
}

internal import XML

extension WCSRequest {
    /// The root of a request's document.
    static func root(of document: [UInt8]) throws(OGCException) -> XMLElement {
        do {
            return try XMLElement.parse(document)
        } catch {
            throw OGCException(.noApplicableCode, "The request is no XML that is read here: \(error)")
        }
    }

    /// Reads a request as a document of WCS 2.0 (OGC 09-148r1, and 09-110r4 with its extensions).
    init(_ root: XMLElement) throws(OGCException) {
        guard let service = root.attribute("service"), !service.isEmpty else { throw .missing("SERVICE") }
        guard service == "WCS" else {
            throw .invalid("SERVICE", "is \(OGCException.quoted(service)); this is the address of a WCS")
        }
        if root.name == "GetCapabilities" {
            self = .capabilities(try WCSDocumentParameters(root))
            return
        }
        guard ["DescribeCoverage", "GetCoverage"].contains(root.name) else {
            throw .unknownOperation(root.name)
        }
        guard let stated = root.attribute("version"), !stated.isEmpty else { throw .missing("VERSION") }
        guard WCSVersion(stated: stated) == .v201 else {
            throw .invalid(
                "VERSION",
                "is \(OGCException.quoted(stated)); documents of 2.0.1 are read, 1.0.0 is spoken in pairs alone"
            )
        }
        let names = root.children.filter { $0.name == "CoverageId" }.map(\.trimmedText).filter { !$0.isEmpty }
        if root.name == "DescribeCoverage" {
            guard !names.isEmpty else { throw .emptyCoverageList }
            self = .description(version: .v201, coverages: names)
        } else {
            guard let name = names.first else { throw .missing("COVERAGEID") }
            guard names.count == 1 else {
                throw .invalid("COVERAGEID", "is given \(names.count) times; one coverage is sent at a time")
            }
            self = .coverage(try WCSCoverageParameters(root, coverage: name))
        }
    }
}

extension WCSDocumentParameters {
    init(_ root: XMLElement) throws(OGCException) {
        func texts(_ list: String, _ item: String) -> [String]? {
            root.child(list).map { $0.children.filter { $0.name == item }.map(\.trimmedText) }
        }
        try self.init(
            acceptVersions: texts("AcceptVersions", "Version"), version: root.attribute("version"),
            sections: texts("Sections", "Section"), updateSequence: root.attribute("updateSequence"),
            acceptFormats: texts("AcceptFormats", "OutputFormat") ?? [])
    }
}

extension WCSCoverageParameters {
    init(_ root: XMLElement, coverage: String) throws(OGCException) {
        self.init(coverage: coverage)
        for element in root.children {
            switch element.name {
            case "DimensionTrim", "DimensionSlice": subsets.append(try WCSSubset(element))
            case "format": format = element.nonEmptyText
            case "mediaType": isMultipart = try Self.isMultipart(element.nonEmptyText)
            case "Extension": for part in element.children { try read(part) }
            default: continue
            }
        }
    }

    /// Reads an element of an extension; those that nobody here knows change nothing (OGC 09-110r4, section 7.2).
    private mutating func read(_ element: XMLElement) throws(OGCException) {
        switch element.name {
        // The standard has them in an element of their own, its examples and schema have not (OGC 11-053r1, 6.5.2).
        case "GetCoverageCrs", "parameters": for child in element.children { try read(child) }
        case "subsettingCrs": subsettingCRS = element.nonEmptyText
        case "outputCrs": outputCRS = element.nonEmptyText
        case "Scaling":
            guard scaling == nil else {
                throw .invalid("Scaling", "stands there twice; a coverage is scaled in one way")
            }
            scaling = try WCSScaling(element)
        case "Interpolation", "globalInterpolation": interpolation = try Self.interpolation(element)
        case "RangeSubset":
            range = try element.children.map { (item) throws(OGCException) in try WCSRangeItem(item) }
        default:
            guard element.namespace?.contains("geotiff") == true,
                let path = WCSGeoTIFFParameters.names.first(where: { $0.name == element.name })?.path
            else { return }
            geoTIFF[keyPath: path] = element.nonEmptyText
        }
    }

    /// The interpolation of both axes, which must be the same.
    private static func interpolation(_ element: XMLElement) throws(OGCException) -> String? {
        let global = (element.child("globalInterpolation") ?? element).nonEmptyText
        let others = element.children.filter { $0.name == "InterpolationPerAxis" }
            .compactMap { $0.child("interpolationMethod")?.nonEmptyText }
        guard others.allSatisfy({ $0 == (global ?? others[0]) }) else {
            throw OGCException(
                .interpolationMethodNotSupported, locator: "INTERPOLATION",
                "The axes have different interpolations; one for both is expected.", status: 404)
        }
        return global ?? others.first
    }
}

extension WCSSubset {
    fileprivate init(_ element: XMLElement) throws(OGCException) {
        guard let axis = element.child("Dimension")?.nonEmptyText else {
            throw OGCException(
                .invalidAxisLabel, locator: "Dimension",
                "A \(element.name) in line \(element.line) names no Dimension.", status: 404)
        }
        if element.name == "DimensionSlice" {
            guard let point = element.child("SlicePoint")?.nonEmptyText else {
                throw .subsetting("The slice of \(OGCException.quoted(axis)) has no SlicePoint")
            }
            try self.init(axis: axis, crs: nil, point: point)
        } else {
            try self.init(
                axis: axis, crs: nil, low: element.child("TrimLow")?.nonEmptyText ?? "*",
                high: element.child("TrimHigh")?.nonEmptyText ?? "*")
        }
    }
}

extension WCSScaling {
    fileprivate init(_ element: XMLElement) throws(OGCException) {
        guard let way = element.children.first, element.children.count == 1 else {
            throw .invalid(
                "Scaling",
                "holds \(element.children.count) elements; a coverage is scaled in one way (OGC 12-039)")
        }
        func axes<Value>(
            _ name: String, _ value: (XMLElement) throws(OGCException) -> Value
        ) throws(OGCException) -> [Axis<Value>] {
            var axes: [Axis<Value>] = []
            for child in way.children where child.name == name {
                axes.append(Axis(label: child.text("axis"), value: try value(child)))
            }
            return axes
        }
        switch way.name {
        case "ScaleByFactor": self = .factor(try Self.factor(way.text("scaleFactor"), "scaleFactor"))
        case "ScaleAxesByFactor":
            self = .factors(
                try axes("ScaleAxis") { (axis) throws(OGCException) in
                    try Self.factor(axis.text("scaleFactor"), "scaleFactor")
                })
        case "ScaleToSize":
            self = .sizes(
                try axes("TargetAxisSize") { (axis) throws(OGCException) in
                    try Self.size(axis.text("targetSize"), "targetSize")
                })
        case "ScaleToExtent":
            self = .extents(
                try axes("TargetAxisExtent") { (axis) throws(OGCException) in
                    try Self.extent(axis.text("low"), axis.text("high"), "TargetAxisExtent")
                })
        default:
            throw .invalid(
                "Scaling",
                "holds \(OGCException.quoted(way.name)); ScaleByFactor, ScaleAxesByFactor, ScaleToSize or ScaleToExtent was expected"
            )
        }
    }
}

extension WCSRangeItem {
    fileprivate init(_ element: XMLElement) throws(OGCException) {
        if let name = element.child("RangeComponent")?.nonEmptyText {
            self = .component(name)
        } else if let interval = element.child("RangeInterval"),
            let start = interval.child("startComponent")?.nonEmptyText,
            let end = interval.child("endComponent")?.nonEmptyText
        {
            self = .interval(start, end)
        } else {
            throw OGCException(
                .noSuchField, locator: "RangeSubset",
                "A \(element.name) in line \(element.line) names no field; a RangeComponent or a RangeInterval was expected.",
                status: 404)
        }
    }
}

extension XMLElement {
    /// The text without blanks around it; nil for none.
    fileprivate var nonEmptyText: String? { trimmedText.isEmpty ? nil : trimmedText }

    /// The text of the first element of a name inside; empty for none.
    fileprivate func text(_ name: String) -> String { child(name)?.trimmedText ?? "" }
}

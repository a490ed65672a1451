extension WCSRequest {
    /// Reads a request in key-value pairs (OGC 09-147r3, OGC 03-065r6).
    /// - Throws: an `OGCException` that names the parameter, what was found and what was expected.
    public init(_ query: KVPQuery) throws(OGCException) {
        let service = try query.required("SERVICE")
        guard service.uppercased() == "WCS" else {
            throw .invalid("SERVICE", "is \(OGCException.quoted(service)); this is the address of a WCS")
        }
        let request = try query.required("REQUEST")
        switch request.lowercased() {
        case "getcapabilities":
            self = .capabilities(try WCSDocumentParameters(query))
        case "describecoverage":
            let version = try WCSVersion.required(try query.required("VERSION"))
            self = .description(version: version, coverages: try Self.coverages(query, version))
        case "getcoverage":
            switch try WCSVersion.required(try query.required("VERSION")) {
            case .v201: self = .coverage(try WCSCoverageParameters(query))
            case .v100: self = .plainCoverage(try WCS1CoverageParameters(query))
            }
        default: throw .unknownOperation(request)
        }
    }

    private static func coverages(
        _ query: KVPQuery, _ version: WCSVersion
    ) throws(OGCException) -> [String] {
        switch version {
        case .v201:
            guard let text = try query.value(of: "COVERAGEID") else { throw .missing("COVERAGEID") }
            let names = WCSText.words(text)
            guard !names.isEmpty else { throw .emptyCoverageList }
            return names
        case .v100:
            // Without names all are described (OGC 03-065r6, section 8.2.2).
            return try query.optional("COVERAGE").map { WCSText.words($0) } ?? []
        }
    }
}

extension WCSDocumentParameters {
    init(_ query: KVPQuery) throws(OGCException) {
        var sections = try query.optional("SECTIONS")
        if sections == nil { sections = try query.optional("SECTION") }
        try self.init(
            acceptVersions: try query.optional("ACCEPTVERSIONS").map { WCSText.words($0) },
            version: try query.optional("VERSION"), sections: sections.map { WCSText.words($0) },
            updateSequence: try query.optional("UPDATESEQUENCE"),
            acceptFormats: WCSText.words(try query.optional("ACCEPTFORMATS") ?? ""))
    }
}

extension WCSCoverageParameters {
    init(_ query: KVPQuery) throws(OGCException) {
        self.init(coverage: try query.required("COVERAGEID"))
        for text in try query.values(of: "SUBSET") { subsets.append(try WCSSubset(text)) }
        format = try query.optional("FORMAT")
        isMultipart = try Self.isMultipart(try query.optional("MEDIATYPE"))
        subsettingCRS = try query.optional("SUBSETTINGCRS")
        outputCRS = try query.optional("OUTPUTCRS")
        scaling = try WCSScaling(query)
        interpolation = try query.optional("INTERPOLATION")
        range = try WCSRangeItem.list(try query.optional("RANGESUBSET") ?? "")
        for (name, path) in WCSGeoTIFFParameters.names {
            geoTIFF[keyPath: path] = try query.optional("GEOTIFF:" + name.uppercased())
        }
    }

    /// The media type of the whole answer may be that of several parts alone (OGC 09-110r4, requirement 29).
    static func isMultipart(_ text: String?) throws(OGCException) -> Bool {
        guard let text else { return false }
        guard text.lowercased().filter({ $0 != " " }) == "multipart/related" else {
            throw .invalid(
                "MEDIATYPE", "is \(OGCException.quoted(text)); multipart/related or nothing was expected")
        }
        return true
    }
}

extension WCSSubset {
    /// Reads `axis(low,high)`, `axis(point)` or `axis,crs(...)`; `*` stands for the end of the axis.
    init(_ text: String) throws(OGCException) {
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else {
            throw .subsetting(
                "SUBSET is \(OGCException.quoted(text)); an axis with its bounds was expected, such as E(0,1000)"
            )
        }
        let head = text[..<open].split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let bounds = text[text.index(after: open)...].dropLast()
            .split(separator: ",", omittingEmptySubsequences: false).map { WCSText.trimmed($0) }
        let axis = WCSText.trimmed(head[0])
        guard !axis.isEmpty else {
            throw OGCException(
                .invalidAxisLabel, locator: "SUBSET",
                "SUBSET is \(OGCException.quoted(text)); the label of an axis was expected in front of the bounds.",
                status: 404)
        }
        let crs = head.count > 1 ? WCSText.trimmed(head[1]) : nil
        switch bounds.count {
        case 1: try self.init(axis: axis, crs: crs, point: bounds[0])
        case 2: try self.init(axis: axis, crs: crs, low: bounds[0], high: bounds[1])
        default:
            throw .subsetting(
                "SUBSET is \(OGCException.quoted(text)); one place or two bounds were expected between the brackets"
            )
        }
    }

    init(axis: String, crs: String?, point: String) throws(OGCException) {
        guard let place = try Self.bound(point, axis) else {
            throw .subsetting("The subset of \(OGCException.quoted(axis)) is at *; a number was expected")
        }
        self.init(axis: axis, crs: crs.flatMap { $0.isEmpty ? nil : $0 }, part: .slice(place))
    }

    init(axis: String, crs: String?, low: String, high: String) throws(OGCException) {
        let (low, high) = (try Self.bound(low, axis), try Self.bound(high, axis))
        if let low, let high, low > high {
            throw .subsetting(
                "The subset of \(OGCException.quoted(axis)) goes from \(low) to \(high); the lesser bound comes first"
            )
        }
        self.init(axis: axis, crs: crs.flatMap { $0.isEmpty ? nil : $0 }, part: .trim(low: low, high: high))
    }

    /// A number; nil for the end of the axis.
    private static func bound(_ text: String, _ axis: String) throws(OGCException) -> Double? {
        if text == "*" { return nil }
        guard let number = NumberText.double(text) else {
            throw .subsetting(
                "The subset of \(OGCException.quoted(axis)) has the bound \(OGCException.quoted(text)); a number or * was expected"
            )
        }
        return number
    }
}

extension WCSScaling {
    private static let parameters = ["SCALEFACTOR", "SCALEAXES", "SCALESIZE", "SCALEEXTENT"]

    /// Reads the scaling of a request; nil where there is none.
    init?(_ query: KVPQuery) throws(OGCException) {
        var found: [(name: String, text: String)] = []
        for name in Self.parameters {
            if let text = try query.optional(name) { found.append((name, text)) }
        }
        guard let (name, text) = found.first else { return nil }
        guard found.count == 1 else {
            throw .invalid(
                name,
                "stands beside \(found[1].name); a coverage is scaled in one way (OGC 12-039, requirement 4)")
        }
        switch name {
        case "SCALEFACTOR": self = .factor(try Self.factor(text, name))
        case "SCALEAXES":
            self = .factors(
                try Self.axes(text, name) { (text) throws(OGCException) in try Self.factor(text, name) })
        case "SCALESIZE":
            self = .sizes(
                try Self.axes(text, name) { (text) throws(OGCException) in try Self.size(text, name) })
        default:
            self = .extents(
                try Self.axes(text, name) { (text) throws(OGCException) in
                    let ends = text.split(separator: ":", omittingEmptySubsequences: false)
                    guard ends.count == 2 else {
                        throw OGCException(
                            .invalidExtent, locator: name,
                            "\(name) has the extent \(OGCException.quoted(text)); low:high was expected.",
                            status: 404)
                    }
                    return try Self.extent(String(ends[0]), String(ends[1]), name)
                })
        }
    }

    /// Reads `axis(value),axis(value)`.
    private static func axes<Value>(
        _ text: String, _ name: String, _ value: (String) throws(OGCException) -> Value
    ) throws(OGCException) -> [Axis<Value>] {
        var axes: [Axis<Value>] = []
        var rest = text[...]
        while !rest.isEmpty {
            guard let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")") else {
                throw .invalid(
                    name, "is \(OGCException.quoted(text)); axes were expected, such as E(512),N(256)")
            }
            axes.append(
                Axis(
                    label: WCSText.trimmed(rest[..<open]),
                    value: try value(WCSText.trimmed(rest[rest.index(after: open)..<close]))))
            rest = rest[rest.index(after: close)...].drop { $0 == " " }
            guard rest.isEmpty || rest.first == "," else {
                throw .invalid(name, "is \(OGCException.quoted(text)); a comma was expected between the axes")
            }
            rest = rest.dropFirst()
        }
        return axes
    }

    static func factor(_ text: String, _ name: String) throws(OGCException) -> Double {
        guard let factor = NumberText.double(WCSText.trimmed(text)), factor > 0 else {
            throw OGCException(
                .invalidScaleFactor, locator: name,
                "\(name) has the factor \(OGCException.quoted(text)); a number above 0 was expected.",
                status: 404)
        }
        return factor
    }

    static func size(_ text: String, _ name: String) throws(OGCException) -> Int {
        // Some clients write whole numbers with a point: the schema has a decimal here.
        guard let number = NumberText.double(WCSText.trimmed(text)), number.rounded() == number,
            let size = Int(exactly: number), size > 0
        else {
            throw OGCException(
                .invalidExtent, locator: name,
                "\(name) has the size \(OGCException.quoted(text)); a whole number above 0 was expected.",
                status: 404)
        }
        return size
    }

    static func extent(_ low: String, _ high: String, _ name: String) throws(OGCException) -> ClosedRange<Int>
    {
        guard let first = NumberText.integer(WCSText.trimmed(low)),
            let last = NumberText.integer(WCSText.trimmed(high)),
            first <= last
        else {
            throw OGCException(
                .invalidExtent, locator: name,
                "\(name) has the extent \(OGCException.quoted(low + ":" + high)); two whole numbers were expected, the "
                    + "lesser one first.", status: 404)
        }
        return first...last
    }
}

extension WCSRangeItem {
    /// Reads names and intervals of names between commas.
    static func list(_ text: String) throws(OGCException) -> [WCSRangeItem] {
        var items: [WCSRangeItem] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
            let ends = word.split(separator: ":", omittingEmptySubsequences: false).map {
                WCSText.trimmed($0)
            }
            guard ends.allSatisfy({ !$0.isEmpty }), ends.count <= 2 else {
                throw OGCException(
                    .noSuchField, locator: "RANGESUBSET",
                    "RANGESUBSET is \(OGCException.quoted(text)); names of fields or intervals first:last were expected.",
                    status: 404)
            }
            items.append(ends.count == 1 ? .component(ends[0]) : .interval(ends[0], ends[1]))
        }
        return items
    }
}

/// Texts of requests.
enum WCSText {
    /// What stands between commas, without blanks around it; empty pieces are left out.
    static func words(_ text: String) -> [String] {
        text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// A text without blanks and ends of lines around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while let first = rest.unicodeScalars.first, " \t\r\n".unicodeScalars.contains(first) {
            rest = rest.dropFirst()
        }
        while let last = rest.unicodeScalars.last, " \t\r\n".unicodeScalars.contains(last) {
            rest = rest.dropLast()
        }
        return String(rest)
    }
}

extension OGCException {
    /// A subset that cannot be (OGC 09-110r4, table 26).
    static func subsetting(_ text: String) -> OGCException {
        OGCException(.invalidSubsetting, locator: "SUBSET", text + ".", status: 404)
    }

    /// No coverage is named (OGC 09-110r4, table 17).
    static let emptyCoverageList = OGCException(
        .emptyCoverageIDList, locator: "COVERAGEID", "No coverage is named; GetCapabilities lists them.",
        status: 404)

    /// A request that there is not.
    static func unknownOperation(_ name: String) -> OGCException {
        OGCException(
            .operationNotSupported, locator: "REQUEST",
            "The request \(quoted(name)) is not known; GetCapabilities, DescribeCoverage and GetCoverage are.",
            status: 501)
    }
}

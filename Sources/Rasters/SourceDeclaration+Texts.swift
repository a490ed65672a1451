public import PlanetaryFrames

extension SourceDeclaration {
    /// The declaration as words, to be kept beside a map; ``init(texts:catalogue:)`` reads them.
    public var texts: [String: String] {
        func numbers(_ values: [Double]) -> String { values.map { "\($0)" }.joined(separator: " ") }
        var texts: [String: String] = [:]
        texts["body"] = body?.name
        texts["crs"] = crs
        texts["extent"] = extent.map { numbers([$0.west, $0.south, $0.east, $0.north]) }
        texts["registration"] = registration?.rawValue
        texts["latitude"] = latitudeKind?.rawValue
        texts["longitude"] = longitudeSense?.rawValue
        if let longitudeSystem {
            texts["longitude-system"] = longitudeSystem.name
            texts["longitude-system-offset"] = longitudeSystem.offsetToIAUDegrees.map { "\($0)" }
            texts["longitude-system-source"] = longitudeSystem.source
        }
        if let noData { texts["nodata"] = noData.map { "\($0)" } ?? "none" }
        texts["bands"] = bands.map { $0.map(String.init).joined(separator: " ") }
        if let rule = noDataRule {
            texts["nodata-values"] = numbers(rule.values)
            texts["nodata-range"] = rule.range.map { numbers([$0.lowerBound, $0.upperBound]) }
            texts["nodata-edge"] = rule.isEdgeConnected ? "yes" : "no"
            texts["nodata-erode"] = String(rule.erodePixels)
        }
        return texts
    }

    /// A declaration from its words; nil for words that ``texts`` does not write.
    public init?(texts: [String: String], catalogue: BodyCatalogue) {
        func numbers(_ text: String) -> [Double]? {
            let parts = text.split(separator: " ").map { Double($0) }
            let values = parts.compactMap(\.self)
            return values.count == parts.count ? values : nil
        }
        self.init()
        var rule: NoDataRule?
        for (key, text) in texts {
            switch key {
            case "body":
                guard let found = try? catalogue.body(named: text) else { return nil }
                body = found
            case "crs": crs = text
            case "extent":
                guard let edges = numbers(text), edges.count == 4 else { return nil }
                extent = Extent(west: edges[0], south: edges[1], east: edges[2], north: edges[3])
            case "registration":
                guard let value = Registration(rawValue: text) else { return nil }
                registration = value
            case "latitude":
                guard let value = LatitudeKind(rawValue: text) else { return nil }
                latitudeKind = value
            case "longitude":
                guard let value = LongitudeSense(rawValue: text) else { return nil }
                longitudeSense = value
            case "longitude-system":
                let offset = texts["longitude-system-offset"].map { Double($0) }
                guard
                    let value = LongitudeSystem(
                        name: text, offsetToIAUDegrees: offset ?? nil,
                        source: texts["longitude-system-source"] ?? "")
                else { return nil }
                longitudeSystem = value
            case "nodata":
                if text == "none" {
                    noData = .some(nil)
                } else {
                    guard let value = Double(text) else { return nil }
                    noData = value
                }
            case "bands":
                let found = text.split(separator: " ").map { Int($0) }
                guard !found.contains(nil) else { return nil }
                bands = found.compactMap(\.self)
            case "nodata-values":
                guard let values = numbers(text) else { return nil }
                rule = NoDataRule(
                    values: values, isEdgeConnected: texts["nodata-edge"] == "yes",
                    erodePixels: texts["nodata-erode"].flatMap { Int($0) } ?? 0)
                if let limits = texts["nodata-range"].flatMap(numbers) {
                    guard limits.count == 2, limits[0] <= limits[1] else { return nil }
                    rule?.range = limits[0]...limits[1]
                }
            case "longitude-system-offset", "longitude-system-source", "nodata-range", "nodata-edge",
                "nodata-erode":
                continue
            default: return nil
            }
        }
        noDataRule = rule
    }
}

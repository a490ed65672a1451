internal import GDAL
internal import Glibc
public import HiPS
public import PlanetaryFrames

/// Imports a file of features as a layer.
public struct FeatureImporter {
    private let request: ImportRequest
    private let catalogue: BodyCatalogue

    /// Takes a request.
    public init(_ request: ImportRequest, catalogue: BodyCatalogue) {
        self.request = request
        self.catalogue = catalogue
    }

    /// Reads the file and makes the layer; on failure the old layer is there as it was.
    ///
    /// Memory does not grow with the number of features, but for what GDAL's driver of the format keeps.
    /// - Parameter progress: is told the number of features read, now and then.
    /// - Throws: ``FeatureError``, `FrameError` for coordinates that cannot be understood, `GDALError` for files that cannot
    ///   be read.
    public func run(into data: DataDirectory, progress: (Int) -> Void = { _ in }) throws -> ImportReport {
        let start = Self.now
        let dataset = try VectorSource.open(request.path)
        let (index, layer) = try chosen(try dataset.layers())
        let columns = try ImportColumns(layer, request)
        let usesColumns = columns.place != nil
        let named = usesColumns ? nil : VectorSource.namedSystem(request.path, driver: dataset.driver)
        let angles = try SourceAngles(
            request, definition: usesColumns ? nil : named ?? layer.crsWKT,
            isImplied: !usesColumns && named == nil
                && VectorSource.isImplied(layer.crsWKT, driver: dataset.driver),
            losesSense: named == nil && VectorSource.withoutSense.contains(dataset.driver),
            catalogue: catalogue, sense: columns.namedSense)
        let placer = GeometryPlacer(angles: angles)
        let store = try FeatureStore.writing(data)
        let writer = try LayerWriter(
            store, name: request.name, body: request.body, columns: columns.columns, mode: request.mode)
        var tally = ImportTally()
        var check = LongitudeCheck(columns.columns, leavingOut: columns.place?.longitude)
        var read = 0
        try dataset.read(layer: index, where: request.condition) { feature in
            read += 1
            if read % 10_000 == 0 { progress(read) }
            var outcome = self.outcome(feature, columns, placer)
            var values = feature.values.map { Self.value($0) }
            if request.keepsOriginals {
                let original = outcome.isRepaired ? feature.geometry.flatMap { VectorGeometry.wkt($0) } : nil
                values.append(original.map { .text($0) } ?? .null)
            }
            if outcome.geometry == nil, !outcome.isRefused { outcome.findings.insert(.noPlace) }
            tally.add(outcome.findings, feature: read)
            guard !outcome.isRefused else { return }
            check.add(outcome.geometry, values)
            try writer.add(outcome.geometry, values)
        }
        guard writer.count > 0 else {
            throw FeatureError.source(
                path: request.path,
                reason: read == 0
                    ? "it holds no features" + (request.condition.map { " where \($0)" } ?? "")
                    : "none of its \(read) features is a place on \(request.body.name); "
                        + tally.counts.keys.map(\.text).sorted().joined(separator: "; "))
        }
        let assumptions = self.assumptions(angles, columns, layer, dataset.driver)
        let name = request.path.split(separator: "/").last.map(String.init) ?? request.path
        try writer.finish(
            description: request.description ?? "\(layer.name), from \(name)", source: name,
            assumptions: assumptions)
        return ImportReport(
            layer: request.name, format: dataset.driver, read: read, written: writer.count,
            coordinates: angles.summary, assumptions: assumptions, tally: tally, columns: columns.columns,
            renamed: columns.renamed, remarks: check.remarks, seconds: Self.now - start)
    }

    private func chosen(_ layers: [VectorLayer]) throws(FeatureError) -> (Int, VectorLayer) {
        let names = layers.map(\.name).joined(separator: ", ")
        if let wanted = request.sourceLayer {
            guard let index = layers.firstIndex(where: { $0.name == wanted }) else {
                throw .source(path: request.path, reason: "there is no layer \(wanted); it has \(names)")
            }
            return (index, layers[index])
        }
        guard layers.count == 1 else {
            throw .source(
                path: request.path,
                reason: layers.isEmpty
                    ? "it has no layers" : "it has several layers; choose one with --from-layer: \(names)")
        }
        return (0, layers[0])
    }

    private func outcome(_ feature: VectorFeature, _ columns: ImportColumns, _ placer: GeometryPlacer)
        -> GeometryPlacer.Outcome
    {
        var sense: LongitudeSense?
        if let column = columns.sense {
            switch Self.word(feature.values[column]) {
            case "w", "west": sense = .west
            case "e", "east": sense = .east
            default: return GeometryPlacer.Outcome(findings: [.outOfRange], isRefused: true)
            }
        }
        if let place = columns.place {
            guard let x = Self.number(feature.values[place.longitude]),
                let y = Self.number(feature.values[place.latitude])
            else { return GeometryPlacer.Outcome() }
            return placer.place(.point(Position(x, y)), rowSense: sense)
        }
        guard let bytes = feature.geometry else { return GeometryPlacer.Outcome() }
        guard let (geometry, hasMore) = try? WellKnownBinary.read(bytes.span) else {
            return GeometryPlacer.Outcome(findings: [.unreadable], isRefused: true)
        }
        guard let geometry else { return GeometryPlacer.Outcome() }
        var outcome = placer.place(geometry, rowSense: sense)
        if hasMore { outcome.findings.insert(.thirdCoordinates) }
        return outcome
    }

    private func assumptions(
        _ angles: SourceAngles, _ columns: ImportColumns, _ layer: VectorLayer, _ format: String
    ) -> [String] {
        var notes = ["coordinates were taken for \(angles.summary)"] + angles.assumptions
        if let place = columns.place {
            notes.append(
                "places are those of the columns \(layer.fields[place.longitude].name) and "
                    + layer.fields[place.latitude].name)
        }
        if format == "GML" {
            notes.append("the first number of each place was taken for the longitude, or for x")
        }
        if let sense = columns.sense {
            notes.append("the sense of longitudes is that of the column \(layer.fields[sense].name)")
        }
        if columns.namedSense != nil {
            notes.append("the column's name says that longitudes grow to the west")
        }
        return notes
    }

    private static func value(_ value: VectorValue) -> FeatureValue {
        switch value {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        case .binary(let bytes): .binary(bytes)
        }
    }

    private static func number(_ value: VectorValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .text(let text): Double(text.filter { !$0.isWhitespace })
        case .null, .binary: nil
        }
    }

    private static func word(_ value: VectorValue) -> String {
        if case .text(let text) = value { return text.lowercased().filter { $0.isLetter } }
        return ""
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

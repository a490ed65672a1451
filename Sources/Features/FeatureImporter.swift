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
        let source = try VectorSource.open(request.path)
        let (index, layer) = try chosen(source.layers)
        var columns = try ImportColumns(layer, request)
        let usesColumns = columns.place != nil
        if let system = source.skySystem(ofLayer: index), usesColumns, request.longitudeColumn == nil {
            throw FeatureError.source(
                path: request.path,
                reason: "its places are stated in \(system), a system of the sky; where they are places on "
                    + "\(request.body.name) after all, name their columns with --lon-column and --lat-column")
        }
        let isGML = source.format == "GML"
        let named = usesColumns ? nil : VectorSource.namedSystem(request.path, driver: source.format)
        let gmlName = isGML ? VectorSource.namedSystemOfGML(request.path) : nil
        let isTable = usesColumns && source.format != "VOTable"
        let angles = try SourceAngles(
            request, definition: isTable ? nil : named ?? layer.crsWKT ?? gmlName,
            isImplied: !usesColumns && named == nil
                && VectorSource.isImplied(layer.crsWKT, driver: source.format),
            losesSense: named == nil && VectorSource.withoutSense.contains(source.format),
            catalogue: catalogue, sense: columns.namedSense)
        try columns.heedUnits(isGeographic: angles.isGeographic, layer, request)
        // GDAL turns round what it knows by itself, which no system of the IAU is.
        let isLatitudeFirst =
            !usesColumns
            && (request.isLatitudeFirst
                ?? (angles.isGeographic
                    && gmlName.map { VectorSource.meansOrderOfAuthority($0) } ?? false))
        let placer = GeometryPlacer(angles: angles)
        let store = try FeatureStore.writing(data)
        let writer = try LayerWriter(
            store, name: request.name, body: request.body, columns: columns.columns, mode: request.mode)
        var tally = ImportTally()
        var check = LongitudeCheck(columns.columns, leavingOut: columns.place?.longitude)
        var read = 0
        try source.read(layer: index, where: request.condition) { feature in
            read += 1
            if read % 10_000 == 0 { progress(read) }
            var outcome = self.outcome(feature, columns, placer, isLatitudeFirst)
            // Texts of PDS3 tables are filled up with blanks.
            var values = feature.values.map { Self.value($0, isPadded: source.format == "OGR_PDS") }
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
        var assumptions = self.assumptions(angles, columns, layer) + source.notes
        if isGML || isLatitudeFirst {
            assumptions.append(
                "the first number of each place was taken for the \(isLatitudeFirst ? "latitude" : "longitude, or for x")"
                    + (gmlName.map { request.isLatitudeFirst == nil ? ", for the system is named \($0)" : "" }
                        ?? ""))
        }
        let name = request.path.split(separator: "/").last.map(String.init) ?? request.path
        try writer.finish(
            description: request.description ?? "\(layer.name), from \(name)", source: name,
            assumptions: assumptions)
        return ImportReport(
            layer: request.name, format: source.format, read: read, written: writer.count,
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

    private func outcome(
        _ feature: VectorFeature, _ columns: ImportColumns, _ placer: GeometryPlacer, _ isLatitudeFirst: Bool
    ) -> GeometryPlacer.Outcome {
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
            return placer.place(
                .point(Position(x * place.longitudeScale, y * place.latitudeScale)), rowSense: sense)
        }
        guard let bytes = feature.geometry else { return GeometryPlacer.Outcome() }
        guard let (geometry, hasMore) = try? WellKnownBinary.read(bytes.span) else {
            return GeometryPlacer.Outcome(findings: [.unreadable], isRefused: true)
        }
        guard let geometry else { return GeometryPlacer.Outcome() }
        var outcome = placer.place(isLatitudeFirst ? geometry.exchanged : geometry, rowSense: sense)
        if hasMore { outcome.findings.insert(.thirdCoordinates) }
        return outcome
    }

    private func assumptions(
        _ angles: SourceAngles, _ columns: ImportColumns, _ layer: VectorLayer
    ) -> [String] {
        var notes = ["coordinates were taken for \(angles.summary)"] + angles.assumptions
        if let place = columns.place {
            notes.append(
                "places are those of the columns \(layer.fields[place.longitude].name) and "
                    + layer.fields[place.latitude].name + (place.isMeant ? ", whose UCDs say so" : ""))
        }
        if let sense = columns.sense {
            notes.append("the sense of longitudes is that of the column \(layer.fields[sense].name)")
        }
        if columns.namedSense != nil {
            notes.append("the column's name says that longitudes grow to the west")
        }
        return notes
    }

    private static func value(_ value: VectorValue, isPadded: Bool) -> FeatureValue {
        switch value {
        case .null: .null
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .text(let text): isPadded ? unpadded(text) : .text(text)
        case .binary(let bytes): .binary(bytes)
        }
    }

    private static func unpadded(_ text: String) -> FeatureValue {
        guard let end = text.lastIndex(where: { $0 != " " }) else { return .null }
        return .text(String(text[...end]))
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

internal import HEALPix
internal import HiPS
internal import PlanetaryFrames
internal import Rasters
internal import Settings
internal import Tiles

/// Writes the lines of a ``SurveyDraft``.
struct SurveyDraftWriter {
    let plan: HiPSPlan
    let input: String
    /// Whether the user stated the body.
    let statesBody: Bool
    /// The coordinate reference system that the user stated.
    let crs: String?
    /// The systems of longitude one of which has to be named.
    let lacking: [LongitudeSystem]
    let catalogue: BodyCatalogue

    private var source: RasterSource { plan.source }
    private var body: Body { source.frame.body }

    var text: String {
        let parts = [head, identity, place, values, products]
        return parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var head: [String] {
        [
            "# Survey of \(YAMLText.comment(MapProperties.progenitor(plan.request))), drafted from what is believed of it.",
            "# Lines with \"believed\" and a # in front are what the file says itself; where one is wrong, take its # away",
            "# and say what is right: the survey wins over the file. FILL IN marks what no file can say.",
            "# The keys: docs/surveys.md. Checks: tessera survey check, tessera inspect.",
        ] + source.warnings.map { "# Warning: \(YAMLText.comment($0))" }
    }

    private var identity: [String] {
        let name = plan.map.name
        return [
            line("name: \(YAMLText.scalar(name))", "in paths and URLs"),
            line("body: \(bodyText)", statesBody ? Self.stated : believed),
            line(
                "title: \(YAMLText.scalar(plan.request.title ?? "\(body.name) \(name)"))",
                "FILL IN, for people"),
            line("# description: ", "FILL IN: what the map shows and where its numbers come from"),
            line("# credit: ", "FILL IN: who made the data"),
            line("# licence: ", "FILL IN: under which terms they may be used"),
            "inputs: \(YAMLText.scalar(input))",
        ]
    }

    /// The body's name, or its code where the name would be another's.
    private var bodyText: String {
        let isNamed = (try? catalogue.body(named: body.name)) == body
        return isNamed ? YAMLText.scalar(body.name) : String(body.naifCode)
    }

    // MARK: - Place

    private var place: [String] {
        var lines = [
            "# Where its pixels lie: \(source.driver), \(source.fileColumns) x \(source.fileRows) pixels, "
                + "\(YAMLText.comment(source.georeferencing)), \(number(source.resolutionMetres.rounded())) m a pixel."
        ]
        if let crs {
            lines.append(line("crs: \(YAMLText.scalar(crs))", Self.stated))
        } else if let code = source.frame.identifier {
            lines.append(
                line("# crs: \(code)", "believed, \(YAMLText.comment(source.frame.crsName)) of the file"))
        } else {
            lines.append(
                "# crs: believed, \(YAMLText.comment(source.frame.crsName)) of the file, which has no code")
        }
        for topic in [Belief.Topic.projection, .radius, .grid] {
            for belief in source.beliefs where belief.topic == topic {
                lines.append(fact(belief))
            }
        }
        if case .grid(let grid) = source.placement, let extent = extent(grid) {
            lines.append(line("# extent: \(extent)", "believed, outer edges: \(source.georeferencing)"))
            lines.append(line("# registration: pixel", "that of the extent"))
        }
        if let kind = belief(.latitudes, LatitudeKind.self) {
            lines.append(line("# latitude_kind: \(kind.0)", "believed, from \(kind.1)"))
        }
        if let sense = longitudeSense {
            lines.append(line("# longitude_sense: \(sense.0)", "believed, from \(sense.1)"))
        }
        return lines + longitudeSystems
    }

    private var longitudeSystems: [String] {
        let systems = lacking.isEmpty ? body.longitudeSystems : lacking
        guard systems.count > 1 || !lacking.isEmpty else { return [] }
        let head =
            lacking.isEmpty
            ? [] : ["# FILL IN the longitudes that it counts, without which nothing is built; known are:"]
        return head
            + systems.enumerated().map { index, system in
                let isTaken = index == 0 && lacking.isEmpty
                let offset =
                    system.offsetToIAUDegrees.map { "IAU longitude = longitude + \(number($0)) degrees east" }
                    ?? "no offset leads to the IAU's"
                return line(
                    "# longitude_system: \(YAMLText.scalar(system.name))",
                    (isTaken ? "taken where nothing is said; " : "") + "\(offset); \(system.source)")
            }
    }

    private var longitudeSense: (LongitudeSense, String)? {
        for belief in source.beliefs where belief.topic == .longitudes {
            for sense in LongitudeSense.allCases where belief.value.hasPrefix("\(sense)-positive") {
                return (sense, belief.origin)
            }
        }
        return nil
    }

    private func belief<Word>(_ topic: Belief.Topic, _: Word.Type) -> (Word, String)?
    where Word: RawRepresentable<String> {
        for belief in source.beliefs where belief.topic == topic {
            if let word = Word(rawValue: belief.value) { return (word, belief.origin) }
        }
        return nil
    }

    /// West, south, east, north as `extent` has them; nil for what it cannot say.
    private func extent(_ grid: SourceGrid) -> String? {
        let orientation = source.orientation
        let sense = longitudeSense?.0 ?? .east
        guard !orientation.rowsRunNorth, sense == .west || !orientation.columnsRunWest else { return nil }
        let turned =
            plan.request.declaration.longitudeSystem.flatMap { body.resolved($0).offsetToIAUDegrees } ?? 0
        let west = grid.westEdge - turned
        let east = west + Double(source.fileColumns) * grid.longitudeStep
        var (left, right) = orientation.columnsRunWest ? (east, west) : (west, east)
        if sense == .west {
            (left, right) = (-left, -right)
            if min(left, right) < 0 { (left, right) = (left + 360, right + 360) }
        }
        let south = grid.firstLatitude - (Double(grid.rows) - 0.5) * grid.latitudeStep
        let north = grid.firstLatitude + grid.latitudeStep / 2
        // Maps that overlap themselves, or the poles, by a pixel have edges that no survey can state.
        guard east - west < 360 + 1e-9, north < 90 + 1e-9, south > -90 - 1e-9 else { return nil }
        let numbers = [left, south, right, north].map { number(($0 * 1e9).rounded() / 1e9) }
        return "[" + numbers.joined(separator: ", ") + "]"
    }

    // MARK: - Values

    private var values: [String] {
        let kind = source.plan.isValues ? "values" : "colours"
        var lines = ["# What they hold: \(kind), \(source.plan.storedTypeName)."]
        if let value = source.plan.noData {
            let belief = source.beliefs.first { $0.topic == .noData && $0.value == "\(value)" }
            let origin = belief?.origin ?? "the file"
            lines.append(line("# nodata: \(value.isNaN ? "nan" : number(value))", "believed, from \(origin)"))
        } else if source.plan.usesMask {
            lines.append("# nodata: believed, as the file's own mask says")
        } else {
            lines.append(
                line("# nodata: none", "no value is declared; say one where some stands for no data"))
        }
        // A choice of bands leaves out an opacity that the file's own colours may have: only a stated one is a key.
        if let bands = plan.request.declaration.bands {
            lines.append(line("bands: [\(bands.map(String.init).joined(separator: ", "))]", Self.stated))
        }
        let topics: [Belief.Topic] =
            plan.request.declaration.bands == nil ? [.bands, .scale, .unit] : [.scale, .unit]
        for topic in topics {
            for belief in source.beliefs where belief.topic == topic {
                lines.append(fact(belief))
            }
        }
        if source.plan.isValues, let vertical { lines.append(vertical) }
        return lines
    }

    private var vertical: String? {
        // Bytes are brightness as a rule, also in relief made of heights.
        guard !source.plan.isBytes else { return nil }
        let product = MapProperties.progenitor(plan.request)
        guard let known = VerticalReference.known(product: product, body: body, offset: source.plan.offset)
        else {
            return line(
                "# vertical: {quantity: elevation, reference: sphere, radius: \(number(body.sphereRadiusMetres)), unit: m}",
                "FILL IN if these are heights: areoid, geoid, sphere, ellipsoid; or radii from the centre")
        }
        let reference = known.reference
        let radius = reference.radiusMetres.map { ", radius: \(number($0))" } ?? ""
        return line(
            "vertical: {quantity: \(reference.quantity), reference: \(reference.surface)\(radius), unit: \(reference.unit)}",
            "believed: \(known.reason)")
    }

    // MARK: - Products

    private var products: [String] {
        let order = plan.tiles.leafOrder.value
        let degree = Double.pi / 180 * source.frame.radiusMetres
        let pixel = TilePlan.pixelDegrees(order: order) * degree
        return [
            "# What is built of it.",
            line("order: \(order)", "suggested: pixels of \(number(pixel.rounded())) m"),
            line(
                "formats: [\(plan.tiles.formats.map(\.rawValue).joined(separator: ", "))]",
                "suggested; fits, png, jpeg, webp"),
            line(
                "resampling: \(MapProperties.word(plan.tiles.resampling))",
                "suggested; bilinear, nearest, bicubic, lanczos, average"),
        ]
    }

    // MARK: - Text

    private static let stated = "as stated to the program that drafted this"

    private var believed: String {
        "believed, from \(source.beliefs.last { $0.topic == .body }?.origin ?? "the file")"
    }

    /// What no key says.
    private func fact(_ belief: Belief) -> String {
        line(
            "# (\(belief.topic.rawValue): \(YAMLText.comment(belief.value)))",
            "believed, from \(belief.origin)")
    }

    private func line(_ text: String, _ note: String) -> String {
        let padding = String(repeating: " ", count: max(1, 34 - text.count))
        return text + padding + "# " + YAMLText.comment(note)
    }

    private func number(_ value: Double) -> String { MapProperties.number(value) }
}

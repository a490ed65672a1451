internal import PlanetaryFrames

/// The map projection of a PDS3 or ISIS 2 label (`IMAGE_MAP_PROJECTION`), or of VICAR's property `MAP`.
struct MapProjectionLabel {
    let map: PVLLabel.Group
    /// The body's name in the label.
    let target: String?
    /// Columns and rows of the whole map.
    let columns, rows: Int

    /// The names under which a plate carrée goes.
    private static let equirectangular: Set<String> = [
        "SIMPLECYLINDRICAL", "EQUIRECTANGULAR", "EQUIDISTANTCYLINDRICAL", "EQUIDISTANT", "CYLINDRICAL",
        "PLATECARREE", "SIMPLE", "NORMALCYLINDRICAL",
    ]

    /// Adds what the group says to the facts; where the projection is no plate carrée, GDAL's system stands.
    func read(into facts: inout LabelFacts) {
        guard let type = map.text("MAP_PROJECTION_TYPE") else { return }
        let word = type.uppercased().filter { $0.isLetter }
        facts.believe(.projection, type.lowercased(), from: "MAP_PROJECTION_TYPE of the label")
        guard !refuseUnits(into: &facts) else { return }
        readLatitudeKind(into: &facts)
        let sense = readSense(into: &facts)
        if !word.hasPrefix("OBLIQUE") {
            facts.readCentre("CENTER_LONGITUDE", "CENTER_LONGITUDE", map, sense)
        } else if map.text("POSITIVE_LONGITUDE_DIRECTION") != nil {
            facts.readCentre("OBLIQUE_PROJ_POLE_LONGITUDE", "OBLIQUE_PROJ_POLE_LONGITUDE", map, sense)
        }
        if let a = metres("A_AXIS_RADIUS"), let c = metres("C_AXIS_RADIUS") { facts.axisRatio = c / a }
        guard Self.equirectangular.contains(word), word != "NORMALCYLINDRICAL" else {
            readPlane(word, into: &facts)
            return
        }
        guard rotation.truncatingRemainder(dividingBy: 360) == 0 else {
            facts.refusal = (
                "its map is rotated by \(rotation) degrees (MAP_PROJECTION_ROTATION)",
                "expected an upright map; rotate it first with gdalwarp"
            )
            return
        }
        guard let radius = radius(into: &facts), let scale = resolution(radius: radius, into: &facts) else {
            return
        }
        let simple = word == "SIMPLECYLINDRICAL" || word == "PLATECARREE" || word == "SIMPLE"
        let centre = sense.eastward(map.number("CENTER_LONGITUDE") ?? 0)
        let latTs = simple ? 0 : trueScale
        let x = self.x(centre: centre, latTs: latTs, scale: scale, sense: sense)
        let y = self.y(scale: scale)
        guard let placedX = x.axis.placement(), let placedY = y.placement() else {
            facts.warnings.append(
                "the label has neither offsets of the projection nor limits that fit its size; the grid is GDAL's reading"
            )
            return
        }
        tell("lines", "LINE_PROJECTION_OFFSET", "MAXIMUM_LATITUDE", y, placedY, into: &facts)
        tell("samples", "SAMPLE_PROJECTION_OFFSET", "WESTERNMOST_LONGITUDE", x.axis, placedX, into: &facts)
        if x.latTs != latTs {
            facts.warnings.append(
                "the longitudes of the label fit columns of \(scale) pixels a degree at the equator, not at the latitude "
                    + "\(latTs) of its centre; that latitude is left out of account")
        }
        // Whole degrees stay whole: the metres are made of them only for the common way through a CRS.
        let metres = radius * .pi / 180
        let degree = metres / scale
        facts.transform = [
            -placedX.edge * degree, degree, 0, placedY.edge * degree, 0, -degree,
        ]
        let body = target ?? ""
        facts.bodyName = body.isEmpty ? nil : body
        facts.definition = equirectangularWKT(
            body: body.isEmpty ? "unnamed" : body, radiusMetres: radius, centre: centre, latTs: x.latTs)
        facts.believe(
            .longitudes, "the projection is centred on \(centre) E", from: "CENTER_LONGITUDE of the label")
    }

    /// Degrees by which lines and samples are turned against the projection.
    var rotation: Double { map.number("MAP_PROJECTION_ROTATION") ?? 0 }

    private var trueScale: Double {
        map.number("FIRST_STANDARD_PARALLEL") ?? map.number("CENTER_LATITUDE") ?? 0
    }

    // MARK: - Kinds

    private func readLatitudeKind(into facts: inout LabelFacts) {
        for keyword in ["PROJECTION_LATITUDE_TYPE", "KEYWORD_LATITUDE_TYPE", "COORDINATE_SYSTEM_NAME"] {
            guard let text = map.text(keyword)?.uppercased() else { continue }
            let kind: LatitudeKind
            if text.contains("PLANETOGRAPHIC") {
                kind = .planetographic
            } else if text.contains("PLANETOCENTRIC") {
                kind = .planetocentric
            } else {
                continue
            }
            if let earlier = facts.latitudeKind {
                if earlier != kind {
                    facts.warnings.append(
                        "\(keyword) says \(kind), but another keyword of the label \(earlier); the latter is believed"
                    )
                }
            } else {
                facts.latitudeKind = kind
                facts.believe(.latitudes, kind.rawValue, from: "\(keyword) of the label")
            }
        }
    }

    private func readSense(into facts: inout LabelFacts) -> LongitudeSense {
        guard let text = map.text("POSITIVE_LONGITUDE_DIRECTION")?.uppercased() else {
            facts.warnings.append(
                "the label does not say POSITIVE_LONGITUDE_DIRECTION; its longitudes are taken as east-positive"
            )
            return .east
        }
        let sense: LongitudeSense = text.hasPrefix("W") ? .west : .east
        facts.believe(
            .longitudes, "\(sense)-positive in the label", from: "POSITIVE_LONGITUDE_DIRECTION of the label")
        return sense
    }

    // MARK: - Numbers

    /// Metres in a unit of length, or of length a pixel; kilometres where none is said, and nil for an unknown one.
    static func metres(inUnit unit: String?) -> Double? {
        switch unit?.lowercased().split(whereSeparator: { !$0.isLetter }).first ?? "km" {
        case "km", "kilometer", "kilometers", "kilometre", "kilometres": 1000
        case "m", "meter", "meters", "metre", "metres": 1
        case "cm", "centimeter", "centimeters", "centimetre", "centimetres": 0.01
        default: nil
        }
    }

    func metres(_ keyword: String) -> Double? {
        guard let value = map.number(keyword), value > 0,
            let unit = Self.metres(inUnit: map.entry(keyword)?.unit)
        else { return nil }
        return value * unit
    }

    /// GDAL takes every unit that it does not know for kilometres.
    private func refuseUnits(into facts: inout LabelFacts) -> Bool {
        for keyword in ["A_AXIS_RADIUS", "C_AXIS_RADIUS", "MAP_SCALE"] {
            guard let value = map.number(keyword), let unit = map.entry(keyword)?.unit,
                Self.metres(inUnit: unit) == nil
            else { continue }
            facts.refusal = (
                "its label gives \(value) <\(unit)> for \(keyword), a unit that is not known",
                "expected kilometres, metres or centimetres: mend the label"
            )
            return true
        }
        return false
    }

    private func radius(into facts: inout LabelFacts) -> Double? {
        guard let a = metres("A_AXIS_RADIUS") else { return nil }
        facts.believe(.radius, "\(a) m", from: "A_AXIS_RADIUS of the label")
        if let c = metres("C_AXIS_RADIUS"), c != a {
            facts.warnings.append(
                "the label gives radii of \(a) and \(c) m; the map is taken for one on the sphere of the first"
            )
        }
        return a
    }

    /// Pixels a degree of latitude.
    private func resolution(radius: Double, into facts: inout LabelFacts) -> Double? {
        var fromScale: Double?
        if let metres = metres("MAP_SCALE") {
            fromScale = radius * .pi / 180 / metres
        }
        guard let stated = map.number("MAP_RESOLUTION"), stated > 0 else { return fromScale }
        if let fromScale, abs(fromScale / stated - 1) > 0.005 {
            facts.warnings.append(
                "MAP_SCALE makes \(fromScale) pixels a degree, MAP_RESOLUTION says \(stated); the latter is believed"
            )
        }
        return stated
    }

    func y(scale: Double) -> MapAxis {
        var limits: (first: Double, last: Double)?
        if let north = map.number("MAXIMUM_LATITUDE"), let south = map.number("MINIMUM_LATITUDE") {
            limits = (north * scale, south * scale)
        }
        return MapAxis(offset: map.number("LINE_PROJECTION_OFFSET"), limits: limits, count: rows)
    }

    /// The axis of longitudes, with the latitude of true scale that fits the limits of the label best.
    private func x(
        centre: Double, latTs: Double, scale: Double, sense: LongitudeSense
    ) -> (axis: MapAxis, latTs: Double) {
        let offset = map.number("SAMPLE_PROJECTION_OFFSET")
        func axis(_ latTs: Double) -> MapAxis {
            let perDegree = scale * cosineOfDegrees(latTs)
            return MapAxis(offset: offset, limits: longitudeLimits(centre, perDegree, sense), count: columns)
        }
        let stated = axis(latTs)
        guard latTs != 0, let first = stated.placement(), first.contradictsLimits else {
            return (stated, latTs)
        }
        let plain = axis(0)
        guard let second = plain.placement(), !second.contradictsLimits else { return (stated, latTs) }
        return (plain, 0)
    }

    private func longitudeLimits(
        _ centre: Double, _ perDegree: Double, _ sense: LongitudeSense
    ) -> (first: Double, last: Double)? {
        guard let westernmost = map.number("WESTERNMOST_LONGITUDE"),
            let easternmost = map.number("EASTERNMOST_LONGITUDE")
        else { return nil }
        let west = sense.eastward(westernmost)
        var width = sense.eastward(easternmost) - west
        if width <= 0 { width += 360 }
        guard width > 0, width <= 360 else { return nil }
        // Of the turns that the left edge may be counted in, the one that the offset means.
        var left = centre - west
        if let offset = map.number("SAMPLE_PROJECTION_OFFSET") {
            let turns = ((offset / perDegree - left) / 360).rounded()
            guard turns.isFinite, abs(turns) < 4 else { return nil }
            left += 360 * turns
        } else {
            left -= 360 * ((left - width / 2) / 360).rounded()
        }
        return (left * perDegree, (left - width) * perDegree)
    }

    private func tell(
        _ what: String, _ keyword: String, _ limit: String, _ axis: MapAxis, _ placed: MapAxis.Placement,
        into facts: inout LabelFacts
    ) {
        guard let offset = axis.offset, let convention = placed.convention else {
            facts.believe(.grid, "the limits are the edges of the \(what)", from: "\(limit) of the label")
            return
        }
        let confirmed = placed.residual.map { abs($0) <= MapAxis.tolerance } ?? false
        facts.believe(
            .grid, "\(what): \(offset) is \(convention.rawValue)",
            from: confirmed
                ? "\(keyword) and \(limit) of the label" : "\(keyword) of the label and its definition")
        if placed.isUnconfirmed {
            let difference = placed.residual.map { "they differ by \(($0 * 1000).rounded() / 1000) pixels" }
            facts.warnings.append(
                "\(limit) does not tell how \(keyword) is counted\(difference.map { ": " + $0 } ?? ""); "
                    + "the map may lie a pixel beside its place")
        }
    }
}

extension LongitudeSense {
    /// The east longitude, not wrapped, of one counted in this sense.
    func eastward(_ degrees: Double) -> Double { self == .east ? degrees : 0 - degrees }
}

internal import PlanetaryFrames

extension SourcePlacing {
    mutating func settleKinds(_ meaning: inout Meaning, _ facts: inout LabelFacts) {
        let body = meaning.frame.body
        let isFlat = body.polarRadiusMetres != body.equatorialRadiusMetres
        var kind = meaning.kind ?? .planetocentric
        var kindOrigin = meaning.origin.kind
        if declaration.extent != nil, declaration.latitudeKind == nil, declaration.crs == nil {
            kindOrigin = "extent of the survey"
        }
        if let labelled = facts.latitudeKind, declaration.crs == nil, declaration.extent == nil,
            meaning.kind == nil
        {
            kind = labelled
            kindOrigin = "the label"
        }
        if let declared = declaration.latitudeKind {
            if declared != kind {
                overrides.append("latitude_kind: \(declared) of the survey, over \(kind) of \(kindOrigin)")
            }
            kind = declared
            kindOrigin = "latitude_kind of the survey"
        }
        if kind == .planetographic, !isFlat {
            warnings.append(
                "planetographic latitudes are said, but \(body.name) is a sphere: they are planetocentric as well"
            )
        }
        meaning.kind = kind
        if !facts.beliefs.contains(where: { $0.topic == .latitudes && $0.value == kind.rawValue }) {
            facts.believe(.latitudes, kind.rawValue, from: kindOrigin)
        }
        if let declared = declaration.longitudeSense {
            if declared != meaning.sense, declaration.extent == nil || declaration.crs != nil {
                overrides.append(
                    "longitude_sense: \(declared) of the survey, over \(meaning.sense) of \(meaning.origin.sense)"
                )
            }
            meaning.sense = declared
            meaning.origin.sense = "longitude_sense of the survey"
        } else if declaration.extent != nil {
            meaning.sense = .east
            meaning.origin.sense = "extent of the survey"
        }
        if !facts.beliefs.contains(where: { $0.topic == .longitudes })
            || meaning.origin.sense.hasSuffix("survey")
        {
            facts.believe(.longitudes, "\(meaning.sense)-positive", from: meaning.origin.sense)
        }
        let named =
            declaration.body != nil
            ? "body of the survey" : facts.bodyName != nil ? "the target of the label" : "the CRS"
        facts.believe(.body, body.name, from: named)
        guard !facts.beliefs.contains(where: { $0.topic == .radius }) || declaration.crs != nil else {
            return
        }
        facts.believe(
            .radius, "\(meaning.frame.radiusMetres) m",
            from: declaration.crs != nil
                ? "crs of the survey" : facts.definition != nil ? "the label" : "the CRS of the file")
    }

    /// The ellipsoid on which the rows are even.
    func ellipsoid(_ meaning: Meaning, _ facts: LabelFacts) -> Spheroid? {
        guard meaning.kind == .planetographic else { return nil }
        let body = meaning.frame.body
        let ratio =
            meaning.axisRatio ?? facts.axisRatio.flatMap { $0 == 1 ? nil : $0 }
            ?? body.polarRadiusMetres / body.equatorialRadiusMetres
        guard ratio != 1, ratio > 0, ratio.isFinite else { return nil }
        return Spheroid(equatorialRadiusMetres: 1, polarRadiusMetres: ratio)
    }
}

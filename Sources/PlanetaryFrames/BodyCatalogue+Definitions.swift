internal import Glibc

extension BodyCatalogue {
    private static let known = Result<BodyCatalogue, FrameError> { () throws(FrameError) in
        try iau2015().adding(BodyDefinition.shipped)
    }

    /// The bodies of the IAU's 2015 report and those of `BodyDefinition.shipped`.
    ///
    /// - Throws: `FrameError.database` when PROJ's database is missing or older than version 8.
    public static func standard() throws(FrameError) -> BodyCatalogue {
        try known.get()
    }

    /// The catalogue with bodies added, or replaced where one has the same NAIF code.
    ///
    /// A replaced body keeps its IAU codes only as long as its radii are the same: the codes stand for radii.
    ///
    /// - Throws: `FrameError.badDefinition` for radii, names or codes that no body can have.
    public func adding(_ definitions: [BodyDefinition]) throws(FrameError) -> BodyCatalogue {
        var merged = Dictionary(bodies.map { ($0.naifCode, $0) }, uniquingKeysWith: { first, _ in first })
        for definition in definitions {
            merged[definition.naifCode] = try body(of: definition, replacing: merged[definition.naifCode])
        }
        return BodyCatalogue(Array(merged.values))
    }

    private func body(of definition: BodyDefinition, replacing old: Body?) throws(FrameError) -> Body {
        func refuse(_ reason: String) -> FrameError { .badDefinition(name: definition.name, reason: reason) }
        let axes = definition.semiAxesMetres
        guard !NameWords.split(definition.name).isEmpty, definition.name.count <= 80 else {
            throw refuse("a name with letters was expected")
        }
        guard definition.naifCode != 0, abs(definition.naifCode) < 1_000_000_000 else {
            throw refuse("\(definition.naifCode) is no NAIF code")
        }
        guard axes.count == 3, axes.allSatisfy({ $0.isFinite && $0 > 0 && $0 < 1e10 }) else {
            throw refuse("three semi-axes in metres were expected")
        }
        guard axes[0] >= axes[1], axes[1] >= axes[2] else {
            throw refuse("the semi-axes were expected from the largest to the smallest")
        }
        let isTriaxial = axes[0] != axes[1]
        let sphere =
            definition.sphereRadiusMetres ?? (isTriaxial ? cbrt(axes[0] * axes[1] * axes[2]) : axes[0])
        guard sphere >= axes[2] * 0.999, sphere <= axes[0] * 1.001 else {
            throw refuse("the sphere of \(sphere) m lies outside of the semi-axes")
        }
        let keepsCodes = old.map { old in
            old.hasIAUCodes && old.sphereRadiusMetres == sphere && old.equatorialRadiusMetres == axes[0]
                && old.polarRadiusMetres == axes[2]
        }
        var body = Body(
            name: definition.name, naifCode: definition.naifCode, sphereRadiusMetres: sphere,
            equatorialRadiusMetres: axes[0], intermediateRadiusMetres: axes[1], polarRadiusMetres: axes[2],
            planetographicLongitudeIsWest: isTriaxial || axes[0] == axes[2]
                ? nil : old?.planetographicLongitudeIsWest ?? Self.isWest(definition))
        body.rotation = definition.rotation ?? old?.rotation
        body.isFunctionOfDirection = definition.isFunctionOfDirection
        body.hasIAUCodes = keepsCodes ?? false
        body.radiiSource = definition.source
        body.radiiCertainty = definition.certainty
        body.aliases = (old?.aliases ?? []) + definition.aliases
        if let old, old.name != definition.name { body.aliases.append(old.name) }
        body.aliases = body.aliases.uniqued()
        return body
    }

    /// Planetographic longitudes of planets and moons grow against the rotation; those of small bodies always grow
    /// to the east (IAU 2015, section 2.1 and section 5).
    private static func isWest(_ definition: BodyDefinition) -> Bool? {
        guard definition.naifCode < 1000 else { return false }
        return definition.rotation.map { $0 == .direct }
    }
}

internal import Glibc

extension GridFrameReader {
    /// The body of the system: by its identifier, else by its names, else as declared; all must agree.
    func body() throws(FrameError) -> Body {
        let named = try namedBody()
        let radius = crs.majorMetres
        if declaredBody?.naifCode != Self.earthCode, isEarth(named) {
            throw .earth(
                source: source, crs: crs.name, declared: declaredBody?.name,
                use: isProjected ? nil : declaredBody?.statement(0))
        }
        if let named, let declaredBody, named != declaredBody {
            throw .bodyConflict(source: source, crs: crs.name, found: named.name, declared: declaredBody.name)
        }
        guard let body = named ?? declaredBody else {
            throw .noBody(
                source: source, crs: crs.name, radiusMetres: radius,
                candidates: catalogue.bodies(withRadius: radius).map(\.name))
        }
        guard body.mayHaveRadius(radius) else {
            throw .radiusConflict(
                source: source, crs: crs.name, radiusMetres: radius, body: body.name,
                bodyRadiusMetres: body.sphereRadiusMetres)
        }
        return body
    }

    private static let earthCode = 399

    /// Metres of the Earth's maps are no metres of another body: only degrees can simply be restated.
    private var isProjected: Bool {
        if case .projected = crs.kind { return true }
        return false
    }

    private func namedBody() throws(FrameError) -> Body? {
        var found = crs.bodyNames.flatMap { catalogue.bodies(namedIn: $0) }.uniqued()
        if let identifier = crs.identifier, identifier.authority.hasPrefix("IAU"),
            let code = Int(identifier.code),
            let body = catalogue.body(naifCode: code / 100)
        {
            found = ([body] + found).uniqued()
        }
        guard found.count < 2 else {
            throw .ambiguousBody(source: source, names: found.map(\.name), text: crs.name)
        }
        return found.first
    }

    /// Whether the file says Earth: on an ellipsoid named or sized so, unless it is the IAU's sphere of the
    /// Earth.
    ///
    /// No other body of the catalogue has a radius between 6350 and 6380 km.
    private func isEarth(_ named: Body?) -> Bool {
        guard let named else { return (6_350_000...6_380_000).contains(crs.majorMetres) }
        return named.naifCode == Self.earthCode
            ? crs.flattening != 0
            : (6_350_000...6_380_000).contains(crs.majorMetres)
    }

    /// Refuses axes that are not east and north, and foreign prime meridians.
    func checkAxesAndMeridian(use: String) throws(FrameError) {
        let directions = crs.axes.prefix(2).map { $0.direction.lowercased() }
        if directions.contains("west") {
            throw .westPositiveLongitude(source: source, crs: crs.name, use: use)
        }
        guard Set(directions) == ["east", "north"] else {
            throw .unsupportedAxes(
                source: source, crs: crs.name,
                found: directions.isEmpty ? "unknown" : directions.joined(separator: " and "))
        }
        guard crs.primeMeridianDegrees == 0 else {
            throw .primeMeridian(
                source: source, crs: crs.name, longitudeDegrees: crs.primeMeridianDegrees, use: use)
        }
    }

    /// Refuses values that are not finite, and scales that are not positive.
    func check(_ value: Double, _ name: String, isScale: Bool = true) throws(FrameError) {
        guard value.isFinite, !isScale || value > 0 else {
            throw .badParameter(source: source, crs: crs.name, name: name, value: value)
        }
    }

    func axis(_ direction: String) -> PROJAxis? {
        crs.axes.prefix(2).first { $0.direction.lowercased() == direction }
    }

    func degreesPerUnit(_ axis: PROJAxis?) -> Double {
        axis.map { degrees(1, radiansPerUnit: $0.unitFactor) } ?? .nan
    }

    /// The cosine of an angle in degrees, accurate near 90 and exactly 1/2 at 60.
    func cosine(degrees: Double) -> Double {
        let size = abs(degrees)
        if size == 60 { return 0.5 }
        return size > 45 ? sin((90 - size) * .pi / 180) : cos(size * .pi / 180)
    }
}

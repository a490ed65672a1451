import PlanetaryFrames

/// Coordinate reference systems of maps in any language, and names of bodies.
struct FrameTarget {
    static let shared = FrameTarget()

    private let catalogue: BodyCatalogue

    private init() {
        guard let catalogue = try? BodyCatalogue.standard() else { fatalError("no PROJ database") }
        self.catalogue = catalogue
    }

    /// A definition that is read projects directions to places that go back to the same directions.
    func map(_ text: String) {
        if let identifier = try? CRSIdentifier.parse(text) {
            for spelling in CRSSpelling.allCases where identifier.authority == "IAU_2015" {
                let again = try? CRSIdentifier.parse(identifier.spelled(spelling))
                require(again == identifier, "\(identifier) reads otherwise as \(spelling)")
            }
        }
        guard
            let frame = try? MapFrame(
                definition: text, declaredBody: try? catalogue.body(named: "Mars"), catalogue: catalogue,
                source: "map.tif"),
            let transformer = try? frame.makeTransformer()
        else { return }
        require(frame.radiusMetres > 0 && frame.polarRadiusMetres > 0, "radii \(frame.radiusMetres)")
        let lon = (0..<48).map { Double($0 % 8) * 0.83 + 0.1 }
        let lat = (0..<48).map { Double($0 / 8) * 0.6 - 1.5 }
        var (x, y, backLon, backLat) = (lon, lon, lon, lon)
        var xSpan = x.mutableSpan
        var ySpan = y.mutableSpan
        transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
        var lonSpan = backLon.mutableSpan
        var latSpan = backLat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        for index in lon.indices {
            require(x[index].isNaN == y[index].isNaN, "half a place: \(x[index]) \(y[index])")
            require(backLon[index].isNaN == backLat[index].isNaN, "half a direction: \(backLon[index])")
            guard backLat[index].isFinite else { continue }
            require(abs(backLat[index] - lat[index]) < 1e-3, "\(lat[index]) comes back as \(backLat[index])")
        }
    }

    /// A name is one body, which its own name finds.
    func body(_ text: String) {
        guard let body = try? catalogue.body(named: text) else { return }
        require((try? catalogue.body(named: body.name)) == body, "\(body.name) is another body")
    }
}

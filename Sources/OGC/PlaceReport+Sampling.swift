internal import HEALPix
internal import Maps
internal import PlanetaryFrames

extension PlaceReport {
    /// What layers have at a pixel of a window.
    init(
        _ body: Body, _ window: MapWindow, column: Int, row: Int, layers: [MapLayer], renderer: MapRenderer
    ) throws(MapsError) {
        let (x, y) = (window.x(column: Double(column)), window.y(row: Double(row)))
        let direction = try window.crs.direction(x: x, y: y)
        var findings: [Finding] = []
        for layer in layers {
            guard let sample = try renderer.sample(layer, x: x, y: y, crs: window.crs),
                let finding = Finding(layer, sample)
            else { continue }
            findings.append(finding)
        }
        let place = direction.flatMap { direction in
            EastLongitude(degrees: direction.lonDeg).flatMap { longitude in
                PlanetocentricLatitude(degrees: direction.latDeg).map { (longitude, $0) }
            }
        }
        self.init(
            body: body, place: place, crs: window.crs.wmsIdentifier, coordinates: (x, y), findings: findings)
    }
}

extension PlaceReport.Finding {
    /// What a layer has at a place; nil for no data.
    init?(_ layer: MapLayer, _ sample: PointSample) {
        let content: PlaceReport.Content
        switch sample.content {
        case .nothing, .colour(_, _, _, alpha: 0): return nil
        case .value(let value):
            guard case .values(let unit, let reference) = layer.kind else { return nil }
            content = .value(value, unit: unit, reference: reference)
        case .colour(let red, let green, let blue, _):
            content = .colour(red: red, green: green, blue: blue)
        }
        self.init(
            layer: layer.name, title: layer.title, content: content, order: sample.cell.order.value,
            npix: sample.cell.npix)
    }
}

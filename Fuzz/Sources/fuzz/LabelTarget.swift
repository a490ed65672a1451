import PlanetaryFrames
import Rasters

/// Labels and headers without samples.
enum LabelTarget {
    /// One text as each kind of label but FITS.
    static func label(_ bytes: [UInt8]) {
        for kind in RasterLabel.Kind.allCases where kind != .fits { check(bytes, kind) }
    }

    static func header(_ bytes: [UInt8]) { check(bytes, .fits) }

    /// A grid that a label settles is one of numbers, and its system can be read or is refused.
    private static func check(_ bytes: [UInt8], _ kind: RasterLabel.Kind) {
        guard let label = try? RasterLabel(bytes, kind: kind, columns: 720, rows: 360, path: "label") else {
            return
        }
        require(label.beliefs.allSatisfy { !$0.value.isEmpty && !$0.origin.isEmpty }, "\(label.beliefs)")
        require(label.warnings.allSatisfy { !$0.isEmpty }, "an empty warning")
        require(label.noDataValues.allSatisfy { !$0.isNaN }, "\(label.noDataValues)")
        require(label.bandMeanings.count <= 20_000, "\(label.bandMeanings.count) bands")
        if let transform = label.transform { require(transform.count == 6, "\(transform)") }
        guard let definition = label.definition, let catalogue = try? BodyCatalogue.iau2015() else { return }
        let frame = try? GridFrame(
            definition: definition, declaredBody: nil, catalogue: catalogue, source: "label")
        if let frame {
            require(frame.radiusMetres.isFinite && frame.radiusMetres > 0, "\(frame.radiusMetres)")
        }
        // What is no grid is a map in a projection, or refused; its corner is a place or none.
        guard frame == nil, let transform = label.transform, let mars = try? catalogue.body(named: "Mars"),
            let map = try? MapFrame(
                definition: definition, declaredBody: mars, catalogue: catalogue, source: "label"),
            let transformer = try? map.makeTransformer()
        else { return }
        let (x, y) = ([transform[0]], [transform[3]])
        var (lon, lat) = ([0.0], [0.0])
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: x.span, y: y.span, lonRad: &lonSpan, latRad: &latSpan)
        require(lon[0].isNaN == lat[0].isNaN && !(abs(lat[0]) > 1.5708), "\(lon[0]) \(lat[0])")
    }
}

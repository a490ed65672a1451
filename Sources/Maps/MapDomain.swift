internal import Glibc
internal import HEALPix
internal import MOC
internal import PlanetaryFrames

/// How far a map of a body reaches in the coordinates of a system.
struct MapDomain {
    let transformer: MapTransformer
    let scale: Double

    private var frame: MapFrame { transformer.frame }

    /// The whole body; the hemisphere around the centre for polar maps, which would reach to infinity.
    var whole: MapBox {
        let half = (frame.periodX ?? 0) / scale / 2
        let centre = (x: frame.falseOrigin.x / scale, y: frame.falseOrigin.y / scale)
        switch frame.projection {
        case .geographic:
            return MapBox(minX: -half, minY: -half / 2, maxX: half, maxY: half / 2)
        case .equirectangular:
            let (_, ys) = project([(0, -90), (0, 90)])
            return MapBox(minX: centre.x - half, minY: ys[0], maxX: centre.x + half, maxY: ys[1])
        case .mercator:
            // Square, as tile pyramids of Mercator maps are.
            return MapBox(
                minX: centre.x - half, minY: centre.y - half, maxX: centre.x + half, maxY: centre.y + half)
        case .polarStereographic:
            return bounds((0..<360).map { (Double($0), 0) }) ?? empty
        case .orthographic:
            let radius = frame.radiusMetres / frame.metresPerUnit / scale
            return MapBox(
                minX: centre.x - radius, minY: centre.y - radius, maxX: centre.x + radius,
                maxY: centre.y + radius)
        default:
            var places: [(Double, Double)] = []
            // Both sides of the seam, which lies opposite to the centre.
            let opposite = (direction(x: centre.x * scale, y: centre.y * scale)?.lon ?? 0) * 180 / .pi + 180
            for lat in stride(from: -90.0, through: 90, by: 2) {
                for lon in stride(from: 0.0, to: 360, by: 4) { places.append((lon, lat)) }
                for lon in [opposite - 1e-9, opposite + 1e-9] { places.append((lon, lat)) }
            }
            return bounds(places) ?? empty
        }
    }

    /// The box around a coverage, within `whole`; nil when none of it is on the map.
    func box(around coverage: MOC, within whole: MapBox) -> MapBox? {
        guard coverage.coverageFraction < 0.9999 else { return whole }
        // As fine as some thousand cells allow; the cells are then larger than the coverage by a part of their size.
        var order = Order(min(coverage.order.value, 8)) ?? coverage.order
        var coarse = coverage.degraded(to: order)
        while order > .zero, coarse.coverageFraction * Double(order.cellCount) > 4000 {
            order = order.coarser!
            coarse = coverage.degraded(to: order)
        }
        let size = Int64(1) << Int64(2 * (29 - order.value))
        var places: [(Double, Double)] = []
        let seam = self.seam
        for range in coarse.ranges {
            for npix in stride(from: range.lowerBound / size, to: range.upperBound / size, by: 1) {
                guard let cell = Cell(order: order, npix: npix) else { continue }
                for corner in cell.corners.all + [cell.centre]
                where abs(remainder(corner.lonDeg - seam, 360)) > Self.step {
                    places.append((corner.lonDeg, corner.latDeg))
                }
                // The seam may run through a cell or along its side: that side of the seam counts then on which the cell is.
                let bounds = cell.bounds
                let (west, east) = (bounds.westRad * 180 / .pi, bounds.eastRad * 180 / .pi)
                var lons = [west + Self.step, east - Self.step]
                let turn = seam - west - 360 * ((seam - west) / 360).rounded(.down)
                if turn > 0, turn < east - west { lons += [seam - Self.step, seam + Self.step] }
                var lats = [bounds.southRad * 180 / .pi, bounds.northRad * 180 / .pi]
                // Parallels are longest on the equator.
                if lats[0] < 0, lats[1] > 0 { lats.append(0) }
                for lat in lats { places += lons.map { ($0, lat) } }
            }
        }
        if frame.periodX == nil, frame.projection == .polarStereographic {
            let isNorth =
                whole.height > 0 && (direction(x: frame.falseOrigin.x, y: frame.falseOrigin.y)?.lat ?? 0) > 0
            places = places.map { ($0.0, isNorth ? max($0.1, 0) : min($0.1, 0)) }
        }
        guard let found = bounds(places) else { return nil }
        // The seam itself lies a step further.
        let edge = whole.width * 1e-9
        return MapBox(
            minX: found.minX - whole.minX < edge ? whole.minX : found.minX, minY: found.minY,
            maxX: whole.maxX - found.maxX < edge ? whole.maxX : found.maxX, maxY: found.maxY
        ).intersection(whole)
    }

    /// Degrees to a side of a meridian that are none for a map.
    private static let step = 1e-8

    /// The meridian opposite to the centre, in degrees.
    private var seam: Double {
        (direction(x: frame.falseOrigin.x, y: frame.falseOrigin.y)?.lon ?? 0) * 180 / .pi + 180
    }

    private let empty = MapBox(minX: 0, minY: 0, maxX: 0, maxY: 0)

    private func direction(x: Double, y: Double) -> (lon: Double, lat: Double)? {
        let (xs, ys) = ([x], [y])
        var (lon, lat) = ([0.0], [0.0])
        var lonSpan = lon.mutableSpan
        var latSpan = lat.mutableSpan
        transformer.unproject(x: xs.span, y: ys.span, lonRad: &lonSpan, latRad: &latSpan)
        return lonSpan[0].isFinite ? (lonSpan[0], latSpan[0]) : nil
    }

    private func bounds(_ places: [(Double, Double)]) -> MapBox? {
        let (xs, ys) = project(places)
        let (goodX, goodY) = (xs.filter(\.isFinite), ys.filter(\.isFinite))
        guard let minX = goodX.min(), let maxX = goodX.max(), let minY = goodY.min(), let maxY = goodY.max()
        else { return nil }
        return MapBox(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
    }

    private func project(_ places: [(Double, Double)]) -> (x: [Double], y: [Double]) {
        let lon = places.map { $0.0 * .pi / 180 }
        let lat = places.map { $0.1 * .pi / 180 }
        var x = [Double](repeating: .nan, count: places.count)
        var y = x
        var xSpan = x.mutableSpan
        var ySpan = y.mutableSpan
        transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
        return (x.map { $0 / scale }, y.map { $0 / scale })
    }
}

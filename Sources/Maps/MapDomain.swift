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
        let turn = frame.periodX.map { $0 / scale / 2 }
        switch frame.projection {
        case .geographic:
            return MapBox(minX: -180, minY: -90, maxX: 180, maxY: 90)
        case .equirectangular:
            let (_, ys) = project([(0, -90), (0, 90)])
            return MapBox(minX: -(turn ?? 0), minY: ys[0], maxX: turn ?? 0, maxY: ys[1])
        case .mercator:
            // Square, as tile pyramids of Mercator maps are.
            return MapBox(minX: -(turn ?? 0), minY: -(turn ?? 0), maxX: turn ?? 0, maxY: turn ?? 0)
        case .polarStereographic:
            return bounds((0..<360).map { (Double($0), 0) }) ?? empty
        case .orthographic:
            let radius = frame.radiusMetres / scale
            return MapBox(minX: -radius, minY: -radius, maxX: radius, maxY: radius)
        default:
            var places: [(Double, Double)] = []
            for lat in stride(from: -90.0, through: 90, by: 2) {
                for lon in stride(from: 0.0, to: 360, by: 4) { places.append((lon, lat)) }
                // Both sides of the seams of the systems centred on 0 and on 180 degrees.
                for lon in [180 - 1e-9, 180 + 1e-9, 360 - 1e-9, 1e-9] { places.append((lon, lat)) }
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
        for range in coarse.ranges {
            for npix in stride(from: range.lowerBound / size, to: range.upperBound / size, by: 1) {
                guard let cell = Cell(order: order, npix: npix) else { continue }
                for corner in cell.corners.all + [cell.centre] {
                    places.append((corner.lonDeg, corner.latDeg))
                }
                // The seam may run through a cell: both of its sides count then.
                let bounds = cell.bounds
                for lat in [bounds.southRad, bounds.northRad] {
                    places.append((bounds.westRad * 180 / .pi, lat * 180 / .pi))
                    places.append((bounds.eastRad * 180 / .pi, lat * 180 / .pi))
                }
            }
        }
        if frame.periodX == nil, frame.projection == .polarStereographic {
            let isNorth = whole.height > 0 && (direction(x: 0, y: 0)?.lat ?? 0) > 0
            places = places.map { ($0.0, isNorth ? max($0.1, 0) : min($0.1, 0)) }
        }
        guard let found = bounds(places) else { return nil }
        return found.intersection(whole)
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

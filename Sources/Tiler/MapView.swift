internal import HEALPix
internal import Rasters

/// Where a client should look first: the middle of the source and a field that shows it whole.
struct MapView: Sendable {
    let centre: Direction
    let fieldDegrees: Double

    init(_ placement: SourcePlacement) {
        switch placement {
        case .grid(let grid): self.init(grid)
        case .projected(let map): self.init(centre: map.centre, fieldDegrees: map.fieldDegrees)
        }
    }

    private init(centre: Direction, fieldDegrees: Double) {
        self.centre = centre
        self.fieldDegrees = fieldDegrees
    }

    private init(_ grid: SourceGrid) {
        let latitude = (grid.northEdge + grid.southEdge) / 2
        let height = grid.northEdge - grid.southEdge
        if grid.wraps {
            // A band around the body, or all of it, is seen from its prime meridian.
            centre = Direction(lonRad: 0, latRad: height > 120 ? 0 : latitude * .pi / 180)
            fieldDegrees = 180
            return
        }
        var longitude = (grid.westEdge + grid.longitudeSpan / 2).truncatingRemainder(dividingBy: 360)
        if longitude < 0 { longitude += 360 }
        centre = Direction(lonRad: longitude * .pi / 180, latRad: latitude * .pi / 180)
        fieldDegrees = min(180, 1.2 * max(height, grid.longitudeSpan))
    }
}

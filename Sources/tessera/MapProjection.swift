import ArgumentParser
import Glibc
import HEALPix

/// A map of a sphere, from pixels to directions: north up, east to the right (Snyder 1987, pages 153, 157 and 249-251).
struct MapProjection {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case mollweide, north, south, orthographic
    }

    let kind: Kind
    let width: Int
    let height: Int
    private let centre: Direction
    private let edge: Double

    init(_ kind: Kind, width: Int, centre: Direction, reachDeg: Double) {
        self.kind = kind
        self.width = width
        height = kind == .mollweide ? width / 2 : width
        self.centre = centre
        edge = tan(reachDeg * .pi / 360)
    }

    /// Radians of the sphere along a pixel in the middle of the map.
    var pixelRad: Double {
        switch kind {
        case .mollweide: 4 * 2.0.squareRoot() / Double(width)
        case .north, .south: 4 * edge / Double(width)
        case .orthographic: 2 / Double(width)
        }
    }

    /// The direction of the centre of a pixel, nil outside the map.
    func direction(_ column: Int, _ row: Int) -> Direction? {
        let x = (2 * Double(column) + 1) / Double(width) - 1
        let y = 1 - (2 * Double(row) + 1) / Double(height)
        switch kind {
        case .mollweide:
            guard x * x + y * y <= 1 else { return nil }
            let theta = asin(y)
            let lat = asin((2 * theta + sin(2 * theta)) / .pi)
            let reach = cos(theta)
            return Direction(lonRad: centre.lonRad + (reach > 0 ? .pi * x / reach : 0), latRad: lat)
        case .north, .south:
            let rho = (x * x + y * y).squareRoot()
            guard rho <= 1 else { return nil }
            let colatitude = 2 * atan(rho * edge)
            // The central meridian points down in the north and up in the south.
            let isNorth = kind == .north
            let lon = centre.lonRad + atan2(x, isNorth ? -y : y)
            return Direction(lonRad: lon, latRad: isNorth ? .pi / 2 - colatitude : colatitude - .pi / 2)
        case .orthographic:
            let square = x * x + y * y
            guard square <= 1 else { return nil }
            let depth = (1 - square).squareRoot()
            let (s, c) = (sin(centre.latRad), cos(centre.latRad))
            let lat = asin(max(-1, min(1, y * c + depth * s)))
            return Direction(lonRad: centre.lonRad + atan2(x, depth * c - y * s), latRad: lat)
        }
    }
}

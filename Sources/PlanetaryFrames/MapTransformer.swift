internal import CPROJ
internal import Glibc

/// Turns directions into a map's x and y and back, for one thread at a time.
///
/// PROJ's contexts may not be shared between threads, so this class is not `Sendable`: each worker makes its own
/// with `MapFrame.makeTransformer()`. Nothing is allocated after that.
public final class MapTransformer {
    /// The frame that this computes with.
    public let frame: MapFrame
    private let operation: PROJOperation?
    /// The same on a sphere, whose inverse is a first guess where the ellipsoid's does not converge.
    private let sphere: PROJOperation?

    init(_ frame: MapFrame) throws(FrameError) {
        self.frame = frame
        if case .proj(let text, let sphereText) = frame.kernel.core {
            operation = try PROJOperation(text, crs: frame.crsName)
            sphere = try sphereText.map { text throws(FrameError) in
                try PROJOperation(text, crs: frame.crsName)
            }
        } else {
            operation = nil
            sphere = nil
        }
    }

    /// Projects directions to x and y in the file's units.
    ///
    /// - Parameters:
    ///   - lonRad: east longitudes in radians, any turn.
    ///   - latRad: planetocentric latitudes in radians.
    ///   - x: receives x; NaN where the map does not show the direction, and for latitudes beyond the poles.
    ///     Maps that repeat themselves (`MapFrame.periodX`) give the image nearest to their centre.
    ///   - y: receives y; NaN where x is.
    ///
    /// All four have the same length.
    public func project(
        lonRad: Span<Double>, latRad: Span<Double>, x: inout MutableSpan<Double>, y: inout MutableSpan<Double>
    ) {
        let count = lonRad.count
        precondition(latRad.count == count && x.count == count && y.count == count, "lengths differ")
        let kernel = frame.kernel
        for index in 0..<count {
            var lon = lonRad[index]
            let lat = latRad[index]
            if abs(lon) > .pi { lon = remainder(lon, 2 * .pi) }
            x[index] = lon
            y[index] = abs(lat) <= .pi / 2 && lon.isFinite ? kernel.fileLatitude(lat) : .nan
        }
        switch kernel.core {
        case .geographic:
            for index in 0..<count where y[index].isNaN { x[index] = .nan }
        case .equirectangular(let lon0, let lat0, let lonMetres, let latMetres):
            for index in 0..<count {
                let lat = y[index]
                x[index] = lat.isNaN ? .nan : remainder(x[index] - lon0, 2 * .pi) * lonMetres
                y[index] = (lat - lat0) * latMetres
            }
        case .sinusoidal(let lon0, let arc):
            for index in 0..<count {
                let lat = y[index]
                x[index] = lat.isNaN ? .nan : remainder(x[index] - lon0, 2 * .pi) * arc.parallelRadius(lat)
                y[index] = arc.metres(lat)
            }
        case .proj:
            if kernel.largestSine < 1 { limit(&x, &y) }
            operation?.run(.forward, &x, &y, largest: kernel.largestMetres)
        }
        for index in 0..<count {
            x[index] = kernel.xSign * (x[index] + kernel.xOffset) * kernel.xScale
            y[index] = (y[index] + kernel.yOffset) * kernel.yScale
        }
    }

    /// Gives the directions of places on the map.
    ///
    /// - Parameters:
    ///   - x: x in the file's units; maps that repeat themselves take any turn.
    ///   - y: y in the file's units.
    ///   - lonRad: receives east longitudes from 0 to 2 pi; NaN outside of the map, never a folded place.
    ///   - latRad: receives planetocentric latitudes; NaN where the longitude is.
    ///
    /// All four have the same length.
    public func unproject(
        x: Span<Double>, y: Span<Double>, lonRad: inout MutableSpan<Double>, latRad: inout MutableSpan<Double>
    ) {
        let count = x.count
        precondition(y.count == count && lonRad.count == count && latRad.count == count, "lengths differ")
        let kernel = frame.kernel
        for index in 0..<count {
            var easting = kernel.xSign * x[index] / kernel.xScale - kernel.xOffset
            if kernel.period > 0 { easting = remainder(easting, kernel.period) }
            lonRad[index] = easting
            latRad[index] = y[index] / kernel.yScale - kernel.yOffset
        }
        switch kernel.core {
        case .geographic: break
        case .equirectangular(let lon0, let lat0, let lonMetres, let latMetres):
            for index in 0..<count {
                lonRad[index] = lonRad[index] / lonMetres + lon0
                latRad[index] = latRad[index] / latMetres + lat0
            }
        case .sinusoidal(let lon0, let arc):
            for index in 0..<count {
                let lat = arc.latitude(latRad[index])
                let radius = arc.parallelRadius(lat)
                // At a pole every longitude is the same place, and only x = 0 is on the map.
                let lon =
                    abs(lonRad[index]) <= kernel.closure && radius < kernel.closure
                    ? 0 : lonRad[index] / radius
                lonRad[index] = abs(lon) <= .pi * (1 + 4e-15) ? lon + lon0 : .nan
                latRad[index] = lat
            }
        case .proj: invert(&lonRad, &latRad)
        }
        for index in 0..<count {
            // Sums and quotients of a map's own edge may miss the pole by some units in the last place.
            let limit = Double.pi / 2 * (1 + 4e-15)
            guard abs(latRad[index]) <= limit, lonRad[index].isFinite else {
                lonRad[index] = .nan
                latRad[index] = .nan
                continue
            }
            let lat = min(max(latRad[index], -.pi / 2), .pi / 2)
            let lon = remainder(lonRad[index], 2 * .pi)
            lonRad[index] = lon < 0 ? lon + 2 * .pi : lon
            latRad[index] = kernel.centricLatitude(lat)
        }
    }

    /// PROJ's inverse, made better until projecting it again gives the same place; NaN where that cannot be.
    private func invert(_ first: inout MutableSpan<Double>, _ second: inout MutableSpan<Double>) {
        guard let operation else { return }
        for index in 0..<first.count {
            let place = (x: first[index], y: second[index])
            var guess = operation.point(.inverse, place.x, place.y)
            if guess.0.isNaN, let sphere { guess = sphere.point(.inverse, place.x, place.y) }
            (first[index], second[index]) = improved(guess, place, operation)
        }
    }

    /// Newton's method in the tangent plane of the direction, which knows no poles.
    ///
    /// PROJ's inverses stop at 1e-10 radians and their series at some power of the eccentricity: metres on Jupiter.
    private func improved(
        _ guess: (lon: Double, lat: Double), _ place: (x: Double, y: Double), _ operation: PROJOperation
    ) -> (Double, Double) {
        let kernel = frame.kernel
        func miss(_ p: Direction) -> (x: Double, y: Double) {
            let (lon, lat) = (atan2(p.y, p.x), asin(min(1, max(-1, p.z))))
            guard kernel.isWithinLimit(lon, lat) else { return (.nan, .nan) }
            let (x, y) = operation.point(.forward, lon, lat)
            return (kernel.period > 0 ? remainder(x - place.x, kernel.period) : x - place.x, y - place.y)
        }
        guard guess.lon.isFinite, guess.lat.isFinite else { return (.nan, .nan) }
        var p = Direction(lonRad: guess.lon, latRad: guess.lat)
        let closure = max(kernel.closure, 1e-9 * (abs(place.x) + abs(place.y)))
        let rounds = 12
        for round in 0...rounds {
            let gap = miss(p)
            if abs(gap.x) + abs(gap.y) <= closure * 1e-3 || round == rounds {
                guard abs(gap.x) + abs(gap.y) <= closure else { break }
                return round == 0 ? guess : (atan2(p.y, p.x), asin(min(1, max(-1, p.z))))
            }
            // A place that is folded or far away is outside of the map.
            guard abs(gap.x) + abs(gap.y) <= max(kernel.closure * 3e7, 0.5 * (abs(place.x) + abs(place.y)))
            else {
                break
            }
            let (east, north) = p.tangents
            let step = 1e-6
            let (right, left) = (miss(p.moved(east, step)), miss(p.moved(east, -step)))
            let (up, down) = (miss(p.moved(north, step)), miss(p.moved(north, -step)))
            let (xe, ye) = ((right.x - left.x) / (2 * step), (right.y - left.y) / (2 * step))
            let (xn, yn) = ((up.x - down.x) / (2 * step), (up.y - down.y) / (2 * step))
            let determinant = xe * yn - xn * ye
            guard determinant.isFinite, determinant != 0 else { break }
            let moveEast = (gap.x * yn - gap.y * xn) / determinant
            let moveNorth = (gap.y * xe - gap.x * ye) / determinant
            guard abs(moveEast) < 0.3, abs(moveNorth) < 0.3 else { break }
            p = p.moved(east, -moveEast).moved(north, -moveNorth)
        }
        return (.nan, .nan)
    }

    private func limit(_ lon: inout MutableSpan<Double>, _ lat: inout MutableSpan<Double>) {
        for index in 0..<lon.count where !frame.kernel.isWithinLimit(lon[index], lat[index]) {
            lat[index] = .nan
        }
    }
}

extension FrameKernel {
    /// The latitude of the file's kind of a planetocentric one.
    func fileLatitude(_ lat: Double) -> Double {
        graphicFactor == 1 ? lat : atan2(graphicFactor * sin(lat), cos(lat))
    }

    /// The planetocentric latitude of one of the file's kind.
    func centricLatitude(_ lat: Double) -> Double {
        graphicFactor == 1 ? lat : atan2(sin(lat), graphicFactor * cos(lat))
    }

    /// Whether a transverse Mercator map is near enough to its central meridian.
    func isWithinLimit(_ lon: Double, _ lat: Double) -> Bool {
        largestSine >= 1 || abs(cos(lat) * sin(lon - centralMeridian)) <= largestSine
    }
}

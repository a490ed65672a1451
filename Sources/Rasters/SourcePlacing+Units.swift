internal import GDAL
internal import PlanetaryFrames

/// Whether the numbers of a geotransform are of the unit that its coordinate reference system counts in.
extension SourcePlacing {
    /// Edges of the file in the numbers of its geotransform.
    private struct Reach {
        var x = 0.0...0.0
        var y = 0.0...0.0

        init(_ t: [Double], columns: Int, rows: Int) {
            let (right, down) = (Double(columns), Double(rows))
            func range(_ i: Int) -> ClosedRange<Double> {
                let corners = [(0, 0), (right, 0), (0, down), (right, down)].map {
                    t[i] + t[i + 1] * $0.0 + t[i + 2] * $0.1
                }
                return (corners.min() ?? 0)...(corners.max() ?? 0)
            }
            (x, y) = (range(0), range(3))
        }

        /// The largest number of either axis.
        var farthest: Double {
            [x.lowerBound, x.upperBound, y.lowerBound, y.upperBound].map(abs).max() ?? 0
        }

        var words: String {
            func short(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
            return
                "x from \(short(x.lowerBound)) to \(short(x.upperBound)), y from \(short(y.lowerBound)) to "
                + short(y.upperBound)
        }
    }

    /// Part of the body's circumference within which a whole map has to lie, seen from the origin of its coordinates, for
    /// numbers that could be degrees to be taken for such.
    private static let smallPart = 0.02

    /// Projections whose origin is the body's, where the numbers of a map are large unless it lies at that very place. A
    /// map about a centre of its own may be as small as one likes.
    private static let global: Set<MapProjection> = [
        .equirectangular, .sinusoidal, .mercator, .mollweide, .robinson, .obliqueCylindrical,
    ]

    /// Refuses degrees under a system in metres.
    ///
    /// They are taken for degrees where they are such numbers as longitudes and latitudes are, and as metres would put
    /// the whole map within two hundredths of the body's circumference around the origin. What the survey says of the
    /// system is believed.
    /// - Parameters:
    ///   - t: the geotransform in the system's unit, which is so many metres.
    ///   - radius: of the file's sphere in metres.
    func refuseDegrees(
        _ t: [Double], under projection: MapProjection, _ body: Body, radius: Double, metresPerUnit: Double
    ) throws(RasterError) {
        guard declaration.crs == nil, Self.global.contains(projection), t.count == 6,
            t.allSatisfy(\.isFinite)
        else { return }
        let reach = Reach(t, columns: columns, rows: rows)
        // Two pixels of overlap are allowed elsewhere too.
        let slack = 2 * max(abs(t[1]), abs(t[5]))
        guard reach.x.lowerBound >= -360 - slack, reach.x.upperBound <= 720 + slack,
            reach.x.upperBound - reach.x.lowerBound <= 360 + slack,
            reach.y.lowerBound >= -90 - slack, reach.y.upperBound <= 90 + slack,
            reach.farthest * metresPerUnit < Self.smallPart * 2 * .pi * radius
        else { return }
        throw .georeferencing(
            path: path,
            found:
                "its projection, \(projection.rawValue), counts lengths, but its geotransform has numbers of degrees "
                + "(\(reach.words)): the map would be "
                + "\(Int(((reach.x.upperBound - reach.x.lowerBound) * metresPerUnit).rounded())) m wide on a body of \(Int(radius)) m radius",
            remedy:
                "say `crs: \(body.sphereDefinition)` in a survey file if they are degrees, or name the file's own system "
                + "with `crs:` if they are lengths")
    }

    /// Refuses metres under a system in degrees.
    func refuseMetres(_ t: [Double], _ body: Body, radius: Double) throws(RasterError) {
        guard t.count == 6, t.allSatisfy(\.isFinite) else { return }
        let reach = Reach(t, columns: columns, rows: rows)
        let slack = 2 * max(abs(t[1]), abs(t[5]))
        guard
            reach.x.lowerBound < -720 - slack || reach.x.upperBound > 720 + slack
                || reach.y.lowerBound < -90 - slack || reach.y.upperBound > 90 + slack
        else { return }
        let half = Double.pi * radius * 1.001
        let fits =
            max(abs(reach.x.lowerBound), abs(reach.x.upperBound)) <= 2 * half + slack
            && max(abs(reach.y.lowerBound), abs(reach.y.upperBound)) <= half / 2 + slack
        let metres = body.identifier(10)?.description ?? "+proj=eqc +R=\(radius) +units=m"
        throw .georeferencing(
            path: path,
            found:
                "its system counts degrees, but its geotransform has numbers beyond those of degrees (\(reach.words))"
                + (fits ? ", which fit into \(body.name)'s circumference in metres" : ""),
            remedy: fits
                ? "say `crs: \(metres)` in a survey file if they are metres of an equirectangular map, or the system that is "
                    + "meant, or `extent: [west, south, east, north]` in degrees"
                : "mend the geotransform, or say `extent: [west, south, east, north]` in degrees in a survey file"
        )
    }
}

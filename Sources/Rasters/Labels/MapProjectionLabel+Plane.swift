/// Where the pixels of a map lie that is no plate carrée.
extension MapProjectionLabel {
    /// The grid in metres from the origin of the projection, which is settled as that of a plate carrée is; GDAL 3.6 takes
    /// every offset for the distance from the centre of the first pixel.
    ///
    /// Left to GDAL are rotated maps and oblique ones, whose pole it finds by keywords of Cassini's radar maps.
    func readPlane(_ word: String, into facts: inout LabelFacts) {
        guard rotation.truncatingRemainder(dividingBy: 360) == 0, !word.hasPrefix("OBLIQUE"),
            let radius = metres("A_AXIS_RADIUS"),
            let pixel = metres("MAP_SCALE")
                ?? map.number("MAP_RESOLUTION").flatMap({ $0 > 0 ? radius * .pi / 180 / $0 : nil }),
            let across = map.number("SAMPLE_PROJECTION_OFFSET"), across.isFinite,
            let down = map.number("LINE_PROJECTION_OFFSET"), down.isFinite
        else { return }
        let settled = convention(word, across: across, down: down, linesPerDegree: radius * .pi / 180 / pixel)
        let convention = settled?.convention ?? .position
        facts.plane = [
            -(across - convention.correction) * pixel, pixel, 0, (down - convention.correction) * pixel, 0,
            -pixel,
        ]
        facts.believe(
            .grid, "lines and samples: \(down) and \(across) are \(convention.rawValue)",
            from: settled?.reason
                ?? "LINE_PROJECTION_OFFSET and SAMPLE_PROJECTION_OFFSET of the label and their definition"
        )
        if settled == nil {
            facts.warnings.append(
                "nothing in the label settles how LINE_PROJECTION_OFFSET and SAMPLE_PROJECTION_OFFSET are counted; the map may "
                    + "lie a pixel beside its place")
        }
    }

    /// How the offsets are counted, where the label settles it: by the pole, which only one way of counting puts into the
    /// middle of a map, or by the latitudes of a sinusoidal map, whose lines are as far apart as those of a plate carrée.
    private func convention(
        _ word: String, across: Double, down: Double, linesPerDegree: Double
    ) -> (convention: MapAxis.Convention, reason: String)? {
        if word.hasPrefix("POLAR") || abs(map.number("CENTER_LATITUDE") ?? 0) == 90 {
            let central = MapAxis.Convention.allCases.first {
                abs(across - $0.correction - Double(columns) / 2) <= MapAxis.tolerance
                    && abs(down - $0.correction - Double(rows) / 2) <= MapAxis.tolerance
            }
            return central.map {
                (
                    $0,
                    "LINE_PROJECTION_OFFSET and SAMPLE_PROJECTION_OFFSET of the label, which put the pole into the middle"
                )
            }
        }
        guard word == "SINUSOIDAL", let placed = y(scale: linesPerDegree).placement(), !placed.isUnconfirmed,
            let residual = placed.residual, abs(residual) <= MapAxis.tolerance,
            let convention = placed.convention
        else { return nil }
        return (convention, "LINE_PROJECTION_OFFSET and MAXIMUM_LATITUDE of the label")
    }
}

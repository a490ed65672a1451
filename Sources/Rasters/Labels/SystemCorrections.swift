internal import PlanetaryFrames

/// What a label says of the system of its map where GDAL 3.6 makes something else of it.
struct SystemCorrections: Sendable {
    /// The longitude of the projection's centre, or of the pole of an oblique one, as the label counts it.
    ///
    /// GDAL writes the number of the label into the system whatever the sense of its longitudes is, but for
    /// `OBLIQUE_PROJ_POLE_LONGITUDE`, which it takes as west-positive.
    struct Centre: Sendable {
        let keyword: String
        let stated: Double
        let sense: LongitudeSense

        var east: Double { sense.eastward(stated) }
    }

    var centre: Centre?

    private static let longitudes = [
        "Longitude of natural origin", "Longitude of false origin", "Longitude of topocentric origin",
        "Longitude of origin", "lon_0",
    ]

    /// GDAL's system with the numbers of the label.
    /// - Returns: nil where GDAL's centre is the label's in neither sense, so that neither is certain.
    func applied(to wkt: String) -> String? {
        guard let centre, let found = CRSText.parameter(Self.longitudes, in: wkt) else { return wkt }
        func isThere(_ degrees: Double) -> Bool {
            abs((found.value - degrees).remainder(dividingBy: 360)) < 1e-7
        }
        if isThere(centre.east) { return wkt }
        guard isThere(centre.stated) || isThere(-centre.stated) else { return nil }
        return wkt[..<found.range.lowerBound] + "\(centre.east)" + wkt[found.range.upperBound...]
    }
}

extension LabelFacts {
    /// The centre of a map whose longitudes are counted in a sense that the label states.
    mutating func readCentre(
        _ keyword: String, _ spelling: String, _ map: PVLLabel.Group, _ sense: LongitudeSense
    ) {
        guard let stated = map.number(keyword), stated.isFinite else { return }
        corrections.centre = SystemCorrections.Centre(keyword: spelling, stated: stated, sense: sense)
    }
}

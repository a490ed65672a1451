internal import Glibc
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
        /// What the longitude is that of.
        var place: String { keyword.lowercased().contains("pole") ? "pole" : "centre" }
    }

    /// The axes in metres of the ellipsoid that a conformal map was drawn on, of whose planetocentric label GDAL makes a
    /// sphere: ISIS turns its latitudes into planetographic ones first, also those of centre and parallels.
    struct Ellipsoid: Sendable {
        let equatorial: Double
        let polar: Double

        /// The planetographic latitude in degrees of a planetocentric one.
        func graphic(_ centric: Double) -> Double {
            guard abs(centric) < 90, centric != 0 else { return centric }
            let square = (equatorial / polar) * (equatorial / polar)
            return atan(square * tan(centric * .pi / 180)) * 180 / .pi
        }
    }

    var centre: Centre?
    var ellipsoid: Ellipsoid?

    private static let latitudes = [
        "Latitude of natural origin", "Latitude of false origin", "Latitude of 1st standard parallel",
        "Latitude of 2nd standard parallel", "Latitude of standard parallel",
    ]
    private static let longitudes = [
        "Longitude of natural origin", "Longitude of false origin", "Longitude of topocentric origin",
        "Longitude of origin", "lon_0",
    ]

    /// GDAL's system with the numbers of the label.
    /// - Returns: nil where GDAL's centre is the label's in neither sense, so that neither is certain.
    func applied(to wkt: String) -> String? {
        guard let turned = withCentre(wkt) else { return nil }
        guard let ellipsoid else { return turned }
        return Self.latitudes.reduce(CRSText.withEllipsoid(ellipsoid.equatorial, ellipsoid.polar, in: turned))
        {
            text, name in
            guard let found = CRSText.parameter([name], in: text) else { return text }
            return text.replacing(found.range, with: "\(ellipsoid.graphic(found.value))")
        }
    }

    private func withCentre(_ wkt: String) -> String? {
        guard let centre, let found = CRSText.parameter(Self.longitudes, in: wkt) else { return wkt }
        func isThere(_ degrees: Double) -> Bool {
            abs((found.value - degrees).remainder(dividingBy: 360)) < 1e-7
        }
        if isThere(centre.east) { return wkt }
        guard isThere(centre.stated) || isThere(-centre.stated) else { return nil }
        return wkt.replacing(found.range, with: "\(centre.east)")
    }
}

extension String {
    fileprivate func replacing(_ range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
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

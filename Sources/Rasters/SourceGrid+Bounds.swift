public import HEALPix
internal import PlanetaryFrames

extension SourceGrid {
    /// The outer edges of some columns and rows, in planetocentric latitudes.
    ///
    /// Pixels meet half-way between their centres, those on both sides of the seam too where the grid closes, and the rows
    /// next to a pole that is within reach hold it.
    public func bounds(columns: Range<Int>, rows: Range<Int>) -> LonLatBounds {
        let seam = wraps ? (seamGapPixels + 1) / 2 : 0.5
        let west = Double(columns.lowerBound) - (columns.lowerBound == 0 ? seam : 0.5)
        let last = columns.upperBound - 1
        let east = Double(last) + (last == self.columns - 1 ? seam : 0.5)
        let north = rows.lowerBound == firstRow && northGap != nil ? 90 : latitude(edge: rows.lowerBound)
        let south = rows.upperBound == lastRow + 1 && southGap != nil ? -90 : latitude(edge: rows.upperBound)
        return LonLatBounds(
            westRad: (firstLongitude + west * longitudeStep) * .pi / 180,
            eastRad: (firstLongitude + east * longitudeStep) * .pi / 180, southRad: south * .pi / 180,
            northRad: north * .pi / 180)
    }

    /// Planetocentric latitude of the upper edge of a row.
    private func latitude(edge row: Int) -> Double {
        let latitude = max(-90, min(90, firstLatitude - (Double(row) - 0.5) * latitudeStep))
        guard let ellipsoid, abs(latitude) < 90 else { return latitude }
        return ellipsoid.planetocentricDegrees(planetographicDegrees: latitude)
    }
}

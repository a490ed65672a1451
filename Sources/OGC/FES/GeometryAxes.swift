public import Maps

/// In which order the coordinates of geometries and boxes in requests stand, for systems of longitudes and latitudes.
///
/// The definitions of the IAU's systems have the latitude first. QGIS 3.22 and GDAL 3.6 write longitudes first in geometries all
/// the same, whatever the identifier's spelling; QGIS writes latitudes first in the parameter BBOX. Projected systems have the
/// easting first in every case.
public struct GeometryAxes: Sendable, Hashable {
    /// What decides.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The order of the definition, for identifiers that are written as a URN or a URI; the longitude comes first for others,
        /// such as `IAU_2015:49900`, and where no system is named (OGC 09-025r2, and what WFS 1.0 had before).
        case authority
        /// The longitude comes first. `EPSG:4326` as a URN or a URI has the latitude first all the same, for every client
        /// knows that.
        case xy
    }

    /// What decides.
    public var rule: Rule

    /// The longitude comes first.
    public static let xy = GeometryAxes(.xy)
    /// The definition decides.
    public static let authority = GeometryAxes(.authority)

    /// A rule; the one that today's clients keep to, without argument.
    public init(_ rule: Rule = .xy) { self.rule = rule }

    /// Whether the latitude comes first in coordinates of a system.
    ///
    /// - Parameters:
    ///   - crs: the system.
    ///   - spelling: its identifier as the request writes it; nil where it names none.
    ///   - coordinates: pairs of numbers as they stand. Where the latitudes would be beyond 90 degrees, and would not in the other
    ///     order, that one is taken.
    public func isNorthFirst(
        _ crs: MapCRS, spelling: String?, coordinates: some Sequence<(first: Double, second: Double)>
    ) -> Bool {
        guard crs.isGeographic else { return false }
        let isLong = spelling.map { $0.lowercased().hasPrefix("urn:") || $0.lowercased().hasPrefix("http") }
        let isKnown = rule == .authority || crs.isAlias
        let isNorthFirst = isKnown && isLong == true && crs.axisOrder.isNorthFirst
        var (firstFits, secondFits) = (true, true)
        for (first, second) in coordinates {
            if abs(first) > Self.highest { firstFits = false }
            if abs(second) > Self.highest { secondFits = false }
        }
        if firstFits == secondFits { return isNorthFirst }
        return firstFits
    }

    /// The highest latitude; sums of other programs miss it by a hair.
    private static let highest = 90 + 1e-9
}

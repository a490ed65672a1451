public import Maps
internal import PlanetaryFrames

extension GridCoverage {
    /// The same pixels of a file in degrees with the coordinates of the body's equirectangular system, which are its longitudes
    /// and latitudes times the length of a degree; the coverage itself where it is in metres already, or on another radius.
    ///
    /// GDAL takes the latitude of the IAU's geographic systems for x in WCS 2.0, and so could not read a grid of degrees.
    public func inMetres(_ systems: MapSystems) -> GridCoverage {
        guard isNative, crs.isGeographic, crs.frame.longitudeSense == .east,
            crs.frame.latitudeKind == .planetocentric,
            let metric = systems.advertised.first(where: {
                $0.frame.projection == .equirectangular && !$0.isAlias && $0.identifier.code.hasSuffix("10")
            }), metric.frame.radiusMetres == crs.frame.radiusMetres, let turn = metric.periodX
        else { return self }
        let degree = turn / 360
        return GridCoverage(
            identifier: identifier, title: title, abstract: abstract, kind: kind, crs: metric,
            grid: CoverageGrid(
                originX: grid.originX * degree, originY: grid.originY * degree,
                pixelWidth: grid.pixelWidth * degree, pixelHeight: grid.pixelHeight * degree,
                width: grid.width, height: grid.height),
            bands: bands, vertical: vertical, interpolations: interpolations, isReprojected: isReprojected)
    }
}

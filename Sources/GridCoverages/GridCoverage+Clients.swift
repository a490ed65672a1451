public import Maps
internal import PlanetaryFrames

extension GridCoverage {
    /// The same pixels in a system that clients know, where there is one with the file's own coordinates; else the coverage
    /// itself.
    ///
    /// - A grid of degrees on the IAU's sphere gets the coordinates of the equirectangular system, which are longitudes and
    ///   latitudes times the length of a degree: GDAL takes the latitude of the IAU's geographic systems for x in WCS 2.0.
    /// - A system without an identifier gets that of the body's system with the same coordinates at all places of the grid.
    public func forClients(_ systems: MapSystems) -> GridCoverage {
        guard isNative else { return self }
        if let metres = inMetres(systems) { return metres }
        guard !systems.advertised.contains(crs),
            let known = systems.advertised.first(where: { !$0.isAlias && hasSameCoordinates($0) })
        else { return self }
        return moved(to: known, grid)
    }

    private func inMetres(_ systems: MapSystems) -> GridCoverage? {
        guard crs.isGeographic, crs.frame.longitudeSense == .east, crs.frame.latitudeKind == .planetocentric,
            let metric = systems.advertised.first(where: {
                $0.frame.projection == .equirectangular && !$0.isAlias && $0.identifier.code.hasSuffix("10")
            }), metric.frame.radiusMetres == crs.frame.radiusMetres, let turn = metric.periodX
        else { return nil }
        let degree = turn / 360
        return moved(
            to: metric,
            CoverageGrid(
                originX: grid.originX * degree, originY: grid.originY * degree,
                pixelWidth: grid.pixelWidth * degree, pixelHeight: grid.pixelHeight * degree,
                width: grid.width, height: grid.height))
    }

    /// Whether places all over the grid are the same in another system, to a ten-millionth of a degree.
    private func hasSameCoordinates(_ other: MapCRS) -> Bool {
        guard other.frame.projection == crs.frame.projection,
            abs(other.frame.radiusMetres - crs.frame.radiusMetres) < 1e-6,
            other.metresPerUnit == crs.metresPerUnit
        else { return false }
        let box = grid.box
        for row in 1...5 {
            for column in 1...5 {
                // Not at the centre, where a pole has every longitude.
                let x = box.minX + box.width * (Double(column) / 6 + 0.01)
                let y = box.minY + box.height * (Double(row) / 6 + 0.01)
                guard let here = try? crs.direction(x: x, y: y), let there = try? other.direction(x: x, y: y)
                else { return false }
                let turn = (here.lonDeg - there.lonDeg).remainder(dividingBy: 360)
                guard abs(turn) < 1e-7, abs(here.latDeg - there.latDeg) < 1e-7 else { return false }
            }
        }
        return true
    }

    private func moved(to crs: MapCRS, _ grid: CoverageGrid) -> GridCoverage {
        GridCoverage(
            identifier: identifier, title: title, abstract: abstract, kind: kind, crs: crs, grid: grid,
            bands: bands, vertical: vertical, interpolations: interpolations, isReprojected: isReprojected)
    }
}

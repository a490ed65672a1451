internal import GDAL
internal import HiPS
internal import Maps
internal import PlanetaryFrames
internal import Rasters

extension GridCoverage {
    /// The coverage of a file on its own grid, where the build believes it to lie; nil for a grid that a coverage cannot
    /// have: rotated, of planetographic latitudes, or of longitudes from another meridian.
    init?(native: NativeSource, layer: MapLayer, _ words: CoverageWords, systems: MapSystems) {
        let source = native.source
        // The code of its own system, which no other map has.
        let own = "TESSERA:" + layer.name.uppercased() + "_NATIVE"
        let definition = source.frame.wkt2
        guard
            let crs = source.frame.identifier.flatMap({ try? systems.parse($0).crs })
                ?? (try? systems.system(defined: definition, as: own)),
            crs.frame.longitudeSense == .east, let grid = Self.grid(source, crs)
        else { return nil }
        self.grid = grid
        self.crs = crs
        identifier = layer.name + Self.nativeSuffix
        title = (words.title ?? layer.title) + ", on the grid of its source"
        abstract = [
            words.abstract ?? layer.abstract,
            "Samples of the file that the map was built from, as they are stored, on its own grid of "
                + "\(source.frame.crsName) with a radius of \(source.frame.radiusMetres) m.",
        ].compactMap(\.self).joined(separator: " ")
        kind = .native(native)
        bands = CoverageBand.bands(of: native, layer)
        vertical = layer.vertical
        interpolations = native.canInterpolate ? [.nearest, .linear, .cubic] : [.nearest]
        isReprojected = false
    }

    private static func grid(_ source: RasterSource, _ crs: MapCRS) -> CoverageGrid? {
        switch source.placement {
        case .projected(let map):
            let t = map.geotransform
            // What the file's label says of latitudes may be more than its system does.
            guard map.frame.latitudeKind == crs.frame.latitudeKind, map.longitudeOffsetRad == 0, t[2] == 0,
                t[4] == 0, t[1] > 0, t[5] < 0
            else { return nil }
            return CoverageGrid(
                originX: t[0], originY: t[3], pixelWidth: t[1], pixelHeight: -t[5], width: map.columns,
                height: map.rows)
        case .grid(let grid):
            guard grid.ellipsoid == nil, crs.frame.latitudeKind == .planetocentric else { return nil }
            let north = grid.firstLatitude + grid.latitudeStep / 2
            if crs.isGeographic {
                return CoverageGrid(
                    originX: turned(grid.westEdge, grid), originY: north, pixelWidth: grid.longitudeStep,
                    pixelHeight: grid.latitudeStep, width: grid.columns, height: grid.rows)
            }
            return equirectangular(grid, crs, north: north)
        }
    }

    /// The west edge within -180 to 180 where the grid then ends at 180, else as the file has it.
    private static func turned(_ west: Double, _ grid: SourceGrid) -> Double {
        let east = west + Double(grid.columns) * grid.longitudeStep
        return east > 360 + 1e-9 ? west - 360 : west
    }

    /// Degrees of the believed grid as metres of the file's own system.
    private static func equirectangular(
        _ grid: SourceGrid, _ crs: MapCRS, north: Double
    ) -> CoverageGrid? {
        let origin = crs.frame.falseOrigin
        guard crs.frame.projection == .equirectangular,
            let centre = try? crs.direction(x: origin.x, y: origin.y),
            let found = try? crs.coordinates(of: [
                (centre.lonDeg, 0), (centre.lonDeg + 1, 0), (centre.lonDeg, 1),
            ]), found.allSatisfy({ $0.x.isFinite && $0.y.isFinite })
        else { return nil }
        let (perLon, perLat) = (found[1].x - found[0].x, found[2].y - found[0].y)
        // The turn in which the map lies about its centre.
        let middle = grid.westEdge + grid.longitudeSpan / 2
        let turns = ((middle - centre.lonDeg) / 360).rounded()
        let west = grid.westEdge - 360 * turns - centre.lonDeg
        return CoverageGrid(
            originX: found[0].x + west * perLon, originY: found[0].y + north * perLat,
            pixelWidth: grid.longitudeStep * perLon, pixelHeight: grid.latitudeStep * perLat,
            width: grid.columns, height: grid.rows)
    }
}

extension CoverageBand {
    /// The bands of a file, with its own stored values.
    static func bands(of native: NativeSource, _ layer: MapLayer) -> [CoverageBand] {
        let plan = native.source.plan
        let type = CoverageSampleType(rawValue: native.type.rawValue) ?? .float64
        func nilValues(_ noData: Double?, _ rule: [Double] = []) -> [Double] {
            var values = noData.map { [$0] } ?? []
            for value in rule where !values.contains(value) { values.append(value) }
            // Files may state values that their samples cannot have.
            if let range = type.range {
                return values.filter { range.contains($0) && $0 == $0.rounded() }
            }
            return values.contains(where: \.isNaN) ? values : values + [.nan]
        }
        let isPicture =
            !plan.isValues && plan.palette.isEmpty && plan.bands == native.fileBands
            && (3...4).contains(plan.bands.count)
        return native.fileBands.enumerated().map { index, number in
            let stated = native.source.bands.first { $0.number == number }
            let file = native.stated[index]
            // What the build believes of the bands of the map; of others what the file says.
            let isValue = plan.isValues && plan.bands == [number]
            let isColour = !plan.isValues && plan.bands.contains(number)
            let unit = isValue ? native.source.unit : file.unit
            return CoverageBand(
                name: isPicture ? ["red", "green", "blue", "alpha"][index] : "band\(index + 1)",
                description: stated.map { $0.meaning.isEmpty ? "band \(number) of the source" : $0.meaning }
                    ?? "band \(number) of the source",
                unit: isColour || unit.isEmpty ? nil : UnitText.ucum(unit), type: type,
                nilValues: isColour
                    ? []
                    : isValue ? nilValues(plan.noData, plan.pointRule?.values ?? []) : nilValues(file.noData),
                scale: isColour ? 1 : isValue ? plan.scale : file.scale,
                offset: isColour ? 0 : isValue ? plan.offset : file.offset)
        }
    }
}

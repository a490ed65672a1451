internal import HEALPix
internal import HiPS
internal import Maps
internal import PlanetaryFrames
internal import Tiles

extension GridCoverage {
    /// The name of the coverage of the map itself.
    var mapIdentifier: String {
        isNative ? String(identifier.dropLast(Self.nativeSuffix.count)) : identifier
    }

    /// The coverage of a map, on the equirectangular system of its body.
    ///
    /// A turn has six pixels for each that a face of HEALPix has along its sides: 2.4 percent larger than those of the tiles,
    /// which therefore are drawn from the deepest order. Edges of pixels lie at longitude 0 and on the equator.
    ///
    /// - Returns: nil for a map of which nothing lies on the body.
    init?(map layer: MapLayer, _ words: CoverageWords, systems: MapSystems) throws(MapsError) {
        guard
            let crs = systems.advertised.first(where: {
                $0.frame.projection == .equirectangular && !$0.isAlias && $0.identifier.code.hasSuffix("10")
            }), let turn = crs.periodX, let box = try layer.boundingBox(in: crs)
        else { return nil }
        let side = layer.tileWidth << layer.orders.upperBound.value
        let pixel = turn / Double(6 * side)
        func range(_ low: Double, _ high: Double, _ half: Int) -> Range<Int> {
            let first = max(Int((low / pixel + 1e-6).rounded(.down)), -half)
            let end = min(Int((high / pixel - 1e-6).rounded(.up)), half)
            return first..<max(end, first + 1)
        }
        let columns = range(box.minX, box.maxX, 3 * side)
        // Rows against y.
        let rows = range(-box.maxY, -box.minY, 3 * side / 2)
        grid = CoverageGrid(
            originX: Double(columns.lowerBound) * pixel, originY: -Double(rows.lowerBound) * pixel,
            pixelWidth: pixel, pixelHeight: pixel, width: columns.count, height: rows.count)
        identifier = layer.name
        title = words.title ?? layer.title
        abstract = [
            words.abstract ?? layer.abstract,
            "Values of the HiPS at the resolution of its deepest tiles, on the body's equirectangular system.",
        ].compactMap(\.self).joined(separator: " ")
        kind = .map(layer)
        self.crs = crs
        bands = CoverageBand.bands(of: layer)
        vertical = layer.vertical
        interpolations = [.linear, .nearest, .cubic]
        isReprojected = true
    }
}

extension MapLayer {
    /// What heights are counted from.
    var vertical: String? {
        if let words = properties["tessera_vertical"], !words.isEmpty { return words }
        if case .values(_, let reference) = kind { return reference }
        return nil
    }
}

extension CoverageBand {
    /// The bands of a map.
    static func bands(of layer: MapLayer) -> [CoverageBand] {
        switch layer.kind {
        case .values(let unit, let reference):
            let type: CoverageSampleType
            let blank: Double
            switch layer.sampleKind {
            // A byte has no value to spare for "no data".
            case .integer(let bits) where bits <= 16: (type, blank) = (.int16, -32768)
            case .integer: (type, blank) = (.int32, -2_147_483_648)
            case .real(let bits) where bits > 32: (type, blank) = (.float64, .nan)
            case .real, .picture: (type, blank) = (.float32, .nan)
            }
            let range = layer.properties.dataRange
            let interval = range.flatMap { $0.low <= $0.high ? $0.low...$0.high : nil }
            return [
                CoverageBand(
                    name: "value", description: reference ?? layer.title, unit: unit.map(UnitText.ucum),
                    type: type, nilValues: [blank], interval: interval)
            ]
        case .colour, .grey:
            let names = layer.kind == .grey ? ["grey"] : ["red", "green", "blue"]
            let hasAlpha = layer.format != .jpeg
            return (hasAlpha ? names + ["alpha"] : names).map { name in
                CoverageBand(
                    name: name, description: name == "alpha" ? "opacity, 0 where there are no data" : name,
                    type: .uint8, interval: 0...255)
            }
        }
    }
}

/// Units as the Unified Code for Units of Measure writes them.
enum UnitText {
    /// A unit in UCUM where it is one of those that maps have, else as it is.
    static func ucum(_ unit: String) -> String {
        switch unit.lowercased() {
        case "m", "metre", "metres", "meter", "meters": "m"
        case "km", "kilometre", "kilometres", "kilometer", "kilometers": "km"
        case "deg", "degree", "degrees": "deg"
        case "k", "kelvin", "kelvins": "K"
        case "percent", "%": "%"
        case "ppm": "[ppm]"
        case "ppb": "[ppb]"
        case "mgal": "mGal"
        case "second", "seconds", "s": "s"
        case "dn", "none", "dimensionless", "1": "1"
        default: unit
        }
    }
}

public import PlanetaryFrames

/// A coordinate reference system in which maps of a body are drawn.
///
/// Systems are made by ``MapSystems``. Two are equal when their identifiers are, on the same body.
public struct MapCRS: Sendable, Hashable {
    /// What coordinates count.
    public enum Unit: String, Sendable, Hashable {
        case degree
        case metre
        case kilometre
        /// Another length, which ``MapCRS/metresPerUnit`` tells.
        case other
    }

    /// The identifier that documents write, in the spelling that each service wants.
    public let identifier: CRSIdentifier
    /// The name for people.
    public let title: String
    /// The order of the axes in the definition, for services where that order counts.
    public let axisOrder: AxisOrder
    /// Whether this is a system of the Earth that stands for the body's own (`EPSG:4326` and its like).
    public let isAlias: Bool
    /// The system as it is computed with.
    public let frame: MapFrame
    /// The whole map of the body, in the system's own units and values: all of it, or the hemisphere around the centre
    /// where the projection could show more.
    public let domain: MapBox

    /// The frame's units in one unit of this system: 1, except where metres of the Earth stand for the body's.
    let scale: Double
    let transformers: TransformerPool

    init(
        identifier: CRSIdentifier, title: String? = nil, axisOrder: AxisOrder, isAlias: Bool = false,
        scale: Double = 1, frame: MapFrame
    ) throws(MapsError) {
        self.identifier = identifier
        self.title = title ?? frame.crsName
        self.axisOrder = axisOrder
        self.isAlias = isAlias
        self.frame = frame
        self.scale = scale
        transformers = TransformerPool(frame)
        domain = try transformers.with { (transformer) throws(MapsError) in
            MapDomain(transformer: transformer, scale: scale).whole
        }
    }

    /// The body.
    public var body: Body { frame.body }
    /// Whether coordinates are longitudes and latitudes.
    public var isGeographic: Bool { frame.projection == .geographic }
    /// What coordinates count.
    public var unit: Unit {
        if isGeographic { return .degree }
        switch frame.metresPerUnit {
        case 1: return .metre
        case 1000: return .kilometre
        default: return .other
        }
    }
    /// The length on the ground, where the map is true to scale, of one unit in metres.
    public var metresPerUnit: Double { frame.metresPerUnit * scale }
    /// The length in x after which the map repeats itself; nil for maps with a seam.
    public var periodX: Double? { frame.periodX.map { $0 / scale } }

    /// The place on the body of coordinates of this system, in degrees: east longitude from 0 to 360 and planetocentric
    /// latitude; nil outside of the map.
    public func direction(x: Double, y: Double) throws(MapsError) -> (lonDeg: Double, latDeg: Double)? {
        try transformers.with { (transformer) throws(MapsError) in
            let (xs, ys) = ([x * scale], [y * scale])
            var (lon, lat) = ([0.0], [0.0])
            var lonSpan = lon.mutableSpan
            var latSpan = lat.mutableSpan
            transformer.unproject(x: xs.span, y: ys.span, lonRad: &lonSpan, latRad: &latSpan)
            guard lonSpan[0].isFinite, latSpan[0].isFinite else { return nil }
            return (lonSpan[0] * 180 / .pi, latSpan[0] * 180 / .pi)
        }
    }

    /// The coordinates of places on the body, given in degrees of east longitude and planetocentric latitude;
    /// not-a-number for places that are not on the map.
    public func coordinates(
        of places: [(lonDeg: Double, latDeg: Double)]
    ) throws(MapsError) -> [(x: Double, y: Double)] {
        try transformers.with { (transformer) throws(MapsError) in
            let lon = places.map { $0.lonDeg * .pi / 180 }
            let lat = places.map { $0.latDeg * .pi / 180 }
            var x = [Double](repeating: .nan, count: places.count)
            var y = x
            var xSpan = x.mutableSpan
            var ySpan = y.mutableSpan
            transformer.project(lonRad: lon.span, latRad: lat.span, x: &xSpan, y: &ySpan)
            return zip(x, y).map { ($0 / scale, $1 / scale) }
        }
    }

    /// Whether identifier and body are the same.
    public static func == (a: MapCRS, b: MapCRS) -> Bool {
        a.identifier == b.identifier && a.body.naifCode == b.body.naifCode && a.scale == b.scale
    }

    /// Hashes the identifier.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(identifier)
        hasher.combine(body.naifCode)
    }
}

public import Features
public import Maps
public import XML

/// Reads the geometries of requests, in GML 3.2, 3.1 and 2, and turns them into those of layers.
///
/// Points, lines, polygons and boxes, alone or many together, curves of straight segments and surfaces of plane patches (OGC
/// 07-036, clause 10; OGC 02-069, section 4). Third coordinates are left out.
public struct GMLGeometryReader: Sendable {
    /// A box as it was asked for, or a geometry.
    public enum Reading: Sendable, Equatable {
        /// A box of longitudes and latitudes, whose west may be larger than its east.
        case box(FeatureBox)
        /// A geometry as layers hold it.
        case geometry(Geometry)

        /// As a geometry.
        public var geometry: Geometry {
            switch self {
            case .box(let box): box.geometry
            case .geometry(let geometry): geometry
            }
        }
    }

    let systems: MapSystems
    let defaultCRS: MapCRS?
    let axes: GeometryAxes
    let locator: String
    private let budget: PlaceBudget?

    /// How many numbers a geometry may have.
    static let mostNumbers = 500_000

    /// A reader for one body.
    /// - Parameters:
    ///   - systems: the coordinate reference systems of the body.
    ///   - defaultCRS: the system of geometries that name none; nil for planetocentric degrees.
    ///   - axes: which coordinate comes first.
    ///   - locator: the parameter that exceptions name.
    public init(
        _ systems: MapSystems, defaultCRS: MapCRS? = nil, axes: GeometryAxes = .xy,
        locator: String = "FILTER", budget: PlaceBudget? = nil
    ) {
        self.budget = budget
        self.systems = systems
        self.defaultCRS = defaultCRS
        self.axes = axes
        self.locator = locator
    }

    static let names: Set<String> = [
        "Point", "LineString", "LinearRing", "Polygon", "Curve", "CompositeCurve", "Surface",
        "PolyhedralSurface", "CompositeSurface", "MultiPoint", "MultiLineString", "MultiCurve",
        "MultiPolygon",
        "MultiSurface", "MultiGeometry", "Envelope", "Box",
    ]

    /// Whether an element is one that this reads.
    public static func isGeometry(_ element: XMLElement) -> Bool { names.contains(element.name) }

    /// Reads a geometry.
    /// - Throws: an `OGCException` that says what was found and what was expected.
    public func read(_ element: XMLElement) throws(OGCException) -> Reading {
        var pass = GMLPass(locator: locator)
        let raw = try pass.shape(element, dimension: nil)
        let crs = try system(pass.srsName)
        var pairs: [(first: Double, second: Double)] = []
        raw.forEachPosition { pairs.append(($0.x, $0.y)) }
        guard !pairs.isEmpty else { throw pass.bad(element, "has no coordinates") }
        let places = RequestPlaces(
            crs: crs, isNorthFirst: axes.isNorthFirst(crs, spelling: pass.srsName, coordinates: pairs),
            locator: locator, budget: budget ?? PlaceBudget())
        if pass.isBox, case .line(let corners) = raw {
            switch try places.box(corners[0], corners[1]) {
            case .degrees(let box): return .box(box)
            case .shape(let geometry, _): return .geometry(geometry)
            }
        }
        do {
            guard let geometry = try placed(raw, places).inLayers() else {
                throw FeatureError.badGeometry(
                    reason: "nothing is left of it, for its points are all the same")
            }
            return .geometry(geometry)
        } catch let error as OGCException {
            throw error
        } catch let error as FeatureError {
            throw OGCException(
                .invalidParameterValue, locator: locator, "\(pass.named(element)): \(error.description).")
        } catch {
            throw OGCException(.operationProcessingFailed, locator: locator, "\(error)")
        }
    }

    private func system(_ name: String?) throws(OGCException) -> MapCRS {
        guard let name else { return defaultCRS ?? systems.advertised[0] }
        do { return try systems.parse(name).crs } catch {
            throw OGCException(.invalidParameterValue, locator: locator, "srsName: \(error.description)")
        }
    }

    private func placed(_ raw: Geometry, _ places: RequestPlaces) throws(OGCException) -> Geometry {
        switch raw {
        case .point(let pair): return .point(try places.place(pair))
        case .multiPoint(let pairs):
            return .multiPoint(try pairs.map { pair throws(OGCException) in try places.place(pair) })
        case .line(let pairs): return .line(try places.line(pairs))
        case .multiLine(let lines): return .multiLine(try rings(lines, places))
        case .polygon(let rings): return .polygon(try self.rings(rings, places))
        case .multiPolygon(let polygons):
            return .multiPolygon(
                try polygons.map { rings throws(OGCException) in try self.rings(rings, places) })
        case .collection(let parts):
            return .collection(try parts.map { part throws(OGCException) in try placed(part, places) })
        }
    }

    private func rings(_ rings: [[Position]], _ places: RequestPlaces) throws(OGCException) -> [[Position]] {
        try rings.map { ring throws(OGCException) in try places.line(ring) }
    }
}

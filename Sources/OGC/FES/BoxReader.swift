public import Features
public import Maps

/// Reads the parameter BBOX of features: `a,b,c,d` and, perhaps, the identifier of its system (OGC 09-025r2, 7.9.2.5).
public struct BoxReader: Sendable {
    /// A box that was read.
    public struct Reading: Sendable, Equatable {
        /// The box of longitudes and latitudes around it; its west may be larger than its east.
        public let box: FeatureBox
        /// The shape on the body of a box in a map whose sides are no meridians and parallels; nil for others.
        public let shape: Geometry?

        /// The condition that a feature has a point in common with the box (OGC 09-026r2, 7.8.3.2).
        public func filter(for layer: FeatureLayer) -> FeatureFilter {
            if let shape { return .spatial(.intersects, shape) }
            return .meeting(box, layer)
        }
    }

    let systems: MapSystems
    let defaultCRS: MapCRS?
    let axes: GeometryAxes

    /// A reader for one body.
    /// - Parameters:
    ///   - systems: the coordinate reference systems of the body.
    ///   - defaultCRS: the system of boxes that name none; nil for planetocentric degrees.
    ///   - axes: which coordinate comes first.
    public init(_ systems: MapSystems, defaultCRS: MapCRS? = nil, axes: GeometryAxes = .xy) {
        self.systems = systems
        self.defaultCRS = defaultCRS
        self.axes = axes
    }

    /// Reads a box. An empty fifth part counts as absent, for QGIS sends one.
    ///
    /// From 350 to 10 degrees are the 20 degrees over 0, and 170 to -170 as well as 170 to 190 those over 180.
    /// - Throws: `InvalidParameterValue` for what is no box, or is in a system of another body.
    public func read(_ text: String) throws(OGCException) -> Reading {
        let parts = text.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false)
        let values = parts.prefix(4).compactMap { NumberText.double($0.filter { $0 != " " }) }
        guard values.count == 4 else {
            throw .invalid(
                "BBOX",
                "is \(OGCException.quoted(text)); four numbers were expected and, perhaps, an identifier such as "
                    + "\(systems.advertised[0].identifier)")
        }
        let spelling = parts.count == 5 && !parts[4].allSatisfy(\.isWhitespace) ? String(parts[4]) : nil
        let crs: MapCRS
        if let spelling {
            do { crs = try systems.parse(spelling).crs } catch {
                throw OGCException(.invalidParameterValue, locator: "BBOX", error.description)
            }
        } else {
            crs = defaultCRS ?? systems.advertised[0]
        }
        let pairs = [(first: values[0], second: values[1]), (first: values[2], second: values[3])]
        let places = RequestPlaces(
            crs: crs, isNorthFirst: axes.isNorthFirst(crs, spelling: spelling, coordinates: pairs),
            locator: "BBOX", budget: PlaceBudget())
        switch try places.box(Position(values[0], values[1]), Position(values[2], values[3])) {
        case .degrees(let box): return Reading(box: box, shape: nil)
        case .shape(let shape, let box): return Reading(box: box, shape: shape)
        }
    }
}

extension FeatureFilter {
    /// Features that have a point in common with a box; of a layer of points the boxes of the features decide, which are they.
    static func meeting(_ box: FeatureBox, _ layer: FeatureLayer) -> FeatureFilter {
        layer.geometryType == "POINT" ? .box(box) : .spatial(.intersects, box.geometry)
    }
}

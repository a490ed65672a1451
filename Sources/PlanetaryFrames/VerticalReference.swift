/// What the values of a map of heights are counted from.
public struct VerticalReference: Sendable, Hashable {
    /// What is measured.
    public enum Quantity: String, Sendable, Hashable, CaseIterable {
        /// Height above a surface.
        case elevation
        /// Distance from the centre of the body.
        case radius
    }

    /// What it is measured from.
    public enum Surface: String, Sendable, Hashable, CaseIterable {
        /// The surface of equal gravity of Mars.
        case areoid
        /// The surface of equal gravity of another body.
        case geoid
        /// A sphere.
        case sphere
        /// An ellipsoid of revolution.
        case ellipsoid
        /// The centre of the body.
        case centre
    }

    /// The unit of values.
    public enum Unit: String, Sendable, Hashable, CaseIterable {
        /// Metres.
        case m
        /// Kilometres.
        case km

        /// Metres per unit.
        public var metres: Double { self == .m ? 1 : 1000 }
    }

    /// What is measured.
    public let quantity: Quantity
    /// What it is measured from.
    public let surface: Surface
    /// The radius in metres of the sphere, or the equatorial one of the ellipsoid; nil where there is none to say.
    public let radiusMetres: Double?
    /// The unit of values.
    public let unit: Unit

    /// Makes a reference.
    ///
    /// - Throws: `FrameError.badVertical` for a sphere or ellipsoid without a radius, a radius counted from a surface, or
    ///   a height counted from the centre.
    public init(quantity: Quantity, surface: Surface, radiusMetres: Double? = nil, unit: Unit = .m)
        throws(FrameError)
    {
        if let radiusMetres, !(radiusMetres.isFinite && radiusMetres > 0) {
            throw .badVertical(reason: "a radius of \(radiusMetres) m; a positive one was expected")
        }
        guard (quantity == .radius) == (surface == .centre) else {
            throw .badVertical(
                reason:
                    "a quantity of \"\(quantity.rawValue)\" with the reference \"\(surface.rawValue)\"; radii are "
                    + "counted from the centre, elevations from a surface")
        }
        guard radiusMetres != nil || (surface != .sphere && surface != .ellipsoid) else {
            throw .badVertical(reason: "the reference \"\(surface.rawValue)\" without its radius in metres")
        }
        self.quantity = quantity
        self.surface = surface
        self.radiusMetres = radiusMetres
        self.unit = unit
    }

    /// One line for properties and capabilities, such as `elevation above the sphere of 1737400.0 m, in m`.
    public var propertyText: String {
        let radius = radiusMetres.map { " of \($0) m" } ?? ""
        let place = quantity == .radius ? "from the centre" : "above the \(surface.rawValue)\(radius)"
        return "\(quantity.rawValue) \(place), in \(unit.rawValue)"
    }

    /// The reference of a line as ``propertyText`` writes it; nil for other lines.
    public init?(propertyText text: String) {
        let length = text.firstRange(of: " of ").flatMap {
            Double(text[$0.upperBound...].prefix { $0 != " " })
        }
        for quantity in Quantity.allCases {
            for surface in Surface.allCases {
                for unit in Unit.allCases {
                    let found = try? VerticalReference(
                        quantity: quantity, surface: surface, radiusMetres: length, unit: unit)
                    if let found, found.propertyText == text {
                        self = found
                        return
                    }
                }
            }
        }
        return nil
    }

    /// Refuses two maps that count from different surfaces; another unit is no difference.
    ///
    /// - Throws: `FrameError.mixedReferences`.
    public func requireSame(as other: VerticalReference) throws(FrameError) {
        // Radii are counted from the centre, whatever sphere they were made with.
        guard quantity == other.quantity, surface == other.surface,
            radiusMetres == other.radiusMetres || surface == .centre
        else {
            throw .mixedReferences(what: "heights", first: propertyText, second: other.propertyText)
        }
    }
}

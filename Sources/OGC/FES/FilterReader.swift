public import Features
public import Maps
public import XML

/// Reads filters: Filter Encoding 2.0 (OGC 09-026r2), and the Filter Encoding 1.1 (04-095) and 1.0 (02-059) of older clients.
///
/// What a filter names has to be there, and what it compares has to be of one kind: a word is not compared with a number, for
/// which MapServer and GeoServer answer with an error of their database or with nothing.
public struct FilterReader: Sendable {
    /// The namespaces of filters. Some clients write none.
    static let namespaces: Set<String?> = [
        "http://www.opengis.net/fes/2.0", "http://www.opengis.net/ogc", nil,
    ]

    let layer: FeatureLayer
    let systems: MapSystems
    let geometries: GMLGeometryReader

    /// Operators within each other, and operators in all: SQLite takes brackets some 30 deep, and expressions of 1000 terms.
    static let deepest = 25
    static let mostOperators = 900

    /// A reader for one layer.
    /// - Parameters:
    ///   - layer: the layer whose columns are named.
    ///   - systems: the coordinate reference systems of its body.
    ///   - defaultCRS: the system of geometries that name none; nil for planetocentric degrees.
    ///   - axes: which coordinate comes first.
    ///   - budget: what all geometries of a request share; nil for one of each geometry's own.
    public init(
        _ layer: FeatureLayer, systems: MapSystems, defaultCRS: MapCRS? = nil, axes: GeometryAxes = .xy,
        budget: PlaceBudget? = nil
    ) {
        self.layer = layer
        self.systems = systems
        geometries = GMLGeometryReader(systems, defaultCRS: defaultCRS, axes: axes, budget: budget)
    }

    /// Reads the parameter FILTER. Brackets around it, which set apart the filters of several types, are left out.
    /// - Throws: an `OGCException` that says what was found and what was expected.
    public func read(_ text: String) throws(OGCException) -> FeatureFilter {
        var text = Substring(text)
        if text.first == "(", text.last == ")" { text = text.dropFirst().dropLast() }
        do { return try read(XMLElement.parse(Array(text.utf8))) } catch let error as OGCException {
            throw error
        } catch {
            throw OGCException(
                .invalidParameterValue, locator: Self.locator, "The filter cannot be read. \(error)")
        }
    }

    /// Reads an element `Filter`.
    /// - Throws: an `OGCException` that says what was found and what was expected.
    public func read(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        guard element.name == "Filter" else { throw Self.bad(element, "was found; Filter was expected") }
        var pass = FilterPass(reader: self)
        let children = element.children
        let isIDs = children.contains { FilterPass.idNames.contains($0.name) }
        guard isIDs || children.count == 1, let first = children.first else {
            throw Self.bad(
                element, "holds \(children.count) operators; one was expected, And or Or put several together"
            )
        }
        return isIDs ? try pass.ids(children) : try pass.condition(first, depth: 0)
    }

    static let locator = "FILTER"

    /// An error about an element; the reason goes on after its name.
    static func bad(_ element: XMLElement, _ reason: String) -> OGCException {
        OGCException(
            .invalidParameterValue, locator: locator,
            "The element \(OGCException.quoted(element.name)) in line \(element.line) of the filter \(reason)."
        )
    }

    /// An operator or a function that is not done here.
    static func unsupported(_ element: XMLElement, _ expected: String) -> OGCException {
        OGCException(
            .operationProcessingFailed, locator: locator,
            "The element \(OGCException.quoted(element.name)) in line \(element.line) of the filter is not supported; \(expected)."
        )
    }
}

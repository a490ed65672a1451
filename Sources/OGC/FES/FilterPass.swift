internal import Features
internal import Maps
internal import PlanetaryFrames
internal import XML

/// One pass over the operators of a filter.
struct FilterPass {
    let reader: FilterReader
    private var operators = 0

    init(reader: FilterReader) { self.reader = reader }

    static let idNames: Set<String> = ["ResourceId", "GmlObjectId", "FeatureId"]
    private static let comparisons: [String: FeatureComparison] = [
        "PropertyIsEqualTo": .equal, "PropertyIsNotEqualTo": .notEqual, "PropertyIsLessThan": .less,
        "PropertyIsGreaterThan": .greater, "PropertyIsLessThanOrEqualTo": .lessOrEqual,
        "PropertyIsGreaterThanOrEqualTo": .greaterOrEqual,
    ]
    private static let relations: [String: SpatialRelation] = [
        "Equals": .equals, "Disjoint": .disjoint, "Intersects": .intersects, "Intersect": .intersects,
        "Touches": .touches, "Crosses": .crosses, "Within": .within, "Contains": .contains,
        "Overlaps": .overlaps,
    ]
    private static let moments: [String: TemporalRelation] = [
        "After": .after, "Before": .before, "During": .during, "TEquals": .equals,
    ]
    private static let known =
        "And, Or, Not, PropertyIsEqualTo, PropertyIsNotEqualTo, PropertyIsLessThan, PropertyIsLessThanOrEqualTo, "
        + "PropertyIsGreaterThan, PropertyIsGreaterThanOrEqualTo, PropertyIsBetween, PropertyIsLike, PropertyIsNull, "
        + "BBOX, Equals, Disjoint, Intersects, Touches, Crosses, Within, Contains, Overlaps, DWithin, Beyond, After, "
        + "Before, During, TEquals and ResourceId are"

    mutating func condition(_ element: XMLElement, depth: Int) throws(OGCException) -> FeatureFilter {
        operators += 1
        guard depth < FilterReader.deepest, operators <= FilterReader.mostOperators else {
            throw OGCException(
                .operationProcessingFailed, locator: FilterReader.locator,
                "The filter has more than \(FilterReader.mostOperators) operators, or more than \(FilterReader.deepest) within "
                    + "each other; make it simpler.")
        }
        guard FilterReader.namespaces.contains(element.namespace) else {
            throw FilterReader.bad(
                element,
                "is in the namespace \(OGCException.quoted(element.namespace ?? "")); http://www.opengis.net/fes/2.0 or "
                    + "http://www.opengis.net/ogc was expected")
        }
        let children = element.children
        switch element.name {
        case "And", "Or":
            guard children.count > 1 else {
                throw FilterReader.bad(
                    element, "joins \(children.count) operators; two or more were expected")
            }
            var parts: [FeatureFilter] = []
            let ids = children.filter { Self.idNames.contains($0.name) }
            for child in children where !Self.idNames.contains(child.name) {
                parts.append(try condition(child, depth: depth + 1))
            }
            if !ids.isEmpty { parts.append(try self.ids(ids)) }
            return element.name == "And" ? .and(parts) : .or(parts)
        case "Not":
            guard children.count == 1 else {
                throw FilterReader.bad(element, "holds \(children.count) operators; one was expected")
            }
            return .not(try condition(children[0], depth: depth + 1))
        case "PropertyIsBetween": return try between(element)
        case "PropertyIsLike": return try like(element)
        case "PropertyIsNull", "PropertyIsNil": return try null(element)
        case "BBOX": return try box(element)
        case "DWithin", "Beyond": return try distance(element)
        case let name where Self.idNames.contains(name): return try ids([element])
        case let name:
            if let sign = Self.comparisons[name] { return try comparison(element, sign) }
            if let relation = Self.relations[name] {
                let geometry = try geometry(of: element).geometry
                if case .collection = geometry, relation != .intersects, relation != .disjoint {
                    throw FilterReader.unsupported(
                        element, "with a MultiGeometry Intersects, Disjoint, DWithin and Beyond are")
                }
                return .spatial(relation, geometry)
            }
            if let relation = Self.moments[name] { return try temporal(element, relation) }
            throw FilterReader.unsupported(element, Self.known)
        }
    }

    /// Features by their identifiers. Those of other types are not among the features.
    func ids(_ elements: [XMLElement]) throws(OGCException) -> FeatureFilter {
        var keys: [Int64] = []
        for element in elements {
            guard Self.idNames.contains(element.name) else {
                throw FilterReader.bad(element, "stands beside identifiers; only those were expected")
            }
            let text =
                element.attribute("rid") ?? element.attribute("fid")
                ?? element.attributes.first { $0.name == "id" }?.value
            guard let text else { throw FilterReader.bad(element, "has no identifier") }
            guard let (type, key) = FeatureType.parse(identifier: text) else {
                throw FilterReader.bad(
                    element,
                    "is for \(OGCException.quoted(text)), which is no identifier of a feature; one such as "
                        + "\(reader.layer.name.name).1 was expected")
            }
            if type == reader.layer.name.name { keys.append(key) }
        }
        return .ids(keys)
    }

    private func comparison(
        _ element: XMLElement, _ sign: FeatureComparison
    ) throws(OGCException) -> FeatureFilter {
        guard element.children.count == 2 else {
            throw FilterReader.bad(
                element, "compares \(element.children.count) values; a property and a literal were expected")
        }
        // A feature has one value of each property, so that all, any and one of them are the same.
        if let action = element.attribute("matchAction"), !["All", "Any", "One"].contains(action) {
            throw FilterReader.bad(
                element, "has a matchAction of \(OGCException.quoted(action)); All, Any or One was expected")
        }
        if let ids = try identity(element, sign) { return ids }
        let operands = try operands(element.children)
        return .comparison(operands[0], sign, operands[1], matchCase: try matchCase(element))
    }

    /// A comparison with the identifier of features, which is no column.
    private func identity(
        _ element: XMLElement, _ sign: FeatureComparison
    ) throws(OGCException) -> FeatureFilter? {
        let isIdentity = element.children.contains {
            Self.propertyNames.contains($0.name) && ["@gml:id", "@id", "@fid"].contains($0.trimmedText)
        }
        guard isIdentity else { return nil }
        guard sign == .equal || sign == .notEqual,
            let literal = element.children.first(where: { $0.name == "Literal" })
        else { throw FilterReader.bad(element, "compares identifiers, which are equal to a literal or not") }
        let found = FeatureType.parse(identifier: literal.trimmedText)
        let ids = FeatureFilter.ids(
            found?.type == reader.layer.name.name ? [found?.key].compactMap(\.self) : [])
        return sign == .equal ? ids : .not(ids)
    }

    private func between(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        guard let value = element.children.first, let lower = element.child("LowerBoundary")?.children.first,
            let upper = element.child("UpperBoundary")?.children.first, element.children.count == 3
        else {
            throw FilterReader.bad(
                element, "is not complete; a property, LowerBoundary and UpperBoundary were expected")
        }
        let operands = try operands([value, lower, upper])
        return .between(operands[0], lower: operands[1], upper: operands[2])
    }

    private func like(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        guard let name = element.children.first(where: { Self.propertyNames.contains($0.name) }),
            let literal = element.child("Literal"), element.children.count == 2
        else { throw FilterReader.bad(element, "is not complete; a property and a literal were expected") }
        let column = try column(name)
        guard column.kind != .binary else {
            throw FilterReader.bad(name, "names \(column.name), which holds bytes and no text")
        }
        let pattern = FeaturePattern(
            literal.text, wildCard: element.attribute("wildCard") ?? "*",
            singleChar: element.attribute("singleChar") ?? "?",
            escape: element.attribute("escapeChar") ?? element.attribute("escape") ?? "\\",
            matchCase: try matchCase(element))
        return .like(.column(column.name), pattern)
    }

    private func null(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        guard element.children.count == 1, let name = element.children.first else {
            throw FilterReader.bad(element, "names \(element.children.count) properties; one was expected")
        }
        try checkIsProperty(name)
        if isGeometry(name) { return .hasNoPlace }
        return .isNull(.column(try column(name).name))
    }

    private func matchCase(_ element: XMLElement) throws(OGCException) -> Bool {
        switch element.attribute("matchCase") {
        case nil, "true", "1": return true
        case "false", "0": return false
        case let text?:
            throw FilterReader.bad(
                element, "has a matchCase of \(OGCException.quoted(text)); true or false was expected")
        }
    }

    // MARK: - Places and times

    private func box(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        switch try geometry(of: element) {
        case .box(let box): return .meeting(box, reader.layer)
        case .geometry(let geometry): return .spatial(.intersects, geometry)
        }
    }

    /// The geometry in a spatial operator, beside which only the name of the geometry property may stand.
    private func geometry(
        of element: XMLElement, leavingOut other: String? = nil
    ) throws(OGCException) -> GMLGeometryReader.Reading {
        var found: XMLElement?
        for child in element.children where child.name != other {
            if Self.propertyNames.contains(child.name) {
                guard isGeometry(child) else {
                    throw FilterReader.bad(
                        child,
                        "names \(OGCException.quoted(child.trimmedText)), which is no geometry; \(PropertyName.geometry) was expected"
                    )
                }
            } else {
                guard found == nil else {
                    throw FilterReader.bad(child, "is a second geometry; one was expected")
                }
                found = child
            }
        }
        guard let found else {
            throw FilterReader.bad(element, "has no geometry; one in GML was expected")
        }
        return try reader.geometries.read(found)
    }

    private func distance(_ element: XMLElement) throws(OGCException) -> FeatureFilter {
        guard let length = element.child("Distance") else {
            throw FilterReader.bad(element, "has no Distance")
        }
        guard let value = NumberText.double(length.trimmedText), value >= 0 else {
            throw FilterReader.bad(
                length, "holds \(OGCException.quoted(length.trimmedText)); a number from 0 on was expected")
        }
        let radius = reader.systems.body.sphereRadiusMetres
        let unit = length.attribute("uom") ?? length.attribute("units") ?? length.attribute("unit") ?? "m"
        guard let factor = Self.metres(of: unit, radius: radius) else {
            throw FilterReader.bad(
                length, "is in \(OGCException.quoted(unit)), which is not known; m, km or deg was expected")
        }
        let distance = GroundDistance(metres: value * factor, radiusMetres: radius)
        let geometry = try geometry(of: element, leavingOut: "Distance").geometry
        return element.name == "DWithin" ? .within(distance, of: geometry) : .beyond(distance, of: geometry)
    }

    /// The metres in a unit, by its symbol or the end of its address; an angle is measured along a great circle.
    private static func metres(of unit: String, radius: Double) -> Double? {
        let word = unit.split(whereSeparator: { "/#:".contains($0) }).last.map(String.init) ?? unit
        switch word.lowercased() {
        case "m", "metre", "metres", "meter", "meters", "9001": return 1
        case "km", "kilometre", "kilometres", "kilometer", "kilometers", "9036": return 1000
        case "deg", "degree", "degrees", "9102": return radius * .pi / 180
        case "rad", "radian", "radians", "9101": return radius
        default: return nil
        }
    }

    private func temporal(
        _ element: XMLElement, _ relation: TemporalRelation
    ) throws(OGCException) -> FeatureFilter {
        guard element.children.count == 2, let name = element.children.first,
            Self.propertyNames.contains(name.name)
        else {
            throw FilterReader.bad(
                element, "is not complete; a property and a gml:TimeInstant or gml:TimePeriod were expected")
        }
        let column = try column(name)
        guard column.kind == .date || column.kind == .dateTime else {
            throw FilterReader.bad(name, "names \(column.name), which holds no dates and times")
        }
        let time = try time(element.children[1])
        guard relation != .during || time.begin != time.end else {
            throw FilterReader.bad(element, "needs a gml:TimePeriod that ends after it begins")
        }
        return .temporal(relation, .column(column.name), time)
    }

    private func time(_ element: XMLElement) throws(OGCException) -> FeatureTime {
        func position(_ holder: XMLElement?) -> String? {
            guard let holder else { return nil }
            return
                (holder.child("TimeInstant")?.child("timePosition") ?? holder.child("timePosition") ?? holder)
                .trimmedText
        }
        let found: FeatureTime?
        var text = ""
        switch element.name {
        case "TimePeriod":
            let begin = position(element.child("beginPosition") ?? element.child("begin")) ?? ""
            let end = position(element.child("endPosition") ?? element.child("end")) ?? ""
            text = begin + " to " + end
            found = FeatureTime(from: begin, to: end)
        case "TimeInstant", "Literal":
            if let inner = element.children.first, element.name == "Literal" { return try time(inner) }
            text = position(element) ?? ""
            found = FeatureTime(text)
        default:
            throw FilterReader.bad(element, "is no time; gml:TimeInstant or gml:TimePeriod was expected")
        }
        guard let found else {
            throw FilterReader.bad(
                element,
                "holds \(OGCException.quoted(text)); a time such as 2013-07-04T12:30:00Z was expected")
        }
        return found
    }
}

internal import Features
internal import XML

/// One pass over the elements of a geometry: coordinates as they stand.
struct GMLPass {
    let locator: String
    /// The system that the geometry or any part of it names; they have to agree.
    private(set) var srsName: String?
    /// The geometry is a box, given as the line between its corners.
    private(set) var isBox = false
    private var numbers = 0
    private static let deepest = 20

    init(locator: String) { self.locator = locator }

    func bad(_ element: XMLElement, _ reason: String) -> OGCException {
        OGCException(.invalidParameterValue, locator: locator, "\(named(element)) \(reason).")
    }

    func named(_ element: XMLElement) -> String {
        "The element \(OGCException.quoted(element.name)) in line \(element.line)"
    }

    mutating func shape(
        _ element: XMLElement, dimension: Int?, depth: Int = 0
    ) throws(OGCException) -> Geometry {
        guard depth <= Self.deepest else { throw bad(element, "is nested too deeply") }
        let dimension = try note(element) ?? dimension
        switch element.name {
        case "Point":
            let places = try positions(element, dimension)
            guard places.count == 1 else {
                throw bad(element, "has \(places.count) positions; one was expected")
            }
            return .point(places[0])
        case "LineString", "Curve", "CompositeCurve":
            return .line(try curve(element, dimension, depth))
        case "Polygon", "PolygonPatch", "Rectangle", "Triangle":
            return .polygon(try polygon(element, dimension, depth))
        case "Surface", "PolyhedralSurface", "CompositeSurface", "MultiPolygon", "MultiSurface":
            return .multiPolygon(try polygons(element, dimension, depth))
        case "MultiPoint":
            var places: [Position] = []
            for member in try members(element, ["pointMember", "pointMembers"]) {
                guard case .point(let place) = try shape(member, dimension: dimension, depth: depth + 1)
                else {
                    throw bad(member, "is no point, which a MultiPoint is made of")
                }
                places.append(place)
            }
            return .multiPoint(places)
        case "MultiLineString", "MultiCurve":
            var lines: [[Position]] = []
            for member in try members(element, ["lineStringMember", "curveMember", "curveMembers"]) {
                lines.append(try curve(member, try note(member) ?? dimension, depth + 1))
            }
            return .multiLine(lines)
        case "MultiGeometry":
            var parts: [Geometry] = []
            for member in try members(element, ["geometryMember", "geometryMembers"]) {
                parts.append(try shape(member, dimension: dimension, depth: depth + 1))
            }
            return .collection(parts)
        case "Envelope", "Box":
            guard depth == 0 else { throw bad(element, "stands in another geometry") }
            isBox = true
            return .line(try corners(element, dimension))
        default:
            throw bad(
                element,
                "is no geometry that is read here: Point, LineString, Polygon, Envelope, Box, Curve and Surface of straight pieces, and "
                    + "many of these together")
        }
    }

    /// The attributes that coordinates inherit: the system, and the number of coordinates of a position, which this returns.
    private mutating func note(_ element: XMLElement) throws(OGCException) -> Int? {
        if element.attribute("href", namespace: "http://www.w3.org/1999/xlink") != nil {
            throw bad(element, "refers to a geometry elsewhere, which is not looked for; write it in full")
        }
        if let name = element.attribute("srsName"), !name.isEmpty {
            if let srsName, srsName != name {
                throw bad(
                    element,
                    "is in \(OGCException.quoted(name)), and others are in \(OGCException.quoted(srsName)); one system was expected"
                )
            }
            srsName = name
        }
        guard let text = element.attribute("srsDimension") else { return nil }
        guard let dimension = NumberText.integer(text), (2...4).contains(dimension) else {
            throw bad(element, "has a srsDimension of \(OGCException.quoted(text)); 2 or 3 was expected")
        }
        return dimension
    }

    /// What stands in properties of these names.
    private mutating func members(
        _ element: XMLElement, _ names: Set<String>
    ) throws(OGCException) -> [XMLElement] {
        var members: [XMLElement] = []
        for child in element.children {
            guard names.contains(child.name) else {
                throw bad(
                    child,
                    "stands in a \(element.name); \(names.sorted().joined(separator: " or ")) was expected")
            }
            _ = try note(child)
            members += child.children
        }
        return members
    }

    private mutating func curve(
        _ element: XMLElement, _ dimension: Int?, _ depth: Int
    ) throws(OGCException) -> [Position] {
        guard depth <= Self.deepest else { throw bad(element, "is nested too deeply") }
        switch element.name {
        case "LineString", "LinearRing", "LineStringSegment":
            let places = try positions(element, dimension)
            guard places.count > 1 else {
                throw bad(element, "has \(places.count) positions; two or more were expected")
            }
            return places
        case "Curve":
            guard let segments = element.child("segments") else { throw bad(element, "has no segments") }
            return try chain(segments.children, dimension, depth)
        case "Ring", "CompositeCurve":
            return try chain(try members(element, ["curveMember"]), dimension, depth)
        default:
            throw bad(element, "is no curve of straight pieces; LineString or LineStringSegment was expected")
        }
    }

    private mutating func chain(
        _ parts: [XMLElement], _ dimension: Int?, _ depth: Int
    ) throws(OGCException) -> [Position] {
        var places: [Position] = []
        for part in parts {
            let next = try curve(part, try note(part) ?? dimension, depth + 1)
            places += places.last == next.first ? Array(next.dropFirst()) : next
        }
        return places
    }

    private mutating func polygon(
        _ element: XMLElement, _ dimension: Int?, _ depth: Int
    ) throws(OGCException) -> [[Position]] {
        var (outer, holes) = ([[Position]](), [[Position]]())
        for child in element.children {
            let isOuter = ["exterior", "outerBoundaryIs"].contains(child.name)
            guard isOuter || ["interior", "innerBoundaryIs"].contains(child.name) else {
                throw bad(child, "stands in a polygon; exterior or interior was expected")
            }
            for ring in child.children {
                let places = try curve(ring, try note(ring) ?? dimension, depth + 1)
                if isOuter { outer.append(places) } else { holes.append(places) }
            }
        }
        guard outer.count == 1 else { throw bad(element, "has \(outer.count) outer rings; one was expected") }
        return outer + holes
    }

    private mutating func polygons(
        _ element: XMLElement, _ dimension: Int?, _ depth: Int
    ) throws(OGCException) -> [[[Position]]] {
        let parts: [XMLElement]
        switch element.name {
        case "Surface", "PolyhedralSurface":
            guard let patches = element.child("patches") ?? element.child("polygonPatches") else {
                throw bad(element, "has no patches")
            }
            parts = patches.children
        default: parts = try members(element, ["polygonMember", "surfaceMember", "surfaceMembers"])
        }
        var polygons: [[[Position]]] = []
        for part in parts {
            switch try shape(part, dimension: dimension, depth: depth + 1) {
            case .polygon(let rings): polygons.append(rings)
            case .multiPolygon(let many): polygons += many
            default: throw bad(part, "is no polygon, which a \(element.name) is made of")
            }
        }
        return polygons
    }

    private mutating func corners(_ element: XMLElement, _ dimension: Int?) throws(OGCException) -> [Position]
    {
        var places: [Position]
        if let low = element.child("lowerCorner"), let high = element.child("upperCorner") {
            places = []
            for corner in [low, high] {
                let values = try values(corner, corner.text)
                guard values.count >= 2 else {
                    throw bad(corner, "has \(values.count) numbers; two were expected")
                }
                places.append(Position(values[0], values[1]))
            }
        } else {
            places = try positions(element, dimension)
        }
        guard places.count == 2 else { throw bad(element, "has \(places.count) corners; two were expected") }
        return places
    }

    /// The positions of the elements `pos`, `posList`, `coordinates` and `coord` in an element.
    private mutating func positions(
        _ element: XMLElement, _ inherited: Int?
    ) throws(OGCException) -> [Position] {
        var places: [Position] = []
        for child in element.children {
            let dimension = try note(child) ?? inherited
            switch child.name {
            case "pos":
                let values = try values(child, child.text)
                guard (2...4).contains(values.count), dimension == nil || dimension == values.count else {
                    throw bad(child, "has \(values.count) numbers; \(dimension ?? 2) were expected")
                }
                places.append(Position(values[0], values[1]))
            case "posList":
                let values = try values(child, child.text)
                let size = dimension ?? 2
                guard values.count % size == 0 else {
                    throw bad(child, "has \(values.count) numbers, which are no positions of \(size)")
                }
                for start in stride(from: 0, to: values.count, by: size) {
                    places.append(Position(values[start], values[start + 1]))
                }
            case "coordinates": places += try coordinates(child)
            case "coord":
                let values = try values(
                    child,
                    [child.child("X")?.text ?? "", child.child("Y")?.text ?? ""].joined(separator: " "))
                guard values.count == 2 else { throw bad(child, "has no X and Y") }
                places.append(Position(values[0], values[1]))
            case "pointProperty", "pointRep":
                for point in child.children {
                    guard point.name == "Point" else { throw bad(point, "is no Point") }
                    places += try positions(point, try note(point) ?? dimension)
                }
            default:
                // Names and descriptions are no coordinates.
                guard ["name", "description", "identifier", "metaDataProperty"].contains(child.name) else {
                    throw bad(child, "stands in a \(element.name); pos, posList or coordinates was expected")
                }
            }
        }
        return places
    }

    /// The text of GML 2, whose separators are attributes (OGC 02-069, 4.3.1).
    private mutating func coordinates(_ element: XMLElement) throws(OGCException) -> [Position] {
        func separator(_ name: String, _ usual: Character) throws(OGCException) -> Character {
            guard let text = element.attribute(name) else { return usual }
            guard text.count == 1, let first = text.first else {
                throw bad(
                    element, "has a \(name) of \(OGCException.quoted(text)); one character was expected")
            }
            return first
        }
        let (decimal, comma, blank) = (
            try separator("decimal", "."), try separator("cs", ","), try separator("ts", " ")
        )
        var places: [Position] = []
        for tuple in element.text.split(whereSeparator: { $0 == blank || blank == " " && $0.isWhitespace }) {
            var values: [Double] = []
            for part in tuple.split(separator: comma) {
                let text = String(part.filter { !$0.isWhitespace }.map { $0 == decimal ? "." : $0 })
                guard let value = NumberText.double(text) else {
                    throw bad(element, "holds \(OGCException.quoted(text)); a number was expected")
                }
                values.append(value)
            }
            if values.isEmpty { continue }
            guard (2...4).contains(values.count) else {
                throw bad(
                    element,
                    "holds \(OGCException.quoted(String(tuple))); two numbers and a comma were expected")
            }
            try count(values.count, element)
            places.append(Position(values[0], values[1]))
        }
        return places
    }

    private mutating func values(_ element: XMLElement, _ text: String) throws(OGCException) -> [Double] {
        var values: [Double] = []
        for part in text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
        {
            guard let text = String(part), let value = NumberText.double(text) else {
                throw bad(
                    element, "holds \(OGCException.quoted(String(Substring(part)))); a number was expected")
            }
            values.append(value)
        }
        try count(values.count, element)
        return values
    }

    private mutating func count(_ more: Int, _ element: XMLElement) throws(OGCException) {
        numbers += more
        guard numbers <= GMLGeometryReader.mostNumbers else {
            throw bad(element, "is part of a geometry of more than \(GMLGeometryReader.mostNumbers) numbers")
        }
    }
}

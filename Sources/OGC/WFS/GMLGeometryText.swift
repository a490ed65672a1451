internal import Features

/// Writes geometries in the Geography Markup Language.
struct GMLGeometryText: Sendable {
    let version: GMLVersion
    /// The value of `srsName`.
    let system: String
    /// Whether y comes first.
    let isNorthFirst: Bool
    let decimals: Decimals
    private let systemAttribute: [UInt8]

    init(version: GMLVersion, system: String, isNorthFirst: Bool, decimals: Decimals) {
        self.version = version
        self.system = system
        self.isNorthFirst = isNorthFirst
        self.decimals = decimals
        var text = ByteText()
        text.raw(" srsName=\"")
        text.xml(system)
        text.raw("\"")
        systemAttribute = text.bytes
    }

    /// Writes a geometry.
    /// - Parameter id: what its `gml:id` begins with, with the parts counted behind it.
    func write(_ geometry: Geometry, id: String, into text: inout ByteText) {
        if version == .v212 {
            writeOld(geometry, isOutermost: true, &text)
        } else {
            var parts = 0
            write(geometry, id, &parts, isOutermost: true, &text)
        }
    }

    /// The box of a geometry or of all features.
    func envelope(_ box: FeatureBox, into text: inout ByteText) {
        if version == .v212 {
            text.raw("<gml:Box")
            text.raw(systemAttribute)
            text.raw("><gml:coordinates>")
            coordinates([Position(box.minX, box.minY), Position(box.maxX, box.maxY)], &text)
            text.raw("</gml:coordinates></gml:Box>")
            return
        }
        text.raw("<gml:Envelope")
        text.raw(systemAttribute)
        text.raw("><gml:lowerCorner>")
        position(Position(box.minX, box.minY), &text)
        text.raw("</gml:lowerCorner><gml:upperCorner>")
        position(Position(box.maxX, box.maxY), &text)
        text.raw("</gml:upperCorner></gml:Envelope>")
    }

    private func position(_ place: Position, _ text: inout ByteText) {
        text.fixed(isNorthFirst ? place.y : place.x, decimals)
        text.byte(" ")
        text.fixed(isNorthFirst ? place.x : place.y, decimals)
    }

    // MARK: GML 3

    private func open(
        _ name: String, _ id: String, _ parts: inout Int, _ isOutermost: Bool, _ text: inout ByteText
    ) {
        text.raw("<gml:")
        text.raw(name)
        if version == .v321 {
            text.raw(" gml:id=\"")
            text.raw(id)
            if parts > 0 {
                text.byte(".")
                text.integer(Int64(parts))
            }
            text.byte("\"")
            parts += 1
        }
        if isOutermost { text.raw(systemAttribute) }
        text.byte(">")
    }

    private func write(
        _ geometry: Geometry, _ id: String, _ parts: inout Int, isOutermost: Bool, _ text: inout ByteText
    ) {
        switch geometry {
        case .point(let place):
            open("Point", id, &parts, isOutermost, &text)
            text.raw("<gml:pos>")
            position(place, &text)
            text.raw("</gml:pos></gml:Point>")
        case .line(let places):
            open("LineString", id, &parts, isOutermost, &text)
            list(places, &text)
            text.raw("</gml:LineString>")
        case .polygon(let rings):
            open("Polygon", id, &parts, isOutermost, &text)
            for (index, ring) in rings.enumerated() {
                text.raw(index == 0 ? "<gml:exterior><gml:LinearRing>" : "<gml:interior><gml:LinearRing>")
                list(ring, &text)
                text.raw(index == 0 ? "</gml:LinearRing></gml:exterior>" : "</gml:LinearRing></gml:interior>")
            }
            text.raw("</gml:Polygon>")
        case .multiPoint(let places):
            members("MultiPoint", "pointMember", places.map { .point($0) }, id, &parts, isOutermost, &text)
        case .multiLine(let lines):
            members("MultiCurve", "curveMember", lines.map { .line($0) }, id, &parts, isOutermost, &text)
        case .multiPolygon(let polygons):
            members(
                "MultiSurface", "surfaceMember", polygons.map { .polygon($0) }, id, &parts, isOutermost, &text
            )
        case .collection(let geometries):
            members("MultiGeometry", "geometryMember", geometries, id, &parts, isOutermost, &text)
        }
    }

    private func members(
        _ name: String, _ member: String, _ geometries: [Geometry], _ id: String, _ parts: inout Int,
        _ isOutermost: Bool, _ text: inout ByteText
    ) {
        open(name, id, &parts, isOutermost, &text)
        for geometry in geometries {
            text.raw("<gml:")
            text.raw(member)
            text.byte(">")
            write(geometry, id, &parts, isOutermost: false, &text)
            text.raw("</gml:")
            text.raw(member)
            text.byte(">")
        }
        text.raw("</gml:")
        text.raw(name)
        text.byte(">")
    }

    private func list(_ places: [Position], _ text: inout ByteText) {
        text.raw("<gml:posList>")
        for (index, place) in places.enumerated() {
            if index > 0 { text.byte(" ") }
            position(place, &text)
        }
        text.raw("</gml:posList>")
    }

    // MARK: GML 2

    private func writeOld(_ geometry: Geometry, isOutermost: Bool, _ text: inout ByteText) {
        func open(_ name: String) {
            text.raw("<gml:")
            text.raw(name)
            if isOutermost { text.raw(systemAttribute) }
            text.byte(">")
        }
        func members(_ name: String, _ member: String, _ geometries: [Geometry]) {
            open(name)
            for geometry in geometries {
                text.raw("<gml:" + member + ">")
                writeOld(geometry, isOutermost: false, &text)
                text.raw("</gml:" + member + ">")
            }
            text.raw("</gml:" + name + ">")
        }
        switch geometry {
        case .point(let place):
            open("Point")
            oldList([place], &text)
            text.raw("</gml:Point>")
        case .line(let places):
            open("LineString")
            oldList(places, &text)
            text.raw("</gml:LineString>")
        case .polygon(let rings):
            open("Polygon")
            for (index, ring) in rings.enumerated() {
                let name = index == 0 ? "outerBoundaryIs" : "innerBoundaryIs"
                text.raw("<gml:" + name + "><gml:LinearRing>")
                oldList(ring, &text)
                text.raw("</gml:LinearRing></gml:" + name + ">")
            }
            text.raw("</gml:Polygon>")
        case .multiPoint(let places): members("MultiPoint", "pointMember", places.map { .point($0) })
        case .multiLine(let lines):
            members("MultiLineString", "lineStringMember", lines.map { .line($0) })
        case .multiPolygon(let polygons):
            members("MultiPolygon", "polygonMember", polygons.map { .polygon($0) })
        case .collection(let parts): members("MultiGeometry", "geometryMember", parts)
        }
    }

    private func oldList(_ places: [Position], _ text: inout ByteText) {
        text.raw("<gml:coordinates>")
        coordinates(places, &text)
        text.raw("</gml:coordinates>")
    }

    private func coordinates(_ places: [Position], _ text: inout ByteText) {
        for (index, place) in places.enumerated() {
            if index > 0 { text.byte(" ") }
            text.fixed(place.x, decimals)
            text.byte(",")
            text.fixed(place.y, decimals)
        }
    }
}

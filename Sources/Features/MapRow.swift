internal import Glibc
internal import HEALPix
internal import HiPS
internal import MOC
internal import PlanetaryFrames
internal import Regions

/// A map as a row of an EPN-TAP table (EPN-TAP 2.0, section 2), with its outline.
struct MapRow {
    /// What a map covers, and where its longitudes and latitudes lie on the body.
    struct Coverage {
        let moc: MOC
        let lonOffsetDegrees: Double
        let isPlanetographic: Bool
    }

    /// The column by which it is told whether a map has changed.
    static let state = "map_state"

    static let columns: [FeatureColumn] = [
        .init(name: "granule_uid", kind: .text), .init(name: "granule_gid", kind: .text),
        .init(name: "obs_id", kind: .text), .init(name: "dataproduct_type", kind: .text),
        .init(name: "title", kind: .text), .init(name: "target_name", kind: .text),
        .init(name: "target_class", kind: .text), .init(name: "time_min", kind: .real, unit: "d"),
        .init(name: "time_max", kind: .real, unit: "d"), .init(name: "c1min", kind: .real, unit: "deg"),
        .init(name: "c1max", kind: .real, unit: "deg"), .init(name: "c2min", kind: .real, unit: "deg"),
        .init(name: "c2max", kind: .real, unit: "deg"),
        .init(name: "c1_resol_min", kind: .real, unit: "deg"),
        .init(name: "spatial_frame_type", kind: .text),
        .init(name: "spatial_coordinate_description", kind: .text), .init(name: "s_region", kind: .text),
        .init(name: "coverage", kind: .text), .init(name: "access_url", kind: .text),
        .init(name: "access_format", kind: .text),
        .init(name: "access_estsize", kind: .integer, unit: "kbyte"),
        .init(name: "thumbnail_url", kind: .text), .init(name: "service_title", kind: .text),
        .init(name: "creation_date", kind: .dateTime), .init(name: "modification_date", kind: .dateTime),
        .init(name: "release_date", kind: .dateTime), .init(name: state, kind: .text),
    ]

    /// The outline in degrees; nil where the map does not say what it covers.
    let geometry: Geometry?
    /// A value for each column.
    let values: [FeatureValue]

    init(_ entry: MapEntry, _ coverage: Coverage?, _ state: String, _ body: Body) {
        let properties = entry.properties
        let outline = coverage.map { MapOutline($0, body) }
        geometry = outline?.geometry
        let name = entry.map.description
        let folder = "hips/\(entry.map.body)/\(entry.map.name)/"
        let box = outline?.box
        let made = Self.moment(properties["hips_creation_date"])
        let released = Self.moment(properties.releaseDate)
        // They are never empty: a map that does not say it is as old as its files.
        let fallback = Self.changed(entry.path + "/properties")
        func text(_ text: String?) -> FeatureValue { text.map { .text($0) } ?? .null }
        func number(_ number: Double?) -> FeatureValue { number.map { .real($0) } ?? .null }
        values = [
            .text(name), .text("hips"), .text(name), .text("ma"), text(properties.title), .text(body.name),
            .text(Self.targetClass(body)), number(Self.julianDate(properties["t_min"])),
            number(Self.julianDate(properties["t_max"])), number(box?.west), number(box?.east),
            number(box?.south), number(box?.north),
            number(properties["hips_pixel_scale"].flatMap { Double($0) }), .text("body"),
            text(body.identifier(0).map { "\($0)" }), text(outline?.region), text(outline?.coverage),
            .text(folder), .text("application/x-hips"),
            properties.estSizeKB.map { .integer(Int64($0)) } ?? .null, .text(folder + "preview.jpg"),
            .text("tessera"), .text(made ?? released ?? fallback), .text(released ?? made ?? fallback),
            .text(released ?? made ?? fallback), .text(state),
        ]
    }

    /// A Julian date of a modified one, which HiPS have.
    private static func julianDate(_ text: String?) -> Double? {
        text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 + 2_400_000.5 : nil }
    }

    /// A time as HiPS have it, to the minute or more finely, as GeoPackages have it; nil for what is no time.
    static func moment(_ text: String?) -> String? {
        guard let text,
            let match = text.wholeMatch(
                of: /(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?Z?/)
        else { return nil }
        var part = match.output.3.map(String.init) ?? ""
        part += String(repeating: "0", count: 3 - part.count)
        return "\(match.output.1):\(match.output.2 ?? "00").\(part)Z"
    }

    private static func changed(_ path: String) -> String {
        var status = stat()
        let seconds = stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : Int64(time(nil))
        return moment(HiPSProperties.timestamp(seconds)) ?? ""
    }

    /// The class of a body by its number in SPICE (NAIF's "Integer ID codes").
    static func targetClass(_ body: Body) -> String {
        let code = body.naifCode
        // Pluto, Ceres, Haumea, Eris, Makemake, in the old numbering and the new one.
        let dwarfs = [1, 136_108, 136_199, 136_472].flatMap { [2_000_000 + $0, 20_000_000 + $0] }
        if code == 999 || dwarfs.contains(code) { return "dwarf_planet" }
        if code == 10 { return "star" }
        switch code {
        case 100...999: return code % 100 == 99 ? "planet" : "satellite"
        case 10_000...99_999: return "satellite"
        case 1_000_000..<2_000_000: return "comet"
        // The companions of small bodies have a digit before the number of the whole.
        case 100_000_000..<900_000_000: return "satellite"
        default: return "asteroid"
        }
    }
}

/// The outline of a map in the forms that a table of maps needs.
struct MapOutline {
    /// The outline in degrees within -180 to 180; nil where nothing is covered.
    let geometry: Geometry?
    /// Degrees, longitudes from 0 to 360; the west is larger than the east where the longitude 0 is within.
    let box: (west: Double, south: Double, east: Double, north: Double)?
    /// One `Polygon` (EPN-TAP 2.0, `s_region`): of a map in one piece its border without holes, else of its box.
    let region: String?
    /// The cells of the map, not finer than a text of some kilobytes holds.
    let coverage: String?

    /// Corners that the outline, and that in `s_region`, may have at most.
    private static let mostCorners = 20_000
    private static let mostRegionCorners = 1000
    private static let mostCells = 500

    init(_ source: MapRow.Coverage, _ body: Body) {
        guard !source.moc.isEmpty else {
            (geometry, box, region, coverage) = (nil, nil, nil, nil)
            return
        }
        var coarse = source.moc
        while coarse.cellCount > Self.mostCells, let order = Order(coarse.order.value - 1) {
            coarse = coarse.degraded(to: order)
        }
        coverage = coarse.ascii.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard source.moc.coverageFraction < 1 else {
            geometry = .multiPolygon([Self.ring(-180, -90, 180, 90)])
            box = (0, -90, 360, 90)
            region = Self.text(Self.ring(-180, -90, 180, 90)[0])
            return
        }
        let geometry = Self.placed(Self.traced(source.moc), source, body)
        let box = geometry.flatMap { Self.box($0) }
        self.geometry = geometry
        self.box = box
        if case .multiPolygon(let polygons) = geometry, polygons.count == 1,
            polygons[0][0].count <= Self.mostRegionCorners
        {
            region = Self.text(polygons[0][0])
        } else {
            region = box.map { box in
                let west = box.west > box.east ? box.west - 360 : box.west
                return Self.text(Self.ring(west, box.south, box.east, box.north)[0])
            }
        }
    }

    /// The outline, of coarser cells where it had too many corners.
    private static func traced(_ moc: MOC) -> Geometry {
        var moc = moc
        while true {
            let coarser = Order(moc.order.value - 1)
            if moc.ranges.count <= 4 * mostCorners || coarser == nil {
                let polygons = Outline(moc).polygons
                let corners = polygons.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.count } }
                if corners <= mostCorners || coarser == nil {
                    return .multiPolygon(
                        polygons.map { polygon in
                            polygon.rings.map { ring in
                                (ring + ring.prefix(1)).map {
                                    Position(degrees($0.lonRad), degrees($0.latRad))
                                }
                            }
                        })
                }
            }
            if let coarser { moc = moc.degraded(to: coarser) }
        }
    }

    /// Degrees to a millionth of a second of arc, so that the seam and the poles are round numbers.
    private static func degrees(_ radians: Double) -> Double { (radians * 180 / .pi * 1e9).rounded() / 1e9 }

    /// The outline where it lies on the body: HiPS of others may count otherwise.
    private static func placed(_ outline: Geometry, _ source: MapRow.Coverage, _ body: Body) -> Geometry? {
        guard source.lonOffsetDegrees != 0 || source.isPlanetographic else { return outline }
        let angles = SourceAngles(
            turnedBy: source.lonOffsetDegrees, graphicOn: source.isPlanetographic ? body.spheroid : nil)
        return GeometryPlacer(angles: angles).place(outline, rowSense: nil).geometry
    }

    /// The box of polygons: the widest gap between them on the circle of longitudes is outside.
    private static func box(_ geometry: Geometry) -> (
        west: Double, south: Double, east: Double, north: Double
    )? {
        guard case .multiPolygon(let polygons) = geometry, let whole = geometry.box else { return nil }
        let spans = polygons.compactMap { Geometry.polygon($0).box }.map { (west: $0.minX, east: $0.maxX) }
            .sorted { $0.west < $1.west }
        guard let first = spans.first else { return nil }
        var (gap, west, east) = (0.0, 0.0, 360.0)
        var reach = first.east
        for span in spans.dropFirst() {
            if span.west - reach > gap { (gap, west, east) = (span.west - reach, span.west, reach) }
            reach = max(reach, span.east)
        }
        // Through longitude 180.
        if first.west + 360 - reach > gap {
            (gap, west, east) = (first.west + 360 - reach, first.west, reach)
        }
        guard gap > 1e-9 else { return (0, whole.minY, 360, whole.maxY) }
        func turned(_ lon: Double) -> Double { lon < 0 ? lon + 360 : lon }
        // What ends at longitude 0 ends at 360.
        return (turned(west), whole.minY, east == 0 ? 360 : turned(east), whole.maxY)
    }

    private static func ring(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> [[Position]]
    {
        [
            [
                Position(west, south), Position(east, south), Position(east, north), Position(west, north),
                Position(west, south),
            ]
        ]
    }

    /// The form that readers of planetary tables take: they pass over the first two words.
    private static func text(_ ring: [Position]) -> String {
        func number(_ value: Double) -> String {
            let text = "\((value * 1e6).rounded() / 1e6)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        return "Polygon UNKNOWNFrame "
            + ring.dropLast().map { number($0.x) + " " + number($0.y) }.joined(separator: " ")
    }
}

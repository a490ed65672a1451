internal import HEALPix
internal import HiPS
internal import Tiles

/// The `properties` of an adopted map: the original keys in their order, with what clients need and it lacks.
struct AdoptedProperties {
    private(set) var properties: HiPSProperties
    /// The original texts of keys that read otherwise now.
    private(set) var overridden: [String: String] = [:]
    private(set) var peculiarities: [String] = []

    /// Words of `hips_frame` that Aladin Desktop takes for the sky.
    private static let skyFrames: Set<String> = [
        "g", "gal", "galactic", "e", "ecl", "ecliptic", "c", "equ", "equatorial",
    ]

    /// - Parameters:
    ///   - layout: what was found of the tiles.
    ///   - means: how the tiles come.
    init(
        _ original: HiPSProperties, _ request: AdoptionRequest, _ layout: TileLayout,
        means: AdoptionReport.Means,
        date: String
    ) {
        properties = original
        let map = request.map
        name(map, request)
        for (key, value) in [
            ("dataproduct_type", "image"), ("hips_version", "1.4"), ("hips_release_date", date),
        ]
        where (original[key] ?? "").isEmpty {
            add(key, value)
        }
        let frame = original.frame ?? ""
        if Self.skyFrames.contains(frame.lowercased()) {
            peculiarities.append("hips_frame = \(frame), which is a frame of the sky")
        } else if !frame.isEmpty, frame.lowercased() != map.body {
            peculiarities.append("hips_frame = \(frame)")
        }
        set("hips_frame", map.body)
        if (original.body ?? "").isEmpty {
            add("hips_body", map.body)
        } else {
            set("hips_body", map.body)
        }
        if original.orderMin == nil {
            peculiarities.append("no hips_order_min; the first tiles are of order \(layout.first)")
        }
        set("hips_order_min", String(layout.first.value))
        if let order = original.order, order < layout.last {
            peculiarities.append("there are tiles down to order \(layout.last), and hips_order is \(order)")
        } else {
            if original.order == nil { peculiarities.append("no hips_order") }
            set("hips_order", String(layout.last.value))
        }
        let stated = original.formats ?? []
        if stated != layout.formats {
            set("hips_tile_format", layout.formats.map(\.propertyWord).joined(separator: " "))
        }
        // What an address was said to be is none of this server's.
        remove("hips_service_url")
        if layout.isPart { for key in ["hips_nb_tiles", "hips_estsize"] { remove(key) } }
        state(original.status ?? "", layout, means)
        note(request, original, layout)
    }

    private mutating func name(_ map: MapName, _ request: AdoptionRequest) {
        if let id = request.id {
            set("creator_did", id)
        } else if (properties.creatorDID ?? "").isEmpty {
            add("creator_did", "ivo://localhost/\(map.body)/\(map.name)")
        }
        if let title = request.title {
            set("obs_title", title)
        } else if (properties.title ?? "").isEmpty {
            add("obs_title", map.name)
        }
        if let credit = request.credit { set("obs_copyright", credit) }
    }

    /// A copy says that it is one, and is not copied on where the original may be copied once (HiPS 1.0, section
    /// 4.4.1).
    private mutating func state(_ status: String, _ layout: TileLayout, _ means: AdoptionReport.Means) {
        guard means != .link else {
            if status.isEmpty { add("hips_status", "public mirror clonableOnce") }
            return
        }
        let words = status.split { $0 == " " || $0 == "," }.map { $0.lowercased() }
        let audience = words.contains("private") ? "private" : "public"
        let role = layout.isPart ? "partial" : "mirror"
        let copies = words.contains("clonable") ? "clonable" : "unclonable"
        set("hips_status", [audience, role, copies].joined(separator: " "))
    }

    private mutating func note(
        _ request: AdoptionRequest, _ original: HiPSProperties, _ layout: TileLayout
    ) {
        properties["tessera_lon_offset"] = Self.number(request.lonOffsetDegrees)
        properties["tessera_latitude"] = request.latitudeKind.rawValue
        properties["tessera_adopted_from"] = request.source
        properties["tessera_source_properties"] = Self.checksum(original.text)
        if request.lonOffsetDegrees != 0 {
            peculiarities.append(
                "longitude on the body = HEALPix longitude + \(Self.number(request.lonOffsetDegrees))")
        }
        if request.latitudeKind == .planetographic { peculiarities.append("latitudes are planetographic") }
        peculiarities += layout.peculiarities
    }

    /// Adds what is missing.
    private mutating func add(_ key: String, _ value: String) {
        peculiarities.append("no \(key)")
        properties[key] = value
    }

    private mutating func set(_ key: String, _ value: String) {
        let known = properties[key]
        guard known != value else { return }
        if let known { overridden[key] = known }
        properties[key] = value
    }

    private mutating func remove(_ key: String) {
        if let known = properties[key] { overridden[key] = known }
        properties[key] = nil
    }

    static func number(_ value: Double) -> String {
        let text = String(value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Sixteen digits that are the same for the same text (FNV-1a, 64 bits).
    static func checksum(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

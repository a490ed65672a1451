internal import GDAL
internal import PlanetaryFrames

/// The columns that the fields of a source become, and which of its fields hold places.
struct ImportColumns {
    let columns: [FeatureColumn]
    let renamed: [String: String]
    /// The fields of longitude and latitude; nil where the geometry says where a feature is.
    private(set) var place: Place?
    /// The field with W or E.
    let sense: Int?
    /// What the name of the longitude's column says of its sense.
    let namedSense: LongitudeSense?
    /// The column for geometries as they were.
    static let original = "geom_original"

    /// The fields that say where a feature is.
    struct Place {
        let longitude: Int
        let latitude: Int
        /// Degrees in their units.
        var longitudeScale = 1.0
        var latitudeScale = 1.0
        /// Whether it is the UCD that says so, and not the name.
        var isMeant = false
    }

    init(_ layer: VectorLayer, _ request: ImportRequest) throws(FeatureError) {
        var taken: Set<String> = ["fid", "geom", Self.original]
        var columns: [FeatureColumn] = []
        var renamed: [String: String] = [:]
        var units = request.units
        for (index, field) in layer.fields.enumerated() {
            // Runs of blanks are slips of whoever wrote the head of the table.
            var name = field.name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if name.isEmpty { name = "column_\(index + 1)" }
            let base = name
            var number = 1
            while !taken.insert(name.lowercased()).inserted {
                number += 1
                name = base + "_\(number)"
            }
            if name != field.name { renamed[field.name] = name }
            let stated = units.removeValue(forKey: field.name) ?? units.removeValue(forKey: name)
            columns.append(
                FeatureColumn(
                    name: name, kind: Self.kind(field.kind), unit: stated ?? field.unit ?? Self.unit(in: name)
                ))
        }
        if let unknown = units.keys.sorted().first {
            throw Self.missing(unknown, "--unit", layer, request)
        }
        if request.keepsOriginals { columns.append(FeatureColumn(name: Self.original, kind: .text)) }
        self.columns = columns
        self.renamed = renamed
        sense = try request.senseColumn.map { name throws(FeatureError) in
            guard let index = Self.index(of: name, in: layer) else {
                throw Self.missing(name, "--lon-sense-column", layer, request)
            }
            return index
        }
        (place, namedSense) = try Self.place(layer, request)
    }

    private static func place(_ layer: VectorLayer, _ request: ImportRequest) throws(FeatureError)
        -> (Place?, LongitudeSense?)
    {
        if request.longitudeColumn == nil, request.latitudeColumn == nil, layer.hasGeometry {
            return (nil, nil)
        }
        if request.longitudeColumn == nil, request.latitudeColumn == nil, let meant = meant(layer) {
            return (meant, nil)
        }
        func found(_ given: String?, _ option: String, _ names: Set<String>) throws(FeatureError) -> Int? {
            if let given {
                guard let index = index(of: given, in: layer) else {
                    throw missing(given, option, layer, request)
                }
                return index
            }
            let fitting = layer.fields.indices.filter { names.contains(plain(layer.fields[$0].name)) }
            guard fitting.count < 2 else {
                throw .source(
                    path: request.path,
                    reason:
                        "both \(fitting.prefix(2).map { layer.fields[$0].name }.joined(separator: " and ")) "
                        + "may be meant; choose with \(option)")
            }
            return fitting.first
        }
        let east = try found(request.longitudeColumn, "--lon-column", eastNames)
        let west = east == nil ? try found(nil, "--lon-column", westNames) : nil
        let latitude = try found(request.latitudeColumn, "--lat-column", latitudeNames)
        guard let longitude = east ?? west, let latitude else {
            let names = layer.fields.prefix(12).map(\.name).joined(separator: ", ")
            throw .source(
                path: request.path,
                reason:
                    "it has no geometry and no columns whose names say longitude and latitude; name them with "
                    + "--lon-column and --lat-column (it has \(names.isEmpty ? "none" : names))")
        }
        let place = Place(longitude: longitude, latitude: latitude)
        return (place, west != nil ? .west : nil)
    }

    /// UCDs of longitudes and latitudes, the surest first: those of bodies (EPN-TAP 2.0), and of the sky, which catalogues of
    /// bodies have too.
    private static let meanings = [
        ("pos.bodyrc.lon", "pos.bodyrc.lat"), ("pos.bodyrc.long", "pos.bodyrc.lat"),
        ("pos.eq.ra", "pos.eq.dec"),
        ("pos_eq_ra_main", "pos_eq_dec_main"),
    ]

    /// The fields whose UCDs say where a feature is.
    private static func meant(_ layer: VectorLayer) -> Place? {
        func found(_ word: String) -> Int? {
            let fitting = layer.fields.indices.filter { index in
                let words = (layer.fields[index].meaning ?? "").lowercased().split(separator: ";")
                // Limits and errors are no places.
                return words.first.map(String.init) == word && !words.contains { $0.hasPrefix("stat.") }
            }
            if fitting.count == 1 { return fitting[0] }
            let main = fitting.filter { layer.fields[$0].meaning?.lowercased().contains("meta.main") == true }
            return main.count == 1 ? main[0] : nil
        }
        for (longitude, latitude) in meanings {
            if let longitude = found(longitude), let latitude = found(latitude) {
                return Place(longitude: longitude, latitude: latitude, isMeant: true)
            }
        }
        return nil
    }

    /// Heeds the units that the file states for places.
    /// - Parameter isGeographic: whether the system of the places is one of angles; others are of metres.
    mutating func heedUnits(
        isGeographic: Bool, _ layer: VectorLayer, _ request: ImportRequest
    ) throws(FeatureError) {
        guard var place else { return }
        func scale(_ index: Int) throws(FeatureError) -> Double {
            let field = layer.fields[index]
            let factor: Double? =
                switch field.unit?.lowercased() {
                case nil: isGeographic ? 1 : nil
                case "deg", "degree", "degrees", "\u{B0}": 1
                case "rad": 180 / .pi
                case "arcmin": 1 / 60
                case "arcsec": 1 / 3600
                case "mas": 1 / 3_600_000
                default: nil
                }
            switch (factor, isGeographic) {
            case (let factor?, true): return factor
            case (nil, false): return 1
            case (_?, false):
                throw .source(
                    path: request.path,
                    reason:
                        "its column \(field.name) is in \(field.unit ?? ""), an angle, and the system that is stated is one of metres; state one of longitudes and latitudes"
                )
            case (nil, true):
                throw .source(
                    path: request.path,
                    reason:
                        "its column \(field.name) is in \(field.unit ?? "") where degrees are expected; turn it into degrees"
                )
            }
        }
        place.longitudeScale = try scale(place.longitude)
        place.latitudeScale = try scale(place.latitude)
        self.place = place
    }

    private static let eastNames: Set<String> = [
        "lon", "long", "longitude", "lng", "clon", "lonc", "loncenter", "centerlon", "centerlongitude",
        "centrelongitude", "longitudeeast", "eastlongitude", "lone", "elon",
    ]
    private static let westNames: Set<String> = ["longitudewest", "westlongitude", "lonw", "wlon"]
    private static let latitudeNames: Set<String> = [
        "lat", "latitude", "clat", "latc", "latcenter", "centerlat", "centerlatitude", "centrelatitude",
    ]

    /// Whether a column's name says that it holds longitudes.
    static func saysLongitude(_ name: String) -> Bool {
        let name = plain(name)
        return name.hasPrefix("lon") || name.hasSuffix("lon") || name.contains("longitude")
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter }
    }

    private static func index(of name: String, in layer: VectorLayer) -> Int? {
        func spaced(_ text: String) -> String {
            text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
        }
        return layer.fields.firstIndex { $0.name == name }
            ?? layer.fields.firstIndex { spaced($0.name) == spaced(name) }
    }

    private static func missing(
        _ name: String, _ option: String, _ layer: VectorLayer, _ request: ImportRequest
    ) -> FeatureError {
        .source(
            path: request.path,
            reason: "\(option): there is no column \(name); it has "
                + layer.fields.map(\.name).joined(separator: ", "))
    }

    private static func kind(_ kind: VectorField.Kind) -> FeatureColumn.Kind {
        switch kind {
        case .boolean: .boolean
        case .integer: .integer
        case .real: .real
        case .text, .list, .time: .text
        case .date: .date
        case .dateTime: .dateTime
        case .binary: .binary
        }
    }

    /// A unit in brackets at the end of a name: `Diameter (km)`, `height [m]`.
    private static func unit(in name: String) -> String? {
        for (open, close) in [("(", ")"), ("[", "]")] as [(Character, Character)] {
            guard name.last == close, let start = name.lastIndex(of: open) else { continue }
            let unit = name[name.index(after: start)...].dropLast()
            if !unit.isEmpty, unit.count < 20 { return String(unit) }
        }
        return nil
    }
}

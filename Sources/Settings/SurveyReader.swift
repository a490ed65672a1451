internal import PlanetaryFrames
internal import Yams

/// Turns the pairs of a survey file into a `Survey`, noting every mistake on the way.
struct SurveyReader {
    typealias Mistake = SettingsError.Mistake

    /// The keys of a survey file.
    static let keys = [
        "name", "id", "body", "title", "description", "credit", "licence", "license", "inputs", "extent",
        "crs", "registration", "latitude_kind", "longitude_sense", "longitude_system", "vertical", "nodata",
        "bands", "order", "formats", "cut", "stretch", "colormap", "resampling", "moc_order",
    ]
    /// The greatest number of a band.
    static let mostBands = 65_536

    var mistakes: [Mistake] = []
    private let hidden: Set<SettingsError.Place>
    private let pairs: [(key: Node, value: Node)]
    private var licencePlace: Mark?
    private var extentNode: Node?

    init(_ document: YAMLDocument) {
        pairs = document.pairs
        hidden = document.hidden
    }

    /// A reader of single values that stand in no file.
    init() {
        pairs = []
        hidden = []
    }

    mutating func read() -> Survey {
        var survey = Survey()
        for (keyNode, value) in pairs {
            guard case .scalar(let scalar) = keyNode else {
                note(keyNode, "the key is \(keyNode.kindInWords); a word such as \"inputs\" was expected")
                continue
            }
            let key = scalar.string
            if isHidden(keyNode) { continue }
            guard Self.keys.contains(key) else {
                note(
                    keyNode, "the key \"\(key.clipped)\" is not known" + Nearest.offer(key, among: Self.keys))
                continue
            }
            if value.isAbsent {
                note(keyNode, "the key \"\(key)\" has no value; give one or remove the key")
                continue
            }
            read(key, value, keyNode, into: &survey)
        }
        if let extent = survey.extent, let extentNode, !isWide(extent, extentNode, survey.longitudeSense) {
            survey.extent = nil
        }
        return survey
    }

    private mutating func read(_ key: String, _ value: Node, _ keyNode: Node, into survey: inout Survey) {
        switch key {
        case "name": survey.name = name(value)
        case "id": survey.id = identifier(value)
        case "body": survey.body = line(value, key)
        case "title": survey.title = line(value, key)
        case "description": survey.description = line(value, key)
        case "credit": survey.credit = line(value, key)
        case "licence", "license":
            if let licencePlace {
                note(
                    keyNode,
                    "\"licence\" and \"license\" are one key, which stands already at "
                        + "\(licencePlace.line):\(licencePlace.column); keep one")
            }
            licencePlace = keyNode.mark
            survey.licence = line(value, key)
        case "inputs": survey.inputs = inputs(value)
        case "extent": (survey.extent, extentNode) = (extent(value), value)
        case "crs": survey.crs = line(value, key)
        case "registration": survey.registration = word(value, key, Registration.self)
        case "latitude_kind": survey.latitudeKind = word(value, key, LatitudeKind.self)
        case "longitude_sense": survey.longitudeSense = word(value, key, LongitudeSense.self)
        case "longitude_system": survey.longitudeSystem = longitudeSystem(value)
        case "vertical": survey.vertical = vertical(value)
        case "nodata": survey.nodata = nodata(value)
        case "bands": survey.bands = bands(value)
        case "order": survey.order = integer(value, key, 0...20)
        case "moc_order": survey.mocOrder = integer(value, key, 0...29)
        case "formats": survey.formats = formats(value)
        case "cut": survey.cut = cut(value)
        case "stretch": survey.stretch = word(value, key, Stretch.self)
        case "resampling": survey.resampling = word(value, key, ResamplingMethod.self)
        default: survey.colormap = colormap(value)
        }
    }

    /// Whether a key stands again further on, which is a mistake already noted.
    func isHidden(_ key: Node) -> Bool {
        key.mark.map { hidden.contains(SettingsError.Place($0)) } ?? false
    }

    /// Notes a mistake at the place of a node.
    mutating func note(_ node: Node, _ message: String) {
        let mark = node.mark
        mistakes.append(Mistake(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message))
    }
}

extension Node {
    /// Whether the value is empty or null, which YAML also writes `~`.
    var isAbsent: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else {
            return false
        }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension String {
    /// The text, shortened for messages.
    var clipped: String { count > 60 ? prefix(57) + "..." : self }
}

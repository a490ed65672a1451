internal import PlanetaryFrames
internal import Yams

extension SurveyReader {
    /// The bodies of a file of bodies.
    mutating func readBodies(_ document: YAMLDocument) -> [BodyDefinition] {
        var bodies: [BodyDefinition] = []
        for (keyNode, value) in document.pairs where !isHidden(keyNode) {
            guard keyNode.scalar?.string == "bodies" else {
                note(
                    keyNode,
                    "the key \"\(keyNode.scalar?.string.clipped ?? keyNode.kindInWords)\" is not known; a file of "
                        + "bodies has the one key \"bodies\"")
                continue
            }
            guard case .sequence(let list) = value else {
                note(value, "\"bodies\" is \(value.kindInWords); a list of mappings was expected")
                continue
            }
            for node in list { if let body = body(node) { bodies.append(body) } }
        }
        return bodies
    }

    private mutating func body(_ node: Node) -> BodyDefinition? {
        guard let fields = fields(node, "a body", BodiesFile.keys) else { return nil }
        var body = BodyDefinition(
            name: "", naifCode: 0, semiAxesMetres: [], certainty: .estimated, source: "a file")
        let before = mistakes.count
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "name": body.name = line(value, key) ?? ""
            case "naif": body.naifCode = integer(value, key, -999_999_999...999_999_999) ?? 0
            case "radii_m": body.semiAxesMetres = radii(value)
            case "sphere_m": body.sphereRadiusMetres = number(value, key)
            case "rotation": body.rotation = word(value, key, RotationSense.self)
            case "surface": body.isFunctionOfDirection = surface(value) != .radialProjection
            case "certainty": body.certainty = word(value, key, RadiiCertainty.self) ?? .estimated
            case "source": body.source = line(value, key) ?? ""
            default: body.aliases = texts(value, key)
            }
        }
        for needed in ["name", "naif", "radii_m"] where fields[needed] == nil {
            note(node, "the body has no \"\(needed)\"")
        }
        guard mistakes.count == before else { return nil }
        do {
            _ = try BodyCatalogue.standard().adding([body])
        } catch {
            note(node, "\(error)")
            return nil
        }
        return body
    }

    /// What the surface of a body is a function of.
    enum Surface: String, CaseIterable {
        case direction
        case radialProjection = "radial projection"
    }

    private mutating func surface(_ node: Node) -> Surface? { word(node, "surface", Surface.self) }

    private mutating func radii(_ node: Node) -> [Double] {
        guard case .sequence(let list) = node else {
            return number(node, "radii_m").map { [$0, $0, $0] } ?? []
        }
        guard list.count == 3 else {
            note(
                node,
                "\"radii_m\" has \(list.count) values; one radius or three semi-axes in metres were expected")
            return []
        }
        return list.compactMap { number($0, "radii_m") }
    }

    private mutating func texts(_ node: Node, _ key: String) -> [String] {
        guard case .sequence(let list) = node else { return line(node, key).map { [$0] } ?? [] }
        return list.compactMap { line($0, key) }
    }

    /// The values of a mapping by key; nil and a mistake for anything else.
    mutating func fields(_ node: Node, _ what: String, _ known: [String]) -> [String: Node]? {
        guard case .mapping(let mapping) = node else {
            note(
                node,
                "\(what) is \(node.kindInWords); a mapping of \(known.joined(separator: ", ")) was expected")
            return nil
        }
        var fields: [String: Node] = [:]
        for (keyNode, value) in mapping where !isHidden(keyNode) {
            let key = keyNode.scalar?.string ?? keyNode.kindInWords
            if !known.contains(key) {
                note(
                    keyNode,
                    "the key \"\(key.clipped)\" of \(what) is not known" + Nearest.offer(key, among: known))
            } else if value.isAbsent {
                note(keyNode, "the key \"\(key)\" has no value; give one or remove the key")
            } else {
                fields[key] = value
            }
        }
        return fields
    }
}

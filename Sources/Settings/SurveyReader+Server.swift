internal import Yams

extension SurveyReader {
    /// The settings of a configuration file of the server.
    mutating func readServer(_ document: YAMLDocument) -> ServerSettings {
        var settings = ServerSettings()
        let keys = Dictionary(uniqueKeysWithValues: ServerKey.all.map { ($0.name, $0) })
        for (name, value) in known(document.pairs, of: nil, ServerKey.topLevel) {
            if let key = keys[name] {
                read(key, value, into: &settings)
            } else if name == "bodies" {
                settings.bodies = entries(value, "bodies") { reader, name, node in reader.body(name, node) }
            } else if name == "maps" {
                settings.maps = entries(value, "maps") { reader, name, node in reader.map(name, node) }
            } else if let section = ServerKey.sections.first(where: { $0.name == name }) {
                guard let pairs = mapping(value, name, section.keys) else { continue }
                for (inner, value) in pairs {
                    keys[name + "." + inner].map { read($0, value, into: &settings) }
                }
            }
        }
        return settings
    }

    /// Reads one value to its place.
    mutating func read(_ key: ServerKey, _ node: Node, into settings: inout ServerSettings) {
        let name = key.name
        switch key.field {
        case .text(let path): settings[keyPath: path] = line(node, name)
        case .integer(let path, let range): settings[keyPath: path] = integer(node, name, range)
        case .flag(let path): settings[keyPath: path] = flag(node, name)
        case .texts(let path): settings[keyPath: path] = lines(node, name)
        case .address(let path): settings[keyPath: path] = address(node, name)
        case .networks(let path): settings[keyPath: path] = networks(node, name)
        case .logFormat:
            settings.accessLog.format = word(node, name, ServerSettings.AccessLog.Format.self)
        case .gmlAxis:
            settings.features.gmlAxis = word(node, name, ServerSettings.Features.Axis.self)
        case .defaultCRS:
            settings.features.defaultCRS = word(node, name, ServerSettings.Features.DefaultCRS.self)
        }
    }

    private mutating func body(_ name: Node, _ node: Node) -> (String, ServerSettings.Body)? {
        guard let key = line(name, "bodies"), let pairs = mapping(node, key, ["title", "crs", "definitions"])
        else { return nil }
        var body = ServerSettings.Body()
        for (name, value) in pairs {
            switch name {
            case "title": body.title = line(value, name)
            case "crs": body.crs = lines(value, name)
            default: body.definitions = entries(value, name) { $0.definition($1, $2) }
            }
        }
        return (key.lowercased(), body)
    }

    /// A CRS of the keeper's own: an identifier of an authority and a code, and a definition.
    private mutating func definition(_ name: Node, _ node: Node) -> (String, String)? {
        guard let key = line(name, "definitions"), let definition = line(node, key) else { return nil }
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts.contains("") else {
            note(
                name,
                "\"\(key.clipped)\" is no identifier of a CRS; an authority and a code were expected, as in SITE:1"
            )
            return nil
        }
        return (key, definition)
    }

    private mutating func map(_ name: Node, _ node: Node) -> (String, ServerSettings.Map)? {
        guard let key = line(name, "maps") else { return nil }
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts.contains("") else {
            self.note(
                name, "\"\(key.clipped)\" is no map; its body and its name were expected, as in mars/viking")
            return nil
        }
        guard let pairs = mapping(node, key, ["title", "description", "styles", "hidden"]) else { return nil }
        var map = ServerSettings.Map()
        for (name, value) in pairs {
            switch name {
            case "title": map.title = line(value, name)
            case "description": map.description = line(value, name)
            case "styles": map.styles = lines(value, name)
            default: map.hidden = flag(value, name)
            }
        }
        return (key, map)
    }

    /// Entries of a mapping whose keys are names of the reader's own.
    private mutating func entries<Entry>(
        _ node: Node, _ what: String,
        _ read: (inout SurveyReader, Node, Node) -> (String, Entry)?
    ) -> [String: Entry] {
        guard case .mapping(let mapping) = node else {
            note(node, "\"\(what)\" is \(node.kindInWords); a mapping by name was expected")
            return [:]
        }
        var entries: [String: Entry] = [:]
        for (name, value) in mapping where !isHidden(name) {
            guard let (key, entry) = read(&self, name, value) else { continue }
            if entries.updateValue(entry, forKey: key) != nil {
                note(name, "\"\(key.clipped)\" stands twice in \"\(what)\"")
            }
        }
        return entries
    }

    private mutating func mapping(_ node: Node, _ what: String, _ keys: [String]) -> [(String, Node)]? {
        guard case .mapping(let mapping) = node else {
            note(
                node,
                "\"\(what.clipped)\" is \(node.kindInWords); a mapping of \(keys.joined(separator: ", ")) "
                    + "was expected")
            return nil
        }
        return known(mapping.map { ($0.key, $0.value) }, of: what, keys)
    }

    /// The pairs whose keys are known and that have values; the others are mistakes.
    private mutating func known(
        _ pairs: [(key: Node, value: Node)], of what: String?, _ keys: [String]
    ) -> [(String, Node)] {
        var result: [(String, Node)] = []
        for (keyNode, value) in pairs where !isHidden(keyNode) {
            let key = keyNode.scalar?.string ?? keyNode.kindInWords
            if !keys.contains(key) {
                note(
                    keyNode,
                    "the key \"\(key.clipped)\"" + (what.map { " of \"\($0.clipped)\"" } ?? "")
                        + " is not known"
                        + Nearest.offer(key, among: keys))
            } else if value.isAbsent {
                note(keyNode, "the key \"\(key)\" has no value; give one or remove the key")
            } else {
                result.append((key, value))
            }
        }
        return result
    }

    private mutating func flag(_ node: Node, _ key: String) -> Bool? {
        guard let text = text(node, key) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            note(node, "\"\(key)\" is \"\(text.clipped)\"; true or false was expected")
            return nil
        }
    }

    /// One text or a list of some.
    private mutating func lines(_ node: Node, _ key: String) -> [String]? {
        guard case .sequence(let list) = node else { return line(node, key).map { [$0] } }
        return list.compactMap { line($0, key) }
    }

    private mutating func address(_ node: Node, _ key: String) -> String? {
        guard let text = line(node, key) else { return nil }
        guard let address = WebAddress.base(text) else {
            note(
                node,
                "\"\(key)\" is \"\(text.clipped)\"; an address such as https://maps.example.org/planets was "
                    + "expected, without query and fragment")
            return nil
        }
        return address
    }

    private mutating func networks(_ node: Node, _ key: String) -> [String]? {
        let items: [Node] = if case .sequence(let list) = node { Array(list) } else { [node] }
        var texts: [String] = []
        for item in items {
            guard let text = line(item, key) else { continue }
            texts.append(text)
            if WebAddress.isNetwork(text) { continue }
            note(
                item,
                "\"\(text.clipped)\" in \"\(key)\" is no address; one such as 10.1.2.3, 10.0.0.0/8 or fd00::/8 "
                    + "was expected")
        }
        return texts
    }
}

internal import Yams

extension SurveyReader {
    /// The keys of a rule.
    static let noDataKeys = ["values", "range", "edge_connected", "erode_px"]

    /// A number, `nan`, `none`, or a mapping of `values`, `range`, `edge_connected` and `erode_px`.
    mutating func nodata(_ node: Node) -> NoData? {
        switch node {
        case .scalar(let scalar):
            switch scalar.string.lowercased() {
            case "none": return NoData.none
            case "nan", ".nan": return .nan
            default: return number(node, "nodata").map { .value($0) }
            }
        case .mapping(let mapping): return noDataRule(mapping, node).map { .rule($0) }
        default: return number(node, "nodata").map { .value($0) }
        }
    }

    private mutating func noDataRule(_ mapping: Node.Mapping, _ node: Node) -> NoData.Rule? {
        let names = Self.noDataKeys
        let before = mistakes.count
        var rule = NoData.Rule()
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? keyNode.kindInWords
            if isHidden(keyNode) { continue }
            guard names.contains(name) else {
                note(
                    keyNode,
                    "the key \"\(name.clipped)\" of \"nodata\" is not known"
                        + Nearest.offer(name, among: names))
                continue
            }
            if value.isAbsent {
                note(keyNode, "the key \"\(name)\" has no value; give one or remove the key")
                continue
            }
            switch name {
            case "values": rule.values = values(value)
            case "range": rule.range = range(value)
            case "edge_connected": rule.isEdgeConnected = flag(value, name) ?? false
            default: rule.erodePixels = integer(value, name, 0...NoData.Rule.mostErosion) ?? 0
            }
        }
        guard mistakes.count == before else { return nil }
        guard rule != NoData.Rule() else {
            note(node, "\"nodata\" says nothing; give some of \(names.joined(separator: ", "))")
            return nil
        }
        return rule
    }

    /// One number or a list; `nan` may be among them.
    private mutating func values(_ node: Node) -> [Double] {
        var values: [Double] = []
        let items: [Node]
        if case .sequence(let sequence) = node { items = Array(sequence) } else { items = [node] }
        if items.isEmpty { note(node, "\"values\" is empty; give numbers or remove the key") }
        if items.count > 32 { note(node, "\"values\" has \(items.count) numbers; at most 32 were expected") }
        for item in items.prefix(32) {
            if let text = item.scalar?.string.lowercased(), text == "nan" || text == ".nan" {
                values.append(.nan)
            } else if let value = number(item, "values") {
                values.append(value)
            }
        }
        return values
    }

    private mutating func range(_ node: Node) -> ClosedRange<Double>? {
        guard case .sequence(let sequence) = node, sequence.count == 2 else {
            note(node, "\"range\" was expected to be two numbers, such as [0, 4]")
            return nil
        }
        guard let low = number(sequence[0], "range"), let high = number(sequence[1], "range") else {
            return nil
        }
        guard low <= high else {
            note(node, "the range runs from \(low) to \(high); the lower value comes first")
            return nil
        }
        return low...high
    }

    private mutating func flag(_ node: Node, _ key: String) -> Bool? {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            note(node, "\"\(key)\" was expected to be true or false")
            return nil
        }
    }
}

internal import PlanetaryFrames
internal import Yams

extension SurveyReader {
    /// The keys of a system of longitudes.
    static let longitudeSystemKeys = ["name", "offset_to_iau", "source"]
    /// The keys of a vertical reference.
    static let verticalKeys = ["quantity", "reference", "radius", "unit"]

    /// A mapping of `name`, `offset_to_iau` and `source`, or the name alone.
    mutating func longitudeSystem(_ node: Node) -> LongitudeSystem? {
        if case .scalar = node {
            return line(node, "longitude_system").flatMap {
                LongitudeSystem(name: $0, offsetToIAUDegrees: nil, source: "")
            }
        }
        guard let fields = fields(node, "\"longitude_system\"", Self.longitudeSystemKeys) else {
            return nil
        }
        guard let nameNode = fields["name"] else {
            note(node, "\"longitude_system\" lacks name")
            return nil
        }
        var offset: Double?
        if let value = fields["offset_to_iau"] {
            offset = number(value, "offset_to_iau")
            if let degrees = offset, abs(degrees) > 360 {
                note(value, "\"offset_to_iau\" is \(degrees); -360 to 360 degrees to the east was expected")
                return nil
            }
        }
        let source = fields["source"].flatMap { line($0, "source") } ?? ""
        return line(nameNode, "name").flatMap {
            LongitudeSystem(name: $0, offsetToIAUDegrees: offset, source: source)
        }
    }

    /// A mapping of `quantity`, `reference`, `radius` in metres and `unit`.
    mutating func vertical(_ node: Node) -> VerticalReference? {
        guard let fields = fields(node, "\"vertical\"", Self.verticalKeys) else { return nil }
        let before = mistakes.count
        guard let surfaceNode = fields["reference"] else {
            note(node, "\"vertical\" lacks reference")
            return nil
        }
        let surface = word(surfaceNode, "reference", VerticalReference.Surface.self)
        let quantity = fields["quantity"].map { word($0, "quantity", VerticalReference.Quantity.self) }
        let radius = fields["radius"].flatMap { number($0, "radius") }
        let unit = fields["unit"].map { word($0, "unit", VerticalReference.Unit.self) }
        guard mistakes.count == before, let surface else { return nil }
        do {
            return try VerticalReference(
                quantity: (quantity ?? nil) ?? (surface == .centre ? .radius : .elevation), surface: surface,
                radiusMetres: radius, unit: (unit ?? nil) ?? .m)
        } catch {
            note(node, "\(error)")
            return nil
        }
    }
}

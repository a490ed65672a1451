/// What the pixels of a layer are.
public enum LayerKind: Sendable, Hashable {
    /// Measured values, with their unit and what they are counted from where that is known.
    case values(unit: String?, reference: String?)
    /// Pictures in colour.
    case colour
    /// Pictures in shades of grey.
    case grey

    /// Whether the layer holds measured values.
    public var hasValues: Bool { if case .values = self { true } else { false } }
}

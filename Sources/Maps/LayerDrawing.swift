/// One layer of a picture, from below to above in the order of drawing.
public struct LayerDrawing: Sendable {
    /// The layer.
    public var layer: MapLayer
    /// How it is shown.
    public var style: MapStyle
    /// From 0, invisible, to 1.
    public var opacity: Double

    /// A layer in a style.
    public init(layer: MapLayer, style: MapStyle, opacity: Double = 1) {
        self.layer = layer
        self.style = style
        self.opacity = opacity
    }
}

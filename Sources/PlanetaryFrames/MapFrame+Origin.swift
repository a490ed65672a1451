extension MapFrame {
    /// The false easting and northing in the file's units: where the centre of the projection has x and y.
    ///
    /// The offset of the prime meridian for geographic systems.
    public var falseOrigin: (x: Double, y: Double) {
        let (x, y) = (kernel.xOffset + kernel.innerOffset.x, kernel.yOffset + kernel.innerOffset.y)
        return (kernel.xSign * x * kernel.xScale, y * kernel.yScale)
    }
}

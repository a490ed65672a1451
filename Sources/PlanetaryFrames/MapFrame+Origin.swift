extension MapFrame {
    /// The false easting and northing in the file's units: where the centre of the projection has x and y.
    ///
    /// The offset of the prime meridian for geographic systems.
    public var falseOrigin: (x: Double, y: Double) {
        (kernel.xSign * kernel.xOffset * kernel.xScale, kernel.yOffset * kernel.yScale)
    }
}

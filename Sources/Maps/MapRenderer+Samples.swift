internal import Pixels

extension MapRenderer {
    /// The order of the tiles that a window is drawn from; below 0 for means of the faces.
    ///
    /// Parts of a window that are drawn one after the other take the order of the whole, or tiles of another would show
    /// where they meet.
    ///
    /// - Throws: ``MapsError``.
    public func order(of layer: MapLayer, in window: MapWindow) throws(MapsError) -> Int {
        let most = 256
        let coarse = try MapWindow(
            crs: window.crs, box: window.box, width: min(window.width, most),
            height: min(window.height, most))
        let angle = try place(layer, coarse, averages: false, { false }).pixelAngleRad
        let ratio =
            Double(coarse.width) * Double(coarse.height) / (Double(window.width) * Double(window.height))
        return layer.tileOrder(forPixelOf: angle.map { $0 * ratio.squareRoot() })
    }

    /// The values of a layer in a window with any interpolation, as precise as its tiles are.
    ///
    /// - Parameters:
    ///   - layer: The layer.
    ///   - window: Where values are wanted: at the centres of its pixels.
    ///   - interpolation: How values between pixels of the HiPS are found.
    ///   - order: The order of the tiles, from ``order(of:in:)`` of the window or of the larger one that this is a part of.
    ///   - cancelled: Whether nobody waits for the values any more; asked often.
    /// - Throws: ``MapsError/otherBody(text:found:expected:)``, ``MapsError/unusableTile(layer:tile:reason:)``,
    ///   ``MapsError/cancelled``.
    public func samples(
        of layer: MapLayer, in window: MapWindow, _ interpolation: MapInterpolation, order: Int,
        cancelled: () -> Bool = { false }
    ) throws(MapsError) -> LayerSamples {
        try check(layer, window)
        let placement = try place(layer, window, averages: false, cancelled)
        func values<Sample: LayerSample>(_ type: Sample.Type) throws(MapsError) -> LayerSamples
        where Sample.Drawn == Float, Sample.Sum == Double {
            guard interpolation != .linear else {
                return .floats(try sample(type, layer, window, placement, order: order, cancelled))
            }
            return .floats(
                try sample(type, layer, window, placement, interpolation, order, cancelled) {
                    Float($0 ?? .nan)
                })
        }
        switch layer.samples {
        case .bytes: return try values(UInt8.self)
        case .int16: return try values(Int16.self)
        case .float: return try values(Float.self)
        case .double:
            return .doubles(
                try sample(Double.self, layer, window, placement, interpolation, order, cancelled) {
                    $0 ?? .nan
                })
        case .colours:
            let colours =
                interpolation == .linear
                ? try sample(RGBA8.self, layer, window, placement, order: order, cancelled)
                : try sample(RGBA8.self, layer, window, placement, interpolation, order, cancelled) {
                    $0.map { RGBA8(clamping: $0) } ?? RGBA8.nothing
                }
            return .colours(
                colours.withUnsafeBytes { source in
                    [UInt8](source)
                })
        }
    }

    private func sample<Sample: LayerSample, Out>(
        _ type: Sample.Type, _ layer: MapLayer, _ window: MapWindow, _ placement: Placement,
        _ interpolation: MapInterpolation, _ order: Int, _ cancelled: () -> Bool,
        pixel: (Sample.Sum?) -> Out
    ) throws(MapsError) -> [Out] {
        var pixels = [Out](repeating: pixel(nil), count: window.width * window.height)
        var failure: MapsError?
        pixels.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            do throws(MapsError) {
                try withoutActuallyEscaping(cancelled) { (cancelled) throws(MapsError) in
                    var sampler = LayerSampler<Sample>(
                        source: TileSource(layer: layer, cache: tiles, cancelled: cancelled), order: order,
                        longestRow: window.width, parts: 1)
                    for patch in placement.patches {
                        if cancelled() { throw .cancelled }
                        try sampler.draw(
                            patch, interpolation,
                            into: base + patch.rows.lowerBound * window.width + patch.columns.lowerBound,
                            stride: window.width, pixel: pixel)
                    }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return pixels
    }
}

internal import Glibc
internal import HEALPix
internal import PlanetaryFrames
internal import Pixels
public import Tiles

/// Draws pictures and values of layers in any system of their body.
///
/// May be used from many threads at a time; a picture is drawn by the thread that asks for it, which waits for files where
/// tiles are not in the cache.
public final class MapRenderer: Sendable {
    /// The decoded tiles that all pictures share.
    public let tiles: DecodedTiles

    /// Whether a pixel of a picture coarser than the tiles of order 0 is the mean of four places in it, from tiles twice as
    /// fine, rather than a sample at its middle: nearer to the mean of all that it covers, for four times the work.
    public let averagesOverviews: Bool

    /// A renderer with a cache.
    public init(tiles: DecodedTiles, averagesOverviews: Bool = true) {
        self.tiles = tiles
        self.averagesOverviews = averagesOverviews
    }

    /// Draws layers over each other.
    ///
    /// - Parameters:
    ///   - layers: The layers, the lowest first.
    ///   - window: What the picture shows.
    ///   - background: Red, green and blue under the layers; nil for none.
    ///   - cancelled: Whether nobody waits for the picture any more; asked often.
    /// - Returns: RGBA, transparent where no layer has data and outside of the globe, unless there is a background.
    /// - Throws: ``MapsError/otherBody(text:found:expected:)`` for a layer of another body than the window's,
    ///   ``MapsError/unusableTile(layer:tile:reason:)``, ``MapsError/cancelled``.
    public func draw(
        _ layers: [LayerDrawing], window: MapWindow,
        background: (red: UInt8, green: UInt8, blue: UInt8)? = nil,
        cancelled: () -> Bool = { false }
    ) throws(MapsError) -> Picture {
        var canvas = Canvas(width: window.width, height: window.height, background: background)
        for drawing in layers where drawing.opacity > 0 {
            let layer = drawing.layer
            try check(layer, window)
            switch layer.samples {
            case .colours:
                try drawColours(drawing, window, &canvas, cancelled)
            case .bytes: try drawValues(UInt8.self, drawing, window, &canvas, cancelled)
            case .int16: try drawValues(Int16.self, drawing, window, &canvas, cancelled)
            case .float: try drawValues(Float.self, drawing, window, &canvas, cancelled)
            case .double: try drawValues(Double.self, drawing, window, &canvas, cancelled)
            }
        }
        return canvas.picture
    }

    /// The values of a layer in a window.
    ///
    /// - Throws: ``MapsError/unusableLayer(name:reason:)`` for a layer of colours, and what `draw` throws.
    public func values(
        _ layer: MapLayer, window: MapWindow, cancelled: () -> Bool = { false }
    ) throws(MapsError) -> ValueGrid {
        try check(layer, window)
        let values: [Float]
        switch layer.samples {
        case .bytes: values = try sample(UInt8.self, layer, window, cancelled)
        case .int16: values = try sample(Int16.self, layer, window, cancelled)
        case .float: values = try sample(Float.self, layer, window, cancelled)
        case .double: values = try sample(Double.self, layer, window, cancelled)
        case .colours:
            throw .unusableLayer(name: layer.name, reason: "it holds colours and no values")
        }
        return ValueGrid(width: window.width, height: window.height, values: values)
    }

    func check(_ layer: MapLayer, _ window: MapWindow) throws(MapsError) {
        guard layer.body.naifCode == window.crs.body.naifCode else {
            throw .otherBody(
                text: window.crs.identifier.description, found: window.crs.body.name,
                expected: layer.body.name)
        }
    }

    /// Finds the pixels of a window.
    ///
    /// - Parameter averages: Whether pixels that are larger than those of order 0 are to be means of four samples.
    func place(
        _ layer: MapLayer, _ window: MapWindow, averages: Bool, wantsSteps: Bool = false,
        _ cancelled: () -> Bool
    ) throws(MapsError) -> Placement {
        try withoutActuallyEscaping(cancelled) { (cancelled) throws(MapsError) in
            try window.crs.transformers.with { (transformer) throws(MapsError) in
                var builder = PlacementBuilder(
                    window: window, lonOffsetRad: layer.lonOffsetRad, graphicFactor: layer.graphicFactor,
                    transformer: transformer, wantsSteps: wantsSteps, cancelled: cancelled)
                return try builder.build { averages && layer.tileOrder(forPixelOf: $0) < 0 ? 2 : 1 }
            }
        }
    }

    /// Samples a whole window, at four places in each pixel where that is wanted.
    private func sample<Sample: LayerSample>(
        _ type: Sample.Type, _ layer: MapLayer, _ window: MapWindow, _ cancelled: () -> Bool
    ) throws(MapsError) -> [Sample.Drawn] {
        let placement = try place(layer, window, averages: averagesOverviews, cancelled)
        return try sample(type, layer, window, placement, cancelled)
    }

    /// Samples a whole window, from tiles of the order that fits where none is named.
    func sample<Sample: LayerSample>(
        _ type: Sample.Type, _ layer: MapLayer, _ window: MapWindow, _ placement: Placement,
        order: Int? = nil, _ cancelled: () -> Bool
    ) throws(MapsError) -> [Sample.Drawn] {
        let count = window.width * window.height
        var failure: MapsError?
        let pixels = [Sample.Drawn](unsafeUninitializedCapacity: count) { buffer, initialised in
            guard let base = buffer.baseAddress else { return }
            do throws(MapsError) {
                try sample(type, layer, window, placement, order: order, into: base, cancelled)
                initialised = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return pixels
    }

    /// Samples a whole window into memory for its pixels.
    private func sample<Sample: LayerSample>(
        _ type: Sample.Type, _ layer: MapLayer, _ window: MapWindow, _ placement: Placement,
        order: Int? = nil, into pixels: UnsafeMutablePointer<Sample.Drawn>, _ cancelled: () -> Bool
    ) throws(MapsError) {
        try withoutActuallyEscaping(cancelled) { (cancelled) throws(MapsError) in
            var sampler = LayerSampler<Sample>(
                source: TileSource(layer: layer, cache: tiles, cancelled: cancelled),
                order: order
                    ?? layer.tileOrder(
                        forPixelOf: placement.pixelAngleRad.map { $0 / Double(placement.parts) }),
                longestRow: window.width, parts: placement.parts)
            for patch in placement.patches {
                if cancelled() { throw .cancelled }
                try sampler.draw(
                    patch, into: pixels + patch.rows.lowerBound * window.width + patch.columns.lowerBound,
                    stride: window.width)
            }
        }
    }

    private func drawColours(
        _ drawing: LayerDrawing, _ window: MapWindow, _ canvas: inout Canvas, _ cancelled: () -> Bool
    ) throws(MapsError) {
        let layer = drawing.layer
        if layer.kind == .grey, drawing.style.kind != .plain {
            let colours = try sample(RGBA8.self, layer, window, cancelled)
            if cancelled() { throw .cancelled }
            canvas.add(Shading.recoloured(colours, drawing.style), opacity: drawing.opacity)
            return
        }
        let placement = try place(layer, window, averages: averagesOverviews, cancelled)
        // Drawn where the picture will be: large pictures are not copied.
        let size = 4 * window.width * window.height
        var failure: MapsError?
        let samples = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialised in
            let pixels = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: RGBA8.self)
            guard let base = pixels.baseAddress else { return }
            do throws(MapsError) {
                try sample(RGBA8.self, layer, window, placement, into: base, cancelled)
                initialised = size
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        canvas.add(samples: samples, opacity: drawing.opacity)
    }

    private func drawValues<Sample: LayerSample>(
        _ type: Sample.Type, _ drawing: LayerDrawing, _ window: MapWindow, _ canvas: inout Canvas,
        _ cancelled: () -> Bool
    ) throws(MapsError) where Sample.Drawn == Float {
        let (layer, style) = (drawing.layer, drawing.style)
        let shading = Shading(layer: layer, style: style)
        guard style.needsSlopes else {
            let values = try sample(type, layer, window, cancelled)
            if cancelled() { throw .cancelled }
            canvas.add(shading.colours(values), opacity: drawing.opacity)
            return
        }
        // Slopes at the edges need the pixels beyond, or the tiles of a larger map would show.
        let wide = window.widened
        let placement = try place(layer, wide, averages: false, wantsSteps: true, cancelled)
        let values = try sample(type, layer, wide, placement, cancelled)
        let slopes = try SlopeField(
            values, width: wide.width, height: wide.height, placement: placement,
            radiusMetres: layer.body.sphereRadiusMetres,
            metresPerValue: layer.metresPerValue, cancelled: cancelled)
        if cancelled() { throw .cancelled }
        let colours = shading.colours(values, slopes)
        if cancelled() { throw .cancelled }
        var inner: [RGBA8] = []
        inner.reserveCapacity(window.width * window.height)
        for row in 1...window.height {
            inner += colours[row * wide.width + 1..<row * wide.width + 1 + window.width]
        }
        canvas.add(inner, opacity: drawing.opacity)
    }
}

extension MapLayer {
    /// The order of the tiles whose pixels are the largest that are not larger than a pixel of the picture, within the
    /// orders that there are; below 0 for means of the faces.
    func tileOrder(forPixelOf angleRad: Double?) -> Int {
        let deepest = orders.upperBound.value
        guard let angleRad, angleRad > 0, angleRad.isFinite else { return deepest }
        // A pixel of order k has the side sqrt(pi / 3) / 2^k.
        let exact = log2((Double.pi / 3).squareRoot() / angleRad)
        // Pixels of the same size but for rounding are the same.
        let pixelOrder = Int((min(max(exact, -1), 60) - 0.01).rounded(.up))
        return min(max(pixelOrder - widthOrder, -widthOrder), deepest)
    }

    /// Metres in one unit of the values, for slopes.
    var metresPerValue: Double {
        if case .values(let unit, _) = kind, unit?.lowercased() == "km" { return 1000 }
        return 1
    }
}

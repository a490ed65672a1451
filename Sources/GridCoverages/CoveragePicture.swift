internal import Maps
internal import Tiles

extension CoverageMaker {
    /// A picture: bytes as they are, values of maps in the map's own default style.
    ///
    /// Values cannot be read back from it, as from no picture; a PNG of 16 bits could hold no height below zero.
    func picture(
        _ plan: CoveragePlan, _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> CoverageProduct {
        let (width, height) = (plan.grid.width, plan.grid.height)
        guard width <= 65535, height <= 65535 else {
            throw .badSize(
                width: width, height: height, reason: "each side of a picture has at most 65535 pixels")
        }
        let picture: Picture
        if plan.type == .uint8 {
            var bands = plan.bands
            // JPEG has no opacity; that of four channels is laid on white by the encoder.
            if plan.format.kind == .jpeg, bands.count == 2 { bands.removeLast() }
            var strips = try strips(plan, cancelled)
            picture = Picture(
                width: width, height: height, channels: bands.count,
                samples: try strips.samples(rows: 0..<height, bands: bands))
            try strips.finish()
        } else if case .map(let layer) = plan.coverage.kind {
            do {
                let window = try MapWindow(crs: plan.crs, box: plan.grid.box, width: width, height: height)
                let style = try MapStyle.parse("", layer: layer)
                picture = try renderer.draw(
                    [LayerDrawing(layer: layer, style: style)], window: window, cancelled: cancelled)
            } catch {
                throw CoverageError(error)
            }
        } else {
            throw .unsupportedFormat(found: plan.format.kind.mediaType, reason: "its samples are no bytes")
        }
        let bytes: [UInt8]
        do {
            bytes = try encoder.encode(picture, as: plan.format.kind == .png ? .png : .jpeg)
        } catch {
            throw CoverageError(error)
        }
        return CoverageProduct(
            mediaType: plan.format.kind.mediaType, fileName: plan.fileName, width: width, height: height,
            byteCount: bytes.count, pieces: WholePiece(bytes: bytes))
    }
}

/// Bytes that are all there.
private struct WholePiece: CoveragePieces {
    var bytes: [UInt8]?

    mutating func next() throws(CoverageError) -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}

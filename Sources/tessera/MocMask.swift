import ArgumentParser
import HEALPix
import MOC
import PlanetaryFrames
import Rasters
import Regions
import Tiler

/// What the pixels of an image cover.
struct MocMask {
    /// A raster, or a survey file that says more of one.
    let path: String
    /// Values that pixels must have; nil for all that are valid.
    let range: ClosedRange<Double>?
    let options: InputOptions

    /// Adds the cells of the pixels that count.
    /// - Returns: the body of the image.
    func read(into sink: inout CoverageSink) throws -> Body {
        RasterSource.prepareReading(cacheBytes: 64 << 20)
        let catalogue = try options.catalogue()
        let (survey, folder) = try options.survey(path)
        let request = try BuildRequest(survey, folder: folder, catalogue: catalogue)
        let source = try RasterSource(
            opening: request.source, declaration: request.declaration, catalogue: catalogue)
        guard !source.needsMask else {
            throw CommandError(
                "\(path): its nodata rule depends on the whole image, as edge_connected and erode_px do; build the map and take its "
                    + "Moc.fits, or leave the rule out")
        }
        for warning in source.warnings { Console.tell("\(path): \(warning)\n") }
        var failure: (any Error)?
        var count = 0
        func add(_ region: () throws -> Region) {
            guard failure == nil else { return }
            do {
                try sink.add(region())
            } catch { failure = error }
        }
        switch source.placement {
        case .grid(let grid):
            try source.pixelBlocks(in: range) { block in
                count += 1
                add { .zone(grid.bounds(columns: block.columns, rows: block.rows)) }
            }
        case .projected(let map):
            let outlines = try PixelOutlines(map)
            try source.pixelBlocks(in: range, largest: outlines.largest) { block in
                count += 1
                for ring in outlines.rings(around: block) { add { .polygon(try SphericalPolygon(ring)) } }
            }
        }
        if let failure { throw CommandError("\(path): \(failure)") }
        if count == 0 { Console.tell("\(path): no pixel counts\n") }
        return source.frame.body
    }
}

/// A range of values as an argument: LOW,HIGH, where one of them may be left out.
struct RangeArgument: ExpressibleByArgument {
    let range: ClosedRange<Double>

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let low = parts[0].isEmpty ? -.infinity : Double(parts[0]),
            let high = parts[1].isEmpty ? .infinity : Double(parts[1]), low <= high, parts != ["", ""]
        else { return nil }
        range = low...high
    }
}

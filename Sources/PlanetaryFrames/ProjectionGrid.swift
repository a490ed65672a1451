internal import Glibc

/// Where each pixel of a tile lies in a source raster, with a bound on the error.
///
/// A tile is any rectangle of pixels whose directions the caller knows. It is divided into cells, and in each cell
/// column and row of the source are polynomials of the second degree in both indices, through nine exact places.
/// Four more exact places in every cell tell the error: where it is larger than a quarter of the bound the cell is
/// divided again, and cells of `smallestCell` pixels become exact pixel by pixel. Cells that touch a pole, a seam, a
/// horizon or an antipode of the projection, found by spherical geometry and not by luck, are always divided.
///
/// One grid serves one thread, tile after tile, and keeps its large buffers; rows allocate nothing.
public final class ProjectionGrid {
    /// Gives directions: east longitudes and planetocentric latitudes in radians of pixels (i, j) of the tile.
    public typealias Directions = (
        _ i: Span<Int32>, _ j: Span<Int32>, _ lonRad: inout MutableSpan<Double>,
        _ latRad: inout MutableSpan<Double>
    ) -> Void

    /// Columns of a tile.
    public let width: Int
    /// Rows of a tile.
    public let height: Int
    /// The largest error in source pixels, in each of column and row.
    public let tolerancePixels: Double
    /// How many directions were projected for the present tile.
    public private(set) var projectedCount = 0
    /// How many pixels of the present tile were projected one by one.
    public var exactPixelCount: Int { exactColumns.count }

    /// Cells start with at most this many pixels in each direction.
    static let largestCell = 128
    /// Cells that were to be divided below this are projected pixel by pixel.
    static let smallestCell = 8

    let transformer: MapTransformer
    let placement: PixelPlacement
    /// Where the projection is not smooth, and the angles by which each may be misplaced.
    private let loci: [(place: SingularLocus, slackRad: Double)]
    var cells: [ProjectionCell] = []
    var exactColumns: [Double] = []
    var exactRows: [Double] = []
    /// Cells of each row of the tile: `rowCells[rowStarts[j] ..< rowStarts[j + 1]]`.
    var rowStarts: [Int] = []
    var rowCells: [Int32] = []
    private var batch = DirectionBatch()
    private var waiting: [CellFrame] = []

    /// Makes a grid for tiles of one size over one source.
    ///
    /// - Parameters:
    ///   - frame: the source's frame.
    ///   - placement: where the source's pixels lie.
    ///   - width: columns of a tile, at least 1.
    ///   - height: rows of a tile, at least 1.
    ///   - tolerancePixels: the bound on the error in source pixels.
    /// - Throws: `FrameError` when PROJ cannot make the projection.
    public init(
        frame: MapFrame, placement: PixelPlacement, width: Int, height: Int, tolerancePixels: Double = 0.05
    ) throws(FrameError) {
        precondition(width > 0 && height > 0 && tolerancePixels > 0, "a tile has pixels and a bound")
        self.width = width
        self.height = height
        self.tolerancePixels = tolerancePixels
        self.placement = placement
        transformer = try frame.makeTransformer()
        let flattening = max(
            abs(frame.radiusMetres - frame.polarRadiusMetres) / frame.radiusMetres,
            abs(1 - 1 / frame.kernel.graphicFactor.squareRoot()))
        // Oblique centres and horizons are placed by planetographic latitudes, at most this far from the others.
        loci = frame.loci.map { ($0, $0.isOblique ? 1.2 * flattening : 0) }
    }

    /// Works out the cells of a tile; `row(_:columns:rows:)` then gives its pixels.
    public func prepare(_ directions: Directions) {
        cells.removeAll(keepingCapacity: true)
        exactColumns.removeAll(keepingCapacity: true)
        exactRows.removeAll(keepingCapacity: true)
        projectedCount = 0
        waiting.removeAll(keepingCapacity: true)
        for top in stride(from: 0, to: height, by: Self.largestCell) {
            for left in stride(from: 0, to: width, by: Self.largestCell) {
                waiting.append(
                    CellFrame(
                        left: left, top: top, width: min(Self.largestCell, width - left),
                        height: min(Self.largestCell, height - top)))
            }
        }
        while !waiting.isEmpty {
            let level = waiting
            waiting.removeAll(keepingCapacity: true)
            batch.clear()
            for frame in level where !frame.isSmall { batch.append(frame) }
            project(directions)
            var place = 0
            for frame in level {
                if frame.isSmall {
                    addExact(frame)
                } else {
                    take(frame, samples: place)
                    place += CellFrame.sampleCount
                }
            }
        }
        fillExact(directions)
        sortByRow()
    }

    private func project(_ directions: Directions) {
        projectedCount += batch.count
        batch.resolve(directions, transformer)
    }

    /// Accepts a cell, or puts its parts up for the next round.
    private func take(_ frame: CellFrame, samples start: Int) {
        let centre = batch.direction(start + CellFrame.centreSample)
        var cap = 0.0
        for node in 0..<9 { cap = max(cap, batch.direction(start + node).angle(to: centre)) }
        let isClear =
            cap < 0.6
            && loci.allSatisfy { $0.place.distance(to: centre) > 1.3 * cap + $0.slackRad }
        if isClear {
            if batch.isAllMissing(start) {
                cells.append(ProjectionCell(frame: frame, kind: .missing))
                return
            }
            if let surface = surface(frame, start) {
                cells.append(ProjectionCell(frame: frame, kind: .smooth(surface)))
                return
            }
        }
        waiting += frame.parts
    }

    /// The two polynomials of a cell; nil where they are not good enough.
    private func surface(_ frame: CellFrame, _ start: Int) -> CellSurface? {
        let period = transformer.frame.periodX ?? 0
        let reference = batch.x[start + CellFrame.centreSample]
        var column = InlineArray<13, Double>(repeating: 0)
        var row = InlineArray<13, Double>(repeating: 0)
        for sample in 0..<CellFrame.sampleCount {
            var x = batch.x[start + sample]
            let y = batch.y[start + sample]
            guard x.isFinite, y.isFinite else { return nil }
            if period > 0 { x = reference + remainder(x - reference, period) }
            column[sample] = placement.column(x: x, y: y)
            row[sample] = placement.row(x: x, y: y)
        }
        let surface = CellSurface(frame: frame, column: column, row: row)
        let limit = tolerancePixels / 4
        for check in 9..<CellFrame.sampleCount {
            let (u, v) = frame.offset(of: check)
            let (c, r) = surface.value(u: Double(u), v: Double(v))
            guard abs(c - column[check]) <= limit, abs(r - row[check]) <= limit else { return nil }
        }
        return surface
    }

    private func addExact(_ frame: CellFrame) {
        cells.append(ProjectionCell(frame: frame, kind: .exact(start: exactColumns.count)))
        let count = frame.width * frame.height
        exactColumns.append(contentsOf: repeatElement(0, count: count))
        exactRows.append(contentsOf: repeatElement(0, count: count))
    }

    /// Projects the pixels of all exact cells at once.
    private func fillExact(_ directions: Directions) {
        batch.clear()
        for cell in cells {
            guard case .exact = cell.kind else { continue }
            batch.appendAll(cell.frame)
        }
        guard batch.count > 0 else { return }
        project(directions)
        for index in 0..<batch.count {
            exactColumns[index] = placement.column(x: batch.x[index], y: batch.y[index])
            exactRows[index] = placement.row(x: batch.x[index], y: batch.y[index])
        }
    }

    private func sortByRow() {
        rowStarts.removeAll(keepingCapacity: true)
        rowStarts.append(contentsOf: repeatElement(0, count: height + 1))
        for cell in cells {
            for j in cell.frame.top..<cell.frame.top + cell.frame.height { rowStarts[j + 1] += 1 }
        }
        for j in 0..<height { rowStarts[j + 1] += rowStarts[j] }
        rowCells.removeAll(keepingCapacity: true)
        rowCells.append(contentsOf: repeatElement(0, count: rowStarts[height]))
        var next = rowStarts
        for (index, cell) in cells.enumerated() {
            for j in cell.frame.top..<cell.frame.top + cell.frame.height {
                rowCells[next[j]] = Int32(index)
                next[j] += 1
            }
        }
    }
}

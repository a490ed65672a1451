/// Pixels of a tile that are projected together, with their directions and places.
struct DirectionBatch {
    private var i: [Int32] = []
    private var j: [Int32] = []
    private var lon: [Double] = []
    private var lat: [Double] = []
    private(set) var x: [Double] = []
    private(set) var y: [Double] = []

    var count: Int { i.count }

    mutating func clear() {
        i.removeAll(keepingCapacity: true)
        j.removeAll(keepingCapacity: true)
    }

    /// Adds the samples of a cell.
    mutating func append(_ frame: CellFrame) {
        for sample in 0..<CellFrame.sampleCount {
            let (u, v) = frame.offset(of: sample)
            i.append(Int32(frame.left + u))
            j.append(Int32(frame.top + v))
        }
    }

    /// Adds all pixels of a cell, row by row.
    mutating func appendAll(_ frame: CellFrame) {
        for v in 0..<frame.height {
            for u in 0..<frame.width {
                i.append(Int32(frame.left + u))
                j.append(Int32(frame.top + v))
            }
        }
    }

    /// Asks for the directions and projects them.
    mutating func resolve(_ directions: ProjectionGrid.Directions, _ transformer: MapTransformer) {
        // Lists of their own, for spans of one structure's members exclude each other.
        var lonList = lon
        var latList = lat
        var xList = x
        var yList = y
        (lon, lat, x, y) = ([], [], [], [])
        resize(&lonList)
        resize(&latList)
        resize(&xList)
        resize(&yList)
        if count > 0 {
            var lonSpan = lonList.mutableSpan
            var latSpan = latList.mutableSpan
            directions(i.span, j.span, &lonSpan, &latSpan)
            var xSpan = xList.mutableSpan
            var ySpan = yList.mutableSpan
            transformer.project(lonRad: lonList.span, latRad: latList.span, x: &xSpan, y: &ySpan)
        }
        (lon, lat, x, y) = (lonList, latList, xList, yList)
    }

    private func resize(_ list: inout [Double]) {
        if list.count > count { list.removeLast(list.count - count) }
        if list.count < count { list.append(contentsOf: repeatElement(0, count: count - list.count)) }
    }

    func direction(_ index: Int) -> Direction { Direction(lonRad: lon[index], latRad: lat[index]) }

    /// Whether the map shows none of the samples of a cell.
    func isAllMissing(_ start: Int) -> Bool {
        (start..<start + CellFrame.sampleCount).allSatisfy { x[$0].isNaN }
    }
}

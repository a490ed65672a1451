internal import HEALPix
internal import MOC

/// Finds the border of a coverage on the map of longitudes from -180 to 180.
///
/// The largest cells of the coverage have their sides looked at: what lies beyond is covered, or not, or the side is
/// halved. Sides run counter-clockwise, the coverage on their left. The ends of the map and the poles are borders too:
/// longitude 180 runs along sides of cells in the caps and along diagonals of cells in the belt. Without a seam longitude 180
/// is no border, and a corner on it one place instead of two.
struct OutlineTracer {
    /// A side, or a part of one, in the order that keeps the coverage left.
    private struct Side {
        let start: LatticePoint
        let end: LatticePoint
        /// The part of the coverage, `2 * cell + half`.
        let part: Int32
        /// The place of the side in its face, for the points between; -1 where none are needed.
        let face: Int8
        let from: (x: Int64, y: Int64)
        let to: (x: Int64, y: Int64)
        let lean: Int64
    }

    /// A closed way without a doubled corner.
    struct Ring {
        var points: [Direction]
        let part: Int
        /// Whole turns to the east from the first point to where the ring goes on from the rest of its part. Of no meaning
        /// for parts that run all the way around the body.
        let turns: Int
    }

    private let moc: MOC
    private let hasSeam: Bool
    private let order: Order
    private let side: Int64
    private let cells: [Cell]
    private let lowers: [Int64]
    private var sides: [Side] = []
    private var parents: [Int32]
    /// Turns to the east from a place of a cell to where the cell goes on from its parent.
    private var turns: [Int32]

    init(_ moc: MOC, hasSeam: Bool) {
        self.moc = moc
        self.hasSeam = hasSeam
        order = moc.order
        side = moc.order.nside
        cells = moc.cells.sorted { $0.range.lowerBound < $1.range.lowerBound }
        lowers = cells.map(\.range.lowerBound)
        parents = Array(0..<Int32(2 * cells.count))
        turns = Array(repeating: 0, count: parents.count)
        for index in cells.indices { add(index) }
    }

    // MARK: Sides

    private mutating func add(_ index: Int) {
        let cell = cells[index]
        let scale = Int64(1) << Int64(order.value - cell.order.value)
        let (x, y) = (cell.x * scale, cell.y * scale)
        for way in [Compass.southEast, .northEast, .northWest, .southWest] { addSide(of: cell, way, index) }
        if hasSeam, cell.face == 6, x == y {
            // Longitude 180 divides the cell.
            for isWest in [false, true] {
                let lean: Int64 = isWest ? 1 : -1
                let south = LatticePoint(face: 6, x: x, y: y, side: side, lean: lean, poleQuarter: 0)
                let north = LatticePoint(
                    face: 6, x: x + scale, y: y + scale, side: side, lean: lean, poleQuarter: 0)
                append(
                    isWest ? north : south, isWest ? south : north, part: Int32(2 * index + (isWest ? 1 : 0)))
            }
        }
        let quarter = Int64(cell.face & 3)
        if cell.face < 4, x + scale == side, y + scale == side {
            append(pole(cell.face, side, quarter + 1), pole(cell.face, side, quarter), part: Int32(2 * index))
        }
        if cell.face >= 8, x == 0, y == 0 {
            append(pole(cell.face, 0, quarter), pole(cell.face, 0, quarter + 1), part: Int32(2 * index))
        }
    }

    private func pole(_ face: Int, _ corner: Int64, _ quarter: Int64) -> LatticePoint {
        LatticePoint(face: face, x: corner, y: corner, side: side, lean: 0, poleQuarter: quarter)
    }

    private mutating func append(_ start: LatticePoint, _ end: LatticePoint, part: Int32) {
        sides.append(Side(start: start, end: end, part: part, face: -1, from: (0, 0), to: (0, 0), lean: 0))
    }

    /// Adds what of one side of a cell is border, and joins the cell with what is covered beyond.
    private mutating func addSide(of cell: Cell, _ way: Compass, _ index: Int) {
        let isSeam = isAtSeam(cell, way)
        if !isSeam, let beyond = cell.neighbour(way) {
            if moc.contains(beyond) {
                join(cell, way, index, beyond)
                return
            }
            if moc.intersects(beyond) {
                for child in [Self.children(way).0, Self.children(way).1] {
                    if let part = cell.child(child) { addSide(of: part, way, index) }
                }
                return
            }
        }
        let scale = Int64(1) << Int64(order.value - cell.order.value)
        let (x, y) = (cell.x * scale, cell.y * scale)
        let (from, to): ((x: Int64, y: Int64), (x: Int64, y: Int64)) =
            switch way {
            case .southEast: ((x, y), (x + scale, y))
            case .northEast: ((x + scale, y), (x + scale, y + scale))
            case .northWest: ((x + scale, y + scale), (x, y + scale))
            default: ((x, y + scale), (x, y))
            }
        let lean = from.x + to.x - from.y - to.y
        let quarter = Self.poleQuarter(cell.face, way)
        sides.append(
            Side(
                start: LatticePoint(
                    face: cell.face, x: from.x, y: from.y, side: side, lean: lean, poleQuarter: quarter),
                end: LatticePoint(
                    face: cell.face, x: to.x, y: to.y, side: side, lean: lean, poleQuarter: quarter),
                part: Int32(2 * index + half(of: cells[index], lean)), face: Int8(cell.face), from: from,
                to: to,
                lean: lean))
    }

    /// The border of a quarter that the side of a face runs along to the pole.
    private static func poleQuarter(_ face: Int, _ way: Compass) -> Int64 {
        let isEast = face < 4 ? way == .northEast : way == .southEast
        return Int64(face & 3) + (isEast ? 1 : 0)
    }

    /// The numbers of the children along a side.
    private static func children(_ way: Compass) -> (Int, Int) {
        switch way {
        case .southEast: (0, 1)
        case .northEast: (1, 3)
        case .northWest: (3, 2)
        default: (2, 0)
        }
    }

    /// Whether a side lies on longitude 180, between two faces of a cap.
    private func isAtSeam(_ cell: Cell, _ way: Compass) -> Bool {
        guard hasSeam else { return false }
        let last = cell.order.nside - 1
        switch cell.face {
        case 1: return way == .northEast && cell.x == last
        case 2: return way == .northWest && cell.y == last
        case 9: return way == .southEast && cell.y == 0
        case 10: return way == .southWest && cell.x == 0
        default: return false
        }
    }

    /// Cells that longitude 180 divides are two parts: 0 at its eastern end of the map, 1 at the western one.
    private func half(of cell: Cell, _ lean: Int64) -> Int {
        hasSeam && cell.face == 6 && cell.x == cell.y && lean > 0 ? 1 : 0
    }

    private mutating func join(_ cell: Cell, _ way: Compass, _ index: Int, _ beyond: Cell) {
        let lower = beyond.range.lowerBound
        var (low, high) = (0, lowers.count)
        while low < high {
            let middle = (low + high) / 2
            if lowers[middle] <= lower { low = middle + 1 } else { high = middle }
        }
        let other = low - 1
        // Which end of the map the side is at, where one of the two is divided.
        let step: Int64 = way == .southEast || way == .northEast ? 1 : -1
        let isWest = cell.face == 6 ? 2 * (cell.x - cell.y) + step > 0 : cell.face == 2 || cell.face == 10
        let lean: Int64 = isWest ? 1 : -1
        unite(
            2 * index + half(of: cells[index], lean), 2 * other + half(of: cells[other], lean),
            Self.turns(from: cells[index].centre, to: cells[other].centre))
    }

    /// Turns to the east that bring a longitude within half a turn of another.
    private static func turns(from middle: Direction, to place: Direction) -> Int32 {
        Int32(-((place.lonRad - middle.lonRad) / (2 * .pi)).rounded())
    }

    /// - Parameter step: turns to the east to where `b` goes on from `a`.
    private mutating func unite(_ a: Int, _ b: Int, _ step: Int32) {
        let (first, second) = (root(a), root(b))
        guard first.place != second.place else { return }
        let between = first.turns + step - second.turns
        let isDown = first.place < second.place
        let (high, low) = isDown ? (second.place, first.place) : (first.place, second.place)
        parents[high] = Int32(low)
        turns[high] = isDown ? between : -between
    }

    /// The first cell that a cell is connected with, and turns to the east to where the cell goes on from that.
    private mutating func root(_ part: Int) -> (place: Int, turns: Int32) {
        var place = part
        var sum: Int32 = 0
        while Int(parents[place]) != place {
            let parent = Int(parents[place])
            turns[place] += turns[parent]
            parents[place] = parents[parent]
            sum += turns[place]
            place = Int(parents[place])
        }
        return (place, sum)
    }

    // MARK: Rings

    /// The place of a corner among those that sides meet in.
    private func key(_ point: LatticePoint) -> LatticePoint { hasSeam ? point : point.turned(side: side) }

    /// The cells of some parts of the coverage.
    mutating func ranges(ofParts parts: Set<Int>) -> [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        for index in cells.indices where parts.contains(root(2 * index).place) {
            ranges.append(cells[index].range)
        }
        return ranges
    }

    /// The border as closed ways, each with the part of the coverage that it belongs to.
    ///
    /// Where two parts of the border meet in a corner, the way stays with its cell; ways that come by a corner twice are
    /// divided there, so that each is simple.
    mutating func rings() -> [Ring] {
        var starts: [LatticePoint: (Int32, Int32)] = [:]
        starts.reserveCapacity(sides.count)
        for index in sides.indices {
            let key = key(sides[index].start)
            if let known = starts[key] {
                starts[key] = (known.0, Int32(index))
            } else {
                starts[key] = (Int32(index), -1)
            }
        }
        var used = [Bool](repeating: false, count: sides.count)
        var rings: [Ring] = []
        for first in sides.indices where !used[first] {
            var way: [Int] = []
            var next = first
            while !used[next] {
                used[next] = true
                way.append(next)
                guard let (one, two) = starts[key(sides[next].end)] else { break }
                let isSecond =
                    two >= 0 && (used[Int(one)] || sides[Int(two)].part == sides[next].part)
                    && !used[Int(two)]
                next = Int(isSecond ? two : one)
            }
            for simple in divided(way) {
                let points = points(simple)
                let part = Int(sides[simple[0]].part)
                let (place, turns) = root(part)
                let toCell = points.first.map { Self.turns(from: cells[part / 2].centre, to: $0) } ?? 0
                rings.append(Ring(points: points, part: place, turns: Int(turns + toCell)))
            }
        }
        return rings
    }

    private func divided(_ way: [Int]) -> [[Int]] {
        var rings: [[Int]] = []
        var open: [Int] = []
        var places: [LatticePoint: Int] = [:]
        for index in way {
            places[key(sides[index].start)] = open.count
            open.append(index)
            if let place = places[key(sides[index].end)] {
                let ring = Array(open[place...])
                for part in ring { places[key(sides[part].start)] = nil }
                open.removeLast(open.count - place)
                rings.append(ring)
            }
        }
        return rings
    }

    /// The corners of a way, and points between them where a straight line would leave the side by more than a tenth of
    /// a cell, on the sphere or on the map.
    private func points(_ way: [Int]) -> [Direction] {
        var points: [Direction] = []
        for index in way {
            let one = sides[index]
            let start = one.start.direction(side: side)
            points.append(start)
            if one.face >= 0 {
                fill(one, one.from, one.to, start, one.end.direction(side: side), &points)
            }
        }
        return points
    }

    private func fill(
        _ one: Side, _ from: (x: Int64, y: Int64), _ to: (x: Int64, y: Int64), _ start: Direction,
        _ end: Direction, _ points: inout [Direction]
    ) {
        guard abs(from.x - to.x) + abs(from.y - to.y) > 1 else { return }
        let middle = (x: (from.x + to.x) / 2, y: (from.y + to.y) / 2)
        let point = LatticePoint(
            face: Int(one.face), x: middle.x, y: middle.y, side: side, lean: one.lean, poleQuarter: 0
        ).direction(side: side)
        let straight = Direction(
            lonRad: 0.5 * (start.lonRad + end.lonRad), latRad: 0.5 * (start.latRad + end.latRad))
        let (a, b) = (Vec3(start), Vec3(end))
        let off = max((Vec3(point) - Vec3(straight)).norm, (Vec3(point) - (a + b).normalised).norm)
        if off * Double(side) < 0.1, (a - b).norm < 0.5 { return }
        fill(one, from, middle, start, point, &points)
        points.append(point)
        fill(one, middle, to, point, end, &points)
    }
}

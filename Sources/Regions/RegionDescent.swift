internal import HEALPix

/// The walk from the base cells down to the cells of a region.
///
/// A node keeps the pieces of the border that meet it. A cell that none meets is wholly in or wholly out, which is told
/// by counting the pieces that a straight way crosses from a place whose side is known. Ways and pieces are straight
/// lines in the coordinates of a face; a place is used only when it is farther from each piece than the piece strays
/// from the curve, so that the count is that of the curve itself.
struct RegionDescent {
    /// What surrounds a node.
    private struct Node {
        let level: Int
        let npix: Int64
        let lowX: Double
        let lowY: Double
        let side: Double
        /// A place in the node off the border, and its side.
        let placeX: Double
        let placeY: Double
        let isInside: Bool
    }

    private enum Meeting { case none, sure, open }

    private var boundary: Boundary
    private let order: Int
    private let isInclusive: Bool
    /// The level of the blocks in which cells are drawn and no longer looked at one by one.
    private let blockLevel: Int
    /// The pieces of the nodes from the base cell to the present one, one list after another.
    private var lists: [Int32] = []
    private(set) var ranges: [Range<Int64>] = []

    /// Places of a cell that are tried, as fractions of its side: in no simple proportion to borders that follow cells.
    private static let places: [(Double, Double)] = [
        (0.487134, 0.523797), (0.313951, 0.741133), (0.725317, 0.268771), (0.227119, 0.334771),
        (0.661327, 0.642133), (0.141719, 0.570331), (0.846713, 0.481937), (0.554391, 0.132713),
        (0.432917, 0.871327), (0.113171, 0.913717), (0.907193, 0.871931), (0.088711, 0.107331),
        (0.931379, 0.077113), (0.391733, 0.437171), (0.590131, 0.377719), (0.271933, 0.613379),
    ]

    /// A piece is halved before it strays by more than this part of a node's side.
    private static let finest = 1.0 / 60
    /// A piece is halved before it strays by more than this part of the side of a cell in a block.
    private static let finestInBlock = 1.0 / 60

    init(_ curves: [Curve], order: Order, mode: CellMode) {
        boundary = Boundary(curves)
        self.order = order.value
        isInclusive = mode == .inclusive
        blockLevel = max(0, order.value - CellBlock.depth)
    }

    /// Walks through all base cells.
    /// - Parameter holds: Whether a place that is off the border is in the region.
    mutating func run(_ holds: (Vec3) -> Bool) {
        for face in 0..<12 {
            lists.removeAll(keepingCapacity: true)
            for index in boundary.faces[face] { lists.append(index) }
            visitFace(face, holds)
        }
    }

    private mutating func visitFace(_ face: Int, _ holds: (Vec3) -> Bool) {
        if lists.isEmpty {
            if holds(FacePlace.point(face: face, u: 0.487134, v: 0.523797)) {
                add(level: 0, npix: Int64(face))
            }
            return
        }
        let limit = limit(level: 0, side: 1)
        for index in Array(lists) where boundary.pieces[Int(index)].tolerance > limit {
            refine(Int(index), limit: limit)
        }
        lists.removeAll { boundary.pieces[Int($0)].tolerance > limit }
        let list = 0..<lists.count
        let (x, y) = place(lowX: 0, lowY: 0, side: 1, list: list)
        let isInside = holds(FacePlace.point(face: face, u: x, v: y))
        let node = Node(
            level: 0, npix: Int64(face), lowX: 0, lowY: 0, side: 1, placeX: x, placeY: y, isInside: isInside)
        if blockLevel == 0 {
            fill(node, list: list, from: node, ways: list)
        } else {
            visit(node, list: list)
        }
    }

    /// Appends the halves of a piece of a face to the list, finer than a limit.
    private mutating func refine(_ index: Int, limit: Double) {
        let first = boundary.halve(index)
        for half in [first, first + 1] {
            if boundary.pieces[half].tolerance > limit {
                refine(half, limit: limit)
            } else {
                lists.append(Int32(half))
            }
        }
    }

    /// What a piece may stray at the most in a node, or in the cells of a block.
    private func limit(level: Int, side: Double) -> Double {
        let finest =
            level == blockLevel
            ? side * Self.finestInBlock / Double(1 << (order - level)) : side * Self.finest
        return max(finest, 1.01 * Boundary.rounding)
    }

    /// Adds the cells of the region inside a node that the border meets, in ascending order.
    private mutating func visit(_ node: Node, list: Range<Int>) {
        let side = 0.5 * node.side
        let level = node.level + 1
        let limit = limit(level: level, side: side)
        for child in 0..<4 {
            let lowX = child & 1 == 0 ? node.lowX : node.lowX + side
            let lowY = child & 2 == 0 ? node.lowY : node.lowY + side
            let npix = node.npix << 2 | Int64(child)
            let begin = lists.count
            for position in list { collect(Int(lists[position]), lowX, lowY, side, limit) }
            if lists.count == begin {
                let (x, y) = (lowX + 0.5 * side, lowY + 0.5 * side)
                if crossings(list, node.placeX, node.placeY, x, y) != node.isInside {
                    add(level: level, npix: npix)
                }
                continue
            }
            if level == blockLevel {
                let block = Node(
                    level: level, npix: npix, lowX: lowX, lowY: lowY, side: side, placeX: node.placeX,
                    placeY: node.placeY, isInside: node.isInside)
                fill(block, list: begin..<lists.count, from: node, ways: list)
            } else {
                let (x, y) = place(lowX: lowX, lowY: lowY, side: side, list: list)
                let isInside = crossings(list, node.placeX, node.placeY, x, y) != node.isInside
                visit(
                    Node(
                        level: level, npix: npix, lowX: lowX, lowY: lowY, side: side, placeX: x, placeY: y,
                        isInside: isInside), list: begin..<lists.count)
            }
            lists.removeLast(lists.count - begin)
        }
    }

    /// Adds the cells of the region in a block that the border meets.
    ///
    /// - Parameters:
    ///   - list: The pieces that meet the block.
    ///   - node: A node that holds the block, with the place that ways begin at.
    ///   - ways: The pieces that meet that node.
    private mutating func fill(_ block: Node, list: Range<Int>, from node: Node, ways: Range<Int>) {
        let width = 1 << (order - block.level)
        let side = block.side / Double(width)
        var cells = CellBlock(lowX: block.lowX, lowY: block.lowY, side: block.side, width: width)
        for position in list { cells.draw(boundary.pieces[Int(lists[position])]) }
        var met = cells.perhaps
        if isInclusive {
            CellBlock.forEach(cells.perhaps & ~cells.met) { x, y, cell in
                if !isMet(list, block.lowX + side * x, block.lowY + side * y, side) { met ^= cell }
            }
        }
        // Cells that no piece meets and that lie next to each other are on one side: one of them tells for all.
        var inside: UInt64 = 0
        var free = cells.all & ~met
        var (start, near) = (node, ways)
        while free != 0 {
            let place = free.trailingZeroBitCount
            let (x, y) = (
                block.lowX + side * (Double(place & 7) + 0.5), block.lowY + side * (Double(place >> 3) + 0.5)
            )
            let connected = CellBlock.connected(to: free & (~free &+ 1), in: free)
            free ^= connected
            let isInside = crossings(near, start.placeX, start.placeY, x, y) != start.isInside
            if isInside { inside |= connected }
            // From here on ways stay in the block, where pieces are fewer and finer.
            start = Node(
                level: block.level, npix: block.npix, lowX: block.lowX, lowY: block.lowY, side: block.side,
                placeX: x, placeY: y, isInside: isInside)
            near = list
        }
        if isInclusive {
            inside |= met
        } else {
            CellBlock.forEach(met) { x, y, cell in
                let (x, y) = (block.lowX + side * (x + 0.5), block.lowY + side * (y + 0.5))
                if isCentreInside(start, x, y, list: near) { inside |= cell }
            }
        }
        add(CellBits.nested(rows: inside), of: block)
    }

    /// Adds cells of a block, given as bits in the nested sequence.
    private mutating func add(_ cells: UInt64, of block: Node) {
        let first = block.npix << Int64(2 * (order - block.level))
        let shift = Int64(2 * (29 - order))
        CellBits.forEachRun(cells) { place, count in
            add((first + place) << shift, (first + place + count) << shift)
        }
    }

    private mutating func add(level: Int, npix: Int64) {
        let shift = Int64(2 * (29 - level))
        add(npix << shift, (npix + 1) << shift)
    }

    private mutating func add(_ lower: Int64, _ upper: Int64) {
        if let last = ranges.last, last.upperBound == lower {
            ranges[ranges.count - 1] = last.lowerBound..<upper
        } else {
            ranges.append(lower..<upper)
        }
    }

    // MARK: Pieces and cells

    /// Appends what of a piece meets a cell or nearly so, as finely as the cell needs.
    @inline(__always)
    private mutating func collect(
        _ index: Int, _ lowX: Double, _ lowY: Double, _ side: Double, _ limit: Double
    ) {
        let piece = boundary.pieces[index]
        guard meeting(piece, lowX, lowY, side) != .none else { return }
        if piece.tolerance <= limit {
            lists.append(Int32(index))
            return
        }
        collectHalves(index, lowX, lowY, side, limit)
    }

    @inline(never)
    private mutating func collectHalves(
        _ index: Int, _ lowX: Double, _ lowY: Double, _ side: Double, _ limit: Double
    ) {
        let first = boundary.halve(index)
        collect(first, lowX, lowY, side, limit)
        collect(first + 1, lowX, lowY, side, limit)
    }

    private mutating func isMet(_ list: Range<Int>, _ lowX: Double, _ lowY: Double, _ side: Double) -> Bool {
        for position in list where meets(Int(lists[position]), lowX, lowY, side) { return true }
        return false
    }

    private mutating func meets(_ index: Int, _ lowX: Double, _ lowY: Double, _ side: Double) -> Bool {
        let piece = boundary.pieces[index]
        switch meeting(piece, lowX, lowY, side) {
        case .none: return false
        case .sure: return true
        case .open:
            guard piece.tolerance > 1.01 * Boundary.rounding else { return true }
            let first = boundary.halve(index)
            return meets(first, lowX, lowY, side) || meets(first + 1, lowX, lowY, side)
        }
    }

    /// Whether a curve meets a closed cell, as far as its straight piece tells.
    ///
    /// A straight line and a square are apart when an axis of the square or the normal of the line separates them. When
    /// the line misses the square widened by the tolerance, so does the curve; when it meets the square narrowed by the
    /// tolerance, the curve comes within the tolerance of a place that deep inside.
    @inline(__always)
    private func meeting(_ piece: Boundary.Piece, _ lowX: Double, _ lowY: Double, _ side: Double) -> Meeting {
        let half = 0.5 * side
        let (x, y) = (lowX + half, lowY + half)
        let (dx, dy) = (piece.x1 - piece.x0, piece.y1 - piece.y0)
        let (fromX, fromY) = (piece.x0 - x, piece.y0 - y)
        let (toX, toY) = (piece.x1 - x, piece.y1 - y)
        // The largest of the gaps along the axes: below 0 when the shadows overlap.
        let gapX = max(min(fromX, toX), -max(fromX, toX)) - half
        let gapY = max(min(fromY, toY), -max(fromY, toY)) - half
        let gap = max(gapX, gapY)
        let tolerance = piece.tolerance
        if gap > tolerance { return .none }
        let width = abs(dx) + abs(dy)
        let off = abs(fromX * dy - fromY * dx)
        if off > (half + tolerance) * width { return .none }
        return gap <= -tolerance && off <= (half - tolerance) * width ? .sure : .open
    }

    // MARK: Inside and outside

    /// Whether a straight way between two places in a face crosses an odd number of the pieces.
    private func crossings(
        _ list: Range<Int>, _ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double
    ) -> Bool {
        let (dx, dy) = (toX - fromX, toY - fromY)
        var isOdd = false
        for position in list {
            let piece = boundary.pieces[Int(lists[position])]
            let (ax, ay) = (piece.x0 - fromX, piece.y0 - fromY)
            let (bx, by) = (piece.x1 - fromX, piece.y1 - fromY)
            let first = dx * ay - dy * ax
            let second = dx * by - dy * bx
            guard (first > 0) != (second > 0) else { continue }
            // Where the piece crosses the line of the way; in between or not is safe to tell, as both ends of the way
            // are off the piece.
            let whole = first - second
            let along = ((first * bx - second * ax) * dx + (first * by - second * ay) * dy) / whole
            if along > 0 && along < dx * dx + dy * dy { isOdd.toggle() }
        }
        return isOdd
    }

    /// A place in a cell that is off all pieces of a list.
    private mutating func place(
        lowX: Double, lowY: Double, side: Double, list: Range<Int>
    ) -> (Double, Double) {
        var best = (lowX + side * Self.places[0].0, lowY + side * Self.places[0].1)
        var bestRoom = -Double.infinity
        for candidate in Self.places {
            let (x, y) = (lowX + side * candidate.0, lowY + side * candidate.1)
            var room = Double.infinity
            for position in list {
                let piece = boundary.pieces[Int(lists[position])]
                room = min(room, roomBetween(piece, x, y))
                if room <= bestRoom { break }
            }
            if room > 0 { return (x, y) }
            if room > bestRoom { (best, bestRoom) = ((x, y), room) }
        }
        return best
    }

    /// A number above 0 when a place is farther from a piece than the curve strays from it.
    @inline(__always)
    private func roomBetween(_ piece: Boundary.Piece, _ x: Double, _ y: Double) -> Double {
        let tolerance = 1.5 * piece.tolerance
        let (fromX, fromY) = (piece.x0 - x, piece.y0 - y)
        let (toX, toY) = (piece.x1 - x, piece.y1 - y)
        let gapX = max(min(fromX, toX), -max(fromX, toX))
        let gapY = max(min(fromY, toY), -max(fromY, toY))
        let gap = max(gapX, gapY) - tolerance
        if gap > 0 { return gap }
        let (dx, dy) = (piece.x1 - piece.x0, piece.y1 - piece.y0)
        let width = abs(dx) + abs(dy)
        guard width > 0 else { return gap }
        return max(gap, abs(fromX * dy - fromY * dx) / width - tolerance)
    }

    /// Whether the centre of a last cell is in the region, its border included.
    private mutating func isCentreInside(_ node: Node, _ x: Double, _ y: Double, list: Range<Int>) -> Bool {
        // The way begins in the node, whose pieces are replaced by finer ones where the centre is close to them.
        let begin = lists.count
        defer { lists.removeLast(lists.count - begin) }
        for position in list where !keepOff(Int(lists[position]), x, y) { return true }
        return crossings(begin..<lists.count, node.placeX, node.placeY, x, y) != node.isInside
    }

    /// Appends a piece, or its halves where a place is not off it; false when the place is on the curve.
    private mutating func keepOff(_ index: Int, _ x: Double, _ y: Double) -> Bool {
        let piece = boundary.pieces[index]
        if roomBetween(piece, x, y) > 0 {
            lists.append(Int32(index))
            return true
        }
        guard piece.tolerance > 1.01 * Boundary.rounding else { return false }
        let first = boundary.halve(index)
        return keepOff(first, x, y) && keepOff(first + 1, x, y)
    }
}

extension Cell {
    /// The number of the cell in the ring scheme: along rings of equal latitude from the north pole, in each
    /// ring eastward from longitude 0 (Gorski et al. 2005, section 5.1).
    public var ringIndex: Int64 {
        let nside = order.nside
        let (x, y) = placeInFace
        let ring = FaceGeometry.row(face) * nside - x - y - 1
        let length = FaceGeometry.quarterLength(ring: ring, side: nside)
        // Longitude in units of an eighth of a turn per `length`; odd for a ring that starts half a cell off 0.
        var eighths = FaceGeometry.column(face) * length + x - y
        if eighths < 0 { eighths += 8 * length }
        let place = eighths >> 1
        if ring < nside { return 2 * length * (length - 1) + place }
        if ring > 3 * nside { return order.cellCount - 2 * length * (length + 1) + place }
        return 2 * nside * (nside - 1) + 4 * nside * (ring - nside) + place
    }

    /// Makes the cell that has the number `ringIndex` in the ring scheme, or nil when there is none.
    public init?(order: Order, ringIndex: Int64) {
        guard ringIndex >= 0, ringIndex < order.cellCount else { return nil }
        let nside = order.nside
        let capCount = 2 * nside * (nside - 1)
        if ringIndex < capCount {
            let ring = Self.capRing(ringIndex)
            let place = ringIndex - 2 * ring * (ring - 1)
            let quarter = place / ring
            let difference = 2 * (place - quarter * ring) + 1 - ring
            let sum = 2 * nside - ring - 1
            self.init(
                unchecked: order, face: Int(quarter), x: (sum + difference) / 2, y: (sum - difference) / 2)
        } else if ringIndex >= order.cellCount - capCount {
            let fromEnd = order.cellCount - 1 - ringIndex
            let ring = Self.capRing(fromEnd)
            let place = 4 * ring - 1 - (fromEnd - 2 * ring * (ring - 1))
            let quarter = place / ring
            let difference = 2 * (place - quarter * ring) + 1 - ring
            let sum = ring - 1
            self.init(
                unchecked: order, face: 8 + Int(quarter), x: (sum + difference) / 2, y: (sum - difference) / 2
            )
        } else {
            let inBelt = ringIndex - capCount
            let ring = nside + inBelt / (4 * nside)
            // Rings in step with the last cap ring start half a cell east of longitude 0.
            let offset = 1 - ((ring - nside) & 1)
            let eighths = 2 * (inBelt % (4 * nside)) + offset
            let belt = FaceGeometry.beltPlace(
                x: (eighths - ring - 1 + 3 * nside) >> 1, y: (3 * nside - ring - 1 - eighths) >> 1,
                order: order)
            self.init(unchecked: order, face: belt.face, x: belt.x, y: belt.y)
        }
    }

    /// The ring, counted from 1 at the pole, that holds the cell `index` of a polar cap.
    ///
    /// Ring i starts at 2 i (i - 1), where the root below is of (2 i - 1)^2 and exact even when its argument has
    /// been rounded; so rounding can only give one ring too many, at the end of a ring.
    private static func capRing(_ index: Int64) -> Int64 {
        let ring = (1 + Int64((1 + 2 * Double(index)).squareRoot())) / 2
        return 2 * ring * (ring - 1) > index ? ring - 1 : ring
    }
}

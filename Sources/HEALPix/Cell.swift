/// One cell of the HEALPix tessellation in the nested numbering.
///
/// Cells are diamonds of equal area. Inside its base cell (face) a cell has the column `x`, which grows to
/// the north-east, and the row `y`, which grows to the north-west; `npix` is the face number followed by the
/// bits of x and y interleaved, x in the even places (Gorski et al. 2005, ApJ 622, section 4.1).
/// Cells compare by order, then by `npix`.
public struct Cell: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The depth of the cell.
    public let order: Order

    /// The nested number of the cell, 0 to 12 * 4^order - 1.
    public let npix: Int64

    init(unchecked order: Order, npix: Int64) {
        self.order = order
        self.npix = npix
    }

    init(unchecked order: Order, face: Int, x: Int64, y: Int64) {
        self.order = order
        npix = Int64(face) &<< Int64(2 &* order.value) | BitInterleaving.interleave(x: x, y: y)
    }

    /// Makes a cell, or nil when `npix` is not a cell of that order.
    public init?(order: Order, npix: Int64) {
        guard npix >= 0, npix < order.cellCount else { return nil }
        self.init(unchecked: order, npix: npix)
    }

    /// Makes a cell, or nil when there is no such order or no such cell in it.
    public init?(order: Int, npix: Int64) {
        guard let order = Order(order) else { return nil }
        self.init(order: order, npix: npix)
    }

    /// Makes a cell from its place in a face, or nil when the place is outside.
    ///
    /// `face` is 0 to 11 (0-3 around the north pole, 4-7 on the equator, 8-11 around the south pole);
    /// `x` and `y` are 0 to nside - 1.
    public init?(order: Order, face: Int, x: Int64, y: Int64) {
        guard face >= 0, face < 12, x >= 0, y >= 0, x < order.nside, y < order.nside else { return nil }
        self.init(unchecked: order, face: face, x: x, y: y)
    }

    /// The base cell, 0 to 11.
    public var face: Int { Int(truncatingIfNeeded: npix &>> Int64(2 &* order.value)) }

    /// The column in the face, growing to the north-east: the even bits of `npix`.
    public var x: Int64 { placeInFace.x }

    /// The row in the face, growing to the north-west: the odd bits of `npix`.
    public var y: Int64 { placeInFace.y }

    /// Column and row in the face, cheaper than asking for one after the other.
    var placeInFace: (x: Int64, y: Int64) {
        BitInterleaving.deinterleave(npix & ((1 &<< Int64(2 &* order.value)) &- 1))
    }

    /// Order and number as `order/npix`.
    public var description: String { "\(order)/\(npix)" }

    /// Coarser cells come first, then smaller numbers.
    public static func < (a: Cell, b: Cell) -> Bool { (a.order, a.npix) < (b.order, b.npix) }
}

/// A depth of the HEALPix hierarchy, 0 to 29.
///
/// At order k each of the 12 base cells is divided into `nside` x `nside` cells, `nside` = 2^k
/// (Gorski et al. 2005, ApJ 622, section 4.1). 29 is the deepest order whose cell numbers fit 64 bits.
public struct Order: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The deepest order, 29: cells of 0.4 milliarcseconds, 6.6 mm on Mars.
    public static let maximum = Order(unchecked: 29)

    /// The order of the 12 base cells.
    public static let zero = Order(unchecked: 0)

    /// Every order, from 0 to 29.
    public static let all: [Order] = (0...29).map { Order(unchecked: $0) }

    /// The order as a number, 0 to 29.
    public let value: Int

    /// Makes an order, or nil when `value` is not in 0...29.
    public init?(_ value: Int) {
        guard value >= 0, value <= 29 else { return nil }
        self.value = value
    }

    init(unchecked value: Int) { self.value = value }

    /// Cells along the side of a base cell, 2^order.
    public var nside: Int64 { 1 << Int64(value) }

    /// Cells on the whole sphere, 12 * 4^order.
    public var cellCount: Int64 { 12 << Int64(2 * value) }

    /// The solid angle of every cell of this order in steradians, 4 pi / `cellCount`.
    public var cellAreaSr: Double { 4 * Double.pi / Double(cellCount) }

    /// The order one step deeper, nil at 29.
    public var finer: Order? { Order(value + 1) }

    /// The order one step up, nil at 0.
    public var coarser: Order? { Order(value - 1) }

    /// The order as a decimal number.
    public var description: String { String(value) }

    /// Orders compare by depth.
    public static func < (a: Order, b: Order) -> Bool { a.value < b.value }
}

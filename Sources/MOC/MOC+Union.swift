extension MOC {
    /// What either coverage covers, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func union(_ other: MOC) -> MOC {
        MOC(order: max(order, other.order), normalised: BoundSweep.union.ranges(ranges, other.ranges))
    }

    /// What any of the coverages covers, at the finest of their orders; nil when there is none.
    ///
    /// They are taken one after the other, see ``MOCUnion``.
    public static func union(of coverages: some Sequence<MOC>) -> MOC? {
        var union = MOCUnion()
        for coverage in coverages { union.add(coverage) }
        return union.result
    }
}

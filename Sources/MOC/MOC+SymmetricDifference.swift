extension MOC {
    /// What one of the coverages covers and the other does not, at the finer of the two orders.
    ///
    /// - Complexity: O(n + m).
    public func symmetricDifference(_ other: MOC) -> MOC {
        MOC(
            order: max(order, other.order),
            normalised: BoundSweep.symmetricDifference.ranges(ranges, other.ranges))
    }
}

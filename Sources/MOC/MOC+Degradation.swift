public import HEALPix

extension MOC {
    /// The coverage at a coarser order: every cell of that order that is covered at least in part.
    ///
    /// At this order or a finer one it is returned as it is.
    ///
    /// - Complexity: O(n).
    public func degraded(to coarser: Order) -> MOC {
        coarser < order ? MOC(order: coarser, sorted: ranges) : self
    }

    /// The same places told apart at a finer order; at this order or a coarser one it is returned as it is.
    public func refined(to finer: Order) -> MOC {
        finer > order ? MOC(order: finer, normalised: ranges) : self
    }
}

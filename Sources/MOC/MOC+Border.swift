extension MOC {
    /// The cells of ``order`` that are not covered but touch a covered place along an edge or at a corner.
    ///
    /// - Throws: ``MOCError/tooLarge(_:)`` when these are more than 2^27, which would take gigabytes.
    public func outerBorder() throws(MOCError) -> MOC { try neighbours().difference(self) }

    /// The outer border and some cells inside.
    private func neighbours() throws(MOCError) -> MOC {
        var walk = BorderWalk(around: self, most: 1 << 27)
        try walk.run()
        return walk.found()
    }

    /// The coverage with rings of cells of ``order`` laid around it, all eight neighbours counting.
    ///
    /// One ring is mocpy's `add_neighbours`.
    ///
    /// - Parameter rings: How many, 0 for none.
    /// - Throws: ``MOCError/tooLarge(_:)`` as ``outerBorder()`` does.
    public func grown(by rings: Int = 1) throws(MOCError) -> MOC {
        var grown = self
        for _ in 0..<max(0, rings) {
            let wider = grown.union(try grown.neighbours())
            if wider == grown { break }
            grown = wider
        }
        return grown
    }

    /// The coverage without the cells of ``order`` that have one of their eight neighbours outside of it, as often as said.
    ///
    /// One ring is mocpy's `remove_neighbours`. It is what is left when the complement grows.
    ///
    /// - Throws: ``MOCError/tooLarge(_:)`` as ``outerBorder()`` does.
    public func shrunk(by rings: Int = 1) throws(MOCError) -> MOC {
        try complement.grown(by: rings).complement
    }
}

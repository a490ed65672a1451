import HEALPix

extension MOC {
    /// The covered area of an ellipsoid in square kilometres; the cells are planetocentric.
    ///
    /// All of Mars (3396190 m and 3376200 m) is 144.373 million.
    ///
    /// - Complexity: O(n) for n cells; on a sphere the number of ranges is all that counts.
    public func squareKilometres(on surface: SurfaceArea) -> Double {
        if surface.aMetres == surface.bMetres, surface.aMetres == surface.cMetres {
            return coverageFraction * 4 * .pi * surface.aMetres * surface.aMetres * 1e-6
        }
        // Summed by orders, so that the small cells are not lost beside the large ones.
        var sums = [Double](repeating: 0, count: Order.maximum.value + 1)
        for range in ranges {
            Axis.space.forEachCell(of: range) { order, number in
                guard let cell = Cell(order: order, npix: number) else { return }
                sums[order] += surface.squareKilometres(cell)
            }
        }
        return sums.reversed().reduce(0, +)
    }
}

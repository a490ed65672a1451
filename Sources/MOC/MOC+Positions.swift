public import HEALPix

extension MOC {
    /// Makes a coverage of cells of one order, given by their numbers in any sequence, also more than once.
    ///
    /// - Throws: ``MOCError/cell(order:npix:)`` for a number that the order does not have.
    /// - Complexity: O(n) for each 11 bits of the numbers.
    public init(order: Order, numbers: [Int64]) throws(MOCError) {
        for number in numbers where number < 0 || number >= order.cellCount {
            throw .cell(order: Int64(order.value), npix: number)
        }
        self.init(order: order, valid: numbers)
    }

    /// Makes a coverage of the cells that hold positions.
    ///
    /// - Parameters:
    ///   - order: The order of the cells.
    ///   - lonRad: Longitudes in radians, planetocentric and east-positive; any number of turns.
    ///   - latRad: As many latitudes in radians, planetocentric.
    /// - Throws: ``MOCError/position(index:lonDeg:latDeg:)`` for the first that is not finite or is beyond a pole.
    /// - Complexity: O(n); 32 bytes of memory for each position while it runs.
    public init(order: Order, lonRad: Span<Double>, latRad: Span<Double>) throws(MOCError) {
        precondition(lonRad.count == latRad.count, "as many longitudes as latitudes")
        var numbers = [Int64](repeating: 0, count: lonRad.count)
        var span = numbers.mutableSpan
        if let index = Cell.numbers(lonRad: lonRad, latRad: latRad, order: order, into: &span) {
            throw .position(index: index, lonRad: lonRad[index], latRad: latRad[index])
        }
        self.init(order: order, valid: numbers)
    }

    init(order: Order, valid numbers: consuming [Int64]) {
        var numbers = numbers
        RadixSort.sort(&numbers)
        let shift = Int64(2 * (Order.maximum.value - order.value))
        let ranges = [Range<Int64>](unsafeUninitializedCapacity: numbers.count) { space, count in
            guard var lower = numbers.first else { return }
            var upper = lower
            // Safe: a range is written for a number that is read, at the most.
            let result = space.baseAddress!
            for number in numbers {
                if number > upper {
                    result[count] = Range(uncheckedBounds: (lower &<< shift, upper &<< shift))
                    count &+= 1
                    lower = number
                }
                upper = number &+ 1
            }
            result[count] = Range(uncheckedBounds: (lower &<< shift, upper &<< shift))
            count &+= 1
        }
        self.init(order: order, normalised: ranges)
    }
}

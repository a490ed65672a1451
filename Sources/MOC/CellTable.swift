/// The fewest cells that make up a list of ranges, by order and then by number: 8 bytes a cell.
struct CellTable {
    /// The numbers of all cells, those of the coarsest order first.
    private let numbers: [Int64]
    /// Where the numbers of each order begin, and the end of all.
    private let starts: [Int]

    init(_ ranges: [Range<Int64>], axis: Axis) {
        let starts = Self.starts(ranges, axis: axis)
        self.starts = starts
        var places = starts
        numbers = [Int64](unsafeUninitializedCapacity: starts[axis.deepest + 1]) { space, count in
            // Safe: each order's cells were counted above, and are as many now.
            places.withUnsafeMutableBufferPointer { places in
                for range in ranges {
                    axis.forEachCell(of: range) { order, number in
                        space[places[order]] = number
                        places[order] &+= 1
                    }
                }
            }
            count = starts[axis.deepest + 1]
        }
    }

    /// For each order how many cells the coarser ones have together; last how many there are.
    static func starts(_ ranges: [Range<Int64>], axis: Axis) -> [Int] {
        var counts = [Int](repeating: 0, count: axis.deepest + 2)
        counts.withUnsafeMutableBufferPointer { counts in
            for range in ranges { axis.forEachCell(of: range) { order, _ in counts[order &+ 1] &+= 1 } }
        }
        for order in 1..<counts.count { counts[order] += counts[order - 1] }
        return counts
    }

    var count: Int { numbers.count }

    /// The orders that have cells, ascending.
    var orders: [Int] { starts.indices.dropLast().filter { starts[$0 + 1] > starts[$0] } }

    /// The numbers of the cells of an order, ascending.
    func numbers(at order: Int) -> ArraySlice<Int64> { numbers[starts[order]..<starts[order + 1]] }
}

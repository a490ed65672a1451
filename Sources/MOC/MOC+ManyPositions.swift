import HEALPix

extension MOC {
    /// Whether each of many positions is covered.
    ///
    /// - Parameters:
    ///   - lonRad: Longitudes in radians, planetocentric and east-positive; any number of turns.
    ///   - latRad: As many latitudes in radians, planetocentric.
    /// - Returns: As many answers, in the same sequence.
    /// - Throws: ``MOCError/position(index:lonDeg:latDeg:)`` for the first that is not finite or is beyond a pole.
    /// - Complexity: O(n) once, and then about two look-ups for a position where ranges are spread evenly; O(log n) at
    ///   worst. At most 8 bytes of memory for each range beside the answers.
    public func contains(lonRad: Span<Double>, latRad: Span<Double>) throws(MOCError) -> [Bool] {
        precondition(lonRad.count == latRad.count, "as many longitudes as latitudes")
        // For few positions the directory would cost more than it saves.
        let directory = lonRad.count > ranges.count / 64 ? RangeDirectory(ranges) : nil
        let shift = Int64(2 * (Order.maximum.value - order.value))
        var answers = [Bool](repeating: false, count: lonRad.count)
        // In blocks that stay in the nearest cache.
        let block = 1024
        var numbers = [Int64](repeating: 0, count: block)
        for start in stride(from: 0, to: lonRad.count, by: block) {
            let part = start..<min(start + block, lonRad.count)
            var places = numbers.mutableSpan
            let bad = Cell.numbers(
                lonRad: lonRad.extracting(part), latRad: latRad.extracting(part), order: order, into: &places)
            if let bad {
                throw .position(index: start + bad, lonRad: lonRad[start + bad], latRad: latRad[start + bad])
            }
            if let directory {
                for (offset, index) in part.enumerated() {
                    answers[index] = directory.contains(numbers[offset] &<< shift, in: ranges)
                }
            } else {
                for (offset, index) in part.enumerated() {
                    let found = firstRange(endingAfter: numbers[offset] &<< shift)
                    answers[index] =
                        found < ranges.count && ranges[found].lowerBound <= numbers[offset] &<< shift
                }
            }
        }
        return answers
    }
}

/// Where in a list of ranges to look for a place: the indices are divided into equal buckets, about one for each range.
struct RangeDirectory {
    private let origin: Int64
    private let shift: Int64
    /// For each bucket the first range that ends after its beginning; one more for the end.
    private let starts: [UInt32]

    /// Nil for lists too long for 32-bit positions and for empty ones.
    init?(_ ranges: [Range<Int64>]) {
        guard let first = ranges.first, let last = ranges.last, ranges.count < Int(UInt32.max) else {
            return nil
        }
        origin = first.lowerBound
        let extent = last.upperBound - first.lowerBound
        let wanted = Int64(max(1, ranges.count))
        let quotient = max(1, extent / wanted)
        shift = Int64(Int64.bitWidth - 1 - quotient.leadingZeroBitCount)
        let buckets = Int(extent >> shift) + 1
        var starts = [UInt32](repeating: 0, count: buckets + 1)
        var index = 0
        for bucket in 0...buckets {
            let begin = origin + Int64(bucket) << shift
            while index < ranges.count, ranges[index].upperBound <= begin { index += 1 }
            starts[bucket] = UInt32(index)
        }
        self.starts = starts
    }

    /// Whether a range holds a place.
    @inline(__always)
    func contains(_ place: Int64, in ranges: [Range<Int64>]) -> Bool {
        let bucket = (place &- origin) &>> shift
        guard place >= origin, bucket < starts.count - 1 else { return false }
        var low = Int(starts[Int(bucket)])
        var high = Int(starts[Int(bucket) + 1])
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > place { high = middle } else { low = middle + 1 }
        }
        return low < ranges.count && ranges[low].lowerBound <= place && place < ranges[low].upperBound
    }
}

/// Sorts whole numbers by their digits of 11 bits, least first: each pass puts all numbers in the order of one digit and
/// keeps the order of the passes before.
enum RadixSort {
    private static let digitBits = 11

    /// Sorts numbers that are not negative.
    ///
    /// The pointers are safe: both arrays have as many places, and a digit's places are counted before they are filled.
    /// - Complexity: O(n) for each 11 bits in which the numbers differ, and room for n numbers.
    static func sort(_ numbers: inout [Int64]) {
        let count = numbers.count
        guard count > 256 else {
            numbers.sort()
            return
        }
        // The digits that all numbers share need no pass.
        let first = numbers[0]
        var differing: Int64 = 0
        var isSorted = true
        var last = first
        for number in numbers {
            differing |= number ^ first
            isSorted = isSorted && last <= number
            last = number
        }
        if isSorted { return }
        // Trivial values, all written by a pass before any is read.
        var scratch = [Int64](unsafeUninitializedCapacity: count) { _, initialised in initialised = count }
        var places = [Int](repeating: 0, count: 1 << digitBits)
        for shift in stride(from: 0, to: Int64.bitWidth, by: digitBits) {
            let mask = (1 << digitBits) - 1
            guard (differing >> Int64(shift)) & Int64(mask) != 0 else { continue }
            numbers.withUnsafeBufferPointer { source in
                scratch.withUnsafeMutableBufferPointer { target in
                    places.withUnsafeMutableBufferPointer { places in
                        places.update(repeating: 0)
                        for number in source {
                            places[Int(truncatingIfNeeded: number &>> Int64(shift)) & mask] &+= 1
                        }
                        var start = 0
                        for digit in places.indices {
                            let next = start &+ places[digit]
                            places[digit] = start
                            start = next
                        }
                        for number in source {
                            let digit = Int(truncatingIfNeeded: number &>> Int64(shift)) & mask
                            target[places[digit]] = number
                            places[digit] &+= 1
                        }
                    }
                }
            }
            swap(&numbers, &scratch)
        }
    }
}

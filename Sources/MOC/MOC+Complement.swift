extension MOC {
    /// What this coverage does not cover of the sphere, at the same order.
    ///
    /// - Complexity: O(n).
    public var complement: MOC {
        guard let first = ranges.first, let last = ranges.last else {
            return MOC(order: order, normalised: [0..<MOC.sphere])
        }
        let gaps = [Range<Int64>](unsafeUninitializedCapacity: ranges.count + 1) { space, count in
            let result = space.baseAddress!
            if first.lowerBound > 0 {
                result[0] = 0..<first.lowerBound
                count = 1
            }
            // The bounds between are those of the gaps already, one place further on.
            ranges.withUnsafeBytes { bytes in
                let between = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(8).dropLast(8))
                UnsafeMutableRawBufferPointer(start: result + count, count: between.count).copyMemory(
                    from: between)
            }
            count += ranges.count - 1
            if last.upperBound < MOC.sphere {
                result[count] = last.upperBound..<MOC.sphere
                count += 1
            }
        }
        return MOC(order: order, normalised: gaps)
    }
}

/// A row of one bit a pixel in memory.
struct BitRow {
    private(set) var words: [UInt64]
    let count: Int

    /// A row of bits that are all 0.
    init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: BitMaskFile.words(count))
    }

    var isZero: Bool { words.allSatisfy { $0 == 0 } }

    subscript(_ index: Int) -> Bool {
        get { words[index / 64] >> UInt64(index % 64) & 1 != 0 }
        set {
            let bit = UInt64(1) << UInt64(index % 64)
            if newValue { words[index / 64] |= bit } else { words[index / 64] &= ~bit }
        }
    }

    mutating func withWords<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<UInt64>) throws(E) -> R
    ) throws(E) -> R {
        try words.withUnsafeMutableBufferPointer { (buffer) throws(E) in try body(buffer) }
    }

    mutating func formUnion(_ other: BitRow) {
        for i in words.indices { words[i] |= other.words[i] }
    }

    mutating func formIntersection(_ other: BitRow) {
        for i in words.indices { words[i] &= other.words[i] }
    }

    mutating func clear() {
        for i in words.indices { words[i] = 0 }
    }

    /// Spreads the bits that are set along the bits of `open` that touch them, both ways.
    ///
    /// 64 pixels at a time: runs are filled by doubling steps, and the last pixel of a word is the seed of the next.
    /// - Parameter wraps: whether the last pixel and the first are neighbours.
    mutating func spread(in open: BitRow, wraps: Bool) {
        formIntersection(open)
        guard !isZero else { return }
        spreadUp(in: open)
        spreadDown(in: open)
        guard wraps, count > 1, open[0], open[count - 1], self[0] != self[count - 1] else { return }
        self[0] = true
        self[count - 1] = true
        spreadUp(in: open)
        spreadDown(in: open)
    }

    /// Towards higher indices.
    private mutating func spreadUp(in open: BitRow) {
        var carry: UInt64 = 0
        for i in words.indices {
            let mask = open.words[i]
            let seed = (words[i] | carry) & mask
            words[i] = seed == 0 ? words[i] : Self.fillUp(seed, mask)
            carry = words[i] >> 63
        }
    }

    /// Towards lower indices.
    private mutating func spreadDown(in open: BitRow) {
        var carry: UInt64 = 0
        for i in words.indices.reversed() {
            let mask = open.words[i]
            let seed = (words[i] | carry << 63) & mask
            words[i] = seed == 0 ? words[i] : Self.fillDown(seed, mask)
            carry = words[i] & 1
        }
    }

    /// Doubling steps: six of them reach across a word.
    private static func fillUp(_ seed: UInt64, _ mask: UInt64) -> UInt64 {
        var (fill, open) = (seed, mask)
        for shift: UInt64 in [1, 2, 4, 8, 16, 32] {
            fill |= open & (fill << shift)
            open &= open << shift
        }
        return fill
    }

    private static func fillDown(_ seed: UInt64, _ mask: UInt64) -> UInt64 {
        var (fill, open) = (seed, mask)
        for shift: UInt64 in [1, 2, 4, 8, 16, 32] {
            fill |= open & (fill >> shift)
            open &= open >> shift
        }
        return fill
    }

    /// Sets all bits within a distance of one that is set.
    mutating func dilate(by distance: Int, wraps: Bool) {
        guard distance > 0, !isZero else { return }
        let before = self
        for index in 0..<before.words.count where before.words[index] != 0 {
            var bits = before.words[index]
            while bits != 0 {
                let at = index * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                // Inside a run only the ends reach anything new.
                let inside = at > 0 && at + 1 < count && before[at - 1] && before[at + 1]
                if inside { continue }
                for near in (at - distance)...(at + distance) {
                    if near >= 0, near < count {
                        self[near] = true
                    } else if wraps {
                        self[(near % count + count) % count] = true
                    }
                }
            }
        }
    }
}

internal import Synchronization

/// Keys of features, one bit for each that there can be.
///
/// All copies are the same set: what has to be remembered of a document is not copied for each of its pieces.
struct KeySet: Sendable {
    private final class Words: Sendable {
        let bits: Mutex<[UInt64]>

        init(count: Int) { bits = Mutex(Array(repeating: 0, count: count)) }
    }

    private let keys: ClosedRange<Int64>
    private let words: Words

    /// How many keys all sets of a document may be made for, which take 16 MB.
    static let mostKeys: Int64 = 1 << 27

    /// An empty set for keys of a range; nil where there is no room for it.
    /// - Parameter room: how many keys there may still be, which become fewer.
    init?(_ keys: ClosedRange<Int64>, room: inout Int64) {
        let (span, isTooLong) = keys.upperBound.subtractingReportingOverflow(keys.lowerBound)
        guard !isTooLong, span < room else { return nil }
        room -= span + 1
        self.keys = keys
        words = Words(count: Int(span / 64) + 1)
    }

    /// Puts a key in; false when it was there already. One beyond the range is taken for new, and not remembered.
    func insert(_ key: Int64) -> Bool {
        guard keys.contains(key) else { return true }
        let (word, bit) = Int(key - keys.lowerBound).quotientAndRemainder(dividingBy: 64)
        return words.bits.withLock { bits in
            guard bits[word] & 1 << UInt64(bit) == 0 else { return false }
            bits[word] |= 1 << UInt64(bit)
            return true
        }
    }
}

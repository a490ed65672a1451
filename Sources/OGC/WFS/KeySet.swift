/// Keys of features, one bit for each that there can be.
struct KeySet: Sendable {
    private let keys: ClosedRange<Int64>
    private var words: [UInt64]

    /// How many keys all sets of a document may be made for, which take 16 MB.
    static let mostKeys: Int64 = 1 << 27

    /// An empty set for keys of a range; nil where there is no room for it.
    /// - Parameter room: how many keys there may still be, which become fewer.
    init?(_ keys: ClosedRange<Int64>, room: inout Int64) {
        let (span, isTooLong) = keys.upperBound.subtractingReportingOverflow(keys.lowerBound)
        guard !isTooLong, span < room else { return nil }
        room -= span + 1
        self.keys = keys
        words = Array(repeating: 0, count: Int(span / 64) + 1)
    }

    /// Puts a key in; false when it was there already.
    /// - Precondition: it is one of the range.
    mutating func insert(_ key: Int64) -> Bool {
        precondition(keys.contains(key), "the key \(key) is none of \(keys)")
        let (word, bit) = Int(key - keys.lowerBound).quotientAndRemainder(dividingBy: 64)
        guard words[word] & 1 << UInt64(bit) == 0 else { return false }
        words[word] |= 1 << UInt64(bit)
        return true
    }
}

/// Where the pixels of one tile row lie in a source window: per pixel a lower neighbour and a fraction.
///
/// A value of `index` is the offset in samples (for rows: already times the window's stride) of the neighbour
/// below, `fraction` in 0...1 is the way to the next one. `index == SampleTable.outside` marks pixels that
/// lie outside the source.
public struct SampleTable: ~Copyable {
    /// Marks a pixel outside the source.
    public static let outside: Int32 = .min

    /// Offsets of the lower neighbours.
    public let index: UnsafeMutablePointer<Int32>
    /// Way to the next neighbour, 0...1.
    public let fraction: UnsafeMutablePointer<Double>
    /// Number of entries.
    public let count: Int

    /// A table of `count` entries, all 0.
    public init(count: Int) {
        self.count = count
        index = .allocate(capacity: count)
        index.initialize(repeating: 0, count: count)
        fraction = .allocate(capacity: count)
        fraction.initialize(repeating: 0, count: count)
    }

    deinit {
        index.deallocate()
        fraction.deallocate()
    }
}

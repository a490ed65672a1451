/// What a reader may put right in a file that breaks the rules, rather than refuse it.
public struct MOCRepairs: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int

    /// Makes a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Cells that overlap or are named twice are merged.
    public static let overlaps = MOCRepairs(rawValue: 1)
    /// Of a file that is cut short, what is there in full is read.
    public static let cutShort = MOCRepairs(rawValue: 2)
    /// Both.
    public static let all: MOCRepairs = [.overlaps, .cutShort]
}

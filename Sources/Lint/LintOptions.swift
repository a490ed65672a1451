/// How much is looked at, and by how many workers.
public struct LintOptions: Sendable {
    /// Whether every tile is decoded, or a sample that is the same each time.
    public var all: Bool
    /// The number of workers, at least 1.
    public var jobs: Int
    /// The number of leaves in a sample; their ancestors come on top, as do all tiles of orders 0 and 1.
    public var sampleLeaves: Int

    /// Options with their defaults: a sample of about 30 leaves, one worker.
    public init(all: Bool = false, jobs: Int = 1, sampleLeaves: Int = 30) {
        self.all = all
        self.jobs = max(1, jobs)
        self.sampleLeaves = max(1, sampleLeaves)
    }
}

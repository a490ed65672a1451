internal import Storage

/// Writes what follows from the tiles of a HiPS (its Allsky pictures, its coverage, most of its properties, and
/// tiles that their children make up) into a new copy, and looks that copy over.
///
/// The original is never changed. A leaf that is damaged or missing follows from nothing: it stays, and is told.
public struct Repairer: Sendable {
    private let original: String
    private let target: String
    private let options: LintOptions

    /// A repairer of one HiPS.
    /// - Parameters:
    ///   - original: the directory that holds `properties` or should.
    ///   - target: the directory to make, which must not exist yet, outside `original`.
    ///   - options: how the copy is looked over, and by how many workers all is done.
    /// - Throws: ``LintError/noDirectory(path:)``, or ``LintError/address(_:reason:)`` for what is no directory.
    public init(
        _ original: String, to target: String, options: LintOptions = LintOptions()
    ) throws(LintError) {
        guard case .files(let files, let properties) = try Location(original),
            let folder = files as? FolderStore
        else {
            throw .address(original, reason: "only a directory on disk can be repaired")
        }
        guard properties.root == folder.root else {
            throw .address(original, reason: "it is adopted; repair \(folder.root), where its tiles lie")
        }
        self.original = folder.root
        self.target = target
        self.options = options
    }

    /// Makes the copy.
    /// - Returns: what was written, what could not be derived, and what is found in the copy.
    /// - Throws: ``LintError`` when there is nothing to go by, or a file cannot be read or written; there is no copy
    ///   then.
    public func run() async throws -> RepairReport {
        let copy = try RepairCopy(of: original, at: target)
        try copy.fill(from: original)
        let work = try RepairWork(copy, jobs: options.jobs)
        let result = try await work.run()
        try copy.publish()
        let lint = try await Linter(target, options: options).run()
        return RepairReport(made: result.made.sorted(), underivable: result.underivable.sorted(), lint: lint)
    }
}

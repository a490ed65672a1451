/// A file in a folder of its own that only this user can enter; both are removed when this ends.
final class SpoolFile {
    let path: String
    private let folder: SpoolFolder

    private static let prefix = "tessera-coverage-"

    init(in around: String) throws(CoverageError) {
        guard let folder = SpoolFolder(in: around, prefix: Self.prefix) else {
            throw .writing(reason: "no file can be made in the server's folder for answers")
        }
        self.folder = folder
        path = folder.path + "/answer.tif"
    }

    /// Removes the folders that servers left when they were killed.
    /// - Returns: as ``SpoolFolder/removeLeftovers(in:prefix:)``.
    static func removeLeftovers(in around: String) -> Bool {
        SpoolFolder.removeLeftovers(in: around, prefix: prefix)
    }
}

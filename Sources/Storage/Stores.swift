/// Finds the store that a user means.
public enum Stores {
    /// Whether the text names an object store rather than a folder.
    public static func isRemote(_ root: String) -> Bool {
        root.contains("://") || root.hasPrefix("/vsi")
    }

    /// The store at a folder's path, at `s3://bucket/prefix` and its like, or at a path of GDAL's that begins with `/vsi`.
    /// - Throws: ``StoreError`` when an address is of another kind.
    public static func store(at root: String) throws(StoreError) -> any FileStore {
        isRemote(root) ? try ObjectStore(root: root) : FolderStore(root: root)
    }
}

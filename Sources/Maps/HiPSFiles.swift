public import HiPS
public import Storage

/// What reads the files of one HiPS, on disk or in an object store, with whatever cache or limit its owner wants.
public protocol HiPSFiles: Sendable {
    /// The bytes of a file; nil when there is none.
    ///
    /// Called from many threads at a time; it may block.
    func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]?
}

/// The files of a HiPS in a store.
public struct StoreFiles: HiPSFiles {
    private let store: any FileStore
    /// No tile of 4096 x 4096 pixels is larger.
    private static let largestFile = 1 << 28

    /// The files below the root of a store.
    public init(_ store: any FileStore) {
        self.store = store
    }

    /// The bytes of a file; nil when there is none.
    public func bytes(of file: HiPSFile) throws(StoreError) -> [UInt8]? {
        try store.read(file.path, atMost: Self.largestFile)
    }
}

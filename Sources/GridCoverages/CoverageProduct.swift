internal import Synchronization

/// An answer on its way: its pieces are made as they are asked for.
///
/// What is wrong with the request is told before there is a product; while pieces are made, only a map or a file that is
/// damaged can fail.
public final class CoverageProduct: Sendable {
    /// The media type for HTTP.
    public let mediaType: String
    /// A name for the file on the client's disk.
    public let fileName: String
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Bytes of all pieces; nil where that is known only at the end.
    public let byteCount: Int?

    private let pieces: Mutex<any CoveragePieces>

    init(
        mediaType: String, fileName: String, width: Int, height: Int, byteCount: Int?,
        pieces: sending any CoveragePieces
    ) {
        self.mediaType = mediaType
        self.fileName = fileName
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.pieces = Mutex(pieces)
    }

    /// The next bytes; nil at the end. Blocks for as long as it takes to make them.
    ///
    /// - Throws: ``CoverageError``; there are no further pieces then.
    public func next() throws(CoverageError) -> [UInt8]? {
        let result = pieces.withLock { pieces in
            Result { () throws(CoverageError) in try pieces.next() }
        }
        return try result.get()
    }

    /// All bytes, for answers that are known to be small.
    public func all() throws(CoverageError) -> [UInt8] {
        var all = try next() ?? []
        while let more = try next() { all += more }
        return all
    }
}

/// What makes the bytes of an answer one after the other.
protocol CoveragePieces {
    mutating func next() throws(CoverageError) -> [UInt8]?
}

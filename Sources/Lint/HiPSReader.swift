/// What reading a file gave.
enum ReadResult {
    /// The bytes, with the header fields of the answer by their names in lower case (none on disk).
    case found([UInt8], fields: [String: String])
    /// There is no such file.
    case absent
    /// There may be one, but it is not given out; why.
    case refused(String)
}

/// Reads the files of one HiPS by their paths below its root; used by one worker at a time.
protocol HiPSReader: AnyObject {
    /// Reads a whole file of at most `limit` bytes.
    /// - Throws: ``LintError`` when nothing more can be read at all, as when a server is gone.
    func read(_ path: String, limit: Int) throws(LintError) -> ReadResult
}

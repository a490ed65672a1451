internal import CGDAL
internal import Glibc
internal import Synchronization

/// How GDAL goes about files on the network. What the user sets in the environment wins.
enum NetworkSettings {
    /// The file systems whose files lie on other machines.
    static let prefixes = [
        "/vsicurl/", "/vsicurl?", "/vsis3/", "/vsigs/", "/vsiaz/", "/vsiadls/", "/vsioss/", "/vsiswift/",
        "/vsiwebhdfs/",
    ]

    /// Sets what has not been set: a server that is busy for ten seconds is survived, and one that is gone is given up
    /// in bounded time.
    static func apply() {
        let options = [
            ("GDAL_HTTP_MAX_RETRY", "4"),
            // In seconds; more than doubled each time.
            ("GDAL_HTTP_RETRY_DELAY", "0.5"),
            ("GDAL_HTTP_CONNECTTIMEOUT", "10"),
            ("GDAL_HTTP_TIMEOUT", "300"),
            ("GDAL_HTTP_LOW_SPEED_TIME", "30"),
            ("GDAL_HTTP_LOW_SPEED_LIMIT", "1"),
        ]
        for (key, value) in options where CPLGetConfigOption(key, nil) == nil {
            CPLSetConfigOption(key, value)
        }
        // The files beside one on a server are not looked for, which would ask for a list of thousands; on disk they
        // are, for world files.
        let listing = "GDAL_DISABLE_READDIR_ON_OPEN"
        guard CPLGetConfigOption(listing, nil) == nil else { return }
        for prefix in prefixes { VSISetPathSpecificOption(prefix, listing, "EMPTY_DIR") }
    }

    /// How often that is tried again which GDAL itself does not.
    static var repetitions: Int { number("GDAL_HTTP_MAX_RETRY").map { Int($0) } ?? 0 }

    /// Waits before an attempt, counted from 1, twice as long each time.
    static func pause(before attempt: Int) {
        let seconds = (number("GDAL_HTTP_RETRY_DELAY") ?? 0.5) * Double(1 << min(attempt - 1, 6))
        usleep(UInt32(min(seconds, 60) * 1e6))
    }

    private static func number(_ key: String) -> Double? {
        CPLGetConfigOption(key, nil).flatMap { Double(String(cString: $0)) }.flatMap {
            $0.isFinite && $0 >= 0 ? min($0, 100) : nil
        }
    }

    private static let uncached = Mutex<Set<String>>([])

    /// Has nothing remembered of the files whose paths begin so, once they are closed.
    static func keepNothing(below prefix: String) {
        let key = "CPL_VSIL_CURL_NON_CACHED"
        uncached.withLock { known in
            guard known.insert(prefix).inserted else { return }
            let others = CPLGetConfigOption(key, nil).map { String(cString: $0) + ":" } ?? ""
            CPLSetConfigOption(key, others + prefix)
        }
    }
}

extension NetworkSettings {
    /// Limits for whoever has somebody waiting, on this thread alone; the connections of files that are opened meanwhile
    /// keep to them.
    static func hurried<Result, Failure: Error>(
        seconds: Int, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let limits = [
            ("GDAL_HTTP_MAX_RETRY", "1"), ("GDAL_HTTP_RETRY_DELAY", "0.25"),
            ("GDAL_HTTP_CONNECTTIMEOUT", String(min(seconds, 5))), ("GDAL_HTTP_TIMEOUT", String(seconds)),
            ("GDAL_HTTP_LOW_SPEED_TIME", String(min(seconds, 10))), ("GDAL_HTTP_LOW_SPEED_LIMIT", "1000"),
        ].filter { getenv($0.0) == nil }
        for (key, value) in limits { CPLSetThreadLocalConfigOption(key, value) }
        defer { for (key, _) in limits { CPLSetThreadLocalConfigOption(key, nil) } }
        return try body()
    }
}

extension VirtualFile {
    /// Runs `body` with less patience for servers than a build has: each request of this thread ends after so many
    /// seconds, one by which less than 1000 bytes a second come after ten, and a connection that is not made after five;
    /// each is tried once more at most.
    ///
    /// What the user sets in the environment wins.
    public static func hurrying<Result, Failure: Error>(
        seconds: Int, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        GDALLibrary.register()
        return try NetworkSettings.hurried(seconds: seconds, body)
    }

    /// What a server calls this state of a file, its `ETag`; nil where it says nothing, and on disk.
    ///
    /// Asks the server.
    /// - Throws: ``GDALError`` when it does not answer, or has no such file.
    public static func tag(of path: String) throws(GDALError) -> String? {
        guard isOnNetwork(path) else { return nil }
        if let tag = tagOnce(path) { return tag }
        // Headers without one are not told from an answer that failed.
        forget(path)
        guard try status(of: path) != nil else {
            throw GDALError(operation: "examine", path: path, message: "there is no such file")
        }
        return tagOnce(path)
    }

    private static func tagOnce(_ path: String) -> String? {
        let (list, _) = FileMessages.capturing { VSIGetFileMetadata(path, "HEADERS", nil) }
        defer { CSLDestroy(list) }
        // CSLFetchNameValue does not tell capitals from small letters.
        return CSLFetchNameValue(list, "ETag").map { String(cString: $0) }
    }

    /// Has every file whose path begins so looked at anew each time: others may write to it.
    public static func keepNothing(below prefix: String) {
        if isOnNetwork(prefix) { NetworkSettings.keepNothing(below: prefix) }
    }
}

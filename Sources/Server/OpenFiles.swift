internal import Glibc

/// How many files the process may have open, connections among them.
enum OpenFiles {
    /// Raises the limit as far as the system lets the process, and says what it is then.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let present = limit.rlim_cur
        limit.rlim_cur = min(limit.rlim_max, UInt(most))
        if limit.rlim_cur > present, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            return Int(limit.rlim_cur)
        }
        return Int(min(present, UInt(most)))
    }

    /// More is of no use, and a limit may be stated as infinite.
    private static let most = 1 << 20

    /// How many connections leave room for the files of the maps: one that finds no place waits before it is taken, while a
    /// tile that could not be opened would be told as a fault of the server.
    static func connections(stated: Int?, files: Int) -> Int {
        max(1, min(stated ?? usual, files / 2))
    }

    /// The number of connections where nothing is said.
    private static let usual = 10_000
}

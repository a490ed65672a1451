internal import Glibc

/// What the system says about this process.
enum ProcessNumbers {
    /// Memory in use, in bytes; 0 when the system does not say.
    static var residentBytes: Double {
        let pages = text(of: "/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap {
            Double($0)
        }
        return (pages ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Time of the processors that was used, in seconds.
    static var processorSeconds: Double {
        seconds(CLOCK_PROCESS_CPUTIME_ID)
    }

    /// The time now, in seconds since 1970.
    static var now: Double {
        seconds(CLOCK_REALTIME)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func text(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

import Glibc

/// Time of the processor, which is what counts on a machine that is shared.
enum Processor {
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The least of at least 7 repeats in about two seconds: what the machine does besides only ever adds.
    static func least(_ work: () throws -> Int) rethrows -> Double {
        var least = Double.infinity
        var repeats = 0
        let begun = seconds
        while repeats < 7 || seconds - begun < 2 {
            let start = seconds
            _ = try work()
            least = min(least, seconds - start)
            repeats += 1
        }
        return least
    }
}

/// Memory of the process as the system counts it.
enum Memory {
    /// The most bytes that the process had over what it had before, and what the work returns.
    static func growth(_ work: () throws -> Int) throws -> (bytes: Int, result: Int) {
        // The system forgets the peak of before.
        try Files.write(Array("5".utf8), "/proc/self/clear_refs")
        let before = try kilobytes("VmRSS:")
        let result = try work()
        return ((try kilobytes("VmHWM:") - before) * 1024, result)
    }

    private static func kilobytes(_ name: String) throws -> Int {
        let text = String(decoding: try Files.read("/proc/self/status"), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            if let number = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first {
                return Int(number) ?? 0
            }
        }
        return 0
    }
}

/// Whole files.
enum Files {
    struct Failure: Error { let path: String }

    static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw Failure(path: path) }
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        let size = max(Int(status.st_size), 1 << 16)
        return [UInt8](unsafeUninitializedCapacity: size) { space, count in
            while count < size {
                let got = Glibc.read(file, space.baseAddress! + count, size - count)
                guard got > 0 else { break }
                count += got
            }
        }
    }

    static func write(_ bytes: [UInt8], _ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard file >= 0 else { throw Failure(path: path) }
        defer { close(file) }
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress! + start, bytes.count - start)
            }
            guard written > 0 else { throw Failure(path: path) }
            start += written
        }
    }

    static func doubles(_ path: String) throws -> [Double] {
        try read(path).withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }
}

internal import GDAL
internal import Glibc

/// A file of one bit a pixel, row by row, each row filled up to whole 64-bit words; bit 0 of a word is its first pixel.
struct BitMaskFile: ~Copyable {
    let path: String
    let columns: Int
    let rows: Int
    private let descriptor: Int32

    /// 64-bit words of a row.
    var words: Int { Self.words(columns) }

    static func words(_ columns: Int) -> Int { (columns + 63) / 64 }

    /// Opens a mask, or makes one that is all 0.
    init(path: String, columns: Int, rows: Int, creates: Bool = false) throws(GDALError) {
        let number = try Self.opened(path, size: creates ? off_t(rows * Self.words(columns) * 8) : nil)
        self.path = path
        self.columns = columns
        self.rows = rows
        descriptor = number
    }

    /// Opens a file, or makes one of a size.
    private static func opened(_ path: String, size: off_t?) throws(GDALError) -> Int32 {
        let flags = size == nil ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        let number = open(path, flags, 0o644)
        guard number >= 0 else { throw error(size == nil ? "open" : "make", path) }
        guard let size, size > 0 else { return number }
        // The blocks are asked for now: a full disk is found before the work, and no write can fail half-way.
        let failure = posix_fallocate(number, 0, size)
        guard failure == 0 else {
            close(number)
            throw GDALError(
                operation: "make room for", path: path, message: String(cString: strerror(failure)))
        }
        return number
    }

    deinit { close(descriptor) }

    /// Reads words of a row.
    func read(row: Int, from word: Int, into buffer: UnsafeMutableBufferPointer<UInt64>) throws(GDALError) {
        var done = 0
        let count = buffer.count * 8
        let start = UnsafeMutableRawPointer(buffer.baseAddress!)
        while done < count {
            let got = pread(descriptor, start + done, count - done, off_t((row * words + word) * 8 + done))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw Self.error("read", path) }
            done += got
        }
    }

    /// Writes words of a row.
    func write(row: Int, from word: Int, _ buffer: UnsafeBufferPointer<UInt64>) throws(GDALError) {
        var done = 0
        let count = buffer.count * 8
        let start = UnsafeRawPointer(buffer.baseAddress!)
        while done < count {
            let put = pwrite(descriptor, start + done, count - done, off_t((row * words + word) * 8 + done))
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw Self.error("write", path) }
            done += put
        }
    }

    /// Waits until all is on the disk.
    func synchronise() throws(GDALError) {
        guard fsync(descriptor) == 0 else { throw Self.error("write to disk", path) }
    }

    static func error(_ operation: String, _ path: String) -> GDALError {
        GDALError(operation: operation, path: path, message: String(cString: strerror(errno)))
    }
}

/// Applies a finished mask to windows of its file; one thread at a time.
final class BitMaskReader {
    private let file: BitMaskFile
    private var line: [UInt64] = []

    init(path: String, columns: Int, rows: Int) throws(GDALError) {
        file = try BitMaskFile(path: path, columns: columns, rows: rows)
    }

    /// Clears the bytes of a validity mask where the bit is set: no data.
    /// - Parameter stride: bytes from one row of the window to the next.
    func clear(_ mask: UnsafeMutablePointer<UInt8>, stride: Int, _ window: PixelWindow) throws(GDALError) {
        let first = window.column / 64
        let count = (window.column + window.width - 1) / 64 - first + 1
        if line.count < count { line = [UInt64](repeating: 0, count: count) }
        let shift = window.column - first * 64
        for row in 0..<window.height {
            try line.withUnsafeMutableBufferPointer { (words) throws(GDALError) in
                let part = UnsafeMutableBufferPointer(rebasing: words[..<count])
                try file.read(row: window.row + row, from: first, into: part)
                let target = mask + row * stride
                for word in 0..<count where part[word] != 0 {
                    var bits = part[word]
                    while bits != 0 {
                        let column = word * 64 + bits.trailingZeroBitCount - shift
                        if column >= 0, column < window.width { target[column] = 0 }
                        bits &= bits - 1
                    }
                }
            }
        }
    }
}

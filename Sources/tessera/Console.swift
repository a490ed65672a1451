import Glibc

/// The terminal's error stream, for all that is not a result.
enum Console {
    /// Writes text to standard error as it is.
    static func tell(_ text: String) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// What GDAL could not do, with the file and GDAL's own words.
public struct GDALError: Error, CustomStringConvertible, Sendable, Equatable {
    /// The attempted operation, as a verb phrase: "open", "read", "write".
    public let operation: String
    /// The dataset's path as it was given.
    public let path: String
    /// GDAL's messages of severity failure, joined; never empty.
    public let message: String

    /// An error of `operation` on `path`; an empty message is replaced by a statement of that fact.
    public init(operation: String, path: String, message: String) {
        self.operation = operation
        self.path = path
        if message.isEmpty {
            self.message =
                operation.hasPrefix("read")
                ? "GDAL gave no reason; the file is probably cut short or damaged" : "GDAL gave no reason"
        } else {
            self.message = message
        }
    }

    /// One line: file, operation, reason.
    public var description: String { "\(path): cannot \(operation): \(message)" }
}

/// The name of a map or body in the form that paths and URLs use: lower case, `-` for blanks.
///
/// - Throws: `PathNameError` for a name that is empty, longer than 128 characters, starts with a dot, or
/// holds
///   anything but the letters a to z, digits, `-`, `_`, `.` and blanks.
public func pathName(_ name: String) throws(PathNameError) -> String {
    let words = name.split { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    let path = words.joined(separator: "-").lowercased()
    guard !path.isEmpty else { throw PathNameError(name: name, reason: "it is empty") }
    guard path.count <= 128 else {
        throw PathNameError(name: name, reason: "it is longer than 128 characters")
    }
    guard !path.hasPrefix(".") else { throw PathNameError(name: name, reason: "it starts with a dot") }
    let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_."
    if let wrong = path.first(where: { !allowed.contains($0) }) {
        throw PathNameError(name: name, reason: "it holds \"\(wrong)\"")
    }
    return path
}

/// Why a text cannot be a name in paths and URLs.
public struct PathNameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text that was given.
    public let name: String
    /// What is wrong with it.
    public let reason: String

    /// What was read, what was expected and why.
    public var description: String {
        let shown = name.count > 60 ? name.prefix(57) + "..." : name
        return "\"\(shown)\" cannot be a name: \(reason); letters a to z, digits, \"-\", \"_\" and \".\" can"
    }
}

/// One thing that is wrong, or worth knowing, with a HiPS.
public struct Finding: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The kind of fault.
    public let code: FindingCode
    /// The file, relative to the root of the HiPS.
    public let path: String
    /// What was found there.
    public let found: String
    /// What should have been there.
    public let expected: String

    /// Makes a finding.
    public init(_ code: FindingCode, path: String, found: String, expected: String) {
        self.code = code
        self.path = path
        self.found = found
        self.expected = expected
    }

    /// How bad it is.
    public var severity: Severity { code.severity }

    /// One line: severity, code, path, found, expected.
    public var description: String {
        "\(severity.rawValue) \(code.rawValue) \(path): found \(found); expected \(expected)"
    }

    /// The worst come first, then by code, path and text.
    public static func < (left: Finding, right: Finding) -> Bool {
        (left.severity, left.code.rawValue, left.path, left.found)
            < (right.severity, right.code.rawValue, right.path, right.found)
    }
}

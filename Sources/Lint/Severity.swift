/// How bad a finding is.
public enum Severity: String, CaseIterable, Comparable, Sendable {
    /// The HiPS is wrong: clients show something else than the data, or nothing.
    case error
    /// The HiPS works, but some client or some use of it suffers.
    case warning
    /// Worth knowing.
    case info

    /// The worst comes first.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .info: 2
        }
    }
}

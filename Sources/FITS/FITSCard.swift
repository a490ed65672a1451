/// The value of a header card (FITS 4.0, section 4.2).
public enum FITSValue: Sendable, Equatable {
    /// Text in quotes; beyond 68 characters it is continued over several cards.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A finite real number, written with the fewest digits that read back as the same `Double`.
    case real(Double)
    /// `T` or `F`.
    case logical(Bool)
}

/// One keyword of a FITS header with its value and comment (FITS 4.0, section 4.1).
public struct FITSCard: Sendable, Equatable {
    /// One to eight of `A`-`Z`, `0`-`9`, `-` and `_`.
    public var keyword: String
    /// What the keyword is set to.
    public var value: FITSValue
    /// Text after the slash, cut at column 80; empty for none.
    public var comment: String

    /// Makes a card; what it holds is checked when it is written.
    public init(_ keyword: String, _ value: FITSValue, comment: String = "") {
        self.keyword = keyword
        self.value = value
        self.comment = comment
    }
}

extension [FITSCard] {
    /// The value of the first card with this keyword.
    public subscript(keyword: String) -> FITSValue? {
        first { $0.keyword == keyword }?.value
    }

    /// The whole number of the first card with this keyword, when it holds one.
    public func integer(_ keyword: String) -> Int64? {
        guard case .integer(let value) = self[keyword] else { return nil }
        return value
    }

    /// The text of the first card with this keyword, when it holds text.
    public func string(_ keyword: String) -> String? {
        guard case .string(let value) = self[keyword] else { return nil }
        return value
    }

    /// The number, whole or real, of the first card with this keyword, when it holds one.
    public func real(_ keyword: String) -> Double? {
        switch self[keyword] {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

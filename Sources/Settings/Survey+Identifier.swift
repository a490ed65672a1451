extension Survey {
    /// Whether a text is an IVOA identifier with a path.
    ///
    /// `ivo://authority/path` as in IVOA Identifiers 2.0, section 2.3: an authority of three characters or more, no
    /// blanks.
    public static func isIdentifier(_ text: String) -> Bool {
        let scheme = "ivo://"
        let parts = text.dropFirst(scheme.count).split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isPrintable = text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        let authority = parts.first ?? ""
        let isAuthority =
            authority.count >= 3 && authority.first.map { $0.isLetter || $0.isNumber } == true
            && authority.allSatisfy { $0.isLetter || $0.isNumber || "-_.!~*'()+=".contains($0) }
        let hasPath = parts.count == 2 && parts[1].first.map { $0 != "/" && $0 != "?" && $0 != "#" } == true
        return text.lowercased().hasPrefix(scheme) && isPrintable && isAuthority && hasPath
    }
}

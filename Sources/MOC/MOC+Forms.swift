public import FITS

extension MOC {
    /// The ASCII form (MOC 2.0, section 4.3.2), as in `1/1 2 4 2/12-14`.
    ///
    /// The finest order is named at the end even where no cell has it: `1/1 29/`.
    public var ascii: String { String(decoding: Coverage.space(self).asciiBytes, as: UTF8.self) }

    /// The JSON form (MOC 2.0, section 4.3.3), as in `{"1":[1,2,4],"2":[12,13,14]}`.
    ///
    /// The finest order is named at the end even where no cell has it: `{"1":[1],"29":[]}`.
    public var json: String { String(decoding: Coverage.space(self).jsonBytes, as: UTF8.self) }

    /// The FITS form (MOC 2.0, section 4.3.1): one column of NUNIQ numbers, in an order of their own.
    ///
    /// `COORDSYS` is always `C`: mocpy refuses every other value, and Aladin may refuse to lay the coverage
    /// over other maps. The body stands in `MOCBODY` instead. No date is written, so that equal coverages
    /// give equal bytes.
    ///
    /// - Parameters:
    ///   - body: The body whose body-fixed frame the cells belong to, for `MOCBODY`; nil for none.
    ///   - cards: Further keywords.
    /// - Returns: The file, a whole number of 2880-byte blocks.
    /// - Throws: ``FITSError`` when a card cannot be written.
    public func fits(body: String? = nil, cards: [FITSCard] = []) throws(FITSError) -> [UInt8] {
        let described = Coverage.space(self).cards(.fits, system: "C") + MOCDocument.cards(of: body)
        return try Coverage.encodeNumbers(self, described + cards)
    }

    /// Reads the ASCII form (MOC 2.0, section 4.3.2; also MOC 1.1 with commas); cells that overlap are merged.
    ///
    /// The order of the coverage is the finest that is named.
    ///
    /// - Throws: ``MOCError`` where the text is something else, or names a cell that does not exist.
    public init(ascii text: String) throws(MOCError) {
        let (coverage, _) = try Coverage.read(
            ascii: Array(text.utf8), unnamedAxis: .space, accepting: .overlaps)
        self = try coverage.ofSpace()
    }

    /// Reads the JSON form (MOC 2.0, section 4.3.3); cells that overlap are merged.
    ///
    /// The order of the coverage is the finest that is named.
    ///
    /// - Throws: ``MOCError`` where the text is something else, or names a cell that does not exist.
    public init(json text: String) throws(MOCError) {
        let (coverage, _) = try Coverage.read(
            json: Array(text.utf8), unnamedAxis: .space, accepting: .overlaps)
        self = try coverage.ofSpace()
    }

    /// Reads the FITS form: MOC 1.x and 2.0 with NUNIQ numbers, MOC 2.0 with ranges at order 29; cells that overlap are
    /// merged.
    ///
    /// `COORDSYS` is not looked at. The order is that of the header, or the finest cell's where that is
    /// finer or the header has none.
    ///
    /// - Throws: ``FITSError`` for bytes that hold no table of whole numbers, ``MOCError`` for a table that
    ///   is no spatial MOC or is cut short.
    public init(fits bytes: [UInt8]) throws {
        var reading = try FITSReading(bytes, accepting: .overlaps)
        self = try reading.coverage().ofSpace()
    }
}

extension Coverage {
    /// The coverage of space that this is.
    /// - Throws: ``MOCError/form(_:)`` for times.
    public func ofSpace() throws(MOCError) -> MOC {
        guard case .space(let moc) = self else {
            throw .form("it is a coverage of \(dimension), where one of space alone is expected")
        }
        return moc
    }
}

internal import CCFITSIO

/// A binary table with one column of whole numbers, in the first extension of a FITS file.
///
/// This is the form in which a MOC travels (MOC 2.0, section 4.3.1).
public struct FITSTable: Sendable, Equatable {
    /// `TTYPE1`, the name of the column.
    public var column: String
    /// One value per row.
    public var values: [Int64]
    /// Further keywords of the extension.
    public var cards: [FITSCard]

    /// Makes a table in memory.
    public init(column: String, values: [Int64], cards: [FITSCard] = []) {
        self.column = column
        self.values = values
        self.cards = cards
    }

    /// Writes the table after an empty primary HDU.
    ///
    /// The column is `1J` where all values fit 32 bits, otherwise `1K`.
    ///
    /// - Returns: The file, a whole number of 2880-byte blocks.
    /// - Throws: ``FITSError`` when a card cannot be written.
    public func encoded() throws(FITSError) -> [UInt8] {
        let isNarrow = values.allSatisfy { Int64(Int32.min) <= $0 && $0 <= Int64(Int32.max) }
        let expected = (values.count * 8 / 2880 + 4 + cards.count / 30) * 2880
        return try makeFITSFile(expectedSize: expected) { (file) throws(FITSError) in
            var status: Int32 = 0
            ffcrim(file, 8, 0, nil, &status)
            try check(status, "create the primary HDU")
            // CFITSIO wants arrays of mutable C strings, which live until the end of the call.
            func create(
                _ name: UnsafeMutablePointer<CChar>, _ format: UnsafeMutablePointer<CChar>
            ) {
                var names: UnsafeMutablePointer<CChar>? = name
                var formats: UnsafeMutablePointer<CChar>? = format
                ffcrtb(file, BINARY_TBL, Int64(values.count), 1, &names, &formats, nil, nil, &status)
            }
            var name = column.utf8CString
            var format = (isNarrow ? "1J" : "1K").utf8CString
            name.withUnsafeMutableBufferPointer { name in
                format.withUnsafeMutableBufferPointer { create(name.baseAddress!, $0.baseAddress!) }
            }
            try check(status, "create the table")
            try writeCards(file, cards)
            guard !values.isEmpty else { return }
            values.withUnsafeBufferPointer {
                // The array is only read; CFITSIO's prototype lacks `const`.
                let pointer = UnsafeMutablePointer(mutating: $0.baseAddress)
                _ = ffpcljj(file, 1, 1, 1, Int64($0.count), pointer, &status)
            }
            try check(status, "write the table")
        }
    }

    /// Reads the first binary table of a FITS file in memory.
    ///
    /// - Parameter bytes: The whole file, not compressed.
    /// - Returns: The values of the first column, row by row.
    /// - Throws: ``FITSError`` when the bytes are no FITS file, end before the data does, or hold no
    ///   binary table that starts with a column of 16, 32 or 64-bit whole numbers.
    public static func decode(_ bytes: [UInt8]) throws(FITSError) -> FITSTable {
        try checkColumnCounts(bytes)
        try checkMandatoryCards(bytes)
        return try withFITSFile(bytes) { (file) throws(FITSError) in
            var status: Int32 = 0
            var kind: Int32 = IMAGE_HDU
            while kind != BINARY_TBL {
                ffmrhd(file, 1, &kind, &status)
                if status == END_OF_FILE {
                    ffcmsg()
                    throw .unsupported("it holds no binary table")
                }
                try check(status, "look for a binary table")
            }
            var columns: Int32 = 0
            var rows: Int64 = 0
            var type: Int32 = 0
            var repeats: Int64 = 0
            var width: Int64 = 0
            var rowBytes: Int64 = 0
            var start: Int64 = 0
            ffgncl(file, &columns, &status)
            ffgnrwll(file, &rows, &status)
            ffgtclll(file, 1, &type, &repeats, &width, &status)
            ffgkyjj(file, "NAXIS1", &rowBytes, nil, &status)
            ffghadll(file, nil, &start, nil, &status)
            try check(status, "read the shape of the table")
            guard [TSHORT, TLONG, TLONGLONG].contains(type), repeats >= 1 else {
                throw .unsupported("its first column does not hold whole numbers (formats I, J and K do)")
            }
            // Checked before anything is allocated, so that a header alone cannot claim memory.
            let available = Int64(bytes.count) - start
            guard rows >= 0, rowBytes > 0, rows <= available / rowBytes, repeats <= rowBytes else {
                throw .malformed(
                    "the table claims \(rows) rows of \(rowBytes) bytes, "
                        + "but \(max(0, available)) bytes follow"
                )
            }
            let count = Int(rows * repeats)
            let values = [Int64](unsafeUninitializedCapacity: count) { buffer, initialised in
                if count > 0 {
                    ffgcvjj(file, 1, 1, 1, Int64(count), 0, buffer.baseAddress, nil, &status)
                }
                initialised = status == 0 ? count : 0
            }
            try check(status, "read the table")
            return FITSTable(column: try columnName(file), values: values, cards: try readCards(file))
        }
    }

    /// Refuses more columns than FITS 4.0, section 7.3.1 allows, for which CFITSIO would take memory.
    private static func checkColumnCounts(_ bytes: [UInt8]) throws(FITSError) {
        for start in stride(from: 2880, to: bytes.count - 79, by: 80) {
            let card = bytes[start..<start + 80]
            guard card.starts(with: "TFIELDS =".utf8) else { continue }
            let digits = card.dropFirst(9).drop { $0 == UInt8(ascii: " ") }
                .prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let count = Int(String(decoding: digits, as: UTF8.self)), count <= 999 else {
                throw .malformed("a table claims more than 999 columns, or no number of them")
            }
        }
    }

    /// Refuses tables without the cards that FITS 4.0, section 7.3.1 demands in this order: where one cannot be read,
    /// CFITSIO goes on with a number of columns that it never set.
    private static func checkMandatoryCards(_ bytes: [UInt8]) throws(FITSError) {
        for block in stride(from: 2880, to: bytes.count, by: 2880) {
            // The last block may be cut short; what is missing of it is no card.
            let type = bytes[block...].prefix(80)
            guard type.starts(with: "XTENSION".utf8) else { continue }
            let value = String(decoding: type.dropFirst(10), as: UTF8.self)
            guard value.contains("TABLE") else { continue }
            let keywords = [
                "BITPIX  ", "NAXIS   ", "NAXIS1  ", "NAXIS2  ", "PCOUNT  ", "GCOUNT  ", "TFIELDS ",
            ]
            for (index, keyword) in keywords.enumerated() {
                let card = bytes[block...].dropFirst(80 * (index + 1)).prefix(80)
                let number = card.dropFirst(10).drop { $0 == UInt8(ascii: " ") }
                let digits = number.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                let next = number.dropFirst(digits.count).first ?? UInt8(ascii: " ")
                guard card.starts(with: (keyword + "= ").utf8),
                    Int(String(decoding: digits, as: UTF8.self)) != nil,
                    next == UInt8(ascii: " ") || next == UInt8(ascii: "/")
                else {
                    let name = keyword.prefix { $0 != " " }
                    throw .malformed("card \(index + 2) of a table is not \(name) with a whole number")
                }
            }
        }
    }

    /// `TTYPE1`, which may be missing.
    private static func columnName(_ file: FITSFilePointer) throws(FITSError) -> String {
        var status: Int32 = 0
        let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            text.initialize(repeating: 0)
            ffgkys(file, "TTYPE1", text.baseAddress, nil, &status)
            return String(cString: text.baseAddress!)
        }
        if status == KEY_NO_EXIST {
            ffcmsg()
            return ""
        }
        try check(status, "read the name of the column")
        return name
    }
}

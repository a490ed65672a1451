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
        return try Self.encode(column: column, rows: values.count, isNarrow: isNarrow, cards: cards) { data in
            // Safe: the place has as many bytes as the rows that it is asked for.
            if isNarrow {
                for (index, value) in values.enumerated() {
                    data.storeBytes(
                        of: Int32(truncatingIfNeeded: value).bigEndian, toByteOffset: 4 * index,
                        as: Int32.self)
                }
            } else {
                for (index, value) in values.enumerated() {
                    data.storeBytes(of: value.bigEndian, toByteOffset: 8 * index, as: Int64.self)
                }
            }
        }
    }

    /// Writes a table of one column of whole numbers whose data are made in place.
    ///
    /// - Parameters:
    ///   - column: `TTYPE1`.
    ///   - rows: One number in each.
    ///   - isNarrow: Whether the numbers have 32 bits, otherwise 64.
    ///   - cards: Further keywords.
    ///   - fill: Writes the numbers, big-endian, into a place of exactly their size.
    /// - Returns: The file, a whole number of 2880-byte blocks.
    /// - Throws: ``FITSError`` when a card cannot be written.
    public static func encode(
        column: String, rows: Int, isNarrow: Bool, cards: [FITSCard],
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(FITSError) -> [UInt8] {
        let header = try header(column: column, rows: rows, isNarrow: isNarrow, cards: cards)
        let dataSize = rows * (isNarrow ? 4 : 8)
        let size = header.count + (dataSize + 2879) / 2880 * 2880
        return [UInt8](unsafeUninitializedCapacity: size) { space, count in
            // Safe: the header, the data and the filling after them are all of it.
            let bytes = UnsafeMutableRawBufferPointer(space)
            bytes.copyBytes(from: header)
            fill(UnsafeMutableRawBufferPointer(rebasing: bytes[header.count..<header.count + dataSize]))
            for index in header.count + dataSize..<size { bytes[index] = 0 }
            count = size
        }
    }

    /// Both headers of a file with a table.
    private static func header(
        column: String, rows: Int, isNarrow: Bool, cards: [FITSCard]
    ) throws(FITSError) -> [UInt8] {
        // CFITSIO writes the cards of a table without rows; how many there will be is put in afterwards.
        var bytes = try makeFITSFile(expectedSize: (4 + cards.count / 30) * 2880) {
            (file) throws(FITSError) in
            var status: Int32 = 0
            ffcrim(file, 8, 0, nil, &status)
            try check(status, "create the primary HDU")
            // CFITSIO wants arrays of mutable C strings, which live until the end of the call.
            func create(
                _ name: UnsafeMutablePointer<CChar>, _ format: UnsafeMutablePointer<CChar>
            ) {
                var names: UnsafeMutablePointer<CChar>? = name
                var formats: UnsafeMutablePointer<CChar>? = format
                ffcrtb(file, BINARY_TBL, 0, 1, &names, &formats, nil, nil, &status)
            }
            var name = column.utf8CString
            var format = (isNarrow ? "1J" : "1K").utf8CString
            name.withUnsafeMutableBufferPointer { name in
                format.withUnsafeMutableBufferPointer { create(name.baseAddress!, $0.baseAddress!) }
            }
            try check(status, "create the table")
            try writeCards(file, cards)
        }
        // The fifth card of a table is NAXIS2 (FITS 4.0, section 7.3.1), its value right-justified in column 30.
        let card = 2880 + 4 * 80
        guard bytes.count > card + 80, bytes[card...].starts(with: "NAXIS2  =".utf8) else {
            throw .malformed("the header that was made has no NAXIS2 in its place")
        }
        let number = String(rows)
        bytes.replaceSubrange(
            card + 30 - number.utf8.count..<card + 30, with: number.utf8)
        return bytes
    }

    /// Reads the first binary table of a FITS file in memory.
    ///
    /// - Parameter bytes: The whole file, not compressed.
    /// - Returns: The values of the first column, row by row.
    /// - Throws: ``FITSError`` when the bytes are no FITS file, end before the data does, or hold no
    ///   binary table that starts with a column of 16, 32 or 64-bit whole numbers.
    public static func decode(_ bytes: [UInt8]) throws(FITSError) -> FITSTable {
        let layout = try FITSTableLayout(of: bytes)
        // Checked before anything is allocated, so that a header alone cannot claim memory.
        guard layout.availableRows == layout.rows else {
            throw .malformed("the table claims \(layout.rows) rows, but \(layout.availableRows) are there")
        }
        let count = layout.rows * layout.repeats
        let values = [Int64](unsafeUninitializedCapacity: count) { space, initialised in
            layout.read(bytes, into: UnsafeMutableBufferPointer(rebasing: space[..<count]))
            initialised = count
        }
        return FITSTable(column: layout.column, values: values, cards: layout.cards)
    }
}

/// Where the whole numbers of the first column of a binary table lie in the bytes of a file.
///
/// It is found without CFITSIO, which reads tables of millions of rows in several copies.
public struct FITSTableLayout: Sendable {
    /// `TTYPE1`, the name of the column; empty when it has none.
    public let column: String
    /// Every keyword with a value, in the order of the file; those that state the structure are left out.
    public let cards: [FITSCard]
    /// The rows that the header claims.
    public let rows: Int
    /// The rows that are there in full, fewer where the file is cut short.
    public let availableRows: Int
    /// Numbers of the column in each row.
    public let repeats: Int

    private let start: Int
    private let rowBytes: Int
    private let width: Int
    /// What is to be exclusive-ored with a stored number: its sign bit where `TZERO1` makes it unsigned.
    private let sign: Int64

    /// Finds the first binary table of a FITS file.
    /// - Throws: ``FITSError`` when the bytes are no FITS file, or hold no binary table that starts with a column of
    ///   16, 32 or 64-bit whole numbers.
    public init(of bytes: [UInt8]) throws(FITSError) {
        guard bytes.count >= 2880 else {
            throw .malformed("there are \(bytes.count) bytes where a header alone takes 2880")
        }
        guard bytes.starts(with: "SIMPLE  =".utf8) else {
            throw .malformed(
                "it does not begin with the card SIMPLE; uncompress it first if it is compressed")
        }
        let span = bytes.span
        var position = 0
        while let header = try FITSHeader.read(span, at: position) {
            if header.cards.string("XTENSION") == "BINTABLE" {
                try self.init(header, count: bytes.count)
                return
            }
            position = header.dataStart + (header.dataSize + 2879) / 2880 * 2880
        }
        throw .unsupported("it holds no binary table")
    }

    private init(_ header: FITSHeader, count: Int) throws(FITSError) {
        func number(_ keyword: String) throws(FITSError) -> Int {
            guard let value = header.cards.integer(keyword), let number = Int(exactly: value), number >= 0
            else {
                throw .malformed("a table has no whole number \(keyword)")
            }
            return number
        }
        for keyword in ["PCOUNT", "GCOUNT"] { _ = try number(keyword) }
        guard header.cards.integer("BITPIX") == 8, header.cards.integer("NAXIS") == 2 else {
            throw .malformed("a table whose BITPIX is not 8, or whose NAXIS is not 2")
        }
        guard (1...999).contains(try number("TFIELDS")) else {
            throw .malformed("TFIELDS of a table is not 1 to 999")
        }
        let format = header.cards.string("TFORM1") ?? ""
        let digits = format.prefix { $0.isASCII && $0.isNumber }
        let widths: [Character: Int] = ["I": 2, "J": 4, "K": 8]
        guard let letter = format.dropFirst(digits.count).first, let width = widths[letter],
            let repeats = digits.isEmpty ? 1 : Int(digits), repeats >= 1
        else { throw .unsupported("its first column does not hold whole numbers (formats I, J and K do)") }
        rows = try number("NAXIS2")
        rowBytes = try number("NAXIS1")
        guard repeats <= rowBytes / width else {
            throw .malformed("\(repeats) numbers of \(width) bytes do not fit in a row of \(rowBytes)")
        }
        guard header.cards.real("TSCAL1") ?? 1 == 1 else {
            throw .unsupported("its first column is scaled by TSCAL1")
        }
        switch header.cards.real("TZERO1") ?? 0 {
        case 0: sign = 0
        case 0x1p15 where width == 2, 0x1p31 where width == 4, 0x1p63 where width == 8:
            sign = 1 << Int64(8 * width - 1)
        default: throw .unsupported("its first column is moved by TZERO1")
        }
        self.width = width
        self.repeats = repeats
        start = header.dataStart
        availableRows = min(rows, max(0, count - start) / rowBytes)
        column = header.cards.string("TTYPE1") ?? ""
        cards = header.cards.filter { !statesStructure($0.keyword) }
    }

    /// Writes the first numbers of the column, row by row.
    ///
    /// Unsigned 64-bit numbers above 2^63 - 1 come out negative.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that the layout was found in.
    ///   - values: The place, for no more numbers than ``availableRows`` * ``repeats``, which is checked.
    public func read(_ bytes: [UInt8], into values: UnsafeMutableBufferPointer<Int64>) {
        // A file that ends in the filling of its header has no rows, and no place where they would begin.
        guard !values.isEmpty else { return }
        precondition(
            values.count <= availableRows * repeats && start + availableRows * rowBytes <= bytes.count)
        // 16 and 32-bit numbers grow to 64 bits by their own sign, after the exclusive or.
        bytes.withUnsafeBytes { raw in
            if width == 8, rowBytes == 8 * repeats {
                let sign = sign
                for index in values.indices {
                    let stored = raw.loadUnaligned(fromByteOffset: start &+ 8 &* index, as: Int64.self)
                    values[index] = Int64(bigEndian: stored) ^ sign
                }
                return
            }
            var index = 0
            for row in 0..<availableRows {
                var position = start + row * rowBytes
                for _ in 0..<min(repeats, values.count - index) {
                    switch width {
                    case 2:
                        let stored = Int16(
                            bigEndian: raw.loadUnaligned(fromByteOffset: position, as: Int16.self))
                        values[index] = sign == 0 ? Int64(stored) : Int64(UInt16(bitPattern: stored)) ^ sign
                    case 4:
                        let stored = Int32(
                            bigEndian: raw.loadUnaligned(fromByteOffset: position, as: Int32.self))
                        values[index] = sign == 0 ? Int64(stored) : Int64(UInt32(bitPattern: stored)) ^ sign
                    default:
                        let stored = raw.loadUnaligned(fromByteOffset: position, as: Int64.self)
                        values[index] = Int64(bigEndian: stored) ^ sign
                    }
                    position += width
                    index += 1
                }
            }
        }
    }
}

public import HEALPix
public import Tiles

/// The paths of tiles inside a HiPS: `Norder3/Dir0/Npix245.png` (HiPS 1.0, section 4.1).
public enum TilePath {
    /// Reads the path of a tile back; nil for anything that ``HEALPix/Cell/tilePath(_:)`` cannot have made.
    ///
    /// Strict on purpose: no leading zeros, no other `Dir` than the one of the tile, extensions in lower
    /// case, so that every tile has exactly one path.
    public static func parse(_ path: some StringProtocol) -> (cell: Cell, format: TileFormat)? {
        var scanner = PathScanner(path)
        guard
            scanner.skip("Norder"), let order = scanner.number(),
            scanner.skip("/Dir"), let directory = scanner.number(),
            scanner.skip("/Npix"), let npix = scanner.number(),
            let format = scanner.formatExtension(),
            let cell = Cell(order: Int(order), npix: npix), directory == Self.directory(of: npix)
        else { return nil }
        return (cell, format)
    }

    /// The number of the directory that holds tile `npix`: tiles lie in groups of 10000.
    static func directory(of npix: Int64) -> Int64 {
        npix / 10000 * 10000
    }
}

extension Cell {
    /// The path of this cell's tile inside a HiPS, such as `Norder3/Dir0/Npix245.png` (HiPS 1.0, section
    /// 4.1).
    public func tilePath(_ format: TileFormat) -> String {
        "Norder\(order.value)/Dir\(TilePath.directory(of: npix))/Npix\(npix).\(format.fileExtension)"
    }
}

/// Reads the parts of a path from left to right.
struct PathScanner {
    private let bytes: [UInt8]
    private var next = 0

    init(_ path: some StringProtocol) {
        bytes = Array(path.utf8)
    }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard next + count <= bytes.count else { return false }
        for i in 0..<count where bytes[next + i] != text.utf8Start[i] {
            return false
        }
        next += count
        return true
    }

    /// A decimal number without sign and without leading zeros that fits 18 digits.
    mutating func number() -> Int64? {
        let start = next
        var value: Int64 = 0
        while next < bytes.count, case let digit = bytes[next] &- 48, digit < 10 {
            guard next - start < 19, value <= Int64.max / 10 - 1 else { return nil }
            value = value * 10 + Int64(digit)
            next += 1
        }
        guard next > start, next == start + 1 || bytes[start] != 48 else { return nil }
        return value
    }

    /// A dot and the extension of a tile format, at the end of the path.
    mutating func formatExtension() -> TileFormat? {
        guard skip(".") else { return nil }
        let rest = bytes[next...]
        next = bytes.count
        return TileFormat.allCases.first { rest.elementsEqual($0.fileExtension.utf8) }
    }
}

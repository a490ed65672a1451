internal import HEALPix
internal import HiPS
internal import MOC
internal import Storage
internal import Tiles

/// Which tiles lie in a directory or an object store, against those that the coverage promises.
///
/// Only names are read, one `Dir` folder at a time, so that a million tiles take neither long nor much
/// memory.
struct PresenceCheck {
    private let root: any FileStore
    /// Tiles by their format, those of formats and orders that are not stated included.
    private(set) var files: [TileFormat: Int] = [:]
    /// Tiles that there are in at least one format.
    private(set) var cells = 0

    init(_ root: any FileStore) {
        self.root = root
    }

    /// Those of the wanted formats of which there is at least one tile.
    static func formats(_ wanted: [TileFormat], in root: any FileStore) throws(LintError) -> [TileFormat] {
        var missing = Set(wanted)
        for order in try orders(root) {
            for (folder, name) in try folderNames(root, order) {
                guard !missing.isEmpty else { return wanted }
                missing.subtract(try tiles(root, order, folder, name).keys)
            }
        }
        return wanted.filter { !missing.contains($0) }
    }

    /// The orders that have tiles, and the cells of the tiles of one order.
    static func leaves(
        in root: any FileStore, order: Order
    ) throws(LintError) -> (orders: [Order], cells: [Cell]) {
        var found: [Order] = []
        var cells: [Cell] = []
        for present in try orders(root) {
            for (folder, name) in try folderNames(root, present) {
                let tiles = try tiles(root, present, folder, name)
                if !tiles.isEmpty, found.last != present { found.append(present) }
                guard present == order else { continue }
                for numbers in tiles.values { cells += numbers.compactMap { Cell(order: order, npix: $0) } }
            }
        }
        return (found, cells)
    }

    /// Compares every order.
    mutating func check(_ subject: Subject, _ findings: inout Findings) throws(LintError) {
        let stated = subject.properties.formats ?? []
        for order in try Self.orders(root) where !subject.orders.contains(order) {
            for (folder, name) in try Self.folderNames(root, order) {
                let tiles = try Self.tiles(root, order, folder, name)
                count(tiles)
                for (format, numbers) in tiles {
                    guard let npix = numbers.min(), let cell = Cell(order: order, npix: npix) else {
                        continue
                    }
                    findings.add(
                        .tileExtra, cell.tilePath(format), found: "\(numbers.count) tiles of order \(order)",
                        expected: "none outside hips_order_min \(subject.orderMin) to hips_order "
                            + "\(subject.order)")
                }
            }
        }
        var unstated: [TileFormat: (count: Int, path: String)] = [:]
        for order in subject.orders {
            let ranges = subject.ranges(at: order)
            let isPromised = subject.moc.map { order <= $0.order } ?? false
            var names: [Int64: String] = [:]
            for (folder, name) in try Self.folderNames(root, order) { names[folder] = name }
            var folders = Set(names.keys)
            if isPromised { addAbsentFolders(of: ranges, order, subject, &folders, &findings) }
            for folder in folders.sorted() {
                let tiles =
                    try names[folder].map { name throws(LintError) in
                        try Self.tiles(root, order, folder, name)
                    } ?? [:]
                count(tiles)
                for (format, numbers) in tiles where !stated.contains(format) {
                    guard let npix = numbers.min(), let cell = Cell(order: order, npix: npix) else {
                        continue
                    }
                    let path = unstated[format]?.path ?? cell.tilePath(format)
                    unstated[format] = ((unstated[format]?.count ?? 0) + numbers.count, path)
                }
                guard subject.moc != nil else { continue }
                let allowed = Self.part(of: ranges, in: folder)
                for format in subject.formats {
                    compare(tiles[format] ?? [], format, order, allowed, isPromised, &findings)
                }
            }
        }
        for (format, tiles) in unstated {
            findings.add(
                .formatUnstated, tiles.path, found: "\(tiles.count) \(format.propertyWord) tiles",
                expected: "the word \(format.propertyWord) in hips_tile_format, or no such tiles")
        }
    }

    /// Adds the folders in which tiles are promised.
    ///
    /// Where very many are not there, as when `hips_order` is wrong, they are told as one instead.
    private func addAbsentFolders(
        of ranges: [Range<Int64>], _ order: Order, _ subject: Subject, _ folders: inout Set<Int64>,
        _ findings: inout Findings
    ) {
        let present = folders.sorted()
        let total = ranges.reduce(0) { $0 + $1.count }
        let number = ranges.reduce(0) { sum, range in
            range.isEmpty ? sum : sum + Int((range.upperBound - 1) / 10000 - range.lowerBound / 10000) + 1
        }
        guard number > present.count + 1000 else {
            for range in ranges where !range.isEmpty {
                for folder in (range.lowerBound / 10000)...((range.upperBound - 1) / 10000) {
                    folders.insert(folder * 10000)
                }
            }
            return
        }
        let missing = total - present.reduce(0) { $0 + Self.part(of: ranges, in: $1).count }
        guard missing > 0 else { return }
        for format in subject.formats {
            findings.add(
                .tileMissing, "Norder\(order)",
                found: "no folder for \(missing) \(format.propertyWord) tiles that the coverage meets",
                expected: "\(total) tiles of order \(order)", count: missing)
        }
    }

    private mutating func count(_ tiles: [TileFormat: Set<Int64>]) {
        for (format, numbers) in tiles { files[format, default: 0] += numbers.count }
        var union: Set<Int64> = []
        for numbers in tiles.values { union = union.isEmpty ? numbers : union.union(numbers) }
        cells += union.count
    }

    private func compare(
        _ found: Set<Int64>, _ format: TileFormat, _ order: Order, _ allowed: Set<Int64>, _ isPromised: Bool,
        _ findings: inout Findings
    ) {
        if isPromised {
            for npix in allowed.subtracting(found) {
                guard let cell = Cell(order: order, npix: npix) else { continue }
                findings.add(
                    .tileMissing, cell.tilePath(format), found: "no file",
                    expected: "a tile, as the coverage meets cell \(cell)")
            }
        }
        for npix in found.subtracting(allowed) {
            guard let cell = Cell(order: order, npix: npix) else { continue }
            findings.add(
                .tileExtra, cell.tilePath(format), found: "a tile",
                expected: "none, as the coverage does not meet cell \(cell)")
        }
    }

    /// The numbers in a folder of 10000 that sorted ranges hold.
    private static func part(of ranges: [Range<Int64>], in folder: Int64) -> Set<Int64> {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > folder { high = middle } else { low = middle + 1 }
        }
        var numbers: Set<Int64> = []
        for range in ranges[low...] {
            guard range.lowerBound < folder + 10000 else { break }
            numbers.formUnion(range.clamped(to: folder..<(folder + 10000)))
        }
        return numbers
    }

    // MARK: - Names

    private static func names(_ root: any FileStore, _ folder: String) throws(LintError) -> [String] {
        do {
            return try root.names(in: folder)
        } catch {
            throw LintError(error)
        }
    }

    /// Orders that have a folder, sorted.
    static func orders(_ root: any FileStore) throws(LintError) -> [Order] {
        try names(root, "").compactMap { name -> Order? in
            guard name.hasPrefix("Norder"), let value = Int(name.dropFirst(6)) else { return nil }
            return "Norder\(value)" == name ? Order(value) : nil
        }.sorted()
    }

    /// The `Dir` folders of an order with their numbers, sorted.
    static func folderNames(
        _ root: any FileStore, _ order: Order
    ) throws(LintError) -> [(folder: Int64, name: String)] {
        var folders: [(folder: Int64, name: String)] = []
        for name in try names(root, "Norder\(order)") {
            guard name.hasPrefix("Dir"), let folder = Int64(name.dropFirst(3)), folder >= 0 else { continue }
            folders.append((folder, name))
        }
        return folders.sorted { $0.folder < $1.folder }
    }

    /// The numbers of the tiles in a folder by their formats.
    static func tiles(
        _ root: any FileStore, _ order: Order, _ folder: Int64, _ name: String
    ) throws(LintError) -> [TileFormat: Set<Int64>] {
        var tiles: [TileFormat: Set<Int64>] = [:]
        for file in try names(root, "Norder\(order)/\(name)") {
            // The parser takes exactly the paths that clients ask for: a tile in a wrong folder is none.
            guard let (cell, format) = TilePath.parse("Norder\(order)/\(name)/\(file)") else { continue }
            tiles[format, default: []].insert(cell.npix)
        }
        return tiles
    }
}

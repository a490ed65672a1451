public import HiPS
internal import FITS
internal import Glibc
internal import HEALPix
internal import MOC
internal import Pixels
internal import Rasters
internal import Tiles

/// How much room a build takes on the disk, before it begins.
public struct DiskNeeds: Sendable, Equatable {
    /// Bytes and files.
    public struct Amount: Sendable, Equatable {
        /// Bytes of all files.
        public var bytes: Int
        /// Files and directories, each of which takes one inode.
        public var files: Int

        /// An amount of both.
        public init(bytes: Int, files: Int) {
            self.bytes = bytes
            self.files = files
        }

        /// Both sums, held at the largest number.
        public static func + (left: Amount, right: Amount) -> Amount {
            Amount(
                bytes: left.bytes.addingClamped(right.bytes), files: left.files.addingClamped(right.files))
        }

        /// What is left when some of it is there already.
        public func without(_ present: Amount) -> Amount {
            Amount(bytes: max(0, bytes - present.bytes), files: max(0, files - present.files))
        }
    }

    /// What is needed in any case: the tiles that the source must fill, FITS to the byte, pictures as if each were of
    /// one colour.
    public let least: Amount
    /// What is to be expected: every tile that the source touches, with pictures as terrain gives them.
    public let likely: Amount

    /// Bytes of a picture of one colour, rounded down.
    private static let leastPictureBytes = 500
    /// A source that may have gaps need not fill more of its extent than this.
    private static let leastFilledShare = 0.1

    /// The needs of a plan.
    ///
    /// FITS tiles are counted to the byte: 512 x 512 samples, and a header, in blocks of 2880 bytes. Pictures of terrain
    /// have been seen to take, in bytes a pixel: PNG 0.55 grey and 1.3 in colours, JPEG 0.2 and 0.3, WebP a little less.
    public init(_ plan: HiPSPlan) {
        let tiles = plan.tileCounts.reduce(0) { $0.addingClamped($1) }
        let source = plan.source
        let filled = source.plan.mayBeInvalid ? Self.leastFilledShare : 1
        // A tile that the source touches is made; as many are touched as are needed to hold the source's area.
        let sky = Self.skyFraction(source.placement)
        let leastTiles = plan.tileCounts.indices.reduce(0) { sum, order in
            let cells = 12 * Double(1 << (2 * order)) * sky * filled
            return sum.addingClamped(min(plan.tileCounts[order], max(1, Int(cells.rounded(.down)))))
        }
        let formats = plan.tiles.formats
        let fits = formats.contains(.fits) ? Self.fitsTileBytes(plan) : 0
        let pictures = formats.filter { $0 != .fits }
        let isGrey = source.plan.isValues && plan.tiles.palette?.colours.isGrey ?? true
        let picture = pictures.reduce(0) { $0 + Self.likelyBytes($1, isGrey: isGrey) }
        let sheets = Self.sheets(plan, fits: formats.contains(.fits))

        least =
            Amount(
                bytes: leastTiles.multipliedClamped(fits + pictures.count * Self.leastPictureBytes),
                files: leastTiles.multipliedClamped(formats.count)) + sheets
        // The roots of subtrees are kept until the orders above them are made.
        let roots = plan.tileCounts[min(plan.tiles.unitOrder.value, plan.tileCounts.count - 1)]
        let kept = Amount(
            bytes: roots.multipliedClamped(tileWidth * tileWidth * source.plan.kind.bytes), files: 2 * roots)
        let folders = tiles / 10_000 + 2 * plan.tileCounts.count + 12
        likely =
            Amount(
                bytes: tiles.multipliedClamped(fits + picture),
                files: tiles.multipliedClamped(formats.count).addingClamped(folders)) + sheets + kept
    }

    /// Bytes of one FITS tile.
    private static func fitsTileBytes(_ plan: HiPSPlan) -> Int {
        // SIMPLE, BITPIX, NAXIS, NAXIS1, NAXIS2, EXTEND and END.
        let cards = TileCards.cards(for: Cell.bases[0], plan.tiles).count + 7
        return blocks(80 * cards) + blocks(tileWidth * tileWidth * plan.source.plan.kind.bytes)
    }

    private static func blocks(_ bytes: Int) -> Int { (bytes + 2879) / 2880 * 2880 }

    /// Allsky of the orders 0 to 3; of the pictures nothing but their number is sure.
    private static func sheets(_ plan: HiPSPlan, fits: Bool) -> Amount {
        var amount = Amount(bytes: 0, files: 0)
        for value in 0...min(3, plan.tiles.leafOrder.value) {
            guard let order = Order(value) else { continue }
            let layout = AllskyLayout(order: order, tileWidth: tileWidth)
            if fits { amount.bytes += layout.width * layout.height * plan.source.plan.kind.bytes }
            amount.files += plan.tiles.formats.count
        }
        return amount
    }

    private static func likelyBytes(_ format: TileFormat, isGrey: Bool) -> Int {
        let pixels = tileWidth * tileWidth
        return switch format {
        case .fits: 0
        case .png: isGrey ? pixels * 11 / 20 : pixels * 13 / 10
        case .jpeg: isGrey ? pixels / 5 : pixels * 3 / 10
        case .webp: isGrey ? pixels / 6 : pixels / 4
        }
    }

    private static func skyFraction(_ placement: SourcePlacement) -> Double {
        switch placement {
        case .grid(let grid): skyFraction(grid)
        case .projected(let map): map.footprint.coverageFraction
        }
    }

    /// The share of the sphere between the edges of a grid.
    private static func skyFraction(_ grid: SourceGrid) -> Double {
        func height(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
        let width = grid.wraps ? 1 : min(1, grid.longitudeSpan / 360)
        return max(0, width * (height(grid.northEdge) - height(grid.southEdge)) / 2)
    }
}

/// The room that is free for a path.
public struct DiskSpace: Sendable, Equatable {
    /// Bytes that a user without privileges may take.
    public let bytes: Int
    /// Files that can still be made; nil for file systems that do not count them.
    public let files: Int?

    /// A known room.
    public init(bytes: Int, files: Int?) {
        self.bytes = bytes
        self.files = files
    }

    /// Asks the file system of a directory, or of the nearest one above it that exists; nil where that says nothing.
    public init?(at path: String) {
        var path = path.isEmpty ? "." : path
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            guard errno == ENOENT else { return nil }
            while path.hasSuffix("/") { path.removeLast() }
            guard !path.isEmpty, path != "." else { return nil }
            path = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        }
        bytes = Int(clamping: status.f_bavail).multipliedClamped(Int(clamping: status.f_frsize))
        // btrfs and some others make inodes as they are needed and report 0 of them.
        files = status.f_files == 0 ? nil : Int(clamping: status.f_favail)
    }

    /// How a need compares with the room.
    public enum Verdict: Sendable, Equatable {
        /// All that is expected fits.
        case enough
        /// What is sure fits, what is expected does not.
        case tight(DiskNeeds.Amount)
        /// Not even what is sure fits.
        case lacking(DiskNeeds.Amount)
    }

    /// Holds needs against the room.
    /// - Parameter present: what an interrupted build has already written of it.
    public func verdict(
        on needs: DiskNeeds, present: DiskNeeds.Amount = DiskNeeds.Amount(bytes: 0, files: 0)
    ) -> Verdict {
        func fits(_ amount: DiskNeeds.Amount) -> Bool {
            amount.bytes <= bytes && files.map { amount.files <= $0 } != false
        }
        let (least, likely) = (needs.least.without(present), needs.likely.without(present))
        if !fits(least) { return .lacking(least) }
        return fits(likely) ? .enough : .tight(likely)
    }
}

extension DataDirectory {
    /// What lies in the folder of a build that was interrupted.
    public func partialAmount(of map: MapName) -> DiskNeeds.Amount {
        var amount = DiskNeeds.Amount(bytes: 0, files: 0)
        func walk(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return }
            amount.files += 1
            guard status.st_mode & S_IFMT == S_IFDIR else {
                amount.bytes += Int(status.st_size)
                return
            }
            guard let directory = opendir(path) else { return }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                // The name is longer than the array in the struct says, so it is read through the entry itself.
                let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
                let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
                let name = String(cString: start)
                if name != ".", name != ".." { walk(path + "/" + name) }
            }
        }
        walk(partialPath(of: map))
        return amount
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func multipliedClamped(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }
}

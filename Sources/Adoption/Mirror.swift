internal import HEALPix
internal import HTTP
internal import HiPS
internal import MOC
internal import Storage
internal import Synchronization
internal import Tiles

/// Fetches a HiPS from a server: what its coverage promises, or where there is none, what is found on the way down.
struct Mirror: Sendable {
    let root: HTTPAddress
    let properties: HiPSProperties
    let request: AdoptionRequest
    let staging: Staging
    let pace: Pace
    let tally: TileTally
    private let absences: AbsenceJournal
    /// Whether this server says 403 of what it does not have; nil as long as nobody has wondered.
    private let forbidsAbsent: ForbiddenProbe
    static let largestFile = 1 << 28

    init(
        _ root: HTTPAddress, _ properties: HiPSProperties, _ request: AdoptionRequest, _ staging: Staging,
        _ pace: Pace,
        _ tally: TileTally
    ) throws(AdoptionError) {
        self.root = root
        self.properties = properties
        self.request = request
        self.staging = staging
        self.pace = pace
        self.tally = tally
        absences = try AbsenceJournal(staging.store.systemPath("absent"))
        forbidsAbsent = ForbiddenProbe()
    }

    /// Fetches all.
    /// - Returns: what the HiPS turned out to hold.
    func run() async throws(AdoptionError) -> TileLayout {
        let fetcher = makeFetcher()
        guard let stated = properties.order else {
            throw .notAHiPS(source: root.url, reason: "its properties have no hips_order")
        }
        var layout = TileLayout(first: .zero, last: min(stated, request.deepestOrder ?? stated), formats: [])
        layout.formats = try wantedFormats()
        layout.isPart = layout.last < stated || layout.formats.count < Set(properties.formats ?? []).count
        let moc = try documents(fetcher, &layout)
        layout.first = try firstOrder(fetcher, layout)
        guard layout.first <= layout.last else {
            throw .request(
                "--order \(layout.last) leaves nothing of \(root.url), whose first tiles are of order \(layout.first)."
            )
        }
        try await tiles(moc, &layout)
        try allskies(fetcher, &layout)
        return layout
    }

    private func makeFetcher() -> Fetcher { Fetcher(root, pace: pace, retryDelay: request.retryDelay) }

    /// The formats to fetch, in the order in which the properties have them.
    private func wantedFormats() throws(AdoptionError) -> [TileFormat] {
        var stated: [TileFormat] = []
        for format in properties.formats ?? [] where !stated.contains(format) { stated.append(format) }
        guard let wanted = request.formats else {
            // The default of the standard.
            return stated.isEmpty ? [.jpeg] : stated
        }
        if let other = wanted.first(where: { !stated.contains($0) }) {
            throw .request(
                "\(root.url) has no \(other.propertyWord) tiles; its hips_tile_format is "
                    + "\"\(properties["hips_tile_format"] ?? "")\".")
        }
        return stated.filter { wanted.contains($0) }
    }

    // MARK: - Documents

    /// Fetches what lies beside the tiles, and reads the coverage.
    private func documents(_ fetcher: Fetcher, _ layout: inout TileLayout) throws(AdoptionError) -> MOC? {
        var moc: MOC?
        for file in [HiPSFile.coverage, .metadata, .preview] {
            guard let bytes = try document(file.path, fetcher, isWhole: { Self.isRight($0, file) }) else {
                continue
            }
            if file == .coverage { moc = try? MOC(fits: bytes) }
        }
        if moc?.isEmpty != false {
            moc = nil
            layout.peculiarities.append("no Moc.fits that can be read")
        }
        return moc
    }

    /// One file beside the tiles; nil when there is none, or it is another thing than it should be.
    private func document(
        _ path: String, _ fetcher: Fetcher, isWhole: ([UInt8]) -> Bool
    ) throws(AdoptionError) -> [UInt8]? {
        if try staging.size(of: path) != nil {
            do {
                return try staging.files.read(path, atMost: Self.largestFile)
            } catch {
                throw AdoptionError(error)
            }
        }
        guard !absences.contains(path) else { return nil }
        for _ in 0..<2 {
            switch try fetcher.fetch(path, limit: Self.largestFile) {
            case .found(let bytes):
                // It may have been cut short on its way.
                guard isWhole(bytes) else { continue }
                try staging.write(bytes, to: path)
                return bytes
            case .absent:
                absences.append(path)
                return nil
            case .forbidden:
                guard
                    try forbidsAbsent.holds({ () throws(AdoptionError) in try isForbiddenWhatIsAbsent(fetcher)
                    })
                else { throw .server(url: root.url(of: path), reason: "status 403") }
                return nil
            }
        }
        return nil
    }

    /// Some servers answer with a page where there is nothing.
    static func isRight(_ bytes: [UInt8], _ file: HiPSFile) -> Bool {
        switch file {
        case .coverage: (try? MOC(fits: bytes)) != nil
        case .metadata: String(decoding: bytes.prefix(4096), as: UTF8.self).contains("VOTABLE")
        case .preview: TileFormat(signatureOf: bytes) == .jpeg
        case .allsky(_, let format), .tile(_, let format):
            // Values may be packed by gzip; a picture of another format than its name says still is one.
            TileFormat(signatureOf: bytes).map { ($0 == .fits) == (format == .fits) }
                ?? (format == .fits && bytes.starts(with: [0x1F, 0x8B]))
        case .properties, .indexPage: !bytes.isEmpty
        }
    }

    private func allskies(_ fetcher: Fetcher, _ layout: inout TileLayout) throws(AdoptionError) {
        var count = 0
        for order in Order.all where order <= layout.last && order <= max(layout.first, Order(3) ?? .zero) {
            for format in layout.formats {
                let file = HiPSFile.allsky(order, format)
                if try document(file.path, fetcher, isWhole: { Self.isRight($0, file) }) != nil { count += 1 }
            }
        }
        if count == 0 { layout.peculiarities.append("no Allsky pictures") }
    }

    // MARK: - Tiles

    /// Where `hips_order_min` is absent, tiles begin at order 0 or, as in the first HiPS, at 3.
    private func firstOrder(_ fetcher: Fetcher, _ layout: TileLayout) throws(AdoptionError) -> Order {
        if let stated = properties.orderMin { return stated }
        for format in layout.formats {
            for base in Cell.bases {
                let file = HiPSFile.tile(base, format)
                if try document(file.path, fetcher, isWhole: { Self.isRight($0, file) }) != nil {
                    return .zero
                }
            }
        }
        return Order(3) ?? .zero
    }

    private func tiles(_ moc: MOC?, _ layout: inout TileLayout) async throws(AdoptionError) {
        let total = total(moc, layout)
        for order in Order.all where layout.first <= order && order <= layout.last {
            let isPromised = moc.map { order <= $0.order } ?? false
            let ranges: [Range<Int64>]
            if let moc, isPromised || order == layout.first {
                ranges = Self.ranges(of: moc, at: order)
            } else if order == layout.first {
                ranges = [0..<order.cellCount]
            } else {
                // Below what the coverage can tell, a tile has children only if it is there itself.
                ranges = TileQueue.children(of: tally.present.cells)
            }
            tally.beginOrder()
            let queue = TileQueue(order, ranges, layout.formats)
            try await Threads.run(request.connections) { work(queue, isPromised: isPromised, total: total) }
            if let failure = tally.failure { throw failure }
            if order == layout.first { try dropAbsentFormats(&layout, ranges, isPromised) }
        }
        let found = tally.present
        if found.missing > 0 {
            layout.peculiarities.append(
                "\(found.missing) tiles that Moc.fits promises are not there, the first is "
                    + (found.missingPaths.first ?? "unknown"))
        }
        if found.damaged > 0 {
            layout.peculiarities.append(
                "\(found.damaged) files were no tiles and were left out, the first is \(found.firstDamage ?? "unknown")"
            )
        }
    }

    /// A format without any tile at the first order has none at all.
    private func dropAbsentFormats(
        _ layout: inout TileLayout, _ ranges: [Range<Int64>], _ isPromised: Bool
    ) throws(AdoptionError) {
        let counts = tally.present.formats
        for format in layout.formats where counts[format] == nil {
            layout.peculiarities.append(
                "hips_tile_format names \(format.propertyWord), of which there is no tile")
            if isPromised { tally.forgive(format, count: ranges.reduce(0) { $0 + $1.count }) }
        }
        layout.formats.removeAll { counts[$0] == nil }
        guard !layout.formats.isEmpty else {
            throw .notAHiPS(
                source: root.url,
                reason:
                    "there is not one tile of its first order, \(layout.first), in any of the formats asked for"
            )
        }
    }

    /// The tiles that the coverage promises; nil where it is silent about the deepest.
    private func total(_ moc: MOC?, _ layout: TileLayout) -> Int? {
        guard let moc, layout.last <= moc.order else { return nil }
        var total = 0
        for order in Order.all where layout.first <= order && order <= layout.last {
            let cells = Self.ranges(of: moc, at: order).reduce(0) { $0 + $1.count }
            let files = cells.multipliedReportingOverflow(by: layout.formats.count)
            let sum = total.addingReportingOverflow(files.partialValue)
            guard !files.overflow, !sum.overflow else { return nil }
            total = sum.partialValue
        }
        return total
    }

    /// The cells of an order that a coverage meets.
    static func ranges(of moc: MOC, at order: Order) -> [Range<Int64>] {
        let shift = Int64(2 * (Order.maximum.value - order.value))
        return moc.degraded(to: order).ranges.map { ($0.lowerBound >> shift)..<($0.upperBound >> shift) }
    }

    /// What one worker does with the tiles of an order.
    private func work(_ queue: TileQueue, isPromised: Bool, total: Int?) {
        let fetcher = makeFetcher()
        do throws(AdoptionError) {
            while tally.failure == nil, let (cell, format) = queue.next() {
                try take(cell, format, fetcher, isPromised: isPromised, total: total)
            }
        } catch {
            tally.failed(error)
            pace.stop()
        }
    }

    private func take(
        _ cell: Cell, _ format: TileFormat, _ fetcher: Fetcher, isPromised: Bool, total: Int?
    ) throws(AdoptionError) {
        let file = HiPSFile.tile(cell, format)
        if try staging.size(of: file.path) != nil {
            tally.found(cell, format, bytes: nil, total: total)
            return
        }
        guard !absences.contains(file.path) else {
            tally.missed(file.path, isPromised: isPromised)
            return
        }
        var answer = try fetcher.fetch(file.path, limit: Self.largestFile)
        if case .found(let bytes) = answer, !Self.isRight(bytes, file) {
            // It may have been cut short on its way.
            answer = try fetcher.fetch(file.path, limit: Self.largestFile)
        }
        switch answer {
        case .found(let bytes) where Self.isRight(bytes, file):
            try staging.write(bytes, to: file.path)
            tally.found(cell, format, bytes: bytes.count, total: total)
        case .found:
            tally.damaged(file.path)
            // The server has it, whatever the coverage says.
            tally.missed(file.path, isPromised: true)
        case .forbidden:
            guard
                try forbidsAbsent.holds({ () throws(AdoptionError) in try isForbiddenWhatIsAbsent(fetcher) })
            else {
                throw .server(url: root.url(of: file.path), reason: "status 403")
            }
            fallthrough
        case .absent:
            absences.append(file.path)
            tally.missed(file.path, isPromised: isPromised)
        }
    }

    /// Asks for a tile that there cannot be.
    private func isForbiddenWhatIsAbsent(_ fetcher: Fetcher) throws(AdoptionError) -> Bool {
        guard case .forbidden = try fetcher.fetch("Norder29/Dir0/Npix0.absent", limit: Self.largestFile)
        else {
            return false
        }
        // A server that has shut the client out refuses what there is as well.
        guard case .found = try fetcher.fetch(HiPSFile.properties.path, limit: Self.largestFile) else {
            return false
        }
        return true
    }
}

/// Finds out once, for all workers, what a server means by 403.
final class ForbiddenProbe: Sendable {
    private let answer = Mutex<Bool?>(nil)

    func holds(_ probe: () throws(AdoptionError) -> Bool) throws(AdoptionError) -> Bool {
        if let known = answer.withLock({ $0 }) { return known }
        let found = try probe()
        answer.withLock { $0 = found }
        return found
    }
}

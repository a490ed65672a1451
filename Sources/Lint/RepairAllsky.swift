internal import HEALPix
internal import HiPS
internal import Tiles

/// Makes the Allsky pictures that are missing, damaged, or show something else than the tiles.
struct RepairAllsky: Sendable {
    let subject: Subject
    let files: RepairFiles
    let jobs: Int

    /// The files that have to be written.
    func make(
        _ inventory: RepairInventory
    ) async throws -> (made: [(path: String, bytes: [UInt8])], underivable: [RepairReport.Entry]) {
        var made: [(path: String, bytes: [UInt8])] = []
        var underivable: [RepairReport.Entry] = []
        for order in subject.orders where order.value <= AllskySheets.lastOrder {
            for format in subject.formats {
                let cells = inventory.cells(order, [format]).filter { subject.promise($0) != .excluded }
                guard !cells.isEmpty, try await !isRight(order, format, cells) else { continue }
                let path = HiPSFile.allsky(order, format).path
                do {
                    made.append((path, try await sheet(order, format, cells)))
                } catch let failure as PixelImage.Failure {
                    underivable.append(.init(path: path, text: failure.reason))
                }
            }
        }
        return (made, underivable)
    }

    /// Whether the checks have nothing to say of an Allsky.
    private func isRight(_ order: Order, _ format: TileFormat, _ cells: [Cell]) async throws -> Bool {
        guard try files.bytes(HiPSFile.allsky(order, format).path) != nil else { return false }
        var one = subject
        one.formats = [format]
        var findings = Findings()
        let sheets = try AllskySheets(one, files.reader, &findings, only: order)
        guard findings.counts.isEmpty else { return false }
        let plan = VisitPlan(subject: one, selection: .all, allsky: sheets, tellsMissing: false)
        let parts = try await RepairWorkers.run(cells, jobs: jobs, start: true) { [files] cell, holds in
            guard holds, let image = try files.plainImage(cell, format, width: plan.subject.width) else {
                return
            }
            let visitor = TileVisitor(plan, files.reader)
            visitor.checkAllsky(cell, [format: image])
            holds = visitor.findings.counts.isEmpty
        }
        return !parts.contains(false)
    }

    private func sheet(_ order: Order, _ format: TileFormat, _ cells: [Cell]) async throws -> [UInt8] {
        let layout = AllskyLayout(order: order, tileWidth: subject.width)
        let width = subject.width
        let pieces = try await RepairWorkers.run(cells, jobs: jobs, start: [RepairMosaic.Piece]()) {
            [files] cell, pieces in
            guard let place = layout.position(of: cell.npix),
                case .success(let image) = try files.image(cell, format, width: width)
            else { return }
            pieces.append(
                RepairMosaic.Piece(
                    image, side: layout.side, row: place.row * layout.side,
                    column: place.column * layout.side))
        }
        // Workers finish in any sequence; the picture must not depend on it.
        let sorted = pieces.joined().sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        return try RepairMosaic(format: format, width: layout.width, height: layout.height).file(
            sorted, cell: nil)
    }
}

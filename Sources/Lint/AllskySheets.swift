internal import HEALPix
internal import HiPS
internal import Tiles

/// The decoded Allsky pictures of orders 0 to 3, shared by all workers.
struct AllskySheets: Sendable {
    /// The deepest order that has an Allsky.
    static let lastOrder = 3
    private var sheets: [String: PixelImage] = [:]

    private let orders: [Order]

    /// Reads and decodes what there is, and tells what is damaged or missing.
    /// - Parameter only: the one order to look at; nil for all that have an Allsky.
    init(
        _ subject: Subject, _ reader: any HiPSReader, _ findings: inout Findings, only: Order? = nil
    ) throws(LintError) {
        orders = subject.orders.filter { $0.value <= Self.lastOrder && (only ?? $0) == $0 }
        for order in orders {
            let layout = AllskyLayout(order: order, tileWidth: subject.width)
            for format in subject.formats {
                let path = HiPSFile.allsky(order, format).path
                switch try reader.read(path, limit: 1 << 28) {
                case .absent: Self.tellMissing(subject, order, path, &findings)
                case .refused(let reason):
                    findings.add(.unreadable, path, found: reason, expected: "a file that can be read")
                case .found(let bytes, _):
                    switch PixelImage.decode(
                        bytes, format, maximumSize: max(4096, layout.width, layout.height))
                    {
                    case .failure(let failure):
                        findings.add(
                            .allskyUndecodable, path, found: failure.reason,
                            expected: "a whole \(format.propertyWord) picture")
                    case .success(let image):
                        guard image.width == layout.width, image.height == layout.height else {
                            findings.add(
                                .allskySize, path, found: "\(image.width) x \(image.height) pixels",
                                expected: "\(layout.width) x \(layout.height), \(layout.columns) x "
                                    + "\(layout.rows) tiles at \(layout.side)")
                            continue
                        }
                        sheets[path] = image
                    }
                }
            }
        }
        checkAbsentTiles(subject, &findings)
    }

    /// Aladin Lite begins with the Allsky of order 3 where tiles are small or the first orders are not there,
    /// Aladin Desktop wherever there is one.
    private static func tellMissing(
        _ subject: Subject, _ order: Order, _ path: String, _ findings: inout Findings
    ) {
        guard order.value == lastOrder else { return }
        if subject.width <= 128 || subject.orderMin.value > 0 {
            findings.add(
                .allskyMissing, path, found: "no file",
                expected: "an Allsky, without which Aladin Lite shows nothing of tiles of "
                    + "\(subject.width) pixels from order \(subject.orderMin)")
        }
    }

    func sheet(_ order: Order, _ format: TileFormat) -> PixelImage? {
        order.value <= Self.lastOrder ? sheets[HiPSFile.allsky(order, format).path] : nil
    }

    /// Where the coverage excludes a tile, the Allsky must be blank.
    private func checkAbsentTiles(_ subject: Subject, _ findings: inout Findings) {
        for order in orders {
            let layout = AllskyLayout(order: order, tileWidth: subject.width)
            for format in subject.formats {
                guard let sheet = sheet(order, format), sheet.knowsValidity else { continue }
                for npix in 0..<order.cellCount {
                    guard let cell = Cell(order: order, npix: npix), subject.promise(cell) == .excluded,
                        let place = layout.position(of: npix)
                    else { continue }
                    let area = PixelArea(
                        row: place.row * layout.side, column: place.column * layout.side, side: layout.side)
                    let count = Self.heldPixels(sheet, area)
                    guard count > 0 else { continue }
                    findings.add(
                        .allskyDiffers, HiPSFile.allsky(order, format).path,
                        found: "\(count) valid pixels in the place of cell \(cell)",
                        expected: "none, as the coverage does not meet it")
                }
            }
        }
    }

    private static func heldPixels(_ sheet: PixelImage, _ area: PixelArea) -> Int {
        var count = 0
        for row in area.row..<(area.row + area.side) {
            for column in area.column..<(area.column + area.side)
            where sheet.surelyHolds(row * sheet.width + column) {
                count += 1
            }
        }
        return count
    }
}

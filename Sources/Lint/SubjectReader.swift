internal import FITS
internal import HEALPix
internal import HiPS
internal import MOC
internal import Tiles

/// Reads `properties` and `Moc.fits`, checks them, and makes of them what all further checks go by.
struct SubjectReader {
    let location: Location
    let reader: any HiPSReader

    /// - Returns: nil where too little is known to look at the tiles; why is told by a finding.
    func read(_ findings: inout Findings) throws(LintError) -> Subject? {
        guard let properties = try readProperties(&findings) else { return nil }
        let type = properties["dataproduct_type"] ?? "image"
        guard type == "image" else {
            findings.add(
                .notAnImage, PropertiesCheck.path, found: "dataproduct_type = \(type)",
                expected: "image, for the tiles to be looked at")
            return nil
        }
        // What is absent or has a wrong form was told above.
        guard let order = properties.order, let stated = properties.formats, !stated.isEmpty,
            let width = properties.tileWidth, (1...8192).contains(width), width & (width - 1) == 0
        else { return nil }
        var subject = Subject(
            properties: properties, orderMin: try orderMin(properties, order), order: order, width: width,
            formats: [], moc: nil, comparedOrder: nil)
        subject.formats = try presentFormats(stated, subject, &findings)
        subject.moc = try readCoverage(subject, &findings)
        if let moc = subject.moc {
            let pixels = order.value + width.trailingZeroBitCount
            subject.comparedOrder = Order(min(moc.order.value, pixels, 29))
            checkCoverageKeys(moc, properties, &findings)
        } else if let files = location.files {
            let (_, cells) = try PresenceCheck.leaves(in: files, order: order)
            if !cells.isEmpty { subject.moc = MOC(order: order, cells: cells) }
        }
        let roots = subject.ranges(at: subject.orderMin).reduce(0) { $0 + $1.count }
        guard roots <= Self.mostRoots else {
            findings.add(
                .keySyntax, PropertiesCheck.path,
                found: "hips_order_min = \(subject.orderMin), with \(roots) tiles of that order",
                expected: "a first order of at most \(Self.mostRoots) tiles")
            return nil
        }
        return subject
    }

    /// More tiles than any client would begin with.
    private static let mostRoots = 1_000_000

    private func readProperties(_ findings: inout Findings) throws(LintError) -> HiPSProperties? {
        let path = PropertiesCheck.path
        switch try reader.read(path, limit: 1 << 22) {
        case .absent:
            findings.add(.propertiesMissing, path, found: "no file", expected: "the properties of the HiPS")
        case .refused(let reason):
            findings.add(.propertiesMissing, path, found: reason, expected: "a file that can be read")
        case .found(let bytes, _):
            let text = String(decoding: bytes, as: UTF8.self)
            guard let properties = try? HiPSProperties(parsing: text) else {
                findings.add(
                    .propertiesMissing, path, found: "no line of the form key = value",
                    expected: "the properties of the HiPS")
                return nil
            }
            PropertiesCheck.check(text, properties, &findings)
            return properties
        }
        return nil
    }

    /// `hips_order_min`, or where it is absent the first order of which there are tiles.
    private func orderMin(_ properties: HiPSProperties, _ order: Order) throws(LintError) -> Order {
        if let stated = properties.orderMin, stated <= order { return stated }
        if let files = location.files {
            let (orders, _) = try PresenceCheck.leaves(in: files, order: order)
            return orders.first.map { min($0, order) } ?? .zero
        }
        for format in properties.formats ?? [] {
            for base in Cell.bases {
                if case .found = try reader.read(base.tilePath(format), limit: 1 << 28) { return .zero }
            }
        }
        return min(order, Order(3) ?? order)
    }

    private func presentFormats(
        _ stated: [TileFormat], _ subject: Subject, _ findings: inout Findings
    ) throws(LintError) -> [TileFormat] {
        let present =
            if let files = location.files {
                try PresenceCheck.formats(stated, in: files)
            } else {
                try answeredFormats(stated, subject)
            }
        for format in stated where !present.contains(format) {
            findings.add(
                .formatAbsent, PropertiesCheck.path,
                found: "hips_tile_format = \(subject.properties["hips_tile_format"] ?? "") without a "
                    + "\(format.propertyWord) tile",
                expected: "\(format.propertyWord) tiles, or no such word")
        }
        var seen: Set<TileFormat> = []
        return present.filter { seen.insert($0).inserted }
    }

    /// Formats of which the server gives a tile of the first order out.
    private func answeredFormats(
        _ stated: [TileFormat], _ subject: Subject
    ) throws(LintError) -> [TileFormat] {
        var present: [TileFormat] = []
        for format in stated {
            // More than the 768 of order 3 are not asked for one by one.
            for npix in 0..<min(subject.orderMin.cellCount, 768) {
                guard let cell = Cell(order: subject.orderMin, npix: npix) else { continue }
                if case .found = try reader.read(cell.tilePath(format), limit: 1 << 28) {
                    present.append(format)
                    break
                }
            }
        }
        return present
    }

    // MARK: - Coverage

    private func readCoverage(_ subject: Subject, _ findings: inout Findings) throws(LintError) -> MOC? {
        let path = HiPSFile.coverage.path
        switch try reader.read(path, limit: 1 << 28) {
        case .absent:
            findings.add(
                .mocMissing, path, found: "no file",
                expected: "the coverage, by which clients know where to ask for tiles")
        case .refused(let reason):
            findings.add(.unreadable, path, found: reason, expected: "a file that can be read")
        case .found(let bytes, _):
            do {
                let moc = try MOC(fits: bytes)
                let system = try FITSTable.decode(bytes).cards.string("COORDSYS")
                if system != "C" {
                    findings.add(
                        .mocCoordsys, path,
                        found: system.map { "COORDSYS = \($0)" } ?? "no COORDSYS",
                        expected: "C, which readers of coverages insist on, whatever the body")
                }
                guard !moc.isEmpty else {
                    findings.add(
                        .mocUndecodable, path, found: "no cell", expected: "the cells that have tiles")
                    return nil
                }
                return moc
            } catch {
                findings.add(.mocUndecodable, path, found: "\(error)", expected: "a MOC in FITS")
            }
        }
        return nil
    }

    private func checkCoverageKeys(
        _ moc: MOC, _ properties: HiPSProperties, _ findings: inout Findings
    ) {
        let path = PropertiesCheck.path
        if let text = properties["moc_order"], let stated = Int(text), stated != moc.order.value {
            findings.add(
                .mocOrder, path, found: "moc_order = \(stated)",
                expected: "\(moc.order), the order of Moc.fits")
        }
        guard let text = properties["moc_sky_fraction"], Double(text) != nil, !Self.isFraction(text, of: moc)
        else { return }
        findings.add(
            .mocFraction, path, found: "moc_sky_fraction = \(text)",
            expected: "\(moc.coverageFraction), the part of the sphere that Moc.fits covers")
    }

    /// Whether a text states the part of the sphere that a coverage covers.
    static func isFraction(_ text: String, of moc: MOC) -> Bool {
        guard let stated = Double(text) else { return false }
        // What is written is good to 1 %, or to half its last digit.
        let decimals = text.split(separator: ".").dropFirst().first?.prefix { $0.isNumber }.count ?? 0
        let digit =
            text.lowercased().contains("e") ? 0 : (0..<decimals).reduce(1.0) { value, _ in value / 10 }
        let fraction = moc.coverageFraction
        let slack = max(0.01 * fraction, text.contains(".") ? 0.51 * digit : 0)
        return abs(stated - fraction) <= slack
    }
}

internal import Glibc
public import HiPS
internal import MOC
public import PlanetaryFrames
internal import Storage

/// The outlines of the maps of a data directory: a layer `maps` for each body, with the columns of an EPN-TAP table.
///
/// A layer is made anew where a map has come, gone or changed; outlines of maps that are as they were are kept. Several
/// processes may do so at once: each looks at the maps again when it has the right to write, so that the last one leaves
/// what is true.
public struct MapOutlines {
    /// The layer's name.
    public static let layer = "maps"
    /// What the layer says of where it comes from, by which it is told from an imported one.
    static let source = "the maps of this data directory"

    private let data: DataDirectory
    private let catalogue: BodyCatalogue

    /// What was done.
    public struct Report: Sendable, Equatable {
        /// The layers that were written, and the number of maps in each; 0 for a layer that was removed.
        public internal(set) var written: [LayerName: Int] = [:]
        /// The layers that were true already, and the number of maps in each.
        public internal(set) var kept: [LayerName: Int] = [:]
        /// What could not be taken in, one sentence each.
        public internal(set) var remarks: [String] = []
    }

    /// Takes a data directory on disk.
    public init(_ data: DataDirectory, catalogue: BodyCatalogue) {
        self.data = data
        self.catalogue = catalogue
    }

    /// Brings all layers up to date.
    /// - Parameters:
    ///   - seconds: how long to wait for another process that writes features.
    ///   - isStopped: whether to wait no longer.
    /// - Throws: ``FeatureError``, `HiPSError` for a directory that cannot be listed.
    public func refresh(waiting seconds: Double = 60, unless isStopped: () -> Bool = { false }) throws
        -> Report
    {
        let end = Self.now + seconds
        while true {
            do {
                return try refreshOnce()
            } catch FeatureError.busy where Self.now < end && !isStopped() {
                usleep(100_000)
            }
        }
    }

    private func refreshOnce() throws -> Report {
        var report = Report()
        let store = try FeatureStore.reading(data)
        var bodies = Set(try data.maps().map(\.body))
        bodies.formUnion(try store?.layers().map(\.name).filter { $0.name == Self.layer }.map(\.body) ?? [])
        for word in bodies.sorted() {
            guard let name = try? LayerName(body: word, name: Self.layer) else {
                report.remarks.append("maps of \(word): the name of the body cannot be that of a layer")
                continue
            }
            try refresh(name, store, &report)
        }
        return report
    }

    private func refresh(_ name: LayerName, _ store: FeatureStore?, _ report: inout Report) throws {
        let present = try subjects(of: name.body)
        let layer = try store?.layer(name)
        if let layer, layer.source != Self.source {
            report.remarks.append(
                "\(name) was imported, and is left alone; outlines of maps have no place beside it")
            return
        }
        if layer == nil, present.isEmpty { return }
        if let store, let layer, try Self.known(store, layer).mapValues(\.state) == Self.states(present) {
            report.kept[name] = present.count
            return
        }
        guard let body = body(name.body) else {
            report.remarks.append("maps of \(name.body): no body is known by this name")
            return
        }
        let writable = try FeatureStore.writing(data)
        guard !present.isEmpty else {
            try writable.remove(name)
            report.written[name] = 0
            return
        }
        let writer = try LayerWriter(
            writable, name: name, body: body, columns: MapRow.columns, mode: .replace)
        // Others may have been faster.
        let subjects = try subjects(of: name.body)
        let known = try writable.layer(name).map { try Self.known(writable, $0) } ?? [:]
        for subject in subjects {
            if let old = known[subject.entry.map.description], old.state == subject.state {
                try writer.add(old.feature.geometry, old.feature.values)
            } else {
                let row = MapRow(subject.entry, subject.coverage(&report.remarks), subject.state, body)
                try writer.add(row.geometry, row.values)
            }
        }
        try writer.finish(
            description: "Outlines of the maps of \(body.name)", source: Self.source,
            assumptions: [
                "access_url and thumbnail_url are relative to the data directory and to the server's root"
            ])
        report.written[name] = subjects.count
    }

    /// The body of a directory of maps.
    private func body(_ word: String) -> Body? {
        catalogue.bodies.first { $0.pathName == word } ?? (try? catalogue.body(named: word))
    }

    private static func known(_ store: FeatureStore, _ layer: FeatureLayer) throws -> [String:
        (state: String, feature: Feature)]
    {
        guard layer.columns == MapRow.columns,
            let state = MapRow.columns.firstIndex(where: { $0.name == MapRow.state })
        else { return [:] }
        var known: [String: (state: String, feature: Feature)] = [:]
        for feature in try store.features(of: layer.name, FeatureQuery(limit: .max)) {
            guard case .text(let name) = feature.values[0], case .text(let text) = feature.values[state]
            else {
                continue
            }
            known[name] = (text, feature)
        }
        return known
    }

    private static func states(_ subjects: [Subject]) -> [String: String] {
        Dictionary(subjects.map { ($0.entry.map.description, $0.state) }, uniquingKeysWith: { a, _ in a })
    }

    /// A map with what is needed to tell whether it has changed.
    private struct Subject {
        let entry: MapEntry
        let note: AdoptionNote?
        let moc: [UInt8]?
        let state: String

        /// What the map covers; nil where it does not say, or not so that it can be read.
        func coverage(_ remarks: inout [String]) -> MapRow.Coverage? {
            guard let moc else {
                remarks.append("\(entry.map) has no Moc.fits, and no outline")
                return nil
            }
            do {
                return MapRow.Coverage(
                    moc: try MOCDocument(reading: moc, accepting: .overlaps).coverage.ofSpace(),
                    lonOffsetDegrees: note?.lonOffsetDegrees ?? 0,
                    isPlanetographic: note?.latitudeKind == .planetographic)
            } catch {
                remarks.append("\(entry.map) has no outline: Moc.fits: \(error)")
                return nil
            }
        }
    }

    private func subjects(of body: String) throws -> [Subject] {
        try data.maps().filter { $0.map.body == body }.map { entry in
            let note = (try? AdoptionNote.read(inFolder: entry.path)) ?? nil
            let folder = note?.tileRoot(inFolder: entry.path) ?? entry.path
            let moc = (try? FolderStore(root: folder).read(HiPSFile.coverage.path, atMost: 1 << 30)) ?? nil
            var hash = StateHash()
            hash.add(entry.properties.text.utf8)
            if let note { hash.add("\(note.lonOffsetDegrees) \(note.latitudeKind.rawValue)".utf8) }
            if let moc { hash.add(moc) }
            return Subject(entry: entry, note: note, moc: moc, state: hash.text)
        }
    }

    /// FNV-1a, 64 bits: tells states of a map apart, and need not withstand anybody.
    private struct StateHash {
        private var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
            value = (value ^ 0xFF) &* 0x100_0000_01B3
        }

        var text: String { String(value, radix: 16) }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

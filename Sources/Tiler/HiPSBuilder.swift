internal import Glibc
internal import HEALPix
public import HiPS
internal import MOC
internal import PlanetaryFrames
internal import Pixels
internal import Rasters
internal import Storage
internal import Tiles

/// What a build did.
public struct BuildReport: Sendable {
    /// Body and name.
    public let map: MapName
    /// Where the HiPS lies.
    public let path: String
    /// Whether it was there already, made from the same source and parameters.
    public let wasUpToDate: Bool
    /// What was found while building; nil when nothing was built.
    public let statistics: BuildStatistics?
    /// The properties as written.
    public let properties: HiPSProperties
    /// Wall time in seconds.
    public let seconds: Double
    /// What somebody should know though the map is as it should be; nil for nothing.
    public let warning: String?
}

/// Builds a HiPS and puts it in its place in one step.
public struct HiPSBuilder: Sendable {
    private let plan: HiPSPlan
    private let target: any BuildTarget
    private let version: String
    /// What may be lost of a build whose source fails though it has not changed.
    var patience = Duration.seconds(60)

    /// A builder of one plan.
    /// - Parameters:
    ///   - target: the data directory; made when missing.
    ///   - version: of the program, for the properties.
    public init(_ plan: HiPSPlan, data target: any BuildTarget, version: String) {
        self.plan = plan
        self.target = target
        self.version = version
    }

    /// Builds, or goes on with what an interrupted build left.
    ///
    /// All files are written where readers do not see them, and take their place in one step at the end (in an object
    /// store: are no map until the end). What is finished is kept when the build fails, unless the source itself cannot
    /// be read; the next build with the same source and parameters goes on from there, and the result has the same
    /// bytes.
    /// - Parameters:
    ///   - jobs: number of workers; the bytes do not depend on it.
    ///   - force: build from nothing, even when the HiPS is up to date or was made from another source.
    ///   - progress: told a few times a second.
    /// - Throws: ``TilerError``; a published map is untouched then.
    public func build(
        jobs: Int, force: Bool, progress: @escaping @Sendable (BuildProgress) -> Void = { _ in }
    ) async throws -> BuildReport {
        let started = ContinuousClock.now
        let lock = try TilerError.storing { () throws(HiPSError) in try target.lock(plan.map) }
        defer { withExtendedLifetime(lock) {} }
        let identity = plan.identity(version: version)
        let site = try TilerError.storing { () throws(HiPSError) in try target.site(of: plan.map) }
        if let existing = try published(identity, force: force) {
            // Left when the machine stopped between publishing and clearing up; another build that was begun stays.
            let begun = try CheckpointStore.identity(in: site.checkpoints)
            if begun == nil || begun == identity {
                try TilerError.storing { () throws(HiPSError) in try target.discardPartial(plan.map) }
            }
            let warning = noteSource(identity.fingerprint)
            return BuildReport(
                map: plan.map, path: existing.path, wasUpToDate: true, statistics: nil,
                properties: existing.properties, seconds: 0, warning: warning)
        }
        let synchronise: @Sendable () throws(TilerError) -> Void = {
            [target, map = plan.map] () throws(TilerError) in
            try TilerError.storing { () throws(HiPSError) in try target.synchronise(map) }
        }
        let checkSource: @Sendable () throws(TilerError) -> Void = {
            [source = plan.source] () throws(TilerError) in
            // What is read from a copy does not need the source any more.
            guard source.readPath == source.path else { return }
            guard (try? SourceIdentity(path: source.path)) == source.identity else {
                throw .changed(path: source.path)
            }
        }
        let checkpoints = CheckpointStore(
            site.checkpoints, synchronise: target.isDurable ? nil : synchronise, checkSource: checkSource)
        // The range of the values is kept with the checkpoints, and must be that of the source that they name.
        try checkSource()
        let isResumed = try begin(identity, site, checkpoints, force: force)
        let statistics: BuildStatistics
        let properties: HiPSProperties
        let warning: String?
        do {
            statistics = try await buildTiles(site.files, checkpoints, jobs, progress)
            try checkSource()
            properties = try writeDocuments(site.files, statistics, identity.fingerprint)
            // Nothing may fail once the map is published; the note is of this build alone, and harmless without it.
            warning = noteSource(identity.fingerprint)
            try TilerError.storing { () throws(HiPSError) in try target.publish(plan.map) }
        } catch {
            if !isResumed, !canGoOn(after: error, ContinuousClock.now - started) {
                // The first error is the one to tell, even when the folder cannot be removed either.
                try? target.discardPartial(plan.map)
            }
            throw error
        }
        let elapsed = (ContinuousClock.now - started).components
        return BuildReport(
            map: plan.map, path: target.path(of: plan.map), wasUpToDate: false, statistics: statistics,
            properties: properties,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18, warning: warning)
    }

    /// Writes down where the source lies, for servers that give its own samples; only beside maps on this disk.
    /// - Returns: why it could not be written; the map is good without it.
    private func noteSource(_ fingerprint: String) -> String? {
        let given = plan.source.path
        let isOnServer = SourceNote.isOnServer(given)
        guard let directory = target as? DataDirectory, let path = isOnServer ? given : Self.realPath(given)
        else { return nil }
        // Of a label the names of its files are a part of what it is, and those were relative perhaps.
        guard SourceNote.isServable(path), let identity = try? SourceIdentity(path: path),
            identity.size == plan.source.identity.size,
            identity.modifiedNanoseconds == plan.source.identity.modifiedNanoseconds,
            identity.tag == plan.source.identity.tag,
            // A file that may change without anybody seeing it is not given.
            identity.showsChanges
        else { return nil }
        let note = SourceNote(
            build: fingerprint, path: path, size: identity.size,
            modifiedNanoseconds: identity.modifiedNanoseconds,
            head: String(identity.headerChecksum, radix: 16), declaration: plan.request.declaration.texts,
            tag: identity.tag)
        if SourceNote.read(of: plan.map, build: fingerprint, in: directory) == note { return nil }
        do {
            try note.write(for: plan.map, in: directory)
            return nil
        } catch {
            return
                "servers will not find the source of the map, the same command notes down where it lies: \(error)"
        }
    }

    /// A path without links and relative parts; nil where there is no such file.
    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The published map, when it is what would be built.
    /// - Throws: ``TilerError/exists(path:found:)`` when something else is in its place.
    private func published(_ identity: BuildIdentity, force: Bool) throws(TilerError) -> MapEntry? {
        if force { return nil }
        if let existing = target.entry(plan.map) {
            if existing.properties["tessera_build_id"] == identity.fingerprint { return existing }
            let made = existing.properties["prov_progenitor"] ?? "an unknown source"
            guard made == MapProperties.progenitor(plan.request) else {
                throw .exists(path: existing.path, found: made)
            }
        } else if try TilerError.storing({ () throws(HiPSError) in try target.isOccupied(plan.map) }) {
            throw .exists(
                path: target.path(of: plan.map),
                found: "something that is not a HiPS with readable properties")
        }
        return nil
    }

    /// Goes on with what lies in the site when that is the same build, and starts from nothing otherwise.
    /// - Returns: whether an earlier run had finished anything.
    private func begin(
        _ identity: BuildIdentity, _ site: BuildSite, _ checkpoints: CheckpointStore, force: Bool
    ) throws(TilerError) -> Bool {
        if !force, let begun = try CheckpointStore.identity(in: site.checkpoints) {
            if begun == identity, try holdsBuild(of: identity, site.files) {
                let finished = try checkpoints.resume()
                try write(identity, checkpoints)
                return finished > 0
            }
            // What was published since can only be left over from the end of that build.
            let published = target.entry(plan.map)?.properties["tessera_build_id"]
            guard begun == identity || published == begun.fingerprint else {
                throw .begun(
                    path: site.checkpoints.root,
                    difference: identity.difference(from: begun) ?? "it is damaged")
            }
        }
        try TilerError.storing { () throws(HiPSError) in try target.prepare(plan.map) }
        try write(identity, checkpoints)
        return false
    }

    /// The range comes first: checkpoints are those of a build only once they say of which.
    private func write(_ identity: BuildIdentity, _ checkpoints: CheckpointStore) throws(TilerError) {
        if let statistics = plan.statistics { try checkpoints.keep(statistics) }
        try checkpoints.begin(identity)
    }

    /// Whether the files of the site are those that the checkpoints beside them speak of.
    ///
    /// They are not when the machine stopped right after publishing, and the map was removed since: then there are none,
    /// or those of the map that was published before.
    private func holdsBuild(of identity: BuildIdentity, _ files: any FileStore) throws(TilerError) -> Bool {
        do {
            guard let bytes = try files.read("properties", atMost: 1 << 20) else {
                return try !files.names(in: "").isEmpty
            }
            let properties = try? HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self))
            return properties?["tessera_build_id"] == identity.fingerprint
        } catch {
            throw .storage(error)
        }
    }

    /// Whether what is finished is of use to a later build.
    private func canGoOn(after error: any Error, _ elapsed: Duration) -> Bool {
        switch error as? TilerError {
        case .empty: false
        // A source that is what it was when the build began is damaged, and fails again: it leaves no trace. But a disk
        // or a network may have failed for once, and nobody wants to lose much to that.
        case .source:
            elapsed > patience || (try? SourceIdentity(path: plan.request.source)) != plan.source.identity
        default: true
        }
    }

    private func buildTiles(
        _ files: any FileStore, _ checkpoints: CheckpointStore, _ jobs: Int,
        _ progress: @escaping @Sendable (BuildProgress) -> Void
    ) async throws -> BuildStatistics {
        switch plan.source.plan.kind {
        case .uint8: try await build(UInt8.self, files, checkpoints, jobs, progress)
        case .int16: try await build(Int16.self, files, checkpoints, jobs, progress)
        case .int32: try await build(Int32.self, files, checkpoints, jobs, progress)
        case .float32: try await build(Float.self, files, checkpoints, jobs, progress)
        case .float64: try await build(Double.self, files, checkpoints, jobs, progress)
        case .colour: try await build(RGBA8.self, files, checkpoints, jobs, progress)
        }
    }

    private func build<Sample: TilePixel>(
        _ type: Sample.Type, _ files: any FileStore, _ checkpoints: CheckpointStore, _ jobs: Int,
        _ progress: @escaping @Sendable (BuildProgress) -> Void
    ) async throws -> BuildStatistics {
        let view = MapView(plan.source.placement)
        let preview = PreviewPlan(
            centre: view.centre, fieldDegrees: view.fieldDegrees, leafOrder: plan.tiles.leafOrder)
        let leaves = plan.tileCounts.last ?? 0
        let builder = PyramidBuilder<Sample>(
            plan: plan.tiles, files: files, checkpoints: checkpoints, jobs: max(1, jobs), preview: preview,
            progress: ProgressMeter(total: leaves, tell: progress))
        var output = try await builder.run()
        guard output.statistics.tiles.reduce(0, +) > 0 else {
            throw TilerError.empty(path: plan.request.source)
        }
        output.statistics.bytes += try AllskyWriter<Sample>(plan: plan.tiles, files: files).write(
            output.reduced)
        let picture = try PictureEncoder().encode(
            output.preview.colours.span, width: PreviewPlan.side, height: PreviewPlan.side, channels: 3,
            format: .jpeg)
        try files.put(picture, at: "preview.jpg")
        output.statistics.bytes += picture.count
        return output.statistics
    }

    /// Moc.fits, properties and index.html.
    private func writeDocuments(
        _ files: any FileStore, _ statistics: BuildStatistics, _ fingerprint: String
    ) throws(TilerError) -> HiPSProperties {
        let moc = MOC(order: plan.tiles.mocOrder, covering: statistics.coverage)
        let file: [UInt8]
        do {
            file = try moc.fits(body: plan.map.body)
        } catch {
            throw .fits(error)
        }
        try files.put(file, at: "Moc.fits")
        let properties = MapProperties.make(
            plan, statistics, moc: moc, fingerprint: fingerprint, version: version,
            bytes: statistics.bytes + file.count)
        try files.put(Array(IndexPage.html(properties).utf8), at: "index.html")
        // Last, as its presence is what makes a folder a HiPS.
        try files.put(Array(properties.text.utf8), at: "properties")
        return properties
    }
}

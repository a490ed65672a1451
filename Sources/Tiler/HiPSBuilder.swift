internal import Glibc
internal import HEALPix
public import HiPS
internal import MOC
internal import PlanetaryFrames
internal import Pixels
internal import Rasters
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
}

/// Builds a HiPS and puts it in its place in one step.
public struct HiPSBuilder: Sendable {
    private let plan: HiPSPlan
    private let data: DataDirectory
    private let version: String

    /// A builder of one plan.
    /// - Parameters:
    ///   - data: the data directory; made when missing.
    ///   - version: of the program, for the properties.
    public init(_ plan: HiPSPlan, data: DataDirectory, version: String) {
        self.plan = plan
        self.data = data
        self.version = version
    }

    /// Builds.
    ///
    /// All files are written to a folder beside the final one, which readers never see, and exchanged with it
    /// at the end.
    /// - Parameters:
    ///   - jobs: number of workers; the bytes do not depend on it.
    ///   - force: build even when the HiPS is up to date or was made from another source.
    ///   - progress: told a few times a second.
    /// - Throws: ``TilerError``; a published map is untouched then, and what was written is removed.
    public func build(
        jobs: Int, force: Bool, progress: @escaping @Sendable (BuildProgress) -> Void = { _ in }
    ) async throws -> BuildReport {
        let started = ContinuousClock.now
        let lock: MapLock
        do {
            lock = try data.lock(plan.map)
        } catch {
            throw TilerError.store(error)
        }
        defer { withExtendedLifetime(lock) {} }
        let fingerprint = plan.fingerprint(version: version)
        if !force, let existing = data.entry(plan.map) {
            if existing.properties["tessera_build_id"] == fingerprint {
                return BuildReport(
                    map: plan.map, path: existing.path, wasUpToDate: true, statistics: nil,
                    properties: existing.properties, seconds: 0)
            }
            let made = existing.properties["prov_progenitor"] ?? "an unknown source"
            guard made == MapProperties.progenitor(plan) else {
                throw TilerError.exists(path: existing.path, found: made)
            }
        }
        if !force, data.entry(plan.map) == nil, data.isOccupied(plan.map) {
            throw TilerError.exists(
                path: data.path(of: plan.map), found: "something that is not a HiPS with readable properties")
        }
        let folder: String
        do {
            folder = try data.preparePartial(plan.map)
        } catch {
            throw TilerError.store(error)
        }
        let statistics: BuildStatistics
        let properties: HiPSProperties
        do {
            statistics = try await buildTiles(folder, jobs, progress)
            properties = try writeDocuments(folder, statistics, fingerprint)
            do {
                try data.publish(plan.map)
            } catch {
                throw TilerError.store(error)
            }
        } catch {
            // The first error is the one to tell, even when the folder cannot be removed either.
            try? data.discardPartial(plan.map)
            throw error
        }
        let elapsed = (ContinuousClock.now - started).components
        return BuildReport(
            map: plan.map, path: data.path(of: plan.map), wasUpToDate: false, statistics: statistics,
            properties: properties,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    }

    private func buildTiles(
        _ folder: String, _ jobs: Int, _ progress: @escaping @Sendable (BuildProgress) -> Void
    ) async throws -> BuildStatistics {
        switch plan.source.plan.kind {
        case .uint8: try await build(UInt8.self, folder, jobs, progress)
        case .int16: try await build(Int16.self, folder, jobs, progress)
        case .int32: try await build(Int32.self, folder, jobs, progress)
        case .float32: try await build(Float.self, folder, jobs, progress)
        case .float64: try await build(Double.self, folder, jobs, progress)
        case .colour: try await build(RGBA8.self, folder, jobs, progress)
        }
    }

    private func build<Sample: TilePixel>(
        _ type: Sample.Type, _ folder: String, _ jobs: Int,
        _ progress: @escaping @Sendable (BuildProgress) -> Void
    ) async throws -> BuildStatistics {
        let view = MapView(plan.source.grid)
        let preview = PreviewPlan(
            centre: view.centre, fieldDegrees: view.fieldDegrees, leafOrder: plan.tiles.leafOrder)
        let leaves = plan.tileCounts.last ?? 0
        let builder = PyramidBuilder<Sample>(
            plan: plan.tiles, folder: folder, jobs: max(1, jobs), preview: preview,
            progress: ProgressMeter(total: leaves, tell: progress))
        var output = try await builder.run()
        guard output.statistics.tiles.reduce(0, +) > 0 else {
            throw TilerError.empty(path: plan.request.source)
        }
        output.statistics.bytes += try AllskyWriter<Sample>(plan: plan.tiles, folder: folder).write(
            output.reduced)
        let picture = try PictureEncoder().encode(
            output.preview.colours.span, width: PreviewPlan.side, height: PreviewPlan.side, channels: 3,
            format: .jpeg)
        try TileStore.write(picture, path: folder + "/preview.jpg")
        output.statistics.bytes += picture.count
        return output.statistics
    }

    /// Moc.fits, properties and index.html.
    private func writeDocuments(
        _ folder: String, _ statistics: BuildStatistics, _ fingerprint: String
    ) throws(TilerError) -> HiPSProperties {
        let moc = MOC(order: plan.tiles.mocOrder, cells: statistics.coverage)
        let file: [UInt8]
        do {
            file = try moc.fits(body: plan.map.body)
        } catch {
            throw .fits(error)
        }
        try TileStore.write(file, path: folder + "/Moc.fits")
        let properties = MapProperties.make(
            plan, statistics, moc: moc, fingerprint: fingerprint, version: version,
            bytes: statistics.bytes + file.count)
        try TileStore.write(Array(IndexPage.html(properties).utf8), path: folder + "/index.html")
        // Last, as its presence is what makes a folder a HiPS.
        try TileStore.write(Array(properties.text.utf8), path: folder + "/properties")
        return properties
    }
}

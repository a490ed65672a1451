internal import Glibc
internal import HEALPix
internal import HTTP
public import HiPS
internal import Storage
internal import Tiles

/// Takes a HiPS that others made into a data directory as it is: by a note of where it lies, by a copy, or by a mirror
/// of what a server gives out (HiPS 1.0, sections 4 and 5).
public struct Adopter: Sendable {
    private let request: AdoptionRequest
    private let data: DataDirectory

    /// An adoption into a data directory, which need not exist yet.
    public init(_ request: AdoptionRequest, data: DataDirectory) {
        self.request = request
        self.data = data
    }

    /// Whether a source is one on a server.
    public static func isRemote(_ source: String) -> Bool { source.contains("://") }

    /// Adopts the HiPS. What was interrupted before is gone on with; cancelling the task interrupts.
    /// - Parameter progress: told a few times a second how far it is, from any thread.
    /// - Throws: ``AdoptionError``; nothing is published then, and what stood under the name still does.
    public func run(
        progress: @escaping @Sendable (AdoptionProgress) -> Void = { _ in }
    ) async throws(AdoptionError) -> AdoptionReport {
        try check()
        let started = ContinuousClock.now
        let lock: MapLock?
        do {
            lock = try data.lock(request.map)
            guard try request.forces || !data.isOccupied(request.map) else {
                throw AdoptionError.taken(path: data.path(of: request.map))
            }
        } catch let error as HiPSError {
            throw AdoptionError(error)
        } catch let error as AdoptionError {
            throw error
        } catch {
            throw .file("\(error)")
        }
        defer { withExtendedLifetime(lock) {} }
        let tally = TileTally(tell: progress)
        let adopted =
            Self.isRemote(request.source) ? try await mirror(tally) : try folder(tally)
        let found = tally.present
        return AdoptionReport(
            map: request.map, path: data.path(of: request.map), means: adopted.means,
            tiles: adopted.means == .link ? nil : found.tiles, newTiles: found.newTiles,
            newBytes: found.newBytes,
            missingTiles: found.missing, missingPaths: found.missingPaths, note: adopted.note,
            seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    private func check() throws(AdoptionError) {
        guard request.lonOffsetDegrees.isFinite, abs(request.lonOffsetDegrees) <= 360 else {
            throw .request(
                "The offset of the longitudes is \(request.lonOffsetDegrees), not within -360 and 360.")
        }
        guard request.requestsPerSecond > 0, request.requestsPerSecond <= 10_000, request.connections > 0,
            request.connections <= 64
        else {
            throw .request("Expected are more than 0 requests a second and 1 to 64 connections.")
        }
    }

    private typealias Adopted = (means: AdoptionReport.Means, note: AdoptionNote)

    // MARK: - A server

    private func mirror(_ tally: TileTally) async throws(AdoptionError) -> Adopted {
        let root: HTTPAddress
        do {
            root = try HTTPAddress(request.source)
        } catch {
            throw AdoptionError(error)
        }
        let pace = Pace(perSecond: request.requestsPerSecond)
        let staging = Staging(request.map, in: data)
        // Only what a closure of the same error gives keeps the type of the error across the handler.
        let outcome = await withTaskCancellationHandler {
            await Self.outcome { () async throws(AdoptionError) in
                try await mirror(root, staging, pace, tally)
            }
        } onCancel: {
            pace.stop()
        }
        return try outcome.get()
    }

    private static func outcome<Value>(
        _ work: () async throws(AdoptionError) -> Value
    ) async -> Result<Value, AdoptionError> {
        do throws(AdoptionError) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }

    private func mirror(
        _ root: HTTPAddress, _ staging: Staging, _ pace: Pace, _ tally: TileTally
    ) async throws(AdoptionError) -> Adopted {
        let fetcher = Fetcher(root, pace: pace, retryDelay: request.retryDelay)
        let path = HiPSFile.properties.path
        guard case .found(let bytes) = try fetcher.fetch(path, limit: 1 << 20) else {
            throw .notAHiPS(source: root.url, reason: "there is no \(root.url(of: path))")
        }
        let original = try properties(bytes, root.url(of: path))
        try mayBeCopied(original)
        try staging.begin(identity(original), forces: request.forces)
        let layout = try await Mirror(root, original, request, staging, pace, tally).run()
        return (.mirror, try publish(bytes, original, layout, .mirror, staging))
    }

    // MARK: - A folder

    private func folder(_ tally: TileTally) throws(AdoptionError) -> Adopted {
        let folder = FolderStore(root: try absolutePath(request.source))
        let path = HiPSFile.properties.path
        let bytes: [UInt8]?
        do {
            bytes = try folder.read(path, atMost: 1 << 20)
        } catch {
            throw AdoptionError(error)
        }
        guard let bytes else { throw .notAHiPS(source: request.source, reason: "there is no \(path) in it") }
        let original = try properties(bytes, folder.systemPath(path))
        try isElsewhere(folder.root)
        let source = FolderSource(folder: folder, properties: original, request: request)
        let staging = Staging(request.map, in: data)
        var layout = try source.layout()
        guard request.copies else {
            guard request.deepestOrder == nil, request.formats == nil else {
                throw .request("A part of a HiPS can only be copied: use --order and --formats with --copy.")
            }
            try staging.begin(identity(original), forces: request.forces)
            return (.link, try publish(bytes, original, layout, .link, staging, root: folder.root))
        }
        try mayBeCopied(original)
        try staging.begin(identity(original), forces: request.forces)
        try source.copy(&layout, to: staging, tally)
        return (.copy, try publish(bytes, original, layout, .copy, staging))
    }

    private func absolutePath(_ path: String) throws(AdoptionError) -> String {
        guard let real = realpath(path, nil) else {
            throw .notAHiPS(source: path, reason: String(cString: strerror(errno)))
        }
        defer { free(real) }
        return String(cString: real)
    }

    /// A map is not adopted from its own place, which the adoption would replace.
    private func isElsewhere(_ root: String) throws(AdoptionError) {
        guard let place = try? absolutePath(data.path(of: request.map)) else { return }
        guard !(place + "/").hasPrefix(root + "/"), !(root + "/").hasPrefix(place + "/") else {
            throw .request("\(root) is the map \(request.map) itself; choose another --name.")
        }
    }

    // MARK: - Both

    private func properties(_ bytes: [UInt8], _ source: String) throws(AdoptionError) -> HiPSProperties {
        let properties: HiPSProperties
        do {
            properties = try HiPSProperties(parsing: String(decoding: bytes, as: UTF8.self), source: source)
        } catch {
            throw AdoptionError(error)
        }
        let type = properties["dataproduct_type"] ?? "image"
        guard type == "image" else {
            throw .notAHiPS(source: request.source, reason: "its dataproduct_type is \(type), and not image")
        }
        return properties
    }

    private func mayBeCopied(_ properties: HiPSProperties) throws(AdoptionError) {
        let status = properties.status ?? ""
        let words = status.lowercased().split { $0 == " " || $0 == "," }
        guard request.forces || !(words.contains("unclonable") || words.contains("private")) else {
            throw .unclonable(source: request.source, status: status)
        }
    }

    /// What must be the same for a later run to go on.
    private func identity(_ properties: HiPSProperties) -> String {
        var lines = ["source = \(request.source)"]
        // Other keys, such as the address, may differ from one answer to the next.
        for key in [
            "hips_release_date", "hips_order", "hips_order_min", "hips_tile_format", "hips_tile_width",
        ] {
            lines.append("\(key) = \(properties[key] ?? "")")
        }
        lines.append("order = \(request.deepestOrder.map { String($0.value) } ?? "all")")
        lines.append(
            "formats = \(request.formats.map { $0.map(\.propertyWord).joined(separator: " ") } ?? "all")")
        return lines.joined(separator: "\n") + "\n"
    }

    private func publish(
        _ bytes: [UInt8], _ original: HiPSProperties, _ layout: TileLayout, _ means: AdoptionReport.Means,
        _ staging: Staging, root: String? = nil
    ) throws(AdoptionError) -> AdoptionNote {
        let date = HiPSProperties.timestamp(Int64(time(nil)))
        let adopted = AdoptedProperties(original, request, layout, means: means, date: date)
        let note = AdoptionNote(
            source: root ?? request.source, root: root, body: request.map.body,
            lonOffsetDegrees: request.lonOffsetDegrees, latitudeKind: request.latitudeKind, date: date,
            overridden: adopted.overridden, peculiarities: adopted.peculiarities)
        do {
            try note.write(inFolder: staging.files.root)
        } catch {
            throw AdoptionError(error)
        }
        if root == nil { try staging.write(bytes, to: AdoptionNote.originalPropertiesName) }
        // Last, as without it a folder is no map.
        try staging.write(Array(adopted.properties.text.utf8), to: HiPSFile.properties.path)
        try staging.publish()
        return note
    }
}

internal import Glibc
internal import HEALPix
internal import HiPS
internal import MOC
internal import Storage
internal import Tiles

/// A HiPS in a folder: what it holds, and its copy.
struct FolderSource: Sendable {
    let folder: FolderStore
    let properties: HiPSProperties
    let request: AdoptionRequest

    // MARK: - Looking

    /// What the folder holds, by the names in it.
    func layout() throws(AdoptionError) -> TileLayout {
        let orders = try self.orders()
        guard let first = orders.first(where: { $0 >= properties.orderMin ?? .zero }),
            let deepest = orders.last
        else {
            throw .notAHiPS(
                source: folder.root, reason: "there is no folder Norder0, Norder1 ... with tiles in it")
        }
        let stated = properties.order ?? deepest
        // What lies below the stated order is none of the HiPS, and clients ask for what was not copied as well.
        var layout = TileLayout(first: first, last: min(stated, request.deepestOrder ?? stated), formats: [])
        guard layout.first <= layout.last else {
            throw .request(
                "Nothing is left of \(folder.root) down to order \(layout.last): its first tiles are of order \(first)."
            )
        }
        try findFormats(&layout)
        layout.isPart =
            layout.last < stated || layout.formats.count < Set(properties.formats ?? layout.formats).count
        if !orders.contains(layout.last) { layout.peculiarities.append("no tiles of order \(layout.last)") }
        try findCoverage(&layout)
        var hasAllsky = false
        for order in orders where !hasAllsky {
            hasAllsky = try names("Norder\(order)").contains { $0.hasPrefix("Allsky.") }
        }
        if !hasAllsky { layout.peculiarities.append("no Allsky pictures") }
        return layout
    }

    private func names(_ path: String) throws(AdoptionError) -> [String] {
        do {
            return try folder.names(in: path)
        } catch {
            throw AdoptionError(error)
        }
    }

    /// The orders that have a folder of tiles, sorted.
    private func orders() throws(AdoptionError) -> [Order] {
        var orders: [Order] = []
        for name in try names("") where name.hasPrefix("Norder") {
            guard let order = Int(name.dropFirst(6)).flatMap({ Order($0) }), "Norder\(order)" == name,
                try !directories(order).isEmpty
            else { continue }
            orders.append(order)
        }
        return orders.sorted()
    }

    private func directories(_ order: Order) throws(AdoptionError) -> [String] {
        try names("Norder\(order)").filter { $0.hasPrefix("Dir") }
    }

    /// The formats of the tiles of the first order.
    private func findFormats(_ layout: inout TileLayout) throws(AdoptionError) {
        var present: Set<TileFormat> = []
        for directory in try directories(layout.first) {
            let path = "Norder\(layout.first)/\(directory)/"
            for name in try names(path) {
                if let (_, format) = TilePath.parse(path + name) { present.insert(format) }
            }
        }
        var stated: [TileFormat] = []
        for format in properties.formats ?? present.sorted() where !stated.contains(format) {
            stated.append(format)
        }
        for format in stated where !present.contains(format) {
            layout.peculiarities.append(
                "hips_tile_format names \(format.propertyWord), of which there is no tile")
        }
        for format in present.subtracting(stated).sorted() {
            layout.peculiarities.append(
                "there are \(format.propertyWord) tiles that hips_tile_format does not name")
        }
        layout.formats = stated.filter { present.contains($0) && request.formats?.contains($0) != false }
        guard !layout.formats.isEmpty else {
            throw .notAHiPS(
                source: folder.root,
                reason:
                    "there is not one tile of its first order, \(layout.first), in any of the formats asked for"
            )
        }
    }

    private func findCoverage(_ layout: inout TileLayout) throws(AdoptionError) {
        if try coverage() == nil { layout.peculiarities.append("no Moc.fits that can be read") }
    }

    /// The coverage; nil where there is none, or it cannot be read.
    func coverage() throws(AdoptionError) -> MOC? {
        do {
            return try folder.read(HiPSFile.coverage.path, atMost: Mirror.largestFile).flatMap {
                try? MOC(fits: $0)
            }
        } catch {
            throw AdoptionError(error)
        }
    }

    // MARK: - Copying

    /// Copies what belongs to the HiPS, and nothing else.
    func copy(
        _ layout: inout TileLayout, to staging: Staging, _ tally: TileTally
    ) throws(AdoptionError) {
        for file in [HiPSFile.coverage, .metadata, .preview] { _ = try copy(file.path, to: staging) }
        for order in Order.all where layout.first <= order && order <= layout.last {
            for format in layout.formats { _ = try copy(HiPSFile.allsky(order, format).path, to: staging) }
            for directory in try directories(order) {
                let path = "Norder\(order)/\(directory)/"
                for name in try names(path) {
                    guard !Task.isCancelled else { throw .interrupted }
                    // The parser takes nothing but the paths of tiles: no name leads out of the folder.
                    guard let (cell, format) = TilePath.parse(path + name), layout.formats.contains(format),
                        let bytes = try copy(path + name, to: staging)
                    else { continue }
                    tally.found(cell, format, bytes: bytes, total: nil)
                }
            }
        }
    }

    /// Copies a file, or makes a second name for it where the file system is the same.
    /// - Returns: its bytes; nil when there is no such file.
    private func copy(_ path: String, to staging: Staging) throws(AdoptionError) -> Int? {
        let (source, target) = (folder.systemPath(path), staging.files.systemPath(path))
        var status = stat()
        guard lstat(source, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Staging.failure("examine", source)
        }
        // A link would be made to a symbolic link itself, which the server does not follow out of the data directory.
        if status.st_mode & S_IFMT == S_IFREG {
            if link(source, target) == 0
                || (errno == ENOENT && linkInNewFolder(source, target, staging, path))
            {
                return Int(status.st_size)
            }
            if errno == EEXIST, try staging.size(of: path) == Int(status.st_size) {
                return Int(status.st_size)
            }
        }
        let bytes: [UInt8]?
        do {
            bytes = try folder.read(path, atMost: Mirror.largestFile)
        } catch {
            throw AdoptionError(error)
        }
        guard let bytes else { return nil }
        try staging.write(bytes, to: path)
        return bytes.count
    }

    private func linkInNewFolder(_ source: String, _ target: String, _ staging: Staging, _ path: String)
        -> Bool
    {
        guard let slash = target.lastIndex(of: "/") else { return false }
        var made = ""
        for part in target[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
            made += part + "/"
            mkdir(made, 0o777)
        }
        return link(source, target) == 0
    }
}

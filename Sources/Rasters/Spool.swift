internal import GDAL
internal import Glibc

extension RasterSource {
    /// Copies the source into tiles on disk, in one way through it, and reads from the copy from then on.
    ///
    /// The copy holds the stored samples of the bands that are used, and their mask. It is made beside its final name
    /// and renamed when it is whole; one that was left whole by an earlier build of the same file is used again. Copies of
    /// other states of the source, and unfinished ones, are deleted unless another process works in the folder.
    /// - Parameters:
    ///   - folder: where it goes; made when missing.
    ///   - fresh: whether a copy that is there is made anew.
    ///   - quantiles: two shares of the area whose values are looked for on the way; nil to look for none.
    ///   - progress: told the fraction that is done, 0...1.
    /// - Returns: the source as it is read now, its path for removal, and the range of values: nil where it was not
    ///   asked for or no sample is valid.
    /// - Throws: ``RasterError/space(folder:needed:free:source:)``, or ``RasterError/gdal(_:)`` when the source cannot be
    ///   read or the copy not written.
    public func spooled(
        into folder: String, fresh: Bool = false, quantiles: (low: Double, high: Double)? = nil,
        progress: (Double) -> Void = { _ in }
    ) throws(RasterError) -> (source: RasterSource, statistics: ValueStatistics?) {
        let spool = SpoolFile(self, folder: folder)
        try spool.makeFolder()
        let claim = SpoolClaim(folder)
        if claim.isAlone { spool.discardOthers() }
        claim.share()
        var statistics: ValueStatistics?
        if !fresh, spool.isWhole, quantiles == nil || spool.statistics != nil {
            statistics = spool.statistics
        } else {
            try spool.checkSpace(decodedBytes)
            do {
                statistics = try write(spool, quantiles, progress)
            } catch {
                spool.discardUnfinished()
                throw .gdal(error)
            }
        }
        var copy = self
        do {
            let dataset = try Dataset(opening: spool.path)
            copy.storage = try SourceStorage(dataset, try dataset.band(1), bands: dataset.bandCount)
        } catch {
            throw .gdal(error)
        }
        copy.readPath = spool.path
        copy.readBands = Array(1...plan.bands.count)
        if plan.usesMask { copy.readMask = plan.bands.count == 4 ? .alpha(band: 4) : .file }
        copy.spoolClaim = claim
        copy.rowLayout = nil
        return (copy, statistics)
    }

    /// Deletes the copy that the source is read from and its mask, if there are any, and their folder when that is empty
    /// then.
    public func removeSpool() {
        if let imageMask {
            unlink(imageMask)
            if readPath == path, let slash = imageMask.lastIndex(of: "/") {
                rmdir(String(imageMask[..<slash]))
            }
        }
        guard readPath != path else { return }
        unlink(readPath)
        unlink(SpoolFile.note(of: readPath))
        if let slash = readPath.lastIndex(of: "/") { rmdir(String(readPath[..<slash])) }
    }

    private func write(
        _ spool: SpoolFile, _ quantiles: (low: Double, high: Double)?, _ progress: (Double) -> Void
    ) throws(GDALError) -> ValueStatistics? {
        var options = [
            "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "BIGTIFF=IF_SAFER", "INTERLEAVE=PIXEL",
        ]
        if plan.bands.count == 4 || plan.bands.count == 3 { options.append("PHOTOMETRIC=RGB") }
        if plan.bands.count == 4 { options.append("ALPHA=YES") }
        let writer = try RasterWriter(
            creating: spool.unfinished, driver: "GTiff", width: fileColumns, height: fileRows,
            bands: plan.bands.count, type: plan.storedType, options: options)
        let hasMask = plan.usesMask && plan.bands.count != 4
        if hasMask { try writer.addMask() }
        var counter = ValueCounter(self)
        let total = Double(fileColumns) * Double(fileRows)
        var done = 0.0
        try SourcePass(self).run { window, samples, mask throws(GDALError) in
            if quantiles != nil { counter.count(window, samples, mask) }
            let plane = window.width * window.height
            for band in plan.bands.indices {
                let start = band * plane * plan.storedType.size
                try writer.write(
                    band: band + 1, window: window,
                    from: UnsafeRawBufferPointer(
                        rebasing: samples[start..<(start + plane * plan.storedType.size)]),
                    type: plan.storedType)
            }
            if hasMask, let mask {
                try writer.writeMask(window: window, from: UnsafeRawBufferPointer(rebasing: mask[..<plane]))
            }
            done += Double(plane)
            progress(done / total)
        }
        try writer.close()
        guard (try? SourceIdentity(path: path)) == identity else {
            throw GDALError(
                operation: "copy", path: path,
                message:
                    "it was changed while it was copied; put it back, or repeat the command with the new one")
        }
        let statistics = quantiles.flatMap { counter.result($0) }
        try spool.finish(statistics)
        return statistics
    }
}

/// The names and the state of a copy in tiles.
private struct SpoolFile {
    let folder: String
    let path: String

    init(_ source: RasterSource, folder: String) {
        self.folder = folder
        // The name says what it is a copy of: another state of the source, or another reading of it, has another.
        let identity = source.identity
        var name: UInt64 = 0xcbf2_9ce4_8422_2325
        let words = "\(source.path)\n\(identity)\n\(source.plan)"
        for byte in words.utf8 { name = (name ^ UInt64(byte)) &* 0x100_0000_01b3 }
        path = folder + "/spool-" + String(name, radix: 16) + ".tif"
    }

    /// The copy while it is made; of this process alone.
    var unfinished: String { "\(path).\(getpid()).tmp" }

    static func note(of path: String) -> String { path + ".range" }

    var isWhole: Bool { access(path, R_OK) == 0 }

    /// The range of values, when an earlier process looked for it.
    var statistics: ValueStatistics? {
        guard let file = fopen(Self.note(of: path), "r") else { return nil }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 512)
        let count = fread(&text, 1, text.count, file)
        let numbers = String(decoding: text[..<count], as: UTF8.self).split(separator: " ").map { Double($0) }
        guard numbers.count == 5, let low = numbers[0], let high = numbers[1], let lowCut = numbers[2],
            let highCut = numbers[3], let fraction = numbers[4]
        else { return nil }
        return ValueStatistics(
            minimum: low, maximum: high, lowCut: lowCut, highCut: highCut, validFraction: fraction)
    }

    func makeFolder() throws(RasterError) {
        for end in folder.indices.dropFirst() where folder[end] == "/" {
            mkdir(String(folder[..<end]), 0o755)
        }
        if mkdir(folder, 0o755) != 0, errno != EEXIST {
            throw .gdal(
                GDALError(
                    operation: "make the folder", path: folder, message: String(cString: strerror(errno))))
        }
    }

    func checkSpace(_ bytes: Int) throws(RasterError) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return }
        let (free, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(status.f_frsize))
        // Tiles at the right and lower edges are whole, and the file has a list of them.
        let needed = bytes.addingReportingOverflow(bytes / 32 + (16 << 20))
        guard overflow || !needed.overflow && free >= needed.partialValue else {
            discardUnfinished()
            throw .space(folder: folder, needed: needed.overflow ? .max : needed.partialValue, free: free)
        }
    }

    /// Removes what was written, and the folders that are empty then.
    func discardUnfinished() {
        unlink(unfinished)
        var folder = unfinished
        for _ in 0..<2 {
            guard let slash = folder.lastIndex(of: "/") else { return }
            folder = String(folder[..<slash])
            guard rmdir(folder) == 0 else { return }
        }
    }

    /// Removes every other copy in the folder, whole or not.
    func discardOthers() {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        let own = path.split(separator: "/").last.map(String.init) ?? path
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("spool-"), name != own, name != Self.note(of: own) {
                unlink(folder + "/" + name)
            }
        }
    }

    func finish(_ statistics: ValueStatistics?) throws(GDALError) {
        if let statistics {
            let numbers = [
                statistics.minimum, statistics.maximum, statistics.lowCut, statistics.highCut,
                statistics.validFraction,
            ]
            let text = numbers.map { "\($0)" }.joined(separator: " ")
            guard let file = fopen(Self.note(of: path), "w") else {
                throw error("write", Self.note(of: path))
            }
            let written = fputs(text, file)
            guard fclose(file) == 0, written >= 0 else { throw error("write", Self.note(of: path)) }
            try synchronise(Self.note(of: path))
        }
        // Under its final name the copy is trusted by later builds, after a failure of power as well.
        try synchronise(unfinished)
        guard rename(unfinished, path) == 0 else { throw error("rename to \(path)", unfinished) }
    }

    private func synchronise(_ path: String) throws(GDALError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw error("open", path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw error("write to disk", path) }
    }

    private func error(_ operation: String, _ path: String) -> GDALError {
        GDALError(operation: operation, path: path, message: String(cString: strerror(errno)))
    }
}

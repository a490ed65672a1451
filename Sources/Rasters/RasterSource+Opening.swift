internal import GDAL
internal import Glibc
internal import PlanetaryFrames

extension RasterSource {
    /// GDAL's names of the formats that are read.
    static let drivers: Set<String> = [
        "GTiff", "JPEG", "PNG", "VRT", "PDS", "PDS4", "ISIS2", "ISIS3", "VICAR", "FITS", "JP2OpenJPEG",
        "JP2ECW",
        "JP2KAK", "JPEG2000",
    ]

    /// Those with a label that is read beside GDAL.
    static let labels: [String: RasterLabel.Kind] = [
        "PDS": .pds3, "PDS4": .pds4, "ISIS2": .isis2, "ISIS3": .isis3, "VICAR": .vicar, "FITS": .fits,
    ]

    /// Opening a pipe or a device would wait for whoever writes to it. GDAL's virtual paths are its own affair.
    static func checkIsFile(_ path: String) throws(GDALError) {
        var status = stat()
        guard !path.hasPrefix("/vsi"), stat(path, &status) == 0 else { return }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || kind == S_IFDIR else {
            throw GDALError(
                operation: "open", path: path, message: "it is a pipe or a device; a raster file was expected"
            )
        }
    }

    /// The label beside a file of the same stem; nil where there is none.
    static func label(beside path: String) -> String? {
        guard let dot = path.lastIndex(of: "."), access(path, R_OK) == 0 else { return nil }
        let stem = path[..<dot]
        guard ![".lbl", ".xml"].contains(path[dot...].lowercased()) else { return nil }
        return [".lbl", ".LBL", ".xml", ".XML"].map { String(stem + $0) }
            .first { $0 != path && access($0, R_OK) == 0 }
    }

    /// What GDAL says of a file that it cannot open, with what would help.
    static func withHint(_ error: GDALError, _ path: String) -> GDALError {
        guard error.operation == "open", access(path, R_OK) == 0 else { return error }
        let hint: String
        if error.message.contains("SUFFIX_ITEMS") {
            hint =
                "it is a raw cube with side planes; project it first (cam2map of ISIS), and name the result"
        } else if let label = label(beside: path) {
            hint = "its label is \(label): name that instead"
        } else if let head = try? FileFacts(of: path, head: 1 << 16).head, let table = tableInWords(head) {
            hint = "it is \(table), not of an image: name the label of a map"
        } else if [".raw", ".img", ".dat"].contains(where: { path.lowercased().hasSuffix($0) }) {
            hint = "if it holds samples alone, name the label that describes them"
        } else {
            return error
        }
        var said = Substring(error.message)
        while let last = said.last, last.isWhitespace || last == "." { said.removeLast() }
        return GDALError(
            operation: error.operation, path: path,
            message: String(said) + "; " + hint)
    }

    /// What a label describes, where that is a table or a list of products and no image.
    private static func tableInWords(_ head: [UInt8]) -> String? {
        let text = String(decoding: head, as: UTF8.self)
        if text.contains("<Product_Collection") || text.contains("<Product_Bundle") {
            return "the PDS4 label of a list of products"
        }
        if text.contains("pds.nasa.gov/pds4") {
            let isImage = text.contains("<Array_2D") || text.contains("<Array_3D")
            return !isImage && text.contains("<Table_") ? "the PDS4 label of a table" : nil
        }
        guard text.hasPrefix("PDS_VERSION_ID") || text.contains("\nPDS_VERSION_ID") else { return nil }
        let label = PVLLabel(head).root
        let isImage = label.entry(anywhere: ["IMAGE", "QUBE", "SPECTRAL_QUBE"]) != nil
        return !isImage && label.entry(anywhere: ["TABLE", "SERIES", "SPREADSHEET"]) != nil
            ? "the PDS3 label of a table" : nil
    }

    /// Refuses pixels in a projection that are smaller than those that a grid of longitudes and latitudes may have: their
    /// unit is another one.
    static func checkPixelSize(_ placement: SourcePlacement, path: String) throws(RasterError) {
        guard case .projected(let map) = placement else { return }
        let g = map.geotransform
        let metres = abs(g[1] * g[5] - g[2] * g[4]).squareRoot() * map.frame.metresPerUnit
        let degrees = metres / map.frame.radiusMetres * 180 / .pi
        guard degrees < SourceGrid.steps.lowerBound || map.resolutionDegrees < 1e-12 else { return }
        throw .georeferencing(
            path: path,
            found:
                "its pixels are \(metres) m wide, \(degrees) degrees of \(map.frame.body.name), where at least "
                + "\(SourceGrid.steps.lowerBound) degrees were expected",
            remedy:
                "check whether the units of its geotransform, \(g), are those of the projection, which is "
                + map.frame.projection.rawValue)
    }

    /// A file of several rasters is none by itself.
    static func checkHasBands(_ dataset: borrowing Dataset) throws(RasterError) {
        guard dataset.bandCount == 0 else { return }
        let parts = dataset.subdatasets
        guard !parts.isEmpty else {
            throw .bands(
                path: dataset.path, found: "it holds no raster", remedy: "expected a map of one band or more")
        }
        let names = parts.prefix(4).joined(separator: ", ") + (parts.count > 4 ? ", ..." : "")
        throw .bands(
            path: dataset.path, found: "it holds \(parts.count) rasters (\(names))",
            remedy: "write the one that is meant to a file of its own with gdal_translate")
    }
}

extension LabelFacts {
    /// Bytes of a label that are read; longer ones are cut.
    private static let longestLabel = 1 << 20

    /// What the label or header of an opened file says.
    init(_ dataset: borrowing Dataset, _ first: Band) throws(RasterError) {
        guard let kind = RasterSource.labels[dataset.driver] else {
            self.init()
            return
        }
        let head: [UInt8]
        do {
            head = try FileFacts(of: dataset.path, head: Self.longestLabel).head
        } catch {
            throw .gdal(error)
        }
        try self.init(
            head, kind: kind, columns: dataset.width, rows: dataset.height,
            storedType: first.type ?? .float32,
            path: dataset.path)
    }

    /// Whether the samples can be read: a label beside them may name another file, or one that is not there.
    func checkSamples(_ dataset: borrowing Dataset, _ first: Band) throws(RasterError) {
        guard RasterSource.labels[dataset.driver] != nil else { return }
        if let samplesRefusal {
            throw .bands(
                path: dataset.path, found: samplesRefusal.found, remedy: samplesRefusal.remedy)
        }
        if let samplesFile, !samplesFile.isQuoted {
            throw .georeferencing(
                path: dataset.path,
                found:
                    "its label names the file of its samples, \(samplesFile.name), without quotes, and is read as "
                    + "that file itself",
                remedy: "write \"\(samplesFile.name)\" in quotes into a copy of the label")
        }
        try checkLastRow(dataset, first)
    }

    /// The last row is where a file that was cut short ends.
    private func checkLastRow(_ dataset: borrowing Dataset, _ first: Band) throws(RasterError) {
        guard let type = first.type, dataset.width > 0, dataset.height > 0 else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: type.size, alignment: 8)
        defer { buffer.deallocate() }
        do {
            try dataset.read(
                band: dataset.bandCount,
                window: PixelWindow(column: dataset.width - 1, row: dataset.height - 1, width: 1, height: 1),
                into: buffer,
                type: type, pixelStride: type.size, lineStride: type.size)
        } catch {
            throw .gdal(
                GDALError(
                    operation: "read its last sample", path: dataset.path,
                    message: error.message
                        + "; it is truncated or its label is that of another file: fetch it again"))
        }
    }
}

extension LabelFacts {
    /// The nodata value to go by, instead of GDAL's where that is but a habit of its driver.
    /// - Parameter declared: what the survey says.
    func corrected(_ declared: Double??, file: Band, driver: String) -> Double?? {
        if declared != nil { return declared }
        guard ["PDS", "PDS4", "VICAR", "FITS"].contains(driver), let value = file.noData else { return nil }
        if noDataValues.contains(value) { return nil }
        // GDAL reads 16#8000# as 16, 0xFF7FFFFB as an integer, and a list as 0.
        let isDefault = value == -32768 || value.isNaN || abs(value) >= 3.4e38
        if driver == "PDS", let first = noDataValues.first, !isDefault { return .some(first) }
        // The label may speak of other arrays as well; only a pattern of bits is what GDAL misreads.
        if driver == "PDS4", let pattern = bitPatterns.first, !isDefault { return .some(pattern) }
        // The PDS driver takes 0 of unsigned integers for missing where no label says so: it may be a shadow.
        if driver == "PDS", file.type == .uint8 || file.type == .uint16 {
            return noDataValues.isEmpty ? .some(.none) : nil
        }
        return nil
    }

    /// Says which bands are used, where the file has others.
    mutating func explain(_ bands: [SourceBand], _ plan: SamplePlan, _ declaration: SourceDeclaration) {
        guard bands.count > 1 || declaration.bands != nil else { return }
        let used = plan.bands.compactMap { number in bands.first { $0.number == number } }
        let isPlain = plan.bands == Array(1...bands.count)
        guard declaration.bands != nil || !isPlain || !plan.isValues else { return }
        believe(
            .bands, SourceBand.words(used) + " of \(bands.count)",
            from: declaration.bands != nil
                ? "bands of the survey" : plan.isValues ? "the file" : "the file's own colours")
    }

    /// Says where nodata, scale and unit come from.
    mutating func explain(_ plan: SamplePlan, _ band: Band, _ declaration: SourceDeclaration) {
        if declaration.noData != nil || declaration.noDataRule != nil {
            believe(.noData, "as the survey says", from: "nodata of the survey")
        } else if !beliefs.contains(where: { $0.topic == .noData }), let value = plan.noData {
            believe(.noData, "\(value)", from: "the file, as GDAL reads it")
        }
        if plan.usesMask {
            believe(.noData, "where the file's own mask says", from: "mask or alpha band of the file")
        }
        if plan.scale != 1 || plan.offset != 0 {
            believe(.scale, "stored * \(plan.scale) + \(plan.offset)", from: "scale and offset of the file")
        }
        if !band.unit.isEmpty { believe(.unit, band.unit, from: "unit of the band") }
    }
}

extension GridCoverage {
    /// The grid of the answer to a request, whatever it would cost: protocols scale in terms of it.
    /// - Throws: ``CoverageError``.
    public func answerGrid(_ request: CoverageRequest) throws(CoverageError) -> CoverageGrid {
        var request = request
        // Not every format holds what the grid can be.
        request.format = CoverageFormat()
        let boundless = CoverageLimits(
            pixels: .max, bytes: .max, spooledBytes: .max, memoryBytes: .max, sourcePixels: .max)
        return try CoveragePlan(request, of: self, limits: boundless).grid
    }
}

extension CoverageMaker {
    /// The stored values of an answer, those of a pixel's bands behind each other: for documents with a few of them.
    /// - Throws: ``CoverageError``.
    public func values(
        _ request: CoverageRequest, of coverage: GridCoverage,
        cancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CoverageError) -> [Double] {
        let plan = try plan(request, of: coverage)
        var strips = try strips(plan, cancelled)
        var values: [Double] = []
        values.reserveCapacity(plan.grid.width * plan.grid.height * plan.bands.count)
        for rows in plan.layout.strips {
            let bytes = try strips.samples(rows: rows, bands: plan.bands)
            plan.type.append(bytes, to: &values)
        }
        try strips.finish()
        return values
    }
}

extension CoverageSampleType {
    /// Appends samples that lie in memory in this machine's order of bytes.
    fileprivate func append(_ bytes: [UInt8], to values: inout [Double]) {
        func integers<Sample: FixedWidthInteger>(_: Sample.Type) {
            for start in stride(from: 0, to: bytes.count - bytes.count % size, by: size) {
                values.append(Double(Self.integer(bytes, start, Sample.self)))
            }
        }
        switch self {
        case .uint8: integers(UInt8.self)
        case .int8: integers(Int8.self)
        case .uint16: integers(UInt16.self)
        case .int16: integers(Int16.self)
        case .uint32: integers(UInt32.self)
        case .int32: integers(Int32.self)
        case .float32:
            for start in stride(from: 0, to: bytes.count - bytes.count % 4, by: 4) {
                values.append(Double(Float(bitPattern: Self.integer(bytes, start, UInt32.self))))
            }
        case .float64:
            for start in stride(from: 0, to: bytes.count - bytes.count % 8, by: 8) {
                values.append(Double(bitPattern: Self.integer(bytes, start, UInt64.self)))
            }
        }
    }

    private static func integer<Sample: FixedWidthInteger>(
        _ bytes: [UInt8], _ start: Int, _: Sample.Type
    ) -> Sample {
        var bits: Sample = 0
        // The machine's order is that of little endians on all that this runs on.
        for index in (0..<MemoryLayout<Sample>.size).reversed() {
            bits = (Sample.bitWidth > 8 ? bits << 8 : 0) | Sample(truncatingIfNeeded: bytes[start + index])
        }
        return bits
    }
}

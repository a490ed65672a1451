internal import Glibc
internal import GDAL
internal import Pixels

/// What one pass over a source says of its values.
public struct ValueStatistics: Sendable, Equatable {
    /// Least valid value, physical.
    public let minimum: Double
    /// Greatest valid value, physical.
    public let maximum: Double
    /// Value below which 0.5 % of the valid area lies.
    public let lowCut: Double
    /// Value below which 99.5 % of the valid area lies.
    public let highCut: Double
    /// Fraction of the samples' area that is valid.
    public let validFraction: Double
}

extension RasterSource {
    /// Reads the source once, row by row, for the range of its values by area.
    ///
    /// Samples are weighted by the cosine of their latitude. Integers of up to 16 bits are counted exactly;
    /// other types in classes of the leading 20 bits of their float pattern, 0.05 % wide, with linear
    /// interpolation inside a class: one pass, no range known beforehand, and no outlier can spoil it. Of a
    /// colour source all channels are counted together.
    /// - Parameter quantiles: the two shares of the area, such as 0.005 and 0.995.
    /// - Returns: nil when no sample is valid.
    /// - Throws: ``RasterError/gdal(_:)`` when the file cannot be read.
    public func statistics(quantiles: (low: Double, high: Double) = (0.005, 0.995)) throws(RasterError)
        -> ValueStatistics?
    {
        do {
            var pass = try StatisticsPass(self)
            try pass.run()
            return pass.result(quantiles)
        } catch {
            throw .gdal(error)
        }
    }
}

private struct StatisticsPass: ~Copyable {
    private let source: RasterSource
    private let dataset: Dataset
    private let exact: Bool
    private var histogram: [Double]
    private var counts: [UInt32]
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private var area = 0.0
    private var valid = 0.0

    init(_ source: RasterSource) throws(GDALError) {
        self.source = source
        dataset = try Dataset(opening: source.path)
        switch source.plan.storedType {
        case .uint8, .int8, .uint16, .int16: exact = true
        case .uint32, .int32, .float32, .float64: exact = false
        }
        histogram = [Double](repeating: 0, count: exact ? 65536 : 1 << 20)
        counts = [UInt32](repeating: 0, count: exact ? 65536 : 0)
    }

    mutating func run() throws(GDALError) {
        let grid = source.grid
        // Whole blocks, so that each is decoded once, in pieces of about a million samples.
        let most = 1 << 20
        let block = source.blockSize
        let rowsAtOnce = max(1, min(block.rows, most))
        let height = max(rowsAtOnce, most / max(1, grid.columns) / rowsAtOnce * rowsAtOnce)
        let blocksAcross = max(1, most / height / max(1, block.columns))
        let width = min(grid.columns, blocksAcross * max(1, block.columns))
        for band in source.plan.bands.prefix(3) {
            for row in stride(from: grid.firstRow, through: grid.lastRow, by: height) {
                for column in stride(from: 0, to: grid.columns, by: width) {
                    try count(
                        band,
                        PixelWindow(
                            column: column, row: row, width: min(width, grid.columns - column),
                            height: min(height, grid.lastRow + 1 - row)))
                }
            }
        }
    }

    private mutating func count(_ band: Int, _ window: PixelWindow) throws(GDALError) {
        if exact {
            try countExactly(band, window)
        } else {
            try countByPattern(band, window)
        }
    }

    private func weight(row: Int) -> Double {
        max(0, cos((source.grid.firstLatitude - Double(row) * source.grid.latitudeStep) * .pi / 180))
    }

    private func mask(_ band: Int, _ window: PixelWindow) throws(GDALError) -> [UInt8]? {
        guard source.plan.usesMask else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: window.width * window.height, alignment: 1)
        defer { buffer.deallocate() }
        try dataset.readMask(band: band, window: window, into: buffer)
        return Array(buffer)
    }

    private mutating func countExactly(_ band: Int, _ window: PixelWindow) throws(GDALError) {
        let type = source.plan.storedType
        // All types of up to 16 bits are counted as 16-bit patterns.
        let unsigned = type == .uint8 || type == .uint16 || type == .int8
        let samples = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: window.width * window.height)
        defer { samples.deallocate() }
        try dataset.read(
            band: band, window: window, into: UnsafeMutableRawBufferPointer(samples),
            type: unsigned ? .uint16 : .int16, pixelStride: 2, lineStride: 2 * window.width)
        let mask = try mask(band, window)
        // Rows of nearly one weight, within a degree, are counted in integers and weighed together.
        let group = min(16, max(1, Int(1 / source.grid.latitudeStep)))
        var first = 0
        while first < window.height {
            let last = min(first + group, window.height)
            counts.withUnsafeMutableBufferPointer { counts in
                counts.update(repeating: 0)
                for i in (first * window.width)..<(last * window.width) where mask == nil || mask![i] != 0 {
                    counts[Int(samples[i])] &+= 1
                }
            }
            var total = 0.0
            for row in first..<last { total += self.weight(row: window.row + row) }
            let weight = total / Double(last - first)
            area += total * Double(window.width)
            for pattern in 0..<65536 where counts[pattern] != 0 {
                let stored = value(pattern: pattern, type)
                guard stored != source.plan.noData else { continue }
                let slot = type == .uint8 || type == .uint16 ? pattern : Int(stored) + 32768
                let amount = weight * Double(counts[pattern])
                histogram[slot] += amount
                valid += amount
                minimum = min(minimum, stored)
                maximum = max(maximum, stored)
            }
            first = last
        }
    }

    private func value(pattern: Int, _ type: SampleType) -> Double {
        switch type {
        case .int16: Double(Int16(truncatingIfNeeded: pattern))
        case .int8: Double(Int8(truncatingIfNeeded: pattern))
        default: Double(pattern)
        }
    }

    private mutating func countByPattern(_ band: Int, _ window: PixelWindow) throws(GDALError) {
        let samples = UnsafeMutableBufferPointer<Double>.allocate(capacity: window.width * window.height)
        defer { samples.deallocate() }
        try dataset.read(
            band: band, window: window, into: UnsafeMutableRawBufferPointer(samples), type: .float64,
            pixelStride: 8, lineStride: 8 * window.width)
        let mask = try mask(band, window)
        let isFloat = source.plan.storedType == .float32
        let noData = source.plan.noData.map { isFloat ? Double(Float($0)) : $0 }
        for row in 0..<window.height {
            let weight = weight(row: window.row + row)
            area += weight * Double(window.width)
            for column in 0..<window.width {
                let i = row * window.width + column
                let value = samples[i]
                guard value.isFinite, value != noData, mask == nil || mask![i] != 0 else { continue }
                histogram[Self.slot(Float(value))] += weight
                valid += weight
                if value < minimum { minimum = value }
                if value > maximum { maximum = value }
            }
        }
    }

    /// The leading 20 bits of a float's pattern, reordered so that greater values have greater slots.
    private static func slot(_ value: Float) -> Int {
        let bits = value.bitPattern
        let ordered = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
        return Int(ordered >> 12)
    }

    /// The least value of a slot.
    private static func floor(slot: Int) -> Double {
        let ordered = UInt32(slot) << 12
        let bits = ordered & 0x8000_0000 != 0 ? ordered & 0x7fff_ffff : ~ordered
        return Double(Float(bitPattern: bits))
    }

    consuming func result(_ quantiles: (low: Double, high: Double)) -> ValueStatistics? {
        guard valid > 0 else { return nil }
        let scale = source.plan.scale
        let offset = source.plan.offset
        let ends = [minimum * scale + offset, maximum * scale + offset].sorted()
        // A negative scale turns the order round.
        let shares = scale > 0 ? quantiles : (1 - quantiles.low, 1 - quantiles.high)
        return ValueStatistics(
            minimum: ends[0], maximum: ends[1], lowCut: quantile(shares.0) * scale + offset,
            highCut: quantile(shares.1) * scale + offset, validFraction: min(1, valid / area))
    }

    /// The stored value below which a share of the valid area lies.
    private borrowing func quantile(_ share: Double) -> Double {
        let target = share * valid
        var below = 0.0
        for slot in histogram.indices where histogram[slot] > 0 {
            let upTo = below + histogram[slot]
            if upTo >= target {
                if exact { return exactValue(slot) }
                // Doubles beyond the range of floats share a slot whose own limits are no numbers: comparisons
                // with those are false.
                let floor = Self.floor(slot: slot)
                let ceiling = slot + 1 < histogram.count ? Self.floor(slot: slot + 1) : maximum
                let low = floor > minimum ? min(floor, maximum) : minimum
                let high = ceiling < maximum ? max(ceiling, minimum) : maximum
                return low + (high - low) * (target - below) / histogram[slot]
            }
            below = upTo
        }
        return maximum
    }

    private borrowing func exactValue(_ slot: Int) -> Double {
        switch source.plan.storedType {
        case .uint8, .uint16: Double(slot)
        default: Double(slot - 32768)
        }
    }
}

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

    /// Statistics that were found before.
    public init(minimum: Double, maximum: Double, lowCut: Double, highCut: Double, validFraction: Double) {
        self.minimum = minimum
        self.maximum = maximum
        self.lowCut = lowCut
        self.highCut = highCut
        self.validFraction = validFraction
    }
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
            var counter = ValueCounter(self)
            var holes: [PixelWindow] = []
            try SourcePass(self).run(
                { window, samples, mask throws(GDALError) in counter.count(window, samples, mask) },
                hole: { holes.append($0) })
            for window in holes { counter.countHole(window) }
            return counter.result(quantiles)
        } catch {
            throw .gdal(error)
        }
    }
}

/// Counts the values of a source, piece by piece.
struct ValueCounter: ~Copyable {
    private let source: RasterSource
    private let exact: Bool
    /// What means no data in a sample; of colours the mask says that, for all channels decide together.
    private let noData: Double?
    private let rule: NoDataRule?
    private var histogram: [Double]
    private var counts: [UInt32]
    private var minimum = Double.infinity
    private var maximum = -Double.infinity
    private var area = 0.0
    private var valid = 0.0

    init(_ source: RasterSource) {
        self.source = source
        let plan = source.plan
        noData =
            plan.isValues ? plan.noData.map { plan.storedType == .float32 ? Double(Float($0)) : $0 } : nil
        rule = plan.isValues ? plan.pointRule : nil
        switch plan.storedType {
        case .uint8, .int8, .uint16, .int16: exact = true
        case .uint32, .int32, .float32, .float64: exact = false
        }
        histogram = [Double](repeating: 0, count: exact ? 65536 : 1 << 20)
        counts = [UInt32](repeating: 0, count: exact ? 65536 : 0)
    }

    /// Counts a window, of colours the three channels together.
    /// - Parameters:
    ///   - samples: as stored, band after band.
    ///   - mask: one byte a pixel, 0 where invalid; nil where no mask decides.
    mutating func count(
        _ window: PixelWindow, _ samples: UnsafeRawBufferPointer, _ mask: UnsafeRawBufferPointer?
    ) {
        // Rows beyond a pole are no part of the map.
        let (first, last, left, width) = used(of: window)
        guard first <= last, width > 0 else { return }
        let plane = window.width * window.height
        for band in 0..<min(3, source.plan.bands.count) {
            let type = source.plan.storedType
            let start = samples.baseAddress! + (band * plane + left) * type.size
            let rows = Rows(
                start: start, mask: mask?.baseAddress.map { $0 + left }, stride: window.width, width: width,
                rows: (first - window.row)..<(last + 1 - window.row), firstRow: window.row)
            if case .projected = source.placement {
                countProjected(rows, type, column: window.column + left)
                continue
            }
            switch type {
            case .uint8: countExactly(rows, UInt8.self) { Int($0) }
            case .int8: countExactly(rows, Int8.self) { Int($0) + 32768 }
            case .uint16: countExactly(rows, UInt16.self) { Int($0) }
            case .int16: countExactly(rows, Int16.self) { Int($0) + 32768 }
            case .uint32: countByPattern(rows, UInt32.self)
            case .int32: countByPattern(rows, Int32.self)
            case .float32: countByPattern(rows, Float.self)
            case .float64: countByPattern(rows, Double.self)
            }
        }
    }

    /// Counts the area of a window without data.
    mutating func countHole(_ window: PixelWindow) {
        let (first, last, left, width) = used(of: window)
        guard first <= last, width > 0 else { return }
        var missing = 0.0
        for row in first...last {
            forEachArea(row: row, columns: (window.column + left)..<(window.column + left + width)) {
                columns, weight in
                missing += weight * Double(columns.count)
            }
        }
        area += missing
    }

    /// The rows of the file and the columns of a window that are part of the map.
    private func used(of window: PixelWindow) -> (firstRow: Int, lastRow: Int, left: Int, width: Int) {
        let rows = source.orientation.rows(
            source.lattice.firstRow..<(source.lattice.lastRow + 1), of: source.fileRows)
        let columns = source.orientation.columns(0..<source.lattice.columns, of: source.fileColumns)
        let left = max(window.column, columns.lowerBound)
        return (
            max(window.row, rows.lowerBound), min(window.row + window.height, rows.upperBound) - 1,
            left - window.column, min(window.column + window.width, columns.upperBound) - left
        )
    }

    /// Rows of one band of a window, of which as many columns count as the grid has.
    private struct Rows {
        let start: UnsafeRawPointer
        let mask: UnsafeRawPointer?
        let stride: Int
        let width: Int
        let rows: Range<Int>
        let firstRow: Int

        func isValid(_ index: Int) -> Bool { mask?.load(fromByteOffset: index, as: UInt8.self) != 0 }
    }

    private func weight(row: Int) -> Double {
        max(
            0, cos(source.lattice.latitude(row: source.orientation.row(row, of: source.fileRows)) * .pi / 180)
        )
    }

    /// The parts of a row whose samples have the same area, and that area.
    private func forEachArea(row: Int, columns: Range<Int>, _ body: (Range<Int>, Double) -> Void) {
        guard case .projected(let map) = source.placement else { return body(columns, weight(row: row)) }
        var column = columns.lowerBound
        while column < columns.upperBound {
            let (area, until) = map.areas.area(column: column, row: row)
            let end = min(until, columns.upperBound)
            body(column..<end, area)
            column = end
        }
    }

    private mutating func countProjected(_ rows: Rows, _ type: SampleType, column: Int) {
        switch type {
        case .uint8:
            countProjected(rows, UInt8.self, column: column, value: { Double($0) }, slot: { Int($0) })
        case .int8:
            countProjected(rows, Int8.self, column: column, value: { Double($0) }, slot: { Int($0) + 32768 })
        case .uint16:
            countProjected(rows, UInt16.self, column: column, value: { Double($0) }, slot: { Int($0) })
        case .int16:
            countProjected(rows, Int16.self, column: column, value: { Double($0) }, slot: { Int($0) + 32768 })
        case .uint32: countProjected(rows, UInt32.self, column: column)
        case .int32: countProjected(rows, Int32.self, column: column)
        case .float32: countProjected(rows, Float.self, column: column)
        case .float64: countProjected(rows, Double.self, column: column)
        }
    }

    private mutating func countProjected<Stored: StoredSample>(_ rows: Rows, _ type: Stored.Type, column: Int)
    {
        countProjected(
            rows, type, column: column, value: { $0.number }, slot: { Self.slot(Float($0.number)) })
    }

    /// Counts samples of a projected source, whose areas follow neither rows nor columns.
    private mutating func countProjected<Stored: BitwiseCopyable>(
        _ part: Rows, _ type: Stored.Type, column: Int, value: (Stored) -> Double, slot: (Stored) -> Int
    ) {
        let samples = part.start.assumingMemoryBound(to: Stored.self)
        for row in part.rows {
            let start = row * part.stride
            var parts: [(Range<Int>, Double)] = []
            forEachArea(row: part.firstRow + row, columns: column..<(column + part.width)) {
                parts.append(($0, $1))
            }
            for (columns, weight) in parts {
                area += weight * Double(columns.count)
                for i in (start + columns.lowerBound - column)..<(start + columns.upperBound - column) {
                    let number = value(samples[i])
                    guard number.isFinite, number != noData, part.isValid(i), rule?.matches(number) != true
                    else { continue }
                    histogram[slot(samples[i])] += weight
                    valid += weight
                    if number < minimum { minimum = number }
                    if number > maximum { maximum = number }
                }
            }
        }
    }

    @inline(__always)
    private mutating func countExactly<Stored: BitwiseCopyable>(
        _ part: Rows, _ type: Stored.Type, slot: (Stored) -> Int
    ) {
        let samples = part.start.assumingMemoryBound(to: Stored.self)
        // Rows of nearly one weight, within a degree, are counted in integers and weighed together.
        let group = min(16, max(1, Int(1 / source.lattice.latitudeStep)))
        var first = part.rows.lowerBound
        while first < part.rows.upperBound {
            let last = min(first + group, part.rows.upperBound)
            counts.withUnsafeMutableBufferPointer { counts in
                counts.update(repeating: 0)
                for row in first..<last {
                    let start = row * part.stride
                    if part.mask == nil {
                        for i in start..<(start + part.width) { counts[slot(samples[i])] &+= 1 }
                    } else {
                        for i in start..<(start + part.width) where part.isValid(i) {
                            counts[slot(samples[i])] &+= 1
                        }
                    }
                }
            }
            var total = 0.0
            for row in first..<last { total += self.weight(row: part.firstRow + row) }
            let weight = total / Double(last - first)
            area += total * Double(part.width)
            for slot in 0..<65536 where counts[slot] != 0 {
                let stored = exactValue(slot)
                guard stored != noData, rule?.matches(stored) != true else { continue }
                let amount = weight * Double(counts[slot])
                histogram[slot] += amount
                valid += amount
                minimum = min(minimum, stored)
                maximum = max(maximum, stored)
            }
            first = last
        }
    }

    @inline(__always)
    private mutating func countByPattern<Stored: StoredSample>(_ part: Rows, _ type: Stored.Type) {
        let samples = part.start.assumingMemoryBound(to: Stored.self)
        for row in part.rows {
            let weight = weight(row: part.firstRow + row)
            area += weight * Double(part.width)
            for i in (row * part.stride)..<(row * part.stride + part.width) {
                let value = samples[i].number
                guard value.isFinite, value != noData, part.isValid(i), rule?.matches(value) != true else {
                    continue
                }
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

    func result(_ quantiles: (low: Double, high: Double)) -> ValueStatistics? {
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

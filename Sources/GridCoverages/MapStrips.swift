internal import HEALPix
internal import Maps

/// The samples of a map, drawn from its tiles.
struct MapStrips: CoverageStrips {
    private let layer: MapLayer
    private let renderer: MapRenderer
    private let plan: CoveragePlan
    private let order: Int
    private let cancelled: @Sendable () -> Bool
    /// Columns that are drawn at a time; the renderer's floats are held for so many.
    private static let mostColumns = 4096

    init(
        _ plan: CoveragePlan, _ layer: MapLayer, _ renderer: MapRenderer,
        _ cancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) {
        self.plan = plan
        self.layer = layer
        self.renderer = renderer
        self.cancelled = cancelled
        do {
            // Only the size of a pixel counts for the order, so that larger answers are told by a part of their pixels.
            let grid = plan.grid
            let part = max(1, max(grid.width, grid.height) / 65535 + 1)
            let window = try MapWindow(
                crs: plan.crs, box: grid.box, width: max(1, grid.width / part),
                height: max(1, grid.height / part))
            let found = try renderer.order(of: layer, in: window)
            // Pixels `part` times as large lie log2(part) orders higher.
            let finer = part > 1 ? Int.bitWidth - (part - 1).leadingZeroBitCount : 0
            order = min(found + finer, layer.orders.upperBound.value)
        } catch {
            throw CoverageError(error)
        }
    }

    mutating func samples(rows: Range<Int>, bands: [Int]) throws(CoverageError) -> [UInt8] {
        let width = plan.grid.width
        let pixelSize = bands.count * plan.type.size
        guard width > Self.mostColumns else { return try block(0..<width, rows, bands) }
        var bytes = [UInt8](repeating: 0, count: width * rows.count * pixelSize)
        for first in stride(from: 0, to: width, by: Self.mostColumns) {
            let columns = first..<min(first + Self.mostColumns, width)
            let part = try block(columns, rows, bands)
            let length = columns.count * pixelSize
            for row in 0..<rows.count {
                let target = (row * width + first) * pixelSize
                bytes.replaceSubrange(
                    target..<(target + length), with: part[(row * length)..<((row + 1) * length)])
            }
        }
        return bytes
    }

    private func block(
        _ columns: Range<Int>, _ rows: Range<Int>, _ bands: [Int]
    ) throws(CoverageError) -> [UInt8] {
        let samples: LayerSamples
        do {
            let box = plan.grid.box(of: CoveragePixels(columns: columns, rows: rows))
            samples = try renderer.samples(
                of: layer,
                in: MapWindow(crs: plan.crs, box: box, width: columns.count, height: rows.count),
                plan.interpolation.ofMaps, order: order, cancelled: cancelled)
        } catch {
            throw CoverageError(error)
        }
        switch samples {
        case .floats(let single):
            // A field may be asked for more than once.
            let values = SampleBytes.repeated(single, bands.count)
            // Grey pictures without transparency.
            if plan.coverage.bands[0].type == .uint8 {
                return values.map { UInt8(max(0, min(255, $0.isNaN ? 0 : $0.rounded()))) }
            }
            let blank = plan.coverage.bands[0].nilValues.first ?? .nan
            switch plan.type {
            case .int16: return SampleBytes.integers(values, Int16(blank))
            default: return SampleBytes.copy(values)
            }
        case .doubles(let single):
            let values = SampleBytes.repeated(single, bands.count)
            let blank = plan.coverage.bands[0].nilValues.first ?? .nan
            switch plan.type {
            case .int32: return SampleBytes.integers(values, Int32(blank))
            default: return SampleBytes.copy(values)
            }
        case .colours(let colours):
            return SampleBytes.channels(
                colours, bands.map { plan.coverage.bands[$0].name == "alpha" ? 3 : $0 })
        }
    }
}

extension CoverageInterpolation {
    var ofMaps: MapInterpolation {
        switch self {
        case .nearest: .nearest
        case .linear: .linear
        case .cubic: .cubic
        }
    }
}

extension CoverageError {
    init(_ error: MapsError) {
        if case .cancelled = error { self = .cancelled } else { self = .maps(error) }
    }
}

/// Samples as bytes in the order of this machine.
enum SampleBytes {
    /// Floats as whole numbers, rounded and kept within the type; not-a-number becomes `blank`.
    static func integers(_ values: [Float], _ blank: Int16) -> [UInt8] {
        integers(values, blank) { value in
            // A double has room for the half, whatever the float: this rounds as `rounded()` does without calling it.
            let wide = Double(max(-32768, min(32767, value)))
            return Int16(truncatingIfNeeded: Int32(wide < 0 ? wide - 0.5 : wide + 0.5))
        }
    }

    /// The same for doubles.
    static func integers(_ values: [Double], _ blank: Int32) -> [UInt8] {
        integers(values, blank) { value in
            Int32(truncatingIfNeeded: Int64(max(-2_147_483_648, min(2_147_483_647, value)).rounded()))
        }
    }

    /// Conversions between types that only the caller knows would be calls into the standard library for each sample.
    @inline(__always)
    private static func integers<Value: BinaryFloatingPoint, Sample: FixedWidthInteger>(
        _ values: [Value], _ blank: Sample, _ convert: (Value) -> Sample
    ) -> [UInt8] {
        let size = MemoryLayout<Sample>.size
        return [UInt8](unsafeUninitializedCapacity: values.count * size) { buffer, initialised in
            let samples = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: Sample.self)
            values.withUnsafeBufferPointer { values in
                for i in 0..<values.count {
                    samples[i] = values[i].isNaN ? blank : convert(values[i])
                }
            }
            initialised = values.count * size
        }
    }

    /// Each sample some times behind itself.
    static func repeated<Sample>(_ samples: [Sample], _ count: Int) -> [Sample] {
        count == 1 ? samples : samples.flatMap { repeatElement($0, count: count) }
    }

    /// Samples as they are.
    static func copy<Sample>(_ samples: [Sample]) -> [UInt8] {
        samples.withUnsafeBytes { [UInt8]($0) }
    }

    /// Some channels of pixels of four.
    static func channels(_ colours: [UInt8], _ channels: [Int]) -> [UInt8] {
        if channels == [0, 1, 2, 3] { return colours }
        let (count, width) = (colours.count / 4, channels.count)
        return [UInt8](unsafeUninitializedCapacity: count * width) { buffer, initialised in
            for (position, channel) in channels.enumerated() {
                for i in 0..<count { buffer[i * width + position] = colours[i * 4 + channel] }
            }
            initialised = count * width
        }
    }
}

internal import GDAL

/// Tells which stored samples are data and have a value in a range; what a mask says comes on top of that.
struct PixelTest {
    private let type: SampleType
    /// Channels that decide together: no data is what all of them call so.
    private let channels: Int
    private let noData: Double?
    private let rule: NoDataRule?
    /// Whether each index of a palette is a colour that shows; empty without one.
    private let shows: [Bool]
    private let scale: Double
    private let offset: Double
    private let range: ClosedRange<Double>

    /// Whether any sample can fail without a range.
    var mayFail: Bool { noData != nil || rule != nil || !type.isInteger || !shows.isEmpty }

    init(_ plan: SamplePlan, _ range: ClosedRange<Double>? = nil) {
        type = plan.storedType
        channels = min(3, plan.bands.count)
        // A nodata value of -3.4028235e38 is declared with more digits than a float holds.
        noData = plan.noData.map { plan.storedType == .float32 ? Double(Float($0)) : $0 }
        rule = plan.pointRule
        shows = plan.palette.map { $0.alpha > 0 }
        (scale, offset) = (plan.scale, plan.offset)
        self.range = range ?? -.infinity ... .infinity
    }

    /// - Parameter plane: pixels from one channel to the next.
    @inline(__always)
    func passes(_ start: UnsafeRawPointer, _ index: Int, plane: Int) -> Bool {
        var isMissing = true
        for channel in 0..<channels {
            let value = type.value(start, index + channel * plane)
            guard value.isFinite else { return false }
            if value != noData, rule?.matches(value) != true { isMissing = false }
        }
        guard !isMissing else { return false }
        guard channels == 1 else { return true }
        let value = type.value(start, index)
        if !shows.isEmpty { return value < Double(shows.count) && shows[Int(value)] }
        return range.contains(value * scale + offset)
    }
}

internal import CKernelShims
internal import Pixels

/// A tile whose samples are kept as they are.
final class DecodedTile<Sample: MapPixel>: SampleTile, @unchecked Sendable {
    private let samples: UnsafeMutablePointer<Sample>
    let width: Int
    let blank: Sample?

    init(width: Int, blank: Sample?, fill: (UnsafeMutablePointer<Sample>) -> Void) {
        let count = width * width
        // Interpolation at the last row and column reads one more of each, with weight 0.
        let beyond = width + 1
        samples = UnsafeMutablePointer<Sample>.allocate(capacity: count + beyond)
        (samples + count).initialize(repeating: Sample(convex: Sample.zero), count: beyond)
        self.width = width
        fill(samples)
        let isWhole = Sample.countValid(samples, count: count, blank: blank) == count
        self.blank = isWhole ? nil : blank ?? Sample.defaultBlank
    }

    deinit { samples.deallocate() }

    var byteCount: Int { width * (width + 1) * MemoryLayout<Sample>.stride }

    func sample(at index: Int) -> Sample { samples[index] }

    func fetch(_ index: Int) { tessera_prefetch(samples + index) }

    func draw(
        x: UnsafePointer<Double>, originX: Double, y: UnsafePointer<Double>, originY: Double, count: Int,
        into out: UnsafeMutablePointer<Sample.Drawn>
    ) {
        Sample.drawTile(
            samples, width: width, blank: blank, x: x, originX: originX, y: y, originY: originY,
            count: count, into: out)
    }

    func halve(into out: UnsafeMutablePointer<Sample>, outStride: Int) {
        Sample.halve(
            samples, width: width / 2, height: width / 2, blank: blank, into: out, outStride: outStride)
    }
}

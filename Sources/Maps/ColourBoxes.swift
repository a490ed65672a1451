/// Divides the colours of a picture into at most 256 boxes, always the box with the largest spread at its mean (after
/// Heckbert 1982, doi:10.1145/965145.801294, and Wu 1991).
struct ColourBoxes {
    /// The palette and the entry of each pixel.
    let result: ([SIMD4<UInt8>], [UInt8])

    /// A cell of the cube of colours that some pixel lies in.
    private struct Bin {
        let key: Int
        var count: Float
        var sum: SIMD4<Float>
        var mean: SIMD4<Float> { sum / count }
    }

    /// A range of bins with their spread along the widest axis.
    private struct Box {
        var range: Range<Int>
        var spread: Float
        var axis: Int
        var mean: SIMD4<Float>
    }

    init(_ pixels: [SIMD4<UInt8>]) {
        // 5 bits of each colour, 2 of the opacity.
        func key(_ p: SIMD4<UInt8>) -> Int {
            Int(p.x >> 3) | Int(p.y >> 3) << 5 | Int(p.z >> 3) << 10 | Int(p.w >> 6) << 15
        }
        var places = [Int32](repeating: -1, count: 1 << 17)
        var bins: [Bin] = []
        var keys = [Int32](repeating: 0, count: pixels.count)
        for (i, pixel) in pixels.enumerated() {
            let k = key(pixel)
            keys[i] = Int32(k)
            let sum = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: pixel))
            if places[k] < 0 {
                places[k] = Int32(bins.count)
                bins.append(Bin(key: k, count: 1, sum: sum))
            } else {
                bins[Int(places[k])].count += 1
                bins[Int(places[k])].sum += sum
            }
        }
        var boxes = [Self.box(bins, 0..<bins.count)]
        while boxes.count < 256 {
            guard let widest = boxes.indices.max(by: { boxes[$0].spread < boxes[$1].spread }),
                boxes[widest].spread > 0
            else { break }
            let box = boxes[widest]
            let (axis, limit) = (box.axis, box.mean[box.axis])
            let split = bins[box.range].partition { $0.mean[axis] > limit }
            guard split > box.range.lowerBound, split < box.range.upperBound else {
                boxes[widest].spread = 0
                continue
            }
            boxes[widest] = Self.box(bins, box.range.lowerBound..<split)
            boxes.append(Self.box(bins, split..<box.range.upperBound))
        }
        var entries = [UInt8](repeating: 0, count: 1 << 17)
        var palette: [SIMD4<UInt8>] = []
        for (number, box) in boxes.enumerated() {
            for bin in bins[box.range] { entries[bin.key] = UInt8(number) }
            let mean = box.mean + 0.5
            palette.append(SIMD4<UInt8>(truncatingIfNeeded: SIMD4<Int32>(mean)))
        }
        result = PalettePicture.transparentFirst(palette, keys.map { entries[Int($0)] })
    }

    private static func box(_ bins: [Bin], _ range: Range<Int>) -> Box {
        var (count, sum, squares) = (Float(0), SIMD4<Float>.zero, SIMD4<Float>.zero)
        for bin in bins[range] {
            count += bin.count
            sum += bin.sum
            squares += bin.sum * bin.mean
        }
        let mean = sum / count
        // What differs in opacity must not share a colour.
        let spread = (squares - sum * mean) * SIMD4(1, 1, 1, 4)
        let axis = (0..<4).max { spread[$0] < spread[$1] } ?? 0
        return Box(range: range, spread: range.count > 1 ? spread[axis] : 0, axis: axis, mean: mean)
    }
}

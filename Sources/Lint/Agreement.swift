/// How a reduced picture (a parent's quarter, a tile on an Allsky) compares with the full one.
struct Agreement {
    /// How close a reduced pixel has to be.
    enum Rule: Equatable {
        /// To the mean of the valid pixels that it stands for: `absolute + relative * largest magnitude`.
        case mean(absolute: Double, relative: Double)
        /// Between the least and the greatest of them, with the same slack.
        case range(absolute: Double, relative: Double)
        /// On the whole: brightness over blocks of 8 x 8 pixels, for what loses detail when it is stored.
        case overall
    }

    /// Pixels whose validity differs: valid where nothing is, or not valid where all is.
    ///
    /// Where only some of the pixels that it stands for are valid, a pixel has to be valid if `isStrict` says
    /// so; writers differ in this at the edges of pictures.
    private(set) var validityDiffers = 0
    /// Pixels that break the rule.
    private(set) var differs = 0
    /// Pixels valid in both.
    private(set) var compared = 0
    /// The largest distance by which a pixel misses what the rule asks for.
    private(set) var largest = 0.0
    /// Root mean square of what blocks of 8 x 8 pixels lie outside the mean bounds of their pixels.
    private(set) var blockExcess = 0.0
    /// Spread of the means of these blocks: what there is to see in the picture.
    private(set) var blockContrast = 0.0
    private let rule: Rule
    private let isStrict: Bool

    /// Whether the rule is kept.
    var holds: Bool {
        guard validityDiffers == 0 else { return false }
        switch rule {
        case .mean, .range: return differs == 0
        case .overall: return blockExcess <= max(3, 0.25 * blockContrast)
        }
    }

    /// What differs, in words.
    var differences: String {
        var parts: [String] = []
        if validityDiffers > 0 { parts.append("\(validityDiffers) pixels valid in one of the two only") }
        if rule == .overall {
            if blockExcess > max(3, 0.25 * blockContrast) {
                parts.append(
                    "brightness off by \(Self.short(blockExcess)) in blocks of 8 x 8 pixels, "
                        + "with a contrast of \(Self.short(blockContrast))")
            }
        } else if differs > 0 {
            parts.append("\(differs) of \(compared) pixels off by up to \(Self.short(largest))")
        }
        return parts.joined(separator: ", ")
    }

    static func short(_ value: Double) -> String { String((value * 100).rounded() / 100) }

    /// Compares an area of a reduced image with a full image `ratio` times as wide.
    init(
        _ reduced: PixelImage, _ area: PixelArea, with full: PixelImage, ratio: Int, rule: Rule,
        isStrict: Bool = false
    ) {
        self.rule = rule
        self.isStrict = isStrict
        if rule == .overall {
            compareBlocks(reduced, area, full, ratio)
            return
        }
        let grey = reduced.planes.count != full.planes.count
        let pairs =
            grey ? [(reduced.brightness, full.brightness)] : Array(zip(reduced.planes, full.planes))
        for (index, pair) in pairs.enumerated() {
            comparePlane(
                pair.0, reduced.width, area, pair.1, full.width, ratio, blank: full.values?.blank,
                countsValidity: index == 0 && reduced.knowsValidity && full.knowsValidity)
        }
    }

    private mutating func comparePlane(
        _ reduced: [Float], _ reducedWidth: Int, _ area: PixelArea, _ full: [Float], _ fullWidth: Int,
        _ ratio: Int, blank: Double?, countsValidity: Bool
    ) {
        let (small, large) = (reduced.span, full.span)
        var (validity, outside, both) = (0, 0, 0)
        var most = 0.0
        let slack: (absolute: Double, relative: Double)
        let isMean: Bool
        switch rule {
        case .mean(let absolute, let relative): (slack, isMean) = ((absolute, relative), true)
        case .range(let absolute, let relative): (slack, isMean) = ((absolute, relative), false)
        case .overall: return
        }
        for y in 0..<area.side {
            for x in 0..<area.side {
                let value = Double(small[(area.row + y) * reducedWidth + area.column + x])
                let corner = y * ratio * fullWidth + x * ratio
                let mean = Self.mean(large, corner, fullWidth, ratio)
                // What is close to the mean of valid pixels is close to all that a rule may ask for; the rest, and
                // not-a-number, is looked into.
                if abs(value - mean) <= slack.absolute + slack.relative * abs(mean) {
                    both += 1
                    continue
                }
                var (sum, count) = (0.0, 0.0)
                var (low, high) = (Double.infinity, -Double.infinity)
                for j in 0..<ratio {
                    let start = corner + j * fullWidth
                    for i in 0..<ratio {
                        let sample = Double(large[start + i])
                        // Not-a-number fails both comparisons and must not count.
                        if sample.isNaN { continue }
                        sum += sample
                        count += 1
                        low = sample < low ? sample : low
                        high = sample > high ? sample : high
                    }
                }
                guard count > 0, !value.isNaN else {
                    if differs(isValid: !value.isNaN, valid: Int(count), of: ratio * ratio) { validity += 1 }
                    continue
                }
                both += 1
                let scale = max(abs(low), abs(high))
                guard scale.isFinite, value.isFinite else { continue }
                var allowed = slack.absolute + slack.relative * scale
                // A mean that falls on the blank is moved to the value beside it.
                if let blank, abs(value - blank) == 1 { allowed += 1 }
                let miss: Double
                if isMean {
                    miss = abs(value - sum / count) - allowed
                } else {
                    miss = max(low - value, value - high) - allowed
                }
                if miss > 0 {
                    outside += 1
                    most = max(most, miss + allowed)
                }
            }
        }
        if countsValidity { validityDiffers += validity }
        differs = max(differs, outside)
        compared = both
        largest = max(largest, most)
    }

    /// The mean of a square of pixels; not-a-number where one of them is.
    @inline(__always)
    private static func mean(_ plane: Span<Float>, _ corner: Int, _ width: Int, _ ratio: Int) -> Double {
        if ratio == 2 {
            let upper = Double(plane[corner]) + Double(plane[corner + 1])
            return (upper + Double(plane[corner + width]) + Double(plane[corner + width + 1])) * 0.25
        }
        var sum = 0.0
        for row in 0..<ratio {
            let start = corner + row * width
            for column in 0..<ratio { sum += Double(plane[start + column]) }
        }
        return sum / Double(ratio * ratio)
    }

    /// Whether a pixel has another validity than the `count` pixels that it stands for ask for.
    private func differs(isValid: Bool, valid: Int, of count: Int) -> Bool {
        isValid ? valid == 0 : valid >= (isStrict ? 1 : count)
    }

    private mutating func compareBlocks(
        _ reduced: PixelImage, _ area: PixelArea, _ full: PixelImage, _ ratio: Int
    ) {
        let (smallPlane, largePlane) = (reduced.brightness, full.brightness)
        let (small, large) = (smallPlane.span, largePlane.span)
        let knows = reduced.knowsValidity && full.knowsValidity
        let block = min(8, area.side)
        var (excess, sum, squares, blocks) = (0.0, 0.0, 0.0, 0.0)
        for top in stride(from: 0, to: area.side, by: block) {
            for left in stride(from: 0, to: area.side, by: block) {
                var (mean, least, greatest, pixels) = (0.0, 0.0, 0.0, 0.0)
                for y in top..<(top + block) {
                    for x in left..<(left + block) {
                        let value = small[(area.row + y) * reduced.width + area.column + x]
                        var (low, high) = (Float.infinity, -Float.infinity)
                        var count = 0
                        for j in 0..<ratio {
                            let start = (y * ratio + j) * full.width + x * ratio
                            for i in 0..<ratio {
                                let sample = large[start + i]
                                if !sample.isNaN { count += 1 }
                                low = sample < low ? sample : low
                                high = sample > high ? sample : high
                            }
                        }
                        guard low <= high, !value.isNaN else {
                            if knows, differs(isValid: !value.isNaN, valid: count, of: ratio * ratio) {
                                validityDiffers += 1
                            }
                            continue
                        }
                        mean += Double(value)
                        least += Double(low)
                        greatest += Double(high)
                        pixels += 1
                    }
                }
                // A block with few valid pixels says little.
                guard pixels * 4 >= Double(block * block) else { continue }
                let miss = max(0, least - mean, mean - greatest) / pixels
                excess += miss * miss
                sum += mean / pixels
                squares += mean / pixels * (mean / pixels)
                blocks += 1
            }
        }
        guard blocks > 0 else { return }
        blockExcess = (excess / blocks).squareRoot()
        blockContrast = max(0, squares / blocks - sum / blocks * (sum / blocks)).squareRoot()
    }
}

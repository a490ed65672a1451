internal import Pixels

extension SourceWindow {
    /// Replaces each sample by the mean of the valid ones around it in its row.
    ///
    /// Towards the poles a pixel of a tile spans many columns of a plate-carrée grid; with the columns averaged
    /// over its width beforehand, sampling it integrates over all of them.
    /// - Parameter span: the width of the mean in columns for a row, by its index; 1 or less leaves the row alone.
    public func averageColumns(_ span: (Int) -> Double) {
        var sums = [Sample.Sum](repeating: Sample.zero, count: width + 1)
        var counts = [Double](repeating: 0, count: width + 1)
        let mask = isFullyValid ? nil : mask
        for row in 0..<height {
            let half = min(span(firstRow + row), Double(width)) / 2
            guard half > 0.5 else { continue }
            let line = samples + row * width
            let lineMask = mask.map { $0 + row * width }
            for i in 0..<width {
                let valid = lineMask == nil || lineMask![i] != 0
                sums[i + 1] = valid ? Sample.add(sums[i], line[i].sum, 1) : sums[i]
                counts[i + 1] = counts[i] + (valid ? 1 : 0)
            }
            for i in 0..<width {
                // Sample i covers i ..< i + 1 of a running axis, and its mean what lies half a span to each side.
                let middle = Double(i) + 0.5
                let (low, high) = (max(0, middle - half), min(Double(width), middle + half))
                let count = Self.cumulated(counts, high) - Self.cumulated(counts, low)
                guard count > 1e-9 else { continue }
                let (a, f) = Self.split(low, width)
                let (b, g) = Self.split(high, width)
                let upper = Sample.add(Sample.scale(sums[b], 1 - g), sums[b + 1], g)
                let lower = Sample.add(Sample.scale(sums[a], 1 - f), sums[a + 1], f)
                line[i] = Sample(clamping: Sample.scale(Sample.add(upper, lower, -1), 1 / count))
                lineMask?[i] = 255
            }
        }
        settle(masked: mask != nil)
    }

    private static func split(_ position: Double, _ width: Int) -> (index: Int, fraction: Double) {
        let index = min(Int(position), width - 1)
        return (index, position - Double(index))
    }

    private static func cumulated(_ counts: [Double], _ position: Double) -> Double {
        let (index, fraction) = split(position, counts.count - 1)
        return counts[index] + (counts[index + 1] - counts[index]) * fraction
    }
}

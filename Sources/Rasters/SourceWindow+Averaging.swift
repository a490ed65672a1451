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
        let hasMask = !isFullyValid && mask != nil
        for run in filled {
            for row in run.rows {
                let start = (row - firstRow) * width + run.columns.lowerBound - firstColumn
                average(
                    samples + start, hasMask ? mask.map { $0 + start } : nil, count: run.columns.count,
                    span: span(row), &sums, &counts)
            }
        }
        settle(masked: hasMask, runs: runs)
    }

    /// Replaces each sample of a row by the mean of those around it.
    private func average(
        _ line: UnsafeMutablePointer<Sample>, _ mask: UnsafeMutablePointer<UInt8>?, count: Int, span: Double,
        _ sums: inout [Sample.Sum], _ counts: inout [Double]
    ) {
        let half = min(span, Double(count)) / 2
        guard half > 0.5 else { return }
        for i in 0..<count {
            let valid = mask == nil || mask![i] != 0
            sums[i + 1] = valid ? Sample.add(sums[i], line[i].sum, 1) : sums[i]
            counts[i + 1] = counts[i] + (valid ? 1 : 0)
        }
        for i in 0..<count {
            // Sample i covers i ..< i + 1 of a running axis, and its mean what lies half a span to each side.
            let middle = Double(i) + 0.5
            let (low, high) = (max(0, middle - half), min(Double(count), middle + half))
            let (a, f) = Self.split(low, count)
            let (b, g) = Self.split(high, count)
            let weight = Self.between(counts, b, g) - Self.between(counts, a, f)
            guard weight > 1e-9 else { continue }
            let upper = Sample.add(Sample.scale(sums[b], 1 - g), sums[b + 1], g)
            let lower = Sample.add(Sample.scale(sums[a], 1 - f), sums[a + 1], f)
            line[i] = Sample(clamping: Sample.scale(Sample.add(upper, lower, -1), 1 / weight))
            mask?[i] = 255
        }
    }

    private static func split(_ position: Double, _ width: Int) -> (index: Int, fraction: Double) {
        let index = min(Int(position), width - 1)
        return (index, position - Double(index))
    }

    private static func between(_ counts: [Double], _ index: Int, _ fraction: Double) -> Double {
        counts[index] + (counts[index + 1] - counts[index]) * fraction
    }
}

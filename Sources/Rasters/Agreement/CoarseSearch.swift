/// All shifts of longitude of a map, its mirror image and itself upside down, against another map.
struct CoarseSearch {
    /// Where the maps fit best.
    struct Best {
        /// Columns that the map's features lie east of the other's.
        let shift: Int
        let isMirrored: Bool
        let isFlipped: Bool
        let correlation: Double
        /// The correlation in terms of the best elsewhere.
        let lead: Double
    }

    let columns: Int
    let overlap: Double
    let best: Best?

    /// Below this the correlation means nothing.
    private static let leastCorrelation = 0.25
    /// The best place must be better than the second by this factor.
    private static let leastLead = 1.2

    /// Whether the best place stands out.
    var isDecided: Bool {
        best.map { abs($0.correlation) >= Self.leastCorrelation && $0.lead >= Self.leastLead } ?? false
    }

    /// Fraction of the sphere that must be common.
    private static let leastOverlap = 0.01

    init(_ map: GlobeSketch, _ other: GlobeSketch) {
        columns = map.columns
        let a = Self.withoutZones(map)
        let b = Self.withoutZones(other)
        let weights = (0..<map.rows).map { Float(cosineOfDegrees(map.latitude(row: $0))) }
        var results: [(shift: Int, isMirrored: Bool, isFlipped: Bool, sums: CorrelationSums)] = []
        for isFlipped in [false, true] {
            for isMirrored in [false, true] {
                let turned = Self.turned(a, columns, isMirrored: isMirrored, isFlipped: isFlipped)
                for shift in 0..<columns {
                    var sums = CorrelationSums()
                    for row in 0..<map.rows {
                        sums.add(
                            turned, b, row: row, otherRow: row, columns: columns, shift: shift,
                            weight: weights[row])
                    }
                    results.append((shift, isMirrored, isFlipped, sums))
                }
            }
        }
        let total = Double(weights.reduce(0, +)) * Double(columns)
        overlap = (results.first?.sums.weight ?? 0) / total
        let rated = results.filter { $0.sums.weight / total >= Self.leastOverlap }
        guard var top = rated.max(by: { abs($0.sums.correlation) < abs($1.sums.correlation) }) else {
            best = nil
            return
        }
        // As they lie, unless another place is better by more than chance.
        if let asTheyLie = rated.first(where: { $0.shift == 0 && !$0.isMirrored && !$0.isFlipped }),
            abs(asTheyLie.sums.correlation) > 0.97 * abs(top.sums.correlation)
        {
            top = asTheyLie
        }
        let columns = self.columns
        let near = max(2, columns / 24)
        let rest = rated.filter {
            let distance = abs($0.shift - top.shift)
            return $0.isMirrored != top.isMirrored || $0.isFlipped != top.isFlipped
                || min(distance, columns - distance) > near
        }
        let second = rest.map { abs($0.sums.correlation) }.max() ?? 0
        best = Best(
            shift: top.shift, isMirrored: top.isMirrored, isFlipped: top.isFlipped,
            correlation: top.sums.correlation,
            lead: second > 0 ? abs(top.sums.correlation) / second : .infinity)
    }

    /// What changes with latitude alone fits at every shift: it is taken out.
    private static func withoutZones(_ sketch: GlobeSketch) -> [Float] {
        var values = sketch.values
        for row in 0..<sketch.rows {
            let line = values[(row * sketch.columns)..<((row + 1) * sketch.columns)].filter(\.isFinite)
            guard !line.isEmpty else { continue }
            let mean = line.reduce(0, +) / Float(line.count)
            for i in (row * sketch.columns)..<((row + 1) * sketch.columns) { values[i] -= mean }
        }
        return values
    }

    private static func turned(_ values: [Float], _ columns: Int, isMirrored: Bool, isFlipped: Bool)
        -> [Float]
    {
        let rows = values.count / columns
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for row in 0..<rows {
            let start = (isFlipped ? rows - 1 - row : row) * columns
            let line = values[start..<(start + columns)]
            result += isMirrored ? Array(line.reversed()) : Array(line)
        }
        return result
    }
}

/// What a coefficient of correlation is made of.
struct CorrelationSums {
    private(set) var weight = 0.0
    private var a = 0.0, b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0

    /// Adds a row of two grids, where both have values; column `i + shift` of the first goes with column `i` of the other.
    mutating func add(
        _ first: [Float], _ second: [Float], row: Int, otherRow: Int, columns: Int, shift: Int, weight: Float
    ) {
        var (n, sa, sb, saa, sbb, sab): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var x = row * columns + shift
                let end = (row + 1) * columns
                var y = otherRow * columns
                let last = y + columns
                while y < last {
                    if x >= end { x -= columns }
                    let p = first[x]
                    let q = second[y]
                    let both = p * q
                    if both == both {
                        n += 1
                        sa += p
                        sb += q
                        saa += p * p
                        sbb += q * q
                        sab += both
                    }
                    x += 1
                    y += 1
                }
            }
        }
        let w = Double(weight)
        self.weight += w * Double(n)
        a += w * Double(sa)
        b += w * Double(sb)
        aa += w * Double(saa)
        bb += w * Double(sbb)
        ab += w * Double(sab)
    }

    mutating func merge(_ other: CorrelationSums) {
        weight += other.weight
        a += other.a
        b += other.b
        aa += other.aa
        bb += other.bb
        ab += other.ab
    }

    /// -1...1; 0 where there is nothing to correlate.
    var correlation: Double {
        guard weight > 0 else { return 0 }
        let varianceA = aa - a * a / weight
        let varianceB = bb - b * b / weight
        guard varianceA > 0, varianceB > 0 else { return 0 }
        return (ab - a * b / weight) / (varianceA * varianceB).squareRoot()
    }
}

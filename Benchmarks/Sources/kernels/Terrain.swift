import Pixels

/// Smooth hills with fine grain, the same in every run: value noise of eight octaves.
struct Terrain {
    let width: Int
    let height: Int
    /// Heights between about -1 and 1, row by row.
    let heights: [Float]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        var heights = [Float](repeating: 0, count: width * height)
        var size = 128.0
        var amplitude: Float = 0.5
        for octave in 0..<8 {
            for y in 0..<height {
                for x in 0..<width {
                    heights[y * width + x] +=
                        amplitude * Self.noise(Double(x) / size, Double(y) / size, octave)
                }
            }
            size /= 2
            amplitude *= 0.55
        }
        self.heights = heights
    }

    private static func noise(_ x: Double, _ y: Double, _ octave: Int) -> Float {
        let (column, row) = (Int(x), Int(y))
        let (u, v) = (Float(x - Double(column)), Float(y - Double(row)))
        let (s, t) = (u * u * (3 - 2 * u), v * v * (3 - 2 * v))
        let upper = corner(column, row, octave) * (1 - s) + corner(column + 1, row, octave) * s
        let lower = corner(column, row + 1, octave) * (1 - s) + corner(column + 1, row + 1, octave) * s
        return upper * (1 - t) + lower * t
    }

    /// -1...1 from a mixed hash of the lattice point.
    private static func corner(_ column: Int, _ row: Int, _ octave: Int) -> Float {
        var hash = UInt64(truncatingIfNeeded: column &* 73_856_093 ^ row &* 19_349_663 ^ octave &* 83_492_791)
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return Float(hash >> 40) / 8_388_608 - 1
    }

    /// Heights in metres.
    var metres: [Int16] { heights.map { Int16(max(-1, min(1, $0)) * 9000) } }

    /// A grey picture.
    var bytes: [UInt8] { heights.map { UInt8(max(0, min(1, $0 * 0.5 + 0.5)) * 255) } }

    /// A picture in the browns of a desert.
    var colours: [RGBA8] {
        heights.indices.map { i in
            let level = max(0, min(1, heights[i] * 0.5 + 0.5))
            let grain = max(0, min(1, level + heights[(i * 7) % heights.count] * 0.05))
            return RGBA8(
                red: UInt8(level * 200 + 55), green: UInt8(grain * 150 + 40),
                blue: UInt8(level * level * 120 + 20))
        }
    }

    /// Validity with holes of all sizes: about a tenth is missing.
    var mask: [UInt8] { heights.map { $0 > -0.42 ? 255 : 0 } }
}

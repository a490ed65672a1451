internal import Tiles

/// Whether a picture tile is a drawing of the values in the FITS tile beside it, whatever its stretch and
/// colours.
///
/// The pixels are sorted by value and cut into runs of neighbours in value: inside a run a drawing has nearly
/// one brightness, however its colours were chosen. A picture of something else (another tile, rows and
/// columns swapped) varies inside runs as much as over the whole tile.
struct PictureCheck {
    /// Pixels that are valid in one of the two only; 0 where the picture does not tell.
    private(set) var validityDiffers = 0
    /// The part of the picture's variance that the values do not explain, 0 to 1.
    private(set) var unexplained = 0.0
    /// The variance of the picture's brightness in levels squared.
    private(set) var variance = 0.0
    private let isLossy: Bool

    var holds: Bool {
        guard validityDiffers == 0 else { return false }
        return isLossy ? variance < 60 || unexplained < 0.6 : variance < 4 || unexplained < 0.3
    }

    /// - Parameter isStrict: whether every valid value has to be drawn. In parents it need not: some writers
    ///   draw a pixel only where all pixels that it stands for are valid.
    init(_ picture: PixelImage, _ values: PixelImage, isStrict: Bool) {
        isLossy = picture.format == .jpeg || picture.format == .webp
        let brightness = picture.brightness
        let stored = values.planes[0]
        if picture.statesValidity {
            for i in 0..<stored.count where stored[i].isNaN != brightness[i].isNaN {
                if isStrict || stored[i].isNaN { validityDiffers += 1 }
            }
        }
        let across = (values.width + Self.unit - 1) / Self.unit
        let blurred = Self.blurredBlocks(picture, stored, values.width, values.height, across)
        // A grid of at most 128 x 128 pixels decides as well as all of them.
        let step = max(1, values.width / 128)
        var levels: [Double] = []
        // A value above the number of its pixel, in one word, sorts faster than a pair and keeps equals in place.
        var keys: [UInt64] = []
        for row in stride(from: 0, to: values.height, by: step) {
            for column in stride(from: 0, to: values.width, by: step) {
                let index = row * values.width + column
                guard stored[index].isFinite, brightness[index].isFinite,
                    !blurred[(row / Self.unit) * across + column / Self.unit]
                else { continue }
                keys.append(Self.rank(stored[index]) << 32 | UInt64(levels.count))
                levels.append(Double(brightness[index]))
            }
        }
        guard keys.count >= 256 else { return }
        keys.sort()
        let sorted = keys.map { levels[Int($0 & 0xFFFF_FFFF)] }
        let run = max(8, sorted.count / 256)
        var (within, used) = (0.0, 0)
        for start in stride(from: 0, to: sorted.count - run + 1, by: run) {
            within += Self.squares(sorted[start..<(start + run)])
            used += run
        }
        variance = Self.squares(sorted[...]) / Double(sorted.count)
        unexplained = variance > 0 ? within / Double(used) / variance : 0
    }

    /// The sum of the squares of what levels differ from their mean by.
    private static func squares(_ levels: ArraySlice<Double>) -> Double {
        let mean = levels.reduce(0, +) / Double(levels.count)
        return levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// A whole number in the sequence of the values (IEEE 754: the bits of negative ones run backwards).
    private static func rank(_ value: Float) -> UInt64 {
        let bits = (value == 0 ? Float(0) : value).bitPattern
        return UInt64(bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits)
    }

    /// Side of the blocks that JPEG stores brightness and colour of together.
    private static let unit = 16

    /// Blocks of a JPEG in which some value is missing: black and what is beside it run into each other
    /// there.
    private static func blurredBlocks(
        _ picture: PixelImage, _ stored: [Float], _ width: Int, _ height: Int, _ across: Int
    ) -> [Bool] {
        var blurred = [Bool](repeating: false, count: across * ((height + unit - 1) / unit))
        guard picture.format == .jpeg else { return blurred }
        for row in 0..<height {
            for column in 0..<width where stored[row * width + column].isNaN {
                blurred[(row / unit) * across + column / unit] = true
            }
        }
        return blurred
    }
}

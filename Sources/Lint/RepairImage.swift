internal import FITS
internal import HEALPix
internal import HiPS
internal import Pixels
internal import Tiles

/// A tile in the type of its samples, for others to be made of it.
///
/// Rows lie as in the file: from the top in pictures, from the bottom in FITS.
struct RepairImage: Sendable {
    let format: TileFormat
    let width: Int
    let height: Int
    let samples: any RepairSamples
    /// Whether a picture has one channel of brightness.
    let isGrey: Bool
    /// Whether the file says of each pixel that it is valid.
    let statesValidity: Bool
    /// What of a FITS header holds for other tiles too.
    let cards: [FITSCard]
    /// BITPIX of a FITS file.
    let bitpix: Int?
    /// The least and the greatest physical value of a FITS file that are finite.
    let range: (low: Double, high: Double)?

    /// Decodes a whole file.
    static func decode(
        _ bytes: [UInt8], _ format: TileFormat, maximumSize: Int
    ) -> Result<RepairImage, PixelImage.Failure> {
        do {
            guard format == .fits else {
                return .success(
                    RepairImage(
                        try PictureDecoder.decode(bytes, format: format, maximumSize: maximumSize), format))
            }
            return .success(RepairImage(try FITSImage.decode(bytes, maximumSize: maximumSize)))
        } catch {
            return .failure(PixelImage.Failure(reason: "\(error)"))
        }
    }

    private init(_ picture: Picture, _ format: TileFormat) {
        self.format = format
        width = picture.width
        height = picture.height
        let channels = picture.channels
        isGrey = channels < 3
        statesValidity = channels == 2 || channels == 4
        let count = picture.width * picture.height
        var values = [RGBA8](repeating: .defaultBlank, count: count)
        let source = picture.samples.span
        let step = channels < 3 ? 0 : 1
        for index in 0..<count {
            let first = index * channels
            if statesValidity, source[first + channels - 1] == 0 { continue }
            values[index] = RGBA8(
                red: source[first], green: source[first + step], blue: source[first + 2 * step])
        }
        samples = RepairGrid(width: width, height: height, values: values, blank: nil)
        cards = []
        bitpix = nil
        range = nil
    }

    private init(_ image: FITSImage) {
        format = .fits
        width = image.width
        height = image.height
        isGrey = false
        statesValidity = true
        bitpix = image.bitpix
        cards = image.cards.filter { Self.keptCards.contains($0.keyword) }
        let blank = image.cards.real("BLANK")
        let extent: ClosedRange<Double>?
        switch image.samples {
        case .uint8(let values):
            (samples, extent) = Self.grid(values, image, blank.flatMap { UInt8(exactly: $0) })
        case .int16(let values):
            (samples, extent) = Self.grid(values, image, blank.flatMap { Int16(exactly: $0) })
        case .int32(let values):
            (samples, extent) = Self.grid(values, image, blank.flatMap { Int32(exactly: $0) })
        case .float(let values): (samples, extent) = Self.grid(values, image, nil)
        case .double(let values): (samples, extent) = Self.grid(values, image, nil)
        }
        let scale = image.cards.real("BSCALE") ?? 1
        let zero = image.cards.real("BZERO") ?? 0
        range = extent.map { extent in
            let ends = [extent.lowerBound, extent.upperBound].map { zero + scale * $0 }
            return (min(ends[0], ends[1]), max(ends[0], ends[1]))
        }
    }

    /// BSCALE and BZERO among them, so that tiles of different scales are told apart.
    private static let keptCards: Set<String> = ["BLANK", "BUNIT", "OBJECT", "BSCALE", "BZERO"]

    private static func grid<Sample: Pixel>(
        _ values: [Sample], _ image: FITSImage, _ blank: Sample?
    ) -> (any RepairSamples, ClosedRange<Double>?) where Sample.Sum == Double {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in values where !value.isBlank(blank) {
            let number = value.sum
            guard number.isFinite else { continue }
            low = number < low ? number : low
            high = number > high ? number : high
        }
        let grid = RepairGrid(width: image.width, height: image.height, values: values, blank: blank)
        return (grid, low <= high ? low...high : nil)
    }

    /// Whether stored values are physical ones: others cannot be written back as they were.
    var isUnscaled: Bool { (cards.real("BSCALE") ?? 1) == 1 && (cards.real("BZERO") ?? 0) == 0 }

    /// Which squares of `side` pixels a side surely hold data, row by row from the top.
    func heldBlocks(side: Int) -> [Bool] {
        if format == .fits {
            let flags = samples.validBlocks(side: side)
            let across = width / side
            return (0..<(height / side)).reversed().flatMap {
                flags[($0 * across)..<(($0 + 1) * across)]
            }
        }
        guard !statesValidity, let grid = samples as? RepairGrid<RGBA8> else {
            return samples.validBlocks(side: side)
        }
        // Black may mean no data where a picture does not say what is valid.
        let black = RGBA8(red: 0, green: 0, blue: 0)
        var masked = grid
        for index in masked.values.indices where masked.values[index] == black {
            masked.values[index] = .defaultBlank
        }
        return masked.validBlocks(side: side)
    }
}

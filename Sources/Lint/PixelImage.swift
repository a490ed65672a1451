internal import FITS
internal import Tiles

/// A decoded tile or Allsky in one form for all formats: what the checks compare.
///
/// Rows run from the top, as in pictures; FITS rows are turned round. Samples are floats, which hold bytes
/// and 16-bit values exactly; not-a-number stands for no data in all planes.
struct PixelImage: Sendable {
    let format: TileFormat
    let width: Int
    let height: Int
    /// One plane of values or levels, or three of red, green and blue.
    let planes: [[Float]]
    /// Whether missing pixels can be told: not in JPEG, where they are black.
    let knowsValidity: Bool
    /// Whether the file says of each pixel that it is valid: FITS, or a picture with alpha.
    let statesValidity: Bool
    /// Of FITS files: what the header says.
    let values: Values?

    /// What the header of a FITS file says.
    struct Values: Sendable {
        let bitpix: Int
        let isInteger: Bool
        /// Stored value of pixels without data.
        let blank: Double?
        /// Physical values are `zero + scale * stored`.
        let scale: Double
        let zero: Double
        let order: Int64?
        let npix: Int64?
    }

    /// Decodes a whole file.
    /// - Returns: the image, or why there is none.
    static func decode(_ bytes: [UInt8], _ format: TileFormat, maximumSize: Int) -> Result<
        PixelImage, Failure
    > {
        do {
            if format == .fits {
                return .success(PixelImage(try FITSImage.decode(bytes, maximumSize: maximumSize)))
            }
            return .success(
                PixelImage(
                    try PictureDecoder.decode(bytes, format: format, maximumSize: maximumSize), format))
        } catch let error as FITSError {
            return .failure(Failure(reason: error.description))
        } catch let error as TileError {
            return .failure(Failure(reason: error.description))
        } catch {
            return .failure(Failure(reason: "\(error)"))
        }
    }

    /// Why a file could not be decoded.
    struct Failure: Error {
        let reason: String
    }

    private init(_ picture: Picture, _ format: TileFormat) {
        let count = picture.width * picture.height
        let channels = picture.channels
        let colours = channels < 3 ? 1 : 3
        let hasAlpha = channels == 2 || channels == 4
        self.format = format
        width = picture.width
        height = picture.height
        planes = (0..<colours).map { plane in
            [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
                let samples = picture.samples.span
                for i in 0..<count {
                    let isValid = !hasAlpha || samples[i * channels + channels - 1] != 0
                    buffer.initializeElement(
                        at: i, to: isValid ? Float(samples[i * channels + plane]) : .nan)
                }
                initialised = count
            }
        }
        knowsValidity = format != .jpeg
        statesValidity = hasAlpha
        values = nil
    }

    private init(_ image: FITSImage) {
        format = .fits
        width = image.width
        height = image.height
        let blank = image.cards.real("BLANK")
        let (width, height) = (image.width, image.height)
        switch image.samples {
        case .uint8(let samples): planes = [Self.flipped(samples, width, height, blank) { Double($0) }]
        case .int16(let samples): planes = [Self.flipped(samples, width, height, blank) { Double($0) }]
        case .int32(let samples): planes = [Self.flipped(samples, width, height, blank) { Double($0) }]
        case .float(let samples): planes = [Self.flipped(samples, width, height, nil) { Double($0) }]
        case .double(let samples): planes = [Self.flipped(samples, width, height, nil) { $0 }]
        }
        let isInteger = image.bitpix > 0
        knowsValidity = true
        statesValidity = true
        values = Values(
            bitpix: image.bitpix, isInteger: isInteger, blank: isInteger ? blank : nil,
            scale: image.cards.real("BSCALE") ?? 1, zero: image.cards.real("BZERO") ?? 0,
            order: image.cards.integer("ORDER"), npix: image.cards.integer("NPIX"))
    }

    /// The rows in the opposite order, blanks as not-a-number.
    private static func flipped<Sample: FITSSample>(
        _ samples: [Sample], _ width: Int, _ height: Int, _ blank: Double?, _ value: (Sample) -> Double
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { buffer, initialised in
            let samples = samples.span
            for row in 0..<height {
                let source = (height - 1 - row) * width
                for column in 0..<width {
                    let stored = value(samples[source + column])
                    buffer.initializeElement(
                        at: row * width + column, to: stored == blank ? .nan : Float(stored))
                }
            }
            initialised = width * height
        }
    }

    private init(_ other: PixelImage, width: Int, height: Int, planes: [[Float]]) {
        format = other.format
        self.width = width
        self.height = height
        self.planes = planes
        knowsValidity = other.knowsValidity
        statesValidity = other.statesValidity
        values = other.values
    }

    /// Rows and columns swapped.
    var transposed: PixelImage {
        let swapped = planes.map { plane -> [Float] in
            var out = [Float](repeating: 0, count: plane.count)
            for row in 0..<height {
                for column in 0..<width { out[column * height + row] = plane[row * width + column] }
            }
            return out
        }
        return PixelImage(self, width: height, height: width, planes: swapped)
    }

    /// Brightness in one plane; the plane itself where there is but one.
    var brightness: [Float] {
        guard planes.count == 3 else { return planes[0] }
        return [Float](unsafeUninitializedCapacity: width * height) { buffer, initialised in
            let (first, second, third) = (planes[0], planes[1], planes[2])
            let (red, green, blue) = (first.span, second.span, third.span)
            for i in 0..<(width * height) {
                buffer.initializeElement(at: i, to: (red[i] + 2 * green[i] + blue[i]) / 4)
            }
            initialised = width * height
        }
    }

    /// Whether a pixel surely holds data: valid, and not black where the picture does not say what is valid.
    @inline(__always)
    func surelyHolds(_ index: Int) -> Bool {
        let first = planes[0][index]
        guard !first.isNaN else { return false }
        if statesValidity { return true }
        return knowsValidity && planes.contains { $0[index] > 0 }
    }
}

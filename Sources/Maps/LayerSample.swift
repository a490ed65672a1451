internal import FITS
internal import Pixels
internal import Tiles

/// A type in which the samples of a layer are kept.
protocol LayerSample: MapPixel where Drawn: OverviewPixel {
    /// How the samples of a tile are kept.
    associatedtype Tile: SampleTile = DecodedTile<Self> where Tile.Sample == Self

    /// Decodes the file of a tile.
    /// - Throws: a text that says what is wrong with it.
    static func decode(_ bytes: [UInt8], format: TileFormat, width: Int) throws(TileFailure) -> Tile
}

/// Why a tile cannot be used.
struct TileFailure: Error {
    let reason: String
}

extension LayerSample {
    fileprivate static func tile(
        _ width: Int, blank: Self?, _ fill: (UnsafeMutablePointer<Self>) -> Void
    ) -> DecodedTile<Self> {
        DecodedTile(width: width, blank: blank, fill: fill)
    }

    fileprivate static func picture(
        _ bytes: [UInt8], _ format: TileFormat, _ width: Int
    ) throws(TileFailure) -> Picture {
        let picture: Picture
        do {
            picture = try PictureDecoder.decode(bytes, maximumSize: width)
        } catch {
            throw TileFailure(reason: error.description)
        }
        guard picture.width == width, picture.height == width else {
            throw TileFailure(
                reason:
                    "It is \(picture.width) x \(picture.height) pixels, where \(width) x \(width) are expected."
            )
        }
        return picture
    }

    fileprivate static func image(_ bytes: [UInt8], _ width: Int) throws(TileFailure) -> FITSImage {
        let image: FITSImage
        do {
            image = try FITSImage.decode(bytes, maximumSize: width)
        } catch {
            throw TileFailure(reason: error.description)
        }
        guard image.width == width, image.height == width else {
            throw TileFailure(
                reason:
                    "It is \(image.width) x \(image.height) samples, where \(width) x \(width) are expected.")
        }
        return image
    }
}

extension UInt8: LayerSample {
    static func decode(
        _ bytes: [UInt8], format: TileFormat, width: Int
    ) throws(TileFailure) -> DecodedTile<UInt8> {
        let picture = try picture(bytes, format, width)
        let channels = picture.channels
        return tile(width, blank: nil) { samples in
            for i in 0..<width * width { samples[i] = picture.samples[i * channels] }
        }
    }
}

extension RGBA8: LayerSample {
    static func decode(
        _ bytes: [UInt8], format: TileFormat, width: Int
    ) throws(TileFailure) -> ColourTile {
        let picture = try picture(bytes, format, width)
        if picture.channels == 3 { return ColourTile(width: width, opaque: picture.samples) }
        return ColourTile(width: width, blank: picture.channels == 1 ? nil : .defaultBlank) { samples in
            picture.samples.withUnsafeBufferPointer { source in
                for i in 0..<width * width {
                    let pixel = source.baseAddress! + i * picture.channels
                    switch picture.channels {
                    case 1: samples[i] = RGBA8(red: pixel[0], green: pixel[0], blue: pixel[0])
                    case 2:
                        samples[i] = RGBA8(red: pixel[0], green: pixel[0], blue: pixel[0], alpha: pixel[1])
                    default:
                        samples[i] = RGBA8(red: pixel[0], green: pixel[1], blue: pixel[2], alpha: pixel[3])
                    }
                }
            }
        }
    }
}

extension Int16: LayerSample {
    static func decode(
        _ bytes: [UInt8], format: TileFormat, width: Int
    ) throws(TileFailure) -> DecodedTile<Int16> {
        let image = try image(bytes, width)
        let isScaled = (image.cards.real("BSCALE") ?? 1) != 1 || (image.cards.real("BZERO") ?? 0) != 0
        guard case .int16(let stored) = image.samples, !isScaled else {
            throw TileFailure(
                reason:
                    "Its samples have BITPIX \(image.bitpix), where the map's others are integers of 16 bits."
            )
        }
        let blank = image.cards.integer("BLANK").flatMap { Int16(exactly: $0) }
        return tile(width, blank: blank) { samples in
            stored.withUnsafeBufferPointer { flipRows($0.baseAddress!, width, into: samples) { $0 } }
        }
    }
}

extension Float: LayerSample {
    static func decode(
        _ bytes: [UInt8], format: TileFormat, width: Int
    ) throws(TileFailure) -> DecodedTile<Float> {
        let image = try image(bytes, width)
        return tile(width, blank: .nan) { samples in fill(samples, from: image) { Float($0) } }
    }
}

extension Double: LayerSample {
    static func decode(
        _ bytes: [UInt8], format: TileFormat, width: Int
    ) throws(TileFailure) -> DecodedTile<Double> {
        let image = try image(bytes, width)
        return tile(width, blank: .nan) { samples in fill(samples, from: image) { $0 } }
    }
}

/// Copies rows in the opposite order: FITS tiles hold the picture's last row first.
private func flipRows<Source, Target>(
    _ source: UnsafePointer<Source>, _ width: Int, into target: UnsafeMutablePointer<Target>,
    _ convert: (Source) -> Target
) {
    for row in 0..<width {
        let from = source + (width - 1 - row) * width
        let to = target + row * width
        for column in 0..<width { to[column] = convert(from[column]) }
    }
}

/// Physical values of stored samples (FITS 4.0, section 5.3), not-a-number for blank ones.
private func fill<Target>(
    _ target: UnsafeMutablePointer<Target>, from image: FITSImage, _ convert: (Double) -> Target
) {
    let scale = image.cards.real("BSCALE") ?? 1
    let zero = image.cards.real("BZERO") ?? 0
    let blank = image.cards.integer("BLANK").map { Double($0) }
    let width = image.width
    func integers<T: FixedWidthInteger>(_ stored: [T]) {
        stored.withUnsafeBufferPointer {
            flipRows($0.baseAddress!, width, into: target) { sample in
                let value = Double(Int64(truncatingIfNeeded: sample))
                return convert(value == blank ? .nan : value * scale + zero)
            }
        }
    }
    switch image.samples {
    case .uint8(let stored): integers(stored)
    case .int16(let stored): integers(stored)
    case .int32(let stored): integers(stored)
    case .float(let stored):
        stored.withUnsafeBufferPointer {
            flipRows($0.baseAddress!, width, into: target) { convert(Double($0) * scale + zero) }
        }
    case .double(let stored):
        stored.withUnsafeBufferPointer {
            flipRows($0.baseAddress!, width, into: target) { convert($0 * scale + zero) }
        }
    }
}

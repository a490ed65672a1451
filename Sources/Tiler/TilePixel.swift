public import FITS
public import Pixels
public import Rasters

/// A kind of sample that tiles are made of, with what its tiles look like as files.
public protocol TilePixel: SourcePixel {
    /// The file of a FITS tile; nil for colour, which FITS tiles cannot hold.
    static func fitsFile(
        _ samples: UnsafePointer<Self>, width: Int, height: Int, cards: [FITSCard], encoder: FITSImageEncoder
    ) throws(FITSError) -> [UInt8]?

    /// Paints samples as 8-bit channels.
    ///
    /// - Parameters:
    ///   - opaque: whether every sample is valid; if not, a last channel tells (255 valid, 0 not) where
    ///     `keepsAlpha` asks for it, and invalid pixels are black where not.
    ///   - out: room for 4 bytes a sample.
    /// - Returns: the number of channels painted: 1, 2, 3 or 4.
    static func paint(
        _ samples: UnsafePointer<Self>, count: Int, blank: Self?, opaque: Bool, keepsAlpha: Bool,
        palette: Palette?, scratch: UnsafeMutablePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>
    ) -> Int

    /// The least and greatest valid samples in physical units; nil for colour or where none is valid.
    static func range(
        _ samples: UnsafePointer<Self>, count: Int, blank: Self?
    ) -> (low: Double, high: Double)?
}

/// How values become colours: the stretch to levels, and the colours of the levels.
public struct Palette: Sendable {
    /// The levels of the values.
    public let levels: LevelTable
    /// The colours of the levels.
    public let colours: ColourMap

    /// A palette of a prepared table of levels and a colour map.
    public init(levels: LevelTable, colours: ColourMap) {
        self.levels = levels
        self.colours = colours
    }
}

extension TilePixel where Self: LevelPixel & FITSSample {
    /// The file of a FITS tile.
    public static func fitsFile(
        _ samples: UnsafePointer<Self>, width: Int, height: Int, cards: [FITSCard], encoder: FITSImageEncoder
    ) throws(FITSError) -> [UInt8]? {
        // The span lives no longer than this call, in which the caller keeps the samples.
        let span = Span(_unsafeStart: samples, count: width * height)
        return try encoder.encode(span, width: width, height: height, cards: cards)
    }

    /// Paints levels through a colour map: grey or RGB, with alpha where samples are missing.
    public static func paint(
        _ samples: UnsafePointer<Self>, count: Int, blank: Self?, opaque: Bool, keepsAlpha: Bool,
        palette: Palette?, scratch: UnsafeMutablePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        guard let palette else { return 0 }
        let grey = palette.colours.isGrey
        if opaque {
            if grey {
                levels(samples, count: count, palette.levels, into: out)
                return 1
            }
            levels(samples, count: count, palette.levels, into: scratch)
            palette.colours.apply(scratch, count: count, alpha: nil, into: out)
            return 3
        }
        let alpha = scratch + count
        levels(samples, count: count, palette.levels, into: scratch)
        for i in 0..<count {
            let invalid = samples[i].isBlank(blank)
            alpha[i] = invalid ? 0 : 255
            if invalid { scratch[i] = 0 }
        }
        switch (grey, keepsAlpha) {
        case (true, true):
            for i in 0..<count {
                out[2 * i] = scratch[i]
                out[2 * i + 1] = alpha[i]
            }
            return 2
        case (true, false):
            out.update(from: scratch, count: count)
            return 1
        case (false, true):
            palette.colours.apply(scratch, count: count, alpha: alpha, into: out)
            for i in 0..<count where alpha[i] == 0 {
                (out[4 * i], out[4 * i + 1], out[4 * i + 2]) = (0, 0, 0)
            }
            return 4
        case (false, false):
            palette.colours.apply(scratch, count: count, alpha: nil, into: out)
            for i in 0..<count where alpha[i] == 0 {
                (out[3 * i], out[3 * i + 1], out[3 * i + 2]) = (0, 0, 0)
            }
            return 3
        }
    }

    /// The least and greatest valid samples.
    public static func range(
        _ samples: UnsafePointer<Self>, count: Int, blank: Self?
    ) -> (low: Double, high: Double)? {
        extremes(samples, count: count, blank: blank)
    }
}

extension UInt8: TilePixel {}
extension Int16: TilePixel {}
extension Int32: TilePixel {}
extension Float: TilePixel {}
extension Double: TilePixel {}

extension RGBA8: TilePixel {
    /// Colour has no FITS tile.
    public static func fitsFile(
        _ samples: UnsafePointer<RGBA8>, width: Int, height: Int, cards: [FITSCard], encoder: FITSImageEncoder
    ) throws(FITSError) -> [UInt8]? { nil }

    /// Copies the channels: RGB, with alpha where samples are missing.
    public static func paint(
        _ samples: UnsafePointer<RGBA8>, count: Int, blank: RGBA8?, opaque: Bool, keepsAlpha: Bool,
        palette: Palette?, scratch: UnsafeMutablePointer<UInt8>, into out: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if keepsAlpha, !opaque {
            UnsafeMutableRawPointer(out).copyMemory(from: samples, byteCount: 4 * count)
            return 4
        }
        packRGB(samples, count: count, into: out)
        return 3
    }

    /// Colour has no range of values.
    public static func range(
        _ samples: UnsafePointer<RGBA8>, count: Int, blank: RGBA8?
    ) -> (low: Double, high: Double)? { nil }
}

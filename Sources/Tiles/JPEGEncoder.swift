internal import CTurboJPEG

/// Writes baseline JPEG pictures with libjpeg-turbo; each worker has one of its own and keeps it.
public final class JPEGEncoder {
    /// The quality, 1 to 100 on the scale of libjpeg.
    public let quality: Int
    /// Whether colour is kept at half the resolution of brightness in both directions (4:2:0).
    public let halvesColour: Bool
    private let handle: tjhandle?
    private var output = ScratchBytes()

    /// Makes an encoder; its memory grows to the largest picture and is used again.
    ///
    /// - Parameters:
    ///   - quality: Brought into 1...100.
    ///   - halvesColour: Whether colour is kept at half the resolution of brightness (4:2:0) rather than in full (4:4:4).
    public init(quality: Int = 90, halvesColour: Bool = false) {
        self.quality = min(max(quality, 1), 100)
        self.halvesColour = halvesColour
        handle = tjInitCompress()
    }

    deinit {
        if let handle { tjDestroy(handle) }
    }

    /// Writes one picture of 8 bits a channel.
    ///
    /// - Parameters:
    ///   - samples: `width * height * channels` samples, rows from the top, channels interleaved.
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - channels: 1 grey, 3 RGB, or 4 RGB with a fourth sample that is ignored.
    /// - Returns: The file.
    /// - Throws: ``TileError`` when the sizes do not agree or libjpeg-turbo refuses the picture.
    public func encode(
        _ samples: Span<UInt8>, width: Int, height: Int, channels: Int
    ) throws(TileError) -> [UInt8] {
        try checkShape(count: samples.count, width: width, height: height, channels: channels)
        let format: TJPF
        let subsampling: TJSAMP
        let colour = halvesColour ? TJSAMP_420 : TJSAMP_444
        switch channels {
        case 1: (format, subsampling) = (TJPF_GRAY, TJSAMP_GRAY)
        case 3: (format, subsampling) = (TJPF_RGB, colour)
        case 4: (format, subsampling) = (TJPF_RGBX, colour)
        default: throw .channels(found: channels, format: .jpeg, accepted: "1, 3 or 4")
        }
        guard let handle else { throw .library(format: .jpeg, reason: "libjpeg-turbo had no memory") }
        let bound = tjBufSize(Int32(width), Int32(height), Int32(subsampling.rawValue))
        guard bound != .max else {
            throw .tooLarge("\(width) x \(height) exceeds what libjpeg-turbo encodes")
        }
        var target: UnsafeMutablePointer<UInt8>? = output.reserve(Int(bound))
        var size = bound
        let status = samples.withUnsafeBufferPointer {
            // With TJFLAG_NOREALLOC the scratch, which has the size of the worst case, stays ours.
            tjCompress2(
                handle, $0.baseAddress, Int32(width), 0, Int32(height), format.rawValue.asInt32,
                &target, &size, subsampling.rawValue.asInt32, Int32(quality), TJFLAG_NOREALLOC)
        }
        guard status == 0, let target else {
            throw .library(format: .jpeg, reason: String(cString: tjGetErrorStr2(handle)))
        }
        return [UInt8](UnsafeBufferPointer(start: target, count: Int(size)))
    }

    /// Writes one picture of 8 bits a channel; see ``encode(_:width:height:channels:)``.
    public func encode(_ picture: Picture) throws(TileError) -> [UInt8] {
        try encode(
            picture.samples.span, width: picture.width, height: picture.height, channels: picture.channels)
    }
}

extension BinaryInteger {
    /// The constants of the C enumerations are small; their Swift type depends on the platform.
    fileprivate var asInt32: Int32 { Int32(truncatingIfNeeded: self) }
}

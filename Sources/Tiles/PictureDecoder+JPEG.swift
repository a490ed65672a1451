internal import CTurboJPEG

extension PictureDecoder {
    static func decodeJPEG(_ bytes: [UInt8], _ maximumSize: Int) throws(TileError) -> Picture {
        guard let handle = tjInitDecompress() else {
            throw .malformed(format: .jpeg, reason: "libjpeg-turbo had no memory")
        }
        defer { tjDestroy(handle) }
        func failure() -> TileError {
            .malformed(format: .jpeg, reason: String(cString: tjGetErrorStr2(handle)))
        }
        let length = UInt(bytes.count)
        var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard tjDecompressHeader3(handle, bytes, length, &width, &height, &subsampling, &space) == 0 else {
            throw failure()
        }
        try checkSize(Int(width), Int(height), maximumSize)
        let isGrey = space == Int32(truncatingIfNeeded: TJCS_GRAY.rawValue)
        let colours = [TJCS_RGB, TJCS_YCbCr].map { Int32(truncatingIfNeeded: $0.rawValue) }
        guard isGrey || colours.contains(space) else {
            throw .malformed(format: .jpeg, reason: "its colours are inks (CMYK); convert it to RGB")
        }
        let channels = isGrey ? 1 : 3
        let format = Int32(truncatingIfNeeded: (isGrey ? TJPF_GRAY : TJPF_RGB).rawValue)
        let count = Int(width) * Int(height) * channels
        var status: Int32 = 0
        let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            // A picture cut short is only a warning to libjpeg-turbo, hence TJFLAG_STOPONWARNING.
            status = tjDecompress2(
                handle, bytes, length, buffer.baseAddress, width, 0, height, format,
                TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
            initialised = status == 0 ? count : 0
        }
        guard status == 0 else { throw failure() }
        return Picture(width: Int(width), height: Int(height), channels: channels, samples: samples)
    }
}

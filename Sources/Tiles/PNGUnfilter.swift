/// Takes the row filters of PNG off (ISO/IEC 15948, section 9).
///
/// - Parameters:
///   - source: `height` rows of a filter byte and `stride` filtered samples, and four bytes beyond.
///   - stride: Bytes in a row.
///   - pixelBytes: Bytes in a pixel, 1 to 4.
///   - target: `height * stride` samples, and room for four bytes beyond.
/// - Returns: Whether all rows have a filter that there is.
func unfilterRows(
    _ source: UnsafePointer<UInt8>, stride: Int, height: Int, pixelBytes: Int,
    into target: UnsafeMutablePointer<UInt8>
) -> Bool {
    // The row above the first counts as zeros.
    let zeros = UnsafeMutablePointer<UInt8>.allocate(capacity: stride + 4)
    defer { zeros.deallocate() }
    zeros.initialize(repeating: 0, count: stride + 4)
    var (row, out, above) = (source, target, UnsafePointer(zeros))
    for _ in 0..<height {
        let samples = row + 1
        switch row[0] {
        case 0: out.update(from: samples, count: stride)
        case 2: for i in 0..<stride { out[i] = samples[i] &+ above[i] }
        case 1, 3, 4:
            // Loops of their own for each size of a pixel.
            switch pixelBytes {
            case 1: unfilterRow(row[0], samples, above, stride, 1, into: out)
            case 2: unfilterRow(row[0], samples, above, stride, 2, into: out)
            case 3: unfilterRow(row[0], samples, above, stride, 3, into: out)
            default: unfilterRow(row[0], samples, above, stride, 4, into: out)
            }
        default: return false
        }
        above = UnsafePointer(out)
        row += stride + 1
        out += stride
    }
    return true
}

/// A row whose pixels depend on those to their left: all bytes of a pixel at a time.
///
/// Four bytes are read and written, whatever a pixel has: the next one writes over those too many.
@inline(__always)
private func unfilterRow(
    _ filter: UInt8, _ samples: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ stride: Int,
    _ pixelBytes: Int, into out: UnsafeMutablePointer<UInt8>
) {
    let (source, upper, target) = (
        UnsafeRawPointer(samples), UnsafeRawPointer(above), UnsafeMutableRawPointer(out)
    )
    var left = SIMD4<UInt8>()
    var at = 0
    switch filter {
    case 1:
        while at < stride {
            left = (source + at).loadUnaligned(as: SIMD4<UInt8>.self) &+ left
            (target + at).storeBytes(of: left, as: SIMD4<UInt8>.self)
            at &+= pixelBytes
        }
    case 3:
        while at < stride {
            let top = (upper + at).loadUnaligned(as: SIMD4<UInt8>.self)
            // floor((left + top) / 2) without leaving 8 bits.
            let mean = (left & top) &+ ((left ^ top) &>> 1)
            left = (source + at).loadUnaligned(as: SIMD4<UInt8>.self) &+ mean
            (target + at).storeBytes(of: left, as: SIMD4<UInt8>.self)
            at &+= pixelBytes
        }
    default:
        var corner = SIMD4<Int16>()
        while at < stride {
            let top = SIMD4<Int16>(
                truncatingIfNeeded: (upper + at).loadUnaligned(as: SIMD4<UInt8>.self))
            let side = SIMD4<Int16>(truncatingIfNeeded: left)
            let (byLeft, byTop) = (magnitude(top &- corner), magnitude(side &- corner))
            let byCorner = magnitude(side &+ top &- corner &- corner)
            let other = corner.replacing(with: top, where: byTop .<= byCorner)
            let nearest = other.replacing(
                with: side, where: (byLeft .<= byTop) .& (byLeft .<= byCorner))
            left =
                (source + at).loadUnaligned(as: SIMD4<UInt8>.self)
                &+ SIMD4<UInt8>(truncatingIfNeeded: nearest)
            (target + at).storeBytes(of: left, as: SIMD4<UInt8>.self)
            corner = top
            at &+= pixelBytes
        }
    }
}

@inline(__always)
private func magnitude(_ v: SIMD4<Int16>) -> SIMD4<Int16> { v.replacing(with: 0 &- v, where: v .< 0) }

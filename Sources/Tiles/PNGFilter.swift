internal import Glibc

/// The row filters of PNG (ISO/IEC 15948, section 9) that the encoder chooses from.
///
/// Paeth is left out: on planetary maps it is larger than the average and costs three times as much.
private enum PNGFilter: UInt8 {
    case sub = 1
    case up = 2
    case average = 3
}

/// Filters a picture for a PNG `IDAT`: every row gets a filter byte and its filtered samples.
///
/// For each row the filter with the smallest sum of absolute differences is taken (the heuristic of ISO/IEC
/// 15948, section 12.8): tiles are turned by 45 degrees, so that no direction is better for all of them.
///
/// - Parameters:
///   - source: `height * stride` samples, rows from the top.
///   - stride: Bytes in a row, `width * pixelBytes`.
///   - pixelBytes: Bytes in a pixel, 1 to 4.
///   - target: `height * (stride + 1)` bytes, all of which are written.
///   - rows: Working memory of `4 * stride` bytes.
func filterRows(
    _ source: UnsafeBufferPointer<UInt8>, stride: Int, pixelBytes: Int,
    target: UnsafeMutableBufferPointer<UInt8>, rows: UnsafeMutableBufferPointer<UInt8>
) {
    let height = source.count / stride
    // Sizes are checked once here; below, plain pointers keep the loops vectorisable.
    precondition(source.count == height * stride && stride >= pixelBytes)
    precondition(target.count >= height * (stride + 1) && rows.count >= 4 * stride)
    guard height > 0, var row = source.baseAddress, var output = target.baseAddress,
        let sub = rows.baseAddress
    else { return }
    let up = sub + stride
    let average = up + stride
    // The row above the first counts as zeros.
    let zeros = average + stride
    zeros.update(repeating: 0, count: stride)
    var above = UnsafePointer(zeros)
    for _ in 0..<height {
        filterSub(row, stride, pixelBytes, into: sub)
        filterUp(row, above, stride, into: up)
        filterAverage(row, above, stride, pixelBytes, into: average)
        var filter = PNGFilter.average
        var best = (average, cost(average, stride))
        for (candidate, samples) in [(PNGFilter.sub, sub), (.up, up)] {
            let cost = cost(samples, stride)
            if cost < best.1 {
                best = (samples, cost)
                filter = candidate
            }
        }
        output.pointee = filter.rawValue
        memcpy(output + 1, best.0, stride)
        output += stride + 1
        above = row
        row += stride
    }
}

private func filterSub(
    _ row: UnsafePointer<UInt8>, _ count: Int, _ pixel: Int, into output: UnsafeMutablePointer<UInt8>
) {
    for index in 0..<pixel { output[index] = row[index] }
    let current = row + pixel
    let result = output + pixel
    for index in 0..<(count - pixel) { result[index] = current[index] &- row[index] }
}

private func filterUp(
    _ row: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ count: Int,
    into output: UnsafeMutablePointer<UInt8>
) {
    for index in 0..<count { output[index] = row[index] &- above[index] }
}

private func filterAverage(
    _ row: UnsafePointer<UInt8>, _ above: UnsafePointer<UInt8>, _ count: Int, _ pixel: Int,
    into output: UnsafeMutablePointer<UInt8>
) {
    for index in 0..<pixel { output[index] = row[index] &- (above[index] >> 1) }
    let current = row + pixel
    let upper = above + pixel
    let result = output + pixel
    for index in 0..<(count - pixel) {
        let left = row[index]
        let top = upper[index]
        // floor((left + top) / 2) without leaving 8 bits, so that it stays 16 lanes wide.
        result[index] = current[index] &- ((left & top) &+ ((left ^ top) &>> 1))
    }
}

/// The sum of the filtered samples taken as signed differences without their signs.
private func cost(_ samples: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    var sum: UInt32 = 0
    for index in 0..<count {
        let positive = samples[index]
        let negative = 0 &- positive
        sum &+= UInt32(positive < negative ? positive : negative)
    }
    return sum
}

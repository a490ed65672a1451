internal import Pixels

/// Samples of one type in rows, whatever the type: what tiles are reduced and put together in.
protocol RepairSamples: Sendable {
    var width: Int { get }
    /// A square of `side` pixels a side, each the mean of the valid samples that it stands for.
    func reduced(to side: Int) -> any RepairSamples
    /// A picture without data but for its parts; nil where they differ in type or in the sample for no data, or
    /// where that sample is needed and there is none.
    func mosaic(width: Int, height: Int, parts: [RepairPart]) -> (any RepairSamples)?
    /// Which squares of `side` samples a side hold a valid one, row by row.
    func validBlocks(side: Int) -> [Bool]
}

/// A piece of a picture that is put together, and the place of its first sample.
struct RepairPart: Sendable {
    let samples: any RepairSamples
    let row: Int
    let column: Int
}

struct RepairGrid<Sample: Pixel>: RepairSamples {
    let width: Int
    let height: Int
    var values: [Sample]
    /// The sample that means no data; nil where the file names none.
    let blank: Sample?

    func reduced(to side: Int) -> any RepairSamples {
        let ratio = width / side
        let small = [Sample](unsafeUninitializedCapacity: side * side) { buffer, count in
            // Both buffers hold whole squares, and none of the two is empty.
            values.withUnsafeBufferPointer {
                Sample.thumbnail(
                    $0.baseAddress!, width: width, side: ratio, blank: blank, into: buffer.baseAddress!)
            }
            count = side * side
        }
        return RepairGrid(width: side, height: side, values: small, blank: blank)
    }

    func mosaic(width: Int, height: Int, parts: [RepairPart]) -> (any RepairSamples)? {
        var covered = 0
        for part in parts {
            guard let grid = part.samples as? RepairGrid, grid.blank == blank else { return nil }
            covered += grid.values.count
        }
        guard let nothing = blank ?? Self.implicitBlank ?? (covered == width * height ? values.first : nil)
        else { return nil }
        var canvas = [Sample](repeating: nothing, count: width * height)
        for part in parts {
            guard let grid = part.samples as? RepairGrid else { return nil }
            for row in 0..<grid.height {
                let target = (part.row + row) * width + part.column
                canvas.replaceSubrange(
                    target..<(target + grid.width),
                    with: grid.values[(row * grid.width)..<((row + 1) * grid.width)])
            }
        }
        return RepairGrid(width: width, height: height, values: canvas, blank: blank)
    }

    func validBlocks(side: Int) -> [Bool] {
        values.withUnsafeBufferPointer {
            Sample.validBlocks($0.baseAddress!, width: width, side: side, blank: blank)
        }
    }

    /// Not-a-number and transparent pixels mean no data without being named.
    private static var implicitBlank: Sample? {
        Sample.defaultBlank.isBlank(nil) ? Sample.defaultBlank : nil
    }
}

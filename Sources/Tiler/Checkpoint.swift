internal import HEALPix
internal import Pixels

/// What is known of a finished subtree beside the samples of its root.
struct Checkpoint<Sample: TilePixel> {
    /// The root.
    let cell: Cell
    /// Valid pixels of the root; 0 for a subtree without data, which has no root.
    let valid: Int
    /// What was found in the subtree.
    let output: WorkerOutput<Sample>
    /// Checksum of the root's samples.
    let rootChecksum: UInt64

    /// Tells a checkpoint from other files, and its layout from that of other versions.
    private static var mark: UInt64 { 0x7465_7373_6572_6132 }

    /// The checkpoint as a file, its own checksum last.
    var file: [UInt8] {
        var writer = ByteWriter()
        writer.add(Self.mark)
        writer.add(MemoryLayout<Sample>.stride)
        writer.add(cell.order.value)
        writer.add(cell.npix)
        writer.add(valid)
        writer.add(rootChecksum)
        let statistics = output.statistics
        writer.add(statistics.minimum)
        writer.add(statistics.maximum)
        writer.add(statistics.tiles)
        writer.add(statistics.bytes)
        writer.add(statistics.coverage.flatMap { [$0.lowerBound, $0.upperBound] })
        output.preview.write(to: &writer)
        writer.add(output.reduced.count)
        for tile in output.reduced {
            writer.add(tile.cell.order.value)
            writer.add(tile.cell.npix)
            writer.add(tile.samples)
        }
        writer.add(writer.bytes.withUnsafeBytes { Checksum(words: $0).value })
        return writer.bytes
    }

    init(cell: Cell, valid: Int, output: WorkerOutput<Sample>, rootChecksum: UInt64) {
        self.cell = cell
        self.valid = valid
        self.output = output
        self.rootChecksum = rootChecksum
    }

    /// Reads a file back.
    /// - Parameter empty: an output that holds nothing yet.
    /// - Returns: nil when the file is not a whole checkpoint of such samples and of this subtree.
    init?(file: [UInt8], of cell: Cell, empty: WorkerOutput<Sample>) {
        let size = MemoryLayout<UInt64>.size
        guard file.count > size else { return nil }
        var end = ByteReader(Array(file.suffix(size)))
        let checksum = file.withUnsafeBytes {
            Checksum(words: UnsafeRawBufferPointer(rebasing: $0.dropLast(size))).value
        }
        guard end.next(UInt64.self) == checksum else { return nil }
        var reader = ByteReader(file.dropLast(size))
        var output = empty
        guard reader.next(UInt64.self) == Self.mark,
            reader.next(Int.self) == MemoryLayout<Sample>.stride,
            reader.next(Int.self) == cell.order.value, reader.next(Int64.self) == cell.npix,
            let valid = reader.next(Int.self),
            let rootChecksum = reader.next(UInt64.self),
            let minimum = reader.next(Double.self), let maximum = reader.next(Double.self),
            let tiles = reader.array(of: Int.self), tiles.count == output.statistics.tiles.count,
            let bytes = reader.next(Int.self),
            let bounds = reader.array(of: Int64.self), bounds.count % 2 == 0
        else { return nil }
        output.statistics.minimum = minimum
        output.statistics.maximum = maximum
        output.statistics.tiles = tiles
        output.statistics.bytes = bytes
        for index in stride(from: 0, to: bounds.count, by: 2) {
            guard bounds[index] <= bounds[index + 1] else { return nil }
            output.statistics.cover(bounds[index]..<bounds[index + 1])
        }
        guard output.preview.read(from: &reader), let count = reader.next(Int.self) else { return nil }
        for _ in 0..<max(0, count) {
            guard let order = reader.next(Int.self), let npix = reader.next(Int64.self),
                let cell = Cell(order: order, npix: npix), let samples = reader.array(of: Sample.self),
                samples.count == WorkerOutput<Sample>.side * WorkerOutput<Sample>.side
            else { return nil }
            output.keep(ReducedTile(cell: cell, samples: samples))
        }
        guard reader.isAtEnd else { return nil }
        self.init(cell: cell, valid: valid, output: output, rootChecksum: rootChecksum)
    }
}

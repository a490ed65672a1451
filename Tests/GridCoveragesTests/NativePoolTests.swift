import GDAL
import Glibc
import Rasters
import Testing

@testable import GridCoverages

/// Files that stay open between answers.
@Suite("The pool of open files")
struct NativePoolTests {
    /// A part of a row, by way of a pool.
    private static func read(
        _ source: NativeSource, _ pool: OpenSources, epoch: Int = 1, row: Int = 5, width: Int = 7
    ) throws -> [UInt8] {
        let window = PixelWindow(column: 3, row: row, width: width, height: 1)
        return try pool.read(source, epoch: epoch) { (file) throws(GDALError) in
            var samples = [UInt8](repeating: 0, count: 2 * width)
            var failure: GDALError?
            samples.withUnsafeMutableBytes { buffer in
                do throws(GDALError) {
                    try file.read(
                        bands: [1], window: window, into: buffer, type: .int16, pixelStride: 2,
                        lineStride: 2 * width, bandStride: 2)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return samples
        }
    }

    @Test(
        "A file that is read again is not opened again, and the one that was not read for longest gives way")
    func kept() throws {
        let place = try NativePlace(source: NativePlace.survey("mars_mola_180.tif"))
        let maker = maker()
        let source = try place.source(maker)
        let pool = OpenSources(count: 2, idle: .seconds(3600))
        let row = try Self.read(source, pool)
        #expect(try Self.read(source, pool) == row && pool.openCount == 1 && pool.openings == 1)
        // Three files in a pool of two.
        let others = try (0..<2).map { _ in try place.source(maker) }
        for other in others { #expect(try Self.read(other, pool) == row) }
        #expect(pool.openCount == 2 && pool.openings == 3)
        for other in others { #expect(try Self.read(other, pool) == row) }
        #expect(pool.openings == 3)
        #expect(try Self.read(source, pool) == row && pool.openings == 4)
        #expect(try Self.read(others[1], pool) == row && pool.openings == 4)
    }

    /// Compressed blocks are decoded by GDAL's handle, plain rows are read past it.
    @Test(
        "Many at a time have each a handle of their own", arguments: [["COMPRESS=DEFLATE", "TILED=YES"], []])
    func atOnce(options: [String]) async throws {
        let folder = try SourceFolder()
        let file = try folder.write("a.tif", width: 600, height: 500, options: options) { column, row in
            Int16(truncatingIfNeeded: column * 31 + row * 977)
        }
        let source = try folder.place(file).source(maker())
        let pool = OpenSources(count: 4, idle: .seconds(3600))
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { tasks in
            for number in 0..<64 {
                let row = number * 7
                tasks.addTask { (row, try Self.read(source, pool, row: row, width: 590)) }
            }
            for try await (row, found) in tasks {
                let truth = (3..<593).flatMap { column in
                    let value = UInt16(truncatingIfNeeded: column * 31 + row * 977)
                    return [UInt8(value & 255), UInt8(value >> 8)]
                }
                #expect(found == truth, "row \(row)")
            }
        }
        #expect((1...4).contains(pool.openCount) && pool.openings <= 64)
        let before = pool.openings
        _ = try Self.read(source, pool)
        #expect(pool.openings == before)
    }

    @Test("What nobody reads is closed")
    func closed() async throws {
        let source = try NativePlace(source: NativePlace.survey("mars_mola_180.tif")).source(maker())
        let pool = OpenSources(count: 2, idle: .milliseconds(200))
        let row = try Self.read(source, pool)
        for _ in 0..<500 where pool.openCount > 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(pool.openCount == 0)
        #expect(try Self.read(source, pool) == row)
    }

    @Test("A file that was replaced and put back is opened anew, and one that was replaced not at all")
    func putBack() throws {
        let folder = try SourceFolder()
        let file = try folder.write("a.tif", width: 60, height: 50) { column, row in Int16(column + row) }
        let other = try folder.write("b.tif", width: 60, height: 50) { _, _ in 7 }
        let source = try folder.place(file).source(maker())
        let pool = OpenSources(count: 2, idle: .seconds(3600))
        #expect(source.look() == .init(state: .unchanged, epoch: 1))
        let row = try Self.read(source, pool)
        // Nobody has looked yet: the handle is that of the file that is away.
        rename(file, file + ".away")
        rename(other, file)
        #expect(try Self.read(source, pool) == row)
        // One that has to be opened is not that of the epoch.
        #expect(throws: GDALError.self) { try Self.read(source, OpenSources(), epoch: 1) }
        let changed = source.look()
        #expect(changed.state == .changed && changed.epoch == 2)
        rename(file, other)
        rename(file + ".away", file)
        let back = source.look()
        #expect(back.state == .unchanged && back.epoch == 3 && source.look() == back)
        #expect(try Self.read(source, pool, epoch: 3) == row && pool.openings == 2 && pool.openCount == 1)
        // Both in one moment that nobody looked in.
        rename(file, file + ".away")
        rename(file + ".away", file)
        #expect(source.look() == .init(state: .unchanged, epoch: 4))
        // What GDAL reads with the file.
        try VirtualFile.write(Array("<PAMDataset/>".utf8), to: file + ".aux.xml")
        #expect(source.look() == .init(state: .unchanged, epoch: 5))
        try VirtualFile.write([], to: file + ".ovr")
        #expect(source.look() == .init(state: .unchanged, epoch: 6))
    }
}

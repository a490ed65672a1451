import GDAL
import Glibc
import Testing

@testable import GridCoverages

/// Files that are changed in the middle of an answer.
@Suite("Files that change under an answer")
struct NativeChangeTests {
    enum Change: String, CaseIterable { case renamed, overwritten, putBack, beside }

    private static let plain: [String] = []
    private static let tiles = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"]

    /// Changes a file into one of the same size with the same first bytes, or what belongs to it.
    private static func change(_ file: String, _ change: Change) throws {
        var bytes = try #require(try VirtualFile.read(file, atMost: 1 << 24))
        switch change {
        case .renamed, .putBack:
            bytes[bytes.count / 2] ^= 1
            try VirtualFile.write(bytes, to: file + ".new")
            if change == .putBack { rename(file, file + ".away") }
            rename(file + ".new", file)
            if change == .putBack { rename(file + ".away", file) }
        case .overwritten:
            let opened = open(file, O_WRONLY)
            var byte = bytes[bytes.count / 2] ^ 1
            pwrite(opened, &byte, 1, off_t(bytes.count / 2))
            close(opened)
        case .beside: try VirtualFile.write([], to: file + ".ovr")
        }
    }

    @Test("The answer is broken off", arguments: Change.allCases, [plain, tiles])
    func brokenOff(change: Change, options: [String]) throws {
        for format in [CoverageFormat(), CoverageFormat(.fits)] {
            let folder = try SourceFolder()
            let file = try folder.write("a.tif", width: 400, height: 600, options: options) { column, row in
                Int16(truncatingIfNeeded: (column &* 7919 + row &* 104_729) % 32749)
            }
            let place = try folder.place(file)
            // Strips of 25 rows at most.
            let maker = maker(limits: CoverageLimits(memoryBytes: 80_000))
            let coverage = try place.native(maker)
            let product = try maker.product(CoverageRequest(format: format), of: coverage)
            for _ in 0..<3 { #expect(try product.next() != nil) }
            try Self.change(file, change)
            let error = #expect(throws: CoverageError.self) { try product.next() }
            // What is the file again is given again.
            let isBack = change == .putBack || change == .beside
            switch error {
            case .sourceGone: #expect(!isBack)
            case .sourceUnreadable: #expect(isBack)
            default: Issue.record("it goes on, or fails with something else")
            }
            #expect(coverage.state() == (isBack ? .unchanged : .changed))
            if isBack { _ = try maker.product(CoverageRequest(format: format), of: coverage).all() }
        }
    }

    @Test("A file that is put together is not sent")
    func spooled() throws {
        let folder = try SourceFolder()
        let file = try folder.write("a.tif", width: 400, height: 600) { column, row in Int16(column + row) }
        let maker = maker(limits: CoverageLimits(memoryBytes: 80_000))
        let coverage = try folder.native(file, maker)
        let product = try maker.product(
            CoverageRequest(format: CoverageFormat(compression: .deflate)), of: coverage)
        try Self.change(file, .renamed)
        #expect(throws: CoverageError.self) { try product.next() }
        #expect(try product.next() == nil)
    }
}

import FITS
import HiPS
import Testing
import Tiles

@testable import Lint

/// A small HiPS that a test damages, and looks at.
struct Mutation {
    let scratch: Scratch

    init(_ hips: SmallHiPS = SmallHiPS()) throws {
        scratch = try Scratch()
        try hips.write(to: scratch)
    }

    func lint(all: Bool = true, jobs: Int = 2) async throws -> LintReport {
        try await Linter(scratch.path, options: LintOptions(all: all, jobs: jobs)).run()
    }

    /// Codes with paths, each once.
    func found(all: Bool = true) async throws -> Set<String> {
        Set(try await lint(all: all).findings.map { "\($0.code.rawValue) \($0.path)" })
    }

    func edit(_ change: (inout HiPSProperties) -> Void) throws {
        var properties = try HiPSProperties(parsing: scratch.text("properties"))
        change(&properties)
        try scratch.write(properties.text, to: "properties")
    }

    /// The first file whose path begins and ends so.
    func first(_ prefix: String, _ suffix: String) throws -> String {
        try #require(scratch.files().first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) })
    }

    /// The 16-bit samples and the cards of a FITS tile.
    func heights(_ path: String) throws -> (samples: [Int16], width: Int, cards: [FITSCard]) {
        let image = try FITSImage.decode(scratch.bytes(path))
        guard case .int16(let samples) = image.samples else { throw FITSError.unsupported("not 16 bits") }
        return (samples, image.width, image.cards)
    }

    func write<T: FITSSample>(_ samples: [T], width: Int, cards: [FITSCard], to path: String) throws {
        let bytes = try FITSImageEncoder().encode(samples.span, width: width, height: width, cards: cards)
        try scratch.write(bytes, to: path)
    }

    /// Swaps rows and columns of a tile as it is seen; FITS rows are stored from the bottom.
    func transpose(_ path: String) throws {
        if path.hasSuffix(".fits") {
            let (samples, width, cards) = try heights(path)
            var swapped = samples
            for row in 0..<width {
                for column in 0..<width {
                    swapped[(width - 1 - row) * width + column] = samples[(width - 1 - column) * width + row]
                }
            }
            try write(swapped, width: width, cards: cards, to: path)
            return
        }
        let picture = try PictureDecoder.decode(scratch.bytes(path))
        let (width, channels) = (picture.width, picture.channels)
        var samples = picture.samples
        for row in 0..<width {
            for column in 0..<width {
                for channel in 0..<channels {
                    samples[(row * width + column) * channels + channel] =
                        picture.samples[(column * width + row) * channels + channel]
                }
            }
        }
        let bytes: [UInt8]
        if path.hasSuffix(".png") {
            bytes = try PNGEncoder().encode(samples.span, width: width, height: width, channels: channels)
        } else if path.hasSuffix(".webp") {
            bytes = try WebPEncoder(quality: 90).encode(
                samples.span, width: width, height: width, channels: channels)
        } else {
            bytes = try JPEGEncoder(quality: 90).encode(
                samples.span, width: width, height: width, channels: channels)
        }
        try scratch.write(bytes, to: path)
    }
}

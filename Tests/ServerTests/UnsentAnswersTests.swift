import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization
import Testing

@testable import Server

/// Finished answers whose clients do not take them are limited in memory.
@Suite struct UnsentAnswersTests {
    /// Takes pieces, and says after each how much waits.
    private struct Taker: ResponseBodyWriter {
        let answers: UnsentAnswers
        let most: Int
        let taken: Taken

        struct Gone: Error {}

        final class Taken: Sendable {
            let pieces = Mutex<[(bytes: ByteBuffer, waiting: Int)]>([])
        }

        mutating func write(_ buffer: ByteBuffer) async throws {
            let (answers, most) = (answers, most)
            try taken.pieces.withLock {
                if $0.count == most { throw Gone() }
                $0.append((buffer, answers.bytes))
            }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    /// Sends an answer, of which the client takes some pieces; what it took.
    private static func send(_ bytes: ByteBuffer, among answers: UnsentAnswers, pieces: Int = .max)
        async throws -> Taker.Taken
    {
        let taken = Taker.Taken()
        let body = answers.body(bytes)
        #expect(body.contentLength == bytes.readableBytes)
        try await body.write(Taker(answers: answers, most: pieces, taken: taken))
        return taken
    }

    private static let large = ByteBuffer(
        bytes: (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 * 31 >> 3) })

    @Test func largeAnswersCountUntilTheyAreTaken() async throws {
        let answers = UnsentAnswers(most: 1_000_003)
        let taken = try await Self.send(Self.large, among: answers)
        let pieces = taken.pieces.withLock { $0 }
        #expect(pieces.map(\.waiting) == [1_000_003, 1_000_003, 1_000_003, 1_000_003])
        #expect(pieces.map(\.bytes.readableBytes) == [262_144, 262_144, 262_144, 213_571])
        #expect(pieces.flatMap { Array($0.bytes.readableBytesView) } == Array(Self.large.readableBytesView))
        #expect(answers.bytes == 0 && !answers.isFull)

        var held: ResponseBody? = answers.body(Self.large)
        #expect(answers.bytes == 1_000_003 && answers.isFull)
        #expect(held?.contentLength == 1_000_003)
        // Given up before anything was sent.
        held = nil
        #expect(answers.bytes == 0)
    }

    @Test func whoLeavesIsCountedNoMore() async {
        let answers = UnsentAnswers(most: 1)
        await #expect(throws: Taker.Gone.self) { try await Self.send(Self.large, among: answers, pieces: 2) }
        #expect(answers.bytes == 0)
    }

    @Test func smallAnswersDoNotCount() async throws {
        let answers = UnsentAnswers(most: 1)
        let bytes = ByteBuffer(repeating: 7, count: 262_144)
        let pieces = try await Self.send(bytes, among: answers).pieces.withLock { $0 }
        #expect(pieces.map(\.waiting) == [0])
        #expect(pieces.first?.bytes == bytes)
    }

    /// While too much waits nothing new is made; what is there is served.
    @Test func mapsAreRefusedMeanwhile() async throws {
        try await Fixture.serve(configure: { configuration, _ in configuration.unsentBytes = 0 }) { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let refused = try await server.ask(WMSServingTests.map + "red&WIDTH=16&HEIGHT=8")
            #expect(refused.status == 503 && refused.fields["retry-after"] == "10")
            #expect(refused.text.contains("<ServiceException"))
            for document in [
                "/mars/wms?REQUEST=GetCapabilities", "/mars/wcs?SERVICE=WCS&REQUEST=GetCapabilities",
            ] {
                #expect(try await server.ask(document).status == 200, "\(document)")
            }
            #expect(try await server.ask("/hips/mars/red/Norder0/Dir0/Npix3.png").status == 200)
            let metrics = try await server.ask("/metrics").text
            #expect(metrics.contains("tessera_work_refused_total 1\n"))
            #expect(metrics.contains("tessera_unsent_bytes 0\n"))
        }
    }
}

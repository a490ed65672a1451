internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// The large answers that were made for one client each and that it has not taken yet.
///
/// The gate limits what is calculated; without this, clients that ask for large maps and hardly read would
/// have finished ones pile up in memory, one for each connection.
final class UnsentAnswers: Sendable {
    /// The place of one answer, left when nobody holds it any more: it was sent, or its client has gone.
    private final class Place: Sendable {
        let bytes: Int
        let answers: UnsentAnswers

        init(_ bytes: Int, among answers: UnsentAnswers) {
            self.bytes = bytes
            self.answers = answers
            answers.total.add(bytes, ordering: .relaxed)
        }

        deinit {
            answers.total.subtract(bytes, ordering: .relaxed)
        }
    }

    private let most: Int
    private let total = Atomic(0)
    /// Smaller ones go out as they are: a connection holds this much anyway.
    private static let piece = AtHand.mostUnsent

    /// - Parameter most: how many bytes may wait before nothing more is calculated.
    init(most: Int) {
        self.most = most
    }

    /// The bytes that wait.
    var bytes: Int { total.load(ordering: .relaxed) }

    /// Whether so much waits that nothing is to be added.
    var isFull: Bool { bytes >= most }

    /// The body of an answer, which counts until the client has taken it.
    func body(_ body: ByteBuffer) -> ResponseBody {
        guard body.readableBytes > Self.piece else { return ResponseBody(byteBuffer: body) }
        let place = Place(body.readableBytes, among: self)
        return ResponseBody(contentLength: body.readableBytes) { [place] writer in
            defer { withExtendedLifetime(place) {} }
            var rest = body
            while rest.readableBytes > 0,
                let piece = rest.readSlice(length: min(Self.piece, rest.readableBytes))
            {
                // A copy: what the connection still holds behind the last piece is not to be the whole answer.
                try await writer.write(ByteBuffer(bytes: piece.readableBytesView))
            }
            try await writer.finish(nil)
        }
    }
}

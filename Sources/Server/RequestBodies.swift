internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Takes in the body of a request before it is answered, within limits of size and time.
///
/// A client that sends a body of which a byte comes now and then would otherwise hold its connection for ever: to Hummingbird
/// each byte is a sign of life.
struct RequestBodies: Sendable {
    /// The most bytes that are taken in: one more than any operation reads, so that it sees that there are more.
    static let limit = TileResponder.largestDocument + 1

    /// How long a connection stays open after the answer to a request that was not taken in whole: one that is closed while the
    /// client still sends may take the answer with it.
    static let linger = TimeAmount.seconds(1)

    /// How long it may take from the end of the head to the end of the body.
    let timeout: TimeAmount

    /// Whether a request says that it has a body.
    static func isAnnounced(_ headers: HTTPFields) -> Bool {
        if let length = headers[.contentLength] { return length != "0" }
        return headers.contains(.transferEncoding)
    }

    /// Takes the body in.
    /// - Returns: the request with its body in memory, and whether that is all of it; of one that is too large the beginning, for
    ///   whoever answers to refuse. Its connection is of no further use, and is closed when the time is over, or soon after
    ///   the answer by ``closing(_:after:)``.
    /// - Throws: what the connection fails with, which is closed when the time is over.
    func take(
        _ request: Request, from channel: any Channel
    ) async throws -> (request: Request, isWhole: Bool) {
        guard Self.isAnnounced(request.headers) else { return (request, true) }
        var request = request
        let closing = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        var body = ByteBuffer()
        for try await part in request.body {
            body.writeImmutableBuffer(part)
            guard body.readableBytes < Self.limit else {
                body = body.getSlice(at: body.readerIndex, length: Self.limit) ?? body
                request.body = .init(buffer: body)
                return (request, false)
            }
        }
        closing.cancel()
        request.body = .init(buffer: body)
        return (request, true)
    }

    /// The body of an answer after which the connection is closed.
    ///
    /// Hummingbird heeds what the head of the request says of that, and not what the answer's does: it would read on for
    /// as long as the client sends.
    static func closing(_ channel: any Channel, after body: ResponseBody) -> ResponseBody {
        let close: @Sendable () -> Void = {
            channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
        }
        return ResponseBody(contentLength: body.contentLength) { writer in
            defer { close() }
            try await body.write(writer)
        }
    }
}

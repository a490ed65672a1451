internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Takes in the body of a request before it is answered, within limits of size and time.
///
/// A client that sends a body of which a byte comes now and then would otherwise hold its connection for ever: to Hummingbird
/// each byte is a sign of life.
struct RequestBodies: Sendable {
    /// The most bytes that a body may have.
    static let limit = 1 << 20

    /// How long it may take from the end of the head to the end of the body.
    let timeout: TimeAmount

    /// What came of a body.
    enum Outcome {
        /// The request, with its body in memory.
        case whole(Request)
        /// It has too many bytes; the rest is not read.
        case tooLarge
    }

    /// Whether a request says that it has a body.
    static func isAnnounced(_ headers: HTTPFields) -> Bool {
        if let length = headers[.contentLength] { return length != "0" }
        return headers.contains(.transferEncoding)
    }

    /// Takes the body in.
    /// - Throws: what the connection fails with, which is closed when the time is over.
    func take(_ request: Request, from channel: any Channel) async throws -> Outcome {
        guard Self.isAnnounced(request.headers) else { return .whole(request) }
        let closing = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.limit {
            return .tooLarge
        }
        var body = ByteBuffer()
        for try await part in request.body {
            body.writeImmutableBuffer(part)
            // The connection ends soon: what comes after this is no request.
            if body.readableBytes > Self.limit { return .tooLarge }
        }
        closing.cancel()
        var request = request
        request.body = .init(buffer: body)
        return .whole(request)
    }
}

extension Response {
    /// For more than is read.
    static var contentTooLarge: Response {
        var response = Response.text(
            .contentTooLarge, "A request may have a body of at most \(RequestBodies.limit) bytes.\n")
        response.headers[.connection] = "close"
        return response
    }
}

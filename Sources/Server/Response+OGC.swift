internal import Features
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import OGC

extension Response {
    /// The answer of a service of the OGC.
    /// - Parameter unsent: counts its body; nil for answers that are small.
    static func answer(
        _ answer: OGCAnswer, caching: String, for request: Request, among unsent: UnsentAnswers? = nil
    ) -> Response {
        let body = ByteBuffer(bytes: answer.body)
        let isCacheable = answer.status == 200 && answer.mayBeCached
        let tag = answer.status == 200 && answer.rest == nil ? EntityTag(body) : nil
        var headers = headers(
            type: answer.mediaType, count: body.readableBytes, tag: tag,
            caching: isCacheable ? caching : revalidated)
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        if let name = answer.fileName {
            headers[.contentDisposition] =
                "attachment; filename=\"\(name.filter { $0 != "\"" && $0.isASCII })\""
        }
        if !answer.warnings.isEmpty, let field = HTTPField.Name("Tessera-Warning") {
            headers[field] = answer.warnings.joined(separator: " ")
        }
        if let tag {
            return .content(
                TileCache.Content(body: body, tag: tag, headers: headers), for: request, among: unsent)
        }
        return Response(status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: body))
    }
}

extension TileResponder {
    /// How many bytes a document in the body of a request may have.
    static let largestDocument = 1 << 20

    /// The document that a request brings; nil for requests without one.
    /// - Throws: ``OGCException`` with the status 413 for one that is too large.
    func document(of request: Request) async throws -> [UInt8]? {
        guard request.method == .post else { return nil }
        do {
            let body = try await request.body.collect(upTo: Self.largestDocument)
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw OGCException(
                .noApplicableCode,
                "The document of the request has more than \(Self.largestDocument) bytes, which is the most that is read.",
                status: 413)
        }
    }

    /// The answer of a service of the OGC, whose further pieces are made one by one behind the gate as the client takes
    /// them.
    ///
    /// A client that has begun to receive is not turned away in the middle because others ask for much: its next piece
    /// waits for a place, and is asked for again when there is none.
    func sent(
        _ answer: OGCAnswer, caching: String, _ request: Request, _ context: ServerContext,
        through gate: WorkGate? = nil
    ) async -> Response {
        var response = Response.answer(
            answer, caching: caching, for: request, among: request.method == .head ? nil : unsent)
        guard let rest = answer.rest else { return response }
        response.headers[.contentLength] = answer.length.map(String.init)
        guard request.method != .head else { return response }
        let presence = await ClientPresence.of(context.channel)
        let first = ByteBuffer(bytes: answer.body)
        let gate = gate ?? self.gate
        response.body = ResponseBody(contentLength: answer.length) { writer in
            var pieces = rest
            if first.readableBytes > 0 { try await writer.write(first) }
            while true {
                let (piece, later) = try await gate.runWaiting(for: presence) { [pieces] cancellation in
                    var pieces = pieces
                    let piece = try cancellation.patience.with { try pieces.next() }
                    return (piece, pieces)
                }
                guard let piece else { break }
                pieces = later
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return response
    }
}

extension WorkGate {
    /// Does a piece of work that is part of something begun: where the queue is full it asks again a little later
    /// instead of giving up, for as long as the client is there.
    func runWaiting<Result: Sendable>(
        for client: ClientPresence, _ work: @escaping @Sendable (Cancellation) throws -> Result
    ) async throws -> Result {
        while true {
            do {
                return try await run(for: client, work)
            } catch is Full {
                if client.isGone { throw CancellationError() }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Synchronization

/// Has requests answered by a ``TileResponder``, counts them and writes them down.
struct ObservingResponder: HTTPResponder {
    typealias Context = ServerContext

    let responder: TileResponder
    let log: AccessLog?
    let bodies: RequestBodies

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        let start = NIODeadline.now()
        let metrics = responder.metrics
        metrics.inProgress.add(1, ordering: .relaxed)
        defer { metrics.inProgress.subtract(1, ordering: .relaxed) }
        let (request, isWhole) = try await bodies.take(request, from: context.channel)
        var response = try await responder.respond(to: request, context: context)
        if !isWhole {
            response.headers[.connection] = "close"
            response.body = RequestBodies.closing(context.channel, after: response.body)
        }
        let bytes = request.method == .head ? 0 : response.body.contentLength ?? 0
        let identifier = note(
            request.head, context.channel, since: start, status: response.status.code, bytes: bytes,
            operation: context.record.operation, cacheUse: context.record.cacheUse,
            identifier: context.record.identifier)
        if let identifier { response.headers[RequestIdentifier.field] = identifier }
        return response
    }

    /// The answer to a request for something in memory; nil for all others.
    func atHand(_ request: HTTPRequest, _ channel: any Channel) -> (head: HTTPResponse, body: ByteBuffer?)? {
        let start = NIODeadline.now()
        // Connections that are to be closed, or to become something else, are not for here.
        guard request.headerFields[.connection].map({ $0.lowercased() == "keep-alive" }) ?? true,
            let (content, operation) = responder.atHand(request)
        else { return nil }
        let (status, headers, body) = content.answer(to: request.headerFields)
        var response = HTTPResponse(status: status, headerFields: headers)
        response.headerFields[.date] = DateText.now
        let identifier = note(
            request, channel, since: start, status: status.code, bytes: body?.readableBytes ?? 0,
            operation: operation, cacheUse: .hit, identifier: { $0 ?? RequestIdentifier.made() })
        if let identifier { response.headerFields[RequestIdentifier.field] = identifier }
        return (response, body)
    }

    /// Counts an answer and writes it down.
    ///
    /// - Returns: The identifier that the answer is to carry; nil when nobody looks for one, as for an answer that is written
    ///   down nowhere.
    private func note(
        _ request: HTTPRequest, _ channel: any Channel, since start: NIODeadline, status: Int, bytes: Int,
        operation: ServedOperation, cacheUse: RequestRecord.CacheUse, identifier: (String?) -> String
    ) -> String? {
        responder.logger.debug("\(request.method) \(LogText.escaped(request.path ?? "")) \(status)")
        let nanoseconds = Int((NIODeadline.now() - start).nanoseconds)
        responder.metrics[operation].add(status: status, bytes: bytes, nanoseconds: nanoseconds)
        let given = RequestIdentifier.given(request.headerFields)
        guard given != nil || log != nil || status >= 500 else { return nil }
        let identifier = identifier(given)
        log?.add(
            AccessLine(
                time: Int64(ProcessNumbers.now * 1e9), identifier: identifier,
                client: responder.address.proxies.client(
                    peer: channel.remoteAddress, forwarded: request.headerFields[values: .forwardedFor]),
                method: request.method.rawValue, target: request.path ?? "", status: status, count: bytes,
                nanoseconds: nanoseconds, operation: operation, cacheUse: cacheUse,
                userAgent: request.headerFields[.userAgent], referrer: request.headerFields[.referer]))
        return identifier
    }
}

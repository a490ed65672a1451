internal import HTTPTypes
internal import Hummingbird
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
        let nanoseconds = Int((NIODeadline.now() - start).nanoseconds)
        let status = response.status.code
        let bytes = request.method == .head ? 0 : response.body.contentLength ?? 0
        let operation = context.record.operation
        metrics[operation].add(status: status, bytes: bytes, nanoseconds: nanoseconds)
        let given = RequestIdentifier.given(request.headers)
        // Nobody looks for the identifier of an answer that is written down nowhere.
        guard given != nil || log != nil || status >= 500 else { return response }
        let identifier = context.record.identifier(given)
        response.headers[RequestIdentifier.field] = identifier
        log?.add(
            AccessLine(
                time: Int64(ProcessNumbers.now * 1e9), identifier: identifier,
                client: responder.address.proxies.client(
                    peer: context.channel.remoteAddress, forwarded: request.headers[values: .forwardedFor]),
                method: request.method.rawValue, target: request.uri.string, status: status, count: bytes,
                nanoseconds: nanoseconds, operation: operation, cacheUse: context.record.cacheUse,
                userAgent: request.headers[.userAgent], referrer: request.headers[.referer]))
        return response
    }
}

internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The kinds of answers that there are. All of them allow scripts of any origin to read them: Aladin Lite
/// runs in pages from elsewhere.
extension Response {
    /// The caching of what depends on the request or changes with each build.
    static let revalidated = "no-cache"

    private static func methods(of route: Route) -> String {
        route.takesDocuments ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"
    }

    static func headers(type: String, count: Int, tag: EntityTag?, caching: String) -> HTTPFields {
        var headers = HTTPFields()
        headers.reserveCapacity(10)
        headers[.contentType] = type
        headers[.contentLength] = String(count)
        headers[.cacheControl] = caching
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = "Content-Length, ETag"
        headers[.xContentTypeOptions] = "nosniff"
        if let tag { headers[.eTag] = tag.description }
        return headers
    }

    /// A plain text, for what is no success.
    static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        let body = ByteBuffer(string: text)
        let headers = headers(
            type: "text/plain; charset=utf-8", count: body.readableBytes, tag: nil, caching: revalidated)
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }

    static var notFound: Response { .text(.notFound, "There is nothing here.\n") }

    /// For when the place that the maps lie in does not answer.
    static var unavailable: Response {
        var response = Response.text(
            .serviceUnavailable, "The store of the maps does not answer at the moment; try again later.\n")
        response.headers[.retryAfter] = "5"
        return response
    }

    /// For when more is asked for than there are threads and places to wait.
    static func busy(_ full: WorkGate.Full) -> Response {
        var response = Response.text(
            .serviceUnavailable, "The server has too much to do at the moment; try again later.\n")
        response.headers[.retryAfter] = String(full.retryAfter)
        return response
    }

    static func methodNotAllowed(_ route: Route) -> Response {
        let methods = methods(of: route)
        var response = Response.text(.methodNotAllowed, "Only \(methods) are understood here.\n")
        response.headers[.allow] = methods
        return response
    }

    /// The answer to OPTIONS, which a browser sends before it lets a script ask with fields of its own.
    static func preflight(_ request: Request, of route: Route) -> Response {
        let methods = methods(of: route)
        var headers = HTTPFields()
        headers[.allow] = methods
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlAllowMethods] = methods
        headers[.accessControlAllowHeaders] = "*"
        headers[.accessControlMaxAge] = "86400"
        // Chromium asks so before a public page may reach a server on the reader's own machine.
        if let asked = HTTPField.Name("Access-Control-Request-Private-Network"),
            request.headers.contains(asked),
            let allowed = HTTPField.Name("Access-Control-Allow-Private-Network")
        {
            headers[allowed] = "true"
        }
        return Response(status: .noContent, headers: headers)
    }

    static func redirect(to path: String) -> Response {
        var response = Response.text(.found, path + "\n")
        response.headers[.location] = path
        return response
    }

    /// A text made for this request; only its tag goes back when the client has it already.
    static func page(_ text: String, type: String, for request: Request) -> Response {
        let body = ByteBuffer(string: text)
        let tag = EntityTag(text)
        let headers = headers(type: type, count: body.readableBytes, tag: tag, caching: revalidated)
        return .content(TileCache.Content(body: body, tag: tag, headers: headers), for: request)
    }

    static func content(
        _ content: TileCache.Content, for request: Request, among unsent: UnsentAnswers? = nil
    ) -> Response {
        let (status, headers, body) = content.answer(to: request.headers)
        let whole = body.map { unsent?.body($0) ?? .init(byteBuffer: $0) }
        return Response(status: status, headers: headers, body: whole ?? .init())
    }
}

extension TileCache.Content {
    /// The answer to a request with these fields: 304 without a body for a client that has it already.
    func answer(
        to fields: HTTPFields
    ) -> (status: HTTPResponse.Status, headers: HTTPFields, body: ByteBuffer?) {
        guard fields.contains(.ifNoneMatch), fields[values: .ifNoneMatch].contains(where: tag.isNamed) else {
            return (.ok, headers, body)
        }
        var headers = headers
        headers[.contentType] = nil
        headers[.contentLength] = nil
        return (.notModified, headers, nil)
    }
}

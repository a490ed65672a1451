internal import CCURLShims

/// What to ask a server for.
public struct HTTPRequest: Sendable {
    /// The address, `http://` or `https://`.
    public var url: String
    /// Whether only the header of the answer is wanted.
    public var isHead: Bool
    /// Bytes that the body may have at most.
    public var limit: Int
    /// Further fields of the header, as `name: value`.
    public var fields: [String]
    /// Whether redirections are followed, to any host.
    public var followsRedirects: Bool

    /// A request for a whole file.
    public init(
        _ url: String, isHead: Bool = false, limit: Int, fields: [String] = [], followsRedirects: Bool = true
    ) {
        self.url = url
        self.isHead = isHead
        self.limit = limit
        self.fields = fields
        self.followsRedirects = followsRedirects
    }
}

/// What a server answered.
public struct HTTPAnswer: Sendable {
    /// The status, such as 200 or 404.
    public let status: Int
    /// Values of the header's fields by their names in lower case; of a repeated field the last.
    public let fields: [String: String]
    /// The whole body.
    public let body: [UInt8]
    /// The address that answered in the end.
    public let url: String
    /// The address that a redirection points to when it was not followed.
    public let location: String?

    /// The seconds to wait that a `Retry-After` field asks for, as a number or a date (RFC 9110, section 10.2.3); nil
    /// where there is none that can be understood.
    /// - Parameter now: the present in seconds since 1970.
    public func retryAfterSeconds(now: Int) -> Int? {
        guard let text = fields["retry-after"] else { return nil }
        if let seconds = Int(text) { return max(0, seconds) }
        let date = tessera_http_date(text)
        return date >= 0 ? max(0, date - now) : nil
    }
}

/// Requests over connections that are kept open from one to the next, by libcurl.
///
/// A session is used by one thread at a time. Its calls block until the answer is there; a server that is silent for
/// half a minute has broken off. Proxies are those of the environment, as libcurl reads it.
public final class HTTPSession {
    private let handle: UnsafeMutableRawPointer
    private static let isReady = tessera_http_prepare() == 0
    private static let connectSeconds = 15
    private static let silentSeconds = 30
    private static let longestHeader = 1 << 16

    /// A session without connections yet.
    public init() {
        precondition(Self.isReady, "libcurl cannot be initialised")
        guard let handle = tessera_http_open() else {
            preconditionFailure("no memory for a session of libcurl")
        }
        self.handle = handle
    }

    deinit {
        tessera_http_close(handle)
    }

    /// What libcurl hands over piece by piece.
    private final class Receipt {
        let limit: Int
        var fields: [String: String] = [:]
        var headerSize = 0
        var body: [UInt8] = []
        var isTooLong = false

        init(limit: Int) {
            self.limit = limit
        }

        func takeLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
            var line = Substring(decoding: bytes, as: UTF8.self)
            if line.hasPrefix("HTTP/") {
                // One header more, after a redirection or a word in between.
                fields = [:]
                headerSize = 0
            }
            headerSize += bytes.count
            guard headerSize <= HTTPSession.longestHeader else {
                isTooLong = true
                return false
            }
            guard let colon = line.firstIndex(of: ":") else { return true }
            let name = line[..<colon].lowercased()
            line = line[line.index(after: colon)...]
            while let first = line.first, first.isWhitespace { line.removeFirst() }
            while let last = line.last, last.isWhitespace { line.removeLast() }
            fields[name] = String(line)
            return true
        }

        func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
            guard bytes.count <= limit - body.count else {
                isTooLong = true
                return false
            }
            body.append(contentsOf: bytes)
            return true
        }
    }

    /// Sends a request and waits for its answer.
    /// - Returns: every answer that came whole, whatever its status.
    /// - Throws: ``HTTPError``.
    public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPAnswer {
        // No byte of an address or a field may end it and begin another one.
        for text in [request.url] + request.fields
        where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw .address(request.url, reason: "it holds a control character")
        }
        let receipt = Receipt(limit: request.limit)
        var result = tessera_http_result()
        withCStrings(request.fields) { lines in
            request.url.withCString { url in
                var call = tessera_http_request(
                    url: url, is_head: request.isHead ? 1 : 0, follows: request.followsRedirects ? 1 : 0,
                    lines: lines.baseAddress, line_count: Int32(lines.count),
                    connect_seconds: Self.connectSeconds, silent_seconds: Self.silentSeconds,
                    header: { bytes, _, size, context in
                        guard let bytes, let context else { return 0 }
                        let part = UnsafeRawBufferPointer(start: bytes, count: size)
                        // The receipt outlives the call that the context was made for.
                        let receipt = Unmanaged<Receipt>.fromOpaque(context).takeUnretainedValue()
                        return receipt.takeLine(part) ? size : 0
                    },
                    body: { bytes, _, size, context in
                        guard let bytes, let context else { return 0 }
                        let part = UnsafeRawBufferPointer(start: bytes, count: size)
                        let receipt = Unmanaged<Receipt>.fromOpaque(context).takeUnretainedValue()
                        return receipt.takeBody(part) ? size : 0
                    },
                    context: Unmanaged.passUnretained(receipt).toOpaque())
                withExtendedLifetime(receipt) { tessera_http_send(handle, &call, &result) }
            }
        }
        switch result.outcome {
        case TESSERA_HTTP_ANSWERED: break
        case _ where receipt.isTooLong: throw .tooLong(url: request.url, limit: request.limit)
        case TESSERA_HTTP_BROKEN: throw .broken(url: request.url, reason: Self.reason(result))
        default: throw .failed(url: request.url, reason: Self.reason(result))
        }
        return HTTPAnswer(
            status: result.status, fields: receipt.fields, body: receipt.body,
            url: result.url.map { String(cString: $0) } ?? request.url,
            location: result.location.map { String(cString: $0) })
    }

    private static func reason(_ result: tessera_http_result) -> String {
        withUnsafeBytes(of: result.reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// Hands texts over to C; the pointers are good for the length of the call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes += text.utf8CString
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
        return starts.isEmpty
            ? body(UnsafeBufferPointer(start: nil, count: 0)) : pointers.withUnsafeBufferPointer(body)
    }
}

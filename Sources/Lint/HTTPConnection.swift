import Glibc

/// An answer to a request.
struct HTTPAnswer {
    let status: Int
    /// Field values by their names in lower case.
    let fields: [String: String]
    let body: [UInt8]
}

/// A connection to one server over a plain socket, kept open from one request to the next (RFC 9112).
///
/// It knows what reading files takes: GET and HEAD, lengths, chunks and bodies that end with the connection.
final class HTTPConnection {
    private let address: HTTPAddress
    private var socketFile: Int32 = -1
    private var buffer: [UInt8] = []
    private var next = 0
    private static let timeoutSeconds = 30
    private static let longestHeader = 1 << 16

    init(_ address: HTTPAddress) {
        self.address = address
    }

    deinit {
        if socketFile >= 0 { close(socketFile) }
    }

    /// Asks for `path`, which is absolute on the server.
    ///
    /// A connection that the server has closed meanwhile is opened again; what fails is tried three times.
    func request(_ method: String, _ path: String, limit: Int) throws(LintError) -> HTTPAnswer {
        var attempt = 1
        while true {
            do {
                return try attemptRequest(method, path, limit: limit)
            } catch {
                disconnect()
                guard attempt < 3, case .connection = error else { throw error }
                attempt += 1
            }
        }
    }

    private func attemptRequest(_ method: String, _ path: String, limit: Int) throws(LintError) -> HTTPAnswer
    {
        if socketFile < 0 { try connect() }
        try send(
            "\(method) \(path) HTTP/1.1\r\nHost: \(address.authority)\r\nUser-Agent: tessera\r\n"
                + "Origin: http://tessera.invalid\r\nAccept: */*\r\n\r\n")
        let url = "http://" + address.authority + path
        let first = try line()
        let parts = first.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            throw .answer(url: url, reason: "it begins with \"\(first.prefix(60))\"")
        }
        var fields: [String: String] = [:]
        var size = 0
        while case let text = try line(), !text.isEmpty {
            size += text.utf8.count
            guard size <= Self.longestHeader else { throw .answer(url: url, reason: "its header is endless") }
            guard let colon = text.firstIndex(of: ":") else { continue }
            var value = text[text.index(after: colon)...]
            while value.first == " " || value.first == "\t" { value.removeFirst() }
            while value.last == " " || value.last == "\t" { value.removeLast() }
            fields[text[..<colon].lowercased()] = String(value)
        }
        var body: [UInt8] = []
        let hasBody = method != "HEAD" && status != 204 && status != 304
        var closes = fields["connection"]?.lowercased() == "close" || parts[0] == "HTTP/1.0"
        if hasBody {
            if fields["transfer-encoding"]?.lowercased().contains("chunked") == true {
                body = try chunks(url, limit: limit)
            } else if let length = fields["content-length"] {
                guard let count = Int(length), count >= 0, count <= limit else {
                    throw .answer(
                        url: url, reason: "its length is \(length) where at most \(limit) is expected")
                }
                body = try take(count)
            } else {
                body = try takeToEnd(url, limit: limit)
                closes = true
            }
        }
        if closes { disconnect() }
        return HTTPAnswer(status: status, fields: fields, body: body)
    }

    private func chunks(_ url: String, limit: Int) throws(LintError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let digits = try line().prefix { $0.isHexDigit }
            guard let count = Int(digits, radix: 16), count <= limit - body.count else {
                throw .answer(url: url, reason: "a chunk of it has the length \"\(digits)\"")
            }
            if count == 0 { break }
            body += try take(count)
            _ = try line()
        }
        while try !line().isEmpty {}
        return body
    }

    // MARK: - The socket

    private func failure(_ operation: String, _ reason: String) -> LintError {
        .connection(host: address.authority, operation: operation, reason: reason)
    }

    private func connect() throws(LintError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, address.port, &hints, &list)
        guard code == 0 else { throw failure("find", String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var reason = "it has no address"
        var candidate = list
        while let current = candidate?.pointee {
            candidate = current.ai_next
            let file = socket(current.ai_family, current.ai_socktype, current.ai_protocol)
            guard file >= 0 else {
                reason = String(cString: strerror(errno))
                continue
            }
            // The limit for sending also ends a connect that nobody answers.
            var limit = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
            if Glibc.connect(file, current.ai_addr, current.ai_addrlen) == 0 {
                socketFile = file
                return
            }
            reason = errno == EINPROGRESS ? "it does not answer" : String(cString: strerror(errno))
            close(file)
        }
        throw failure("connect to", reason)
    }

    private func disconnect() {
        if socketFile >= 0 { close(socketFile) }
        socketFile = -1
        buffer = []
        next = 0
    }

    private func send(_ text: String) throws(LintError) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socketFile, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("send to", String(cString: strerror(errno))) }
            done += count
        }
    }

    /// Reads more into the buffer; false at the end of the connection.
    private func fill() throws(LintError) -> Bool {
        if next > 0 {
            buffer.removeFirst(next)
            next = 0
        }
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(socketFile, &block, block.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let silent = errno == EAGAIN || errno == EWOULDBLOCK
                throw failure(
                    "read from", silent ? "nothing came for 30 seconds" : String(cString: strerror(errno)))
            }
            buffer += block[..<count]
            return count > 0
        }
    }

    private func line() throws(LintError) -> String {
        while true {
            if let end = buffer[next...].firstIndex(of: 0x0A) {
                var text = buffer[next..<end]
                if text.last == 0x0D { text.removeLast() }
                next = end + 1
                return String(decoding: text, as: UTF8.self)
            }
            guard buffer.count - next <= Self.longestHeader else {
                throw failure("read from", "a line of its answer has no end")
            }
            guard try fill() else { throw failure("read from", "it closed the connection") }
        }
    }

    private func take(_ count: Int) throws(LintError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if next == buffer.count, try !fill() {
                throw failure("read from", "it closed the connection before the end of a file")
            }
            let end = min(buffer.count, next + count - bytes.count)
            bytes += buffer[next..<end]
            next = end
        }
        return bytes
    }

    private func takeToEnd(_ url: String, limit: Int) throws(LintError) -> [UInt8] {
        var bytes = Array(buffer[next...])
        next = buffer.count
        while try fill() {
            bytes += buffer
            next = buffer.count
            guard bytes.count <= limit else { throw .answer(url: url, reason: "it has no end") }
        }
        return bytes
    }
}

import Glibc
import Synchronization

/// A server on a port of its own that answers as a test wants it to.
final class FaultyServer: Sendable {
    struct Answer: Sendable {
        var status = 200
        var body: [UInt8] = []
        /// Bytes of the body that are sent before the connection is closed; nil for all.
        var cut: Int?
        var fields: [String] = []
    }

    let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (_ method: String, _ path: String, _ number: Int) -> Answer
    private let log = Mutex<[String]>([])

    /// Method and path of the requests so far.
    var requests: [String] { log.withLock { $0 } }

    /// - Parameter answer: called with method, path and query, and how often the same was asked before.
    init(_ answer: @escaping @Sendable (_ method: String, _ path: String, _ number: Int) -> Answer) {
        self.answer = answer
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, size)
                _ = getsockname(listener, $0, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        listen(listener, 64)
        Self.onThread { [self] in
            while true {
                let file = accept(listener, nil, nil)
                guard file >= 0 else { return }
                Self.onThread { self.serve(file) }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Blocking calls would hold up the threads that the tests run on.
    private static func onThread(_ work: @escaping @Sendable () -> Void) {
        final class Box {
            let work: @Sendable () -> Void
            init(_ work: @escaping @Sendable () -> Void) { self.work = work }
        }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(work)).toOpaque()
        pthread_create(
            &thread, nil,
            {
                Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().work(); return nil
            }, box)
        pthread_detach(thread)
    }

    private func serve(_ file: Int32) {
        defer { close(file) }
        var buffer: [UInt8] = []
        while let (head, length) = Self.head(of: buffer) ?? receive(file, &buffer) {
            if String(decoding: head, as: UTF8.self).lowercased().contains("expect: 100-continue") {
                let text = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                _ = text.withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
            while buffer.count < head.count + length { guard more(file, &buffer) else { return } }
            buffer.removeFirst(head.count + length)
            let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
            let parts = lines[0].split(separator: " ").map(String.init)
            guard parts.count == 3 else { return }
            let request = parts[0] + " " + parts[1]
            let number = log.withLock { log in
                log.append(request)
                return log.count { $0 == request } - 1
            }
            var answer = answer(parts[0], parts[1], number)
            if answer.status == 200, let range = Self.range(in: lines) {
                let last = min(range.upperBound, answer.body.count - 1)
                guard range.lowerBound <= last else { return }
                answer.fields.append("Content-Range: bytes \(range.lowerBound)-\(last)/\(answer.body.count)")
                answer.body = Array(answer.body[range.lowerBound...last])
                answer.status = 206
            }
            var text = "HTTP/1.1 \(answer.status) X\r\nContent-Length: \(answer.body.count)\r\n"
            for field in answer.fields { text += field + "\r\n" }
            let body = parts[0] == "HEAD" ? [] : answer.body.prefix(answer.cut ?? .max)
            let bytes = Array((text + "\r\n").utf8) + body
            guard
                bytes.withUnsafeBytes({ send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) })
                    == bytes.count
            else { return }
            if answer.cut != nil, parts[0] != "HEAD" { return }
        }
    }

    private func more(_ file: Int32, _ buffer: inout [UInt8]) -> Bool {
        var block = [UInt8](repeating: 0, count: 65536)
        let count = recv(file, &block, block.count, 0)
        if count > 0 { buffer += block[..<count] }
        return count > 0
    }

    private func receive(_ file: Int32, _ buffer: inout [UInt8]) -> (head: [UInt8], length: Int)? {
        while more(file, &buffer) { if let head = Self.head(of: buffer) { return head } }
        return nil
    }

    /// The head of a request with its empty line, and the length of its body.
    private static func head(of buffer: [UInt8]) -> (head: [UInt8], length: Int)? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard let end = buffer.indices.first(where: { buffer[$0...].starts(with: mark) }) else { return nil }
        let head = Array(buffer[..<(end + 4)])
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let length = lines.lazy.compactMap { line -> Int? in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
        }.first
        return (head, length ?? 0)
    }

    private static func range(in lines: [Substring]) -> ClosedRange<Int>? {
        for line in lines where line.lowercased().hasPrefix("range: bytes=") {
            let numbers = line.dropFirst(13).split(separator: "-").map { Int($0) }
            if numbers.count == 2, let first = numbers[0], let last = numbers[1], first <= last {
                return first...last
            }
        }
        return nil
    }
}

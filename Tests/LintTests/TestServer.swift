import Foundation
import Synchronization

/// A server of the files of one directory, on a port of its own, that can be told to misbehave.
final class TestServer: Sendable {
    struct Manners: Sendable {
        /// Whether answers carry Access-Control-Allow-Origin.
        var allowsOrigins = true
        /// Whether bodies come in chunks instead of with a length.
        var chunked = false
        /// Whether each answer closes the connection, whose end is then the end of the body.
        var closes = false
        /// Whether HEAD is answered.
        var answersHead = true
        /// Status of what is not there.
        var absentStatus = 404
        /// Whether `hips_service_url` is put into the properties.
        var statesURL = true
        /// Prefix of paths that are answered by a redirection to the path without it.
        var movedFrom: String?
    }

    let port: UInt16
    private let listener: Int32
    private let root: String
    private let manners: Manners
    private let log = Mutex<[String]>([])

    /// The request lines so far.
    var requests: [String] { log.withLock { $0 } }

    init(root: String, _ manners: Manners = Manners()) {
        self.root = root
        self.manners = manners
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
        Thread.detachNewThread { [self] in
            while true {
                let file = accept(listener, nil, nil)
                guard file >= 0 else { return }
                Thread.detachNewThread { self.serve(file) }
            }
        }
    }

    /// Stops accepting; without it the threads keep the server alive.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }

    private func serve(_ file: Int32) {
        defer { close(file) }
        var buffer: [UInt8] = []
        while true {
            while !contains(buffer) {
                var block = [UInt8](repeating: 0, count: 4096)
                let count = recv(file, &block, block.count, 0)
                guard count > 0 else { return }
                buffer += block[..<count]
            }
            let line = String(decoding: buffer.prefix { $0 != 0x0D }, as: UTF8.self)
            buffer = []
            log.withLock { $0.append(line) }
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3 else { return }
            let answer = answer(parts[0], parts[1])
            var done = 0
            while done < answer.count {
                let count = answer[done...].withUnsafeBytes {
                    send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                done += count
            }
            if manners.closes { return }
        }
    }

    private func contains(_ buffer: [UInt8]) -> Bool {
        buffer.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A]
    }

    private func answer(_ method: String, _ path: String) -> [UInt8] {
        var head = ""
        var body: [UInt8] = []
        if let prefix = manners.movedFrom, path.hasPrefix(prefix) {
            head =
                "HTTP/1.1 302 Found\r\nLocation: \(path.dropFirst(prefix.count))\r\nContent-Length: 0\r\n\r\n"
            return Array(head.utf8)
        }
        let data = try? Data(contentsOf: URL(fileURLWithPath: root + path))
        if method == "HEAD", !manners.answersHead {
            return Array("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n".utf8)
        }
        if let data {
            body = Array(data)
            if path == "/properties", manners.statesURL { body += Array("hips_service_url = \(url)/\n".utf8) }
            head = "HTTP/1.1 200 OK\r\n"
        } else {
            head = "HTTP/1.1 \(manners.absentStatus) Absent\r\n"
        }
        if manners.allowsOrigins { head += "access-control-allow-origin: *\r\n" }
        if manners.closes {
            head += "Connection: close\r\n"
        } else if manners.chunked, method == "GET" {
            head += "Transfer-Encoding: chunked\r\n"
            let cut = body.count / 3
            let chunks = [body[..<cut], body[cut...]].filter { !$0.isEmpty }
            body = chunks.flatMap {
                Array("\(String($0.count, radix: 16));x=1\r\n".utf8) + $0 + [0x0D, 0x0A]
            }
            body += Array("0\r\nX-Trailer: 1\r\n\r\n".utf8)
        } else {
            head += "Content-Length: \(body.count)\r\n"
        }
        return Array((head + "\r\n").utf8) + (method == "HEAD" ? [] : body)
    }
}

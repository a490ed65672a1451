import Foundation
import Synchronization

/// A server on a port of its own that answers each request as a closure says.
final class ScriptedServer: Sendable {
    /// What is answered.
    enum Reply {
        case file([UInt8])
        case status(Int, fields: String = "")
        /// The first bytes of a file of which the whole length was stated, and then the end of the connection.
        case cut([UInt8], length: Int)
        /// The end of the connection without a word.
        case silence
    }

    /// - Parameters: the path, and how often it was asked for, this time included.
    typealias Script = @Sendable (String, Int) -> Reply

    let port: UInt16
    private let listener: Int32
    private let script: Script
    private let log = Mutex<[(path: String, time: ContinuousClock.Instant)]>([])

    init(_ script: @escaping Script) {
        self.script = script
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

    /// A server of the files of a HiPS.
    convenience init(_ hips: ForeignHiPS) {
        let files = hips.files
        self.init { path, _ in files[path].map { .file($0) } ?? .status(404) }
    }

    /// Stops accepting; without it the threads keep the server alive.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)/hips" }

    /// The paths below the HiPS that were asked for so far.
    var paths: [String] { log.withLock { $0.map(\.path) } }

    /// When each request came.
    var times: [ContinuousClock.Instant] { log.withLock { $0.map(\.time) } }

    private func serve(_ file: Int32) {
        defer { close(file) }
        while true {
            var buffer: [UInt8] = []
            while buffer.suffix(4) != [0x0D, 0x0A, 0x0D, 0x0A] {
                var block = [UInt8](repeating: 0, count: 4096)
                let count = recv(file, &block, block.count, 0)
                guard count > 0 else { return }
                buffer += block[..<count]
            }
            let words = String(decoding: buffer.prefix { $0 != 0x0D }, as: UTF8.self).split(separator: " ")
            guard words.count == 3, words[1].hasPrefix("/hips/") else { return }
            let path = String(words[1].dropFirst(6))
            let times = log.withLock { log in
                log.append((path, .now))
                return log.count { $0.path == path }
            }
            let reply = script(path, times)
            guard send(file, bytes(reply)) else { return }
            switch reply {
            case .cut, .silence: return
            case .file, .status: continue
            }
        }
    }

    private func bytes(_ reply: Reply) -> [UInt8] {
        switch reply {
        case .file(let body): head(200, length: body.count) + body
        case .status(let status, let fields): head(status, length: 0, fields)
        case .cut(let body, let length): head(200, length: length) + body
        case .silence: []
        }
    }

    private func head(_ status: Int, length: Int, _ fields: String = "") -> [UInt8] {
        Array("HTTP/1.1 \(status) Word\r\n\(fields)Content-Length: \(length)\r\n\r\n".utf8)
    }

    private func send(_ file: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

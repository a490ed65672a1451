import Glibc
import Synchronization

/// A server of one file with ranges, on a port of its own.
final class StubServer: Sendable {
    struct State: Sendable {
        var file: [UInt8] = []
        /// What it says of the file's last change; nil for nothing.
        var modified: String? = "Thu, 01 Jan 2026 00:00:00 GMT"
        /// What it calls the state of the file; nil for nothing.
        var tag: String?
        /// Whether it takes connections and never answers.
        var isSilent = false
        /// Whether there is no file.
        var isGone = false
        /// Whether whatever is asked for fails.
        var isFailing = false
        /// Bytes that it cannot read itself.
        var bad = 0..<0
    }

    let port: UInt16
    let state: Mutex<State>
    private let listener: Int32
    private let requests = Atomic(0)

    /// How many requests came so far.
    var requestCount: Int { requests.load(ordering: .relaxed) }

    init(_ file: [UInt8]) {
        state = Mutex(State(file: file))
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

    /// What GDAL calls the file.
    var path: String { "/vsicurl/http://127.0.0.1:\(port)/source.tif" }

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
                Unmanaged<Box>.fromOpaque($0!).takeRetainedValue().work()
                return nil
            }, box)
        pthread_detach(thread)
    }

    private func serve(_ file: Int32) {
        defer { close(file) }
        var head: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(file, &block, block.count, 0)
            guard count > 0 else { return }
            head += block[..<count]
            guard head.suffix(4) == [13, 10, 13, 10] else { continue }
            requests.add(1, ordering: .relaxed)
            let state = state.withLock { $0 }
            // Until the client goes.
            if state.isSilent { continue }
            let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
            head = []
            // One answer a connection: what ends with the server has no connections left.
            guard send(Self.answer(lines, state), file) else { return }
            return
        }
    }

    private static func answer(_ lines: [Substring], _ state: State) -> [UInt8] {
        guard !state.isGone else {
            return Array("HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        }
        let failure = Array("HTTP/1.1 500 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        if state.isFailing { return failure }
        var body = state.file[...]
        var text = "HTTP/1.1 200 X\r\n"
        for line in lines where line.lowercased().hasPrefix("range: bytes=") {
            let numbers = line.dropFirst(13).split(separator: "-").map { Int($0) ?? 0 }
            let last = min(numbers.count > 1 ? numbers[1] : .max, state.file.count - 1)
            guard let first = numbers.first, first <= last else { continue }
            text =
                "HTTP/1.1 206 X\r\nContent-Range: bytes \(first)-\(last)/\(state.file.count)\r\n"
            body = state.file[first...last]
            if state.bad.overlaps(body.indices) { return failure }
        }
        text += "Accept-Ranges: bytes\r\nContent-Length: \(body.count)\r\nConnection: close\r\n"
        if let modified = state.modified { text += "Last-Modified: \(modified)\r\n" }
        if let tag = state.tag { text += "ETag: \(tag)\r\n" }
        return Array((text + "\r\n").utf8) + (lines[0].hasPrefix("HEAD") ? [] : Array(body))
    }

    private func send(_ bytes: [UInt8], _ file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

import Foundation
import Glibc

/// An answer as it came over the wire.
struct Reply: Sendable {
    let status: Int
    /// Field names in lower case.
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads one answer from the front of the bytes; nil when they hold none.
    init?(_ bytes: inout ArraySlice<UInt8>, isHead: Bool = false) {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        let start = lines[0].split(separator: " ")
        guard start.count >= 2, start[0] == "HTTP/1.1", let status = Int(start[1]) else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        self.status = status
        self.fields = fields
        bytes = bytes[(end + 4)...]
        let count = isHead || status == 304 || status == 204 ? 0 : Int(fields["content-length"] ?? "0") ?? 0
        guard bytes.count >= count else { return nil }
        body = Array(bytes.prefix(count))
        bytes = bytes.dropFirst(count)
    }
}

/// A connection to a server on this machine, with nothing between the test and the wire.
///
/// The calls block, so they run on threads of their own and leave those of the tasks to the server.
final class Connection: Sendable {
    private let socket: Int32

    init(port: Int, receiveBuffer: Int32 = 0) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // The machine may have much else to do; only a server that has forgotten the connection takes so long.
        var time = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        if receiveBuffer > 0 {
            var size = receiveBuffer
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    deinit {
        close(socket)
    }

    func send(_ bytes: [UInt8]) async {
        await blocking { [socket] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    func send(_ text: String) async {
        await send(Array(text.utf8))
    }

    /// Tells the server that nothing more will be asked.
    func endSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Reads until the server closes, `enough` is reached or the time is over; nil for the last case.
    func receive(atLeast enough: Int = .max, delayMilliseconds: UInt32 = 0) async -> [UInt8]? {
        await blocking { [socket] in
            Self.receive(from: socket, atLeast: enough, delayMilliseconds: delayMilliseconds)
        }
    }

    /// Sends a request and takes the answer slowly, at a pace that no other task has a part in.
    /// - Parameter onStart: called once when something has come.
    func exchange(
        _ request: String, delayMilliseconds: UInt32, onStart: @escaping @Sendable () -> Void
    ) async -> [UInt8]? {
        await send(request)
        return await blocking { [socket] in
            guard let start = Self.receive(from: socket, atLeast: 1, delayMilliseconds: 0) else { return nil }
            onStart()
            return Self.receive(from: socket, atLeast: .max, delayMilliseconds: delayMilliseconds).map {
                start + $0
            }
        }
    }

    private static func receive(
        from socket: Int32, atLeast enough: Int, delayMilliseconds: UInt32
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 65536)
        while bytes.count < enough {
            usleep(delayMilliseconds * 1000)
            let count = recv(socket, &space, space.count, 0)
            if count == 0 { break }
            if count < 0 { return errno == EAGAIN ? nil : bytes }
            bytes += space[..<count]
        }
        return bytes
    }

    /// Waits until the server has let go of the connection, whatever is still on its way.
    /// - Returns: false when it has not after five minutes.
    func waitUntilAbandoned(by serverPort: Int) async -> Bool {
        let port = localPort
        return await blocking {
            for _ in 0..<3000 {
                if !Self.isEstablished(from: serverPort, to: port) { return true }
                usleep(100_000)
            }
            return false
        }
    }

    private var localPort: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Whether the system knows a connection in the state 1, ESTABLISHED, between two ports of this machine.
    private static func isEstablished(from: Int, to: Int) -> Bool {
        guard let file = fopen("/proc/net/tcp", "r") else { return false }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let parts = text.split(separator: " ")
            guard parts.count > 3 else { continue }
            let ports = parts[1...2].map { $0.split(separator: ":").last.flatMap { Int($0, radix: 16) } }
            if ports == [from, to], parts[3] == "01" { return true }
        }
        return false
    }

    private func blocking<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            // Of its own: one that had to wait for another client would be taken for a slow one.
            Thread.detachNewThread { continuation.resume(returning: work()) }
        }
    }
}

internal import Glibc
internal import HTTP

/// Reads a HiPS over HTTP.
final class RemoteReader: HiPSReader {
    let root: HTTPAddress
    private let session = HTTPSession()

    init(_ root: HTTPAddress) {
        self.root = root
    }

    func read(_ path: String, limit: Int) throws(LintError) -> ReadResult {
        var target = root.url(of: path)
        // A server may send a reader on a few times, though not to another host.
        for _ in 0..<5 {
            let answer: HTTPAnswer
            do {
                answer = try send(HTTPRequest(target, limit: limit))
            } catch {
                if case .tooLong = error {
                    return .refused("it is longer than the \(limit) bytes it could need")
                }
                throw LintError(error, host: root.authority)
            }
            switch answer.status {
            case 200: return .found(answer.body, fields: answer.fields)
            case 404, 410: return .absent
            case 301, 302, 307, 308:
                guard let place = answer.location else {
                    return .refused("status \(answer.status) without a location")
                }
                guard let address = try? HTTPAddress(place), address.host == root.host else {
                    return .refused("the server points to \(place)")
                }
                target = address.url
            default: return .refused("status \(answer.status)")
            }
        }
        return .refused("the server sends the reader in a circle")
    }

    /// The status of a HEAD request.
    func head(_ path: String) throws(LintError) -> Int {
        do {
            return try send(HTTPRequest(root.url(of: path), isHead: true, limit: 0)).status
        } catch {
            throw LintError(error, host: root.authority)
        }
    }

    /// What breaks off is tried three times.
    private func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPAnswer {
        var request = request
        // What a page of another site would be answered is wanted, and each step on the way to it.
        request.fields = ["Origin: http://tessera.invalid"]
        request.followsRedirects = false
        var attempt = 1
        while true {
            do {
                return try session.send(request)
            } catch {
                guard attempt < 3, case .broken = error else { throw error }
                attempt += 1
                usleep(100_000)
            }
        }
    }
}

extension LintError {
    /// What went wrong between here and a server.
    init(_ error: HTTPError, host: String) {
        switch error {
        case .address(let text, let reason): self = .address(text, reason: reason)
        case .broken(_, let reason): self = .connection(host: host, operation: "read from", reason: reason)
        case .tooLong(let url, let limit):
            self = .answer(url: url, reason: "it is longer than the \(limit) bytes expected")
        case .failed(let url, let reason): self = .answer(url: url, reason: reason)
        }
    }
}

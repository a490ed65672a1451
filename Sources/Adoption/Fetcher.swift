internal import Glibc
internal import HTTP

/// What a server gave for a file.
enum Fetched {
    /// The whole file.
    case found([UInt8])
    /// There is none.
    case absent
    /// It is forbidden, which to some object stores means that there is none.
    case forbidden
}

/// Fetches the files of a HiPS over one connection, at the common pace, and asks again where that may help.
final class Fetcher {
    private let root: HTTPAddress
    private let pace: Pace
    private let retryDelay: Duration
    private let session = HTTPSession()
    private static let attempts = 6
    /// Servers that want more time than this are asked another day.
    private static let longestPause = 900

    init(_ root: HTTPAddress, pace: Pace, retryDelay: Duration) {
        self.root = root
        self.pace = pace
        self.retryDelay = retryDelay
    }

    /// Fetches a file.
    /// - Throws: ``AdoptionError/server(url:reason:)`` when it cannot be had, or ``AdoptionError/interrupted``.
    func fetch(_ path: String, limit: Int) throws(AdoptionError) -> Fetched {
        let url = root.url(of: path)
        var attempt = 1
        while true {
            try pace.wait()
            var reason = ""
            var pause = retryDelay * (1 << (attempt - 1))
            do throws(HTTPError) {
                let answer = try session.send(HTTPRequest(url, limit: limit))
                switch answer.status {
                case 200: return .found(answer.body)
                case 404, 410: return .absent
                case 403: return .forbidden
                case 408, 429, 500, 502, 503, 504:
                    reason = "status \(answer.status), \(attempt) times"
                    if let seconds = answer.retryAfterSeconds(now: time(nil)) {
                        guard seconds <= Self.longestPause else {
                            throw .failed(
                                url: url, reason: "the server asks for a pause of \(seconds) seconds")
                        }
                        pause = .seconds(seconds)
                        pace.hold(pause)
                    }
                default: throw .failed(url: url, reason: "status \(answer.status)")
                }
            } catch {
                guard case .broken(_, let words) = error else { throw AdoptionError(error) }
                reason = words
            }
            guard attempt < Self.attempts else { throw .server(url: url, reason: reason) }
            attempt += 1
            try pace.sleep(until: .now + pause)
        }
    }
}

/// What a service answers: bytes with what HTTP says about them.
public struct OGCAnswer: Sendable, Equatable {
    /// The status of HTTP.
    public var status: Int
    /// The value of `Content-Type`.
    public var mediaType: String
    /// The bytes.
    public var body: [UInt8]
    /// After how many seconds the same request may succeed, for `Retry-After`.
    public var retryAfter: Int?
    /// Whether the same request has the same answer for as long as no map is rebuilt, so that it may be kept a while.
    public var mayBeCached: Bool
    /// What is to be known of the answer beside it, one sentence each.
    public var warnings: [String]
    /// Why the request failed, where the reason lies on the server's side, for the server's log.
    public var fault: String?

    /// An answer; a success unless a status is given.
    public init(
        status: Int = 200, mediaType: String, body: [UInt8], retryAfter: Int? = nil,
        mayBeCached: Bool = false,
        warnings: [String] = []
    ) {
        self.status = status
        self.mediaType = mediaType
        self.body = body
        self.retryAfter = retryAfter
        self.mayBeCached = mayBeCached
        self.warnings = warnings
    }
}

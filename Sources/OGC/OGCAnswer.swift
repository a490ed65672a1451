/// The further pieces of an answer that is too long to be made at once.
///
/// A value that is kept between two pieces, while the client takes the last one: it holds no thread, no lock and no
/// transaction.
public protocol OGCPieces: Sendable {
    /// The next piece, which may wait for the disk; nil at the end.
    ///
    /// An error breaks the connection off, so that nobody takes what was sent for the whole.
    mutating func next() throws -> [UInt8]?
}

/// What a service answers: bytes with what HTTP says about them.
public struct OGCAnswer: Sendable {
    /// The status of HTTP.
    public var status: Int
    /// The value of `Content-Type`.
    public var mediaType: String
    /// The bytes; the first of them, where there is a rest.
    public var body: [UInt8]
    /// What comes after `body`; nil for nothing.
    public var rest: (any OGCPieces)?
    /// How many bytes there are in all, where there is a rest and it is known.
    public var length: Int?
    /// The name that the answer is kept under when it is saved; nil for what is shown rather than saved.
    public var fileName: String?
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

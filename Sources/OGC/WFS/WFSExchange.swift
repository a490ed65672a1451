internal import XML

/// A request to the service of features as it was read, and the version in whose form its mistakes are told.
public struct WFSExchange: Sendable {
    /// The request, or why it is none.
    public let request: Result<WFSRequest, OGCException>
    /// The version of the answer.
    public let version: WFSVersion

    /// Reads the part of an address after the question mark.
    public init(query raw: String) {
        let query = KVPQuery(raw)
        let read = Result { () throws(OGCException) in try WFSRequest(query, raw: raw) }
        self.init(read, stated: query.lenientValue(of: "VERSION"))
    }

    /// Reads the body of a POST: a document, or key-value pairs as forms of web pages send them.
    public init(document: [UInt8]) {
        let first = document.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
        guard first == UInt8(ascii: "<") else {
            self.init(query: String(decoding: document, as: UTF8.self).trimmed)
            return
        }
        do {
            let root = try XMLElement.parse(document)
            let read = Result { () throws(OGCException) in try WFSRequest(root) }
            self.init(read, stated: root.attribute("version"))
        } catch {
            self.init(.failure(OGCException(unreadable: error)), stated: nil)
        }
    }

    /// An exchange whose request could not even be read.
    public init(refused exception: OGCException) {
        self.init(.failure(exception), stated: nil)
    }

    private init(_ request: Result<WFSRequest, OGCException>, stated: String?) {
        self.request = request
        if case .success(.capabilities(let wish)) = request {
            version = wish.version
        } else {
            version = .lenient(stated)
        }
    }

    /// The operation in the words of the standard; nil for a request that is none.
    public var operation: String? { (try? request.get())?.operation }

    /// The answer that tells why there is no other one.
    public func refusal(_ exception: OGCException) -> OGCAnswer {
        WFSExceptionForm(version: version).answer(exception)
    }
}

extension OGCException {
    /// A document that cannot be read.
    init(unreadable error: XMLReadingError) {
        switch error {
        case .tooLarge:
            self.init(.operationParsingFailed, error.description, status: 413)
        default: self.init(.operationParsingFailed, error.description)
        }
    }
}

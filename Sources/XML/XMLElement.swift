/// An element of a document that was read whole, with all that is in it.
public struct XMLElement: Sendable, Equatable {
    /// How much is read at most.
    public struct Limits: Sendable {
        /// Bytes of the document.
        public var bytes: Int
        /// Elements within each other.
        public var depth: Int
        /// Elements in all.
        public var elements: Int

        /// Limits that no request of a person or a program comes near to.
        public init(bytes: Int = 1 << 20, depth: Int = 100, elements: Int = 50_000) {
            self.bytes = bytes
            self.depth = depth
            self.elements = elements
        }
    }

    /// The name without its prefix.
    public let name: String
    /// The address of the namespace; nil for none.
    public let namespace: String?
    /// The attributes, without declarations of namespaces.
    public let attributes: [XMLEvents.Attribute]
    /// The line that the tag ends in, from 1 on.
    public let line: Int
    /// The elements directly inside, in their order.
    public internal(set) var children: [XMLElement] = []
    /// The text directly inside, all pieces after each other.
    public internal(set) var text = ""

    init(name: String, namespace: String?, attributes: [XMLEvents.Attribute], line: Int) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.line = line
    }

    /// The value of an attribute without a prefix, or of one with the address of a namespace.
    public func attribute(_ name: String, namespace: String? = nil) -> String? {
        attributes.first { $0.name == name && $0.namespace == namespace }?.value
    }

    /// The first element of a name directly inside, whatever its namespace.
    public func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The text without blanks at its ends.
    public var trimmedText: String {
        let isBlank: (Character) -> Bool = {
            $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" || $0 == "\r\n"
        }
        var rest = text[...]
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    /// Reads a document whole.
    /// - Throws: ``XMLReadingError`` for what is not well-formed, not read here or beyond the limits.
    public static func parse(
        _ document: [UInt8], limits: Limits = Limits()
    ) throws(XMLReadingError) -> XMLElement {
        guard document.count <= limits.bytes else { throw .tooLarge(found: "bytes", limit: limits.bytes) }
        let events = try XMLEvents(document, depthLimit: limits.depth)
        var open: [XMLElement] = []
        var root: XMLElement?
        var count = 0
        while let event = try events.next() {
            switch event {
            case .start(let name, let namespace, let attributes):
                count += 1
                guard count <= limits.elements else {
                    throw .tooLarge(found: "elements", limit: limits.elements)
                }
                open.append(
                    XMLElement(name: name, namespace: namespace, attributes: attributes, line: events.line))
            case .text(let text):
                if let last = open.indices.last { open[last].text += text }
            case .end:
                guard let ended = open.popLast() else { continue }
                if let last = open.indices.last { open[last].children.append(ended) } else { root = ended }
            }
        }
        guard let root else { throw .malformed(line: 1, reason: "there is no element") }
        return root
    }
}

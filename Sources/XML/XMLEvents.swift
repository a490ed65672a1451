internal import CXML2

/// Reads a document piece by piece, so that files larger than the memory can be read.
///
/// Namespaces are resolved (Namespaces in XML 1.0). No document type declaration is read, no entity but the five of XML, and
/// nothing beside the document itself: neither files nor addresses.
///
/// Owned by one task at a time; the pointer of libxml2 never leaves the object, which frees it.
public final class XMLEvents {
    /// An attribute.
    public struct Attribute: Sendable, Equatable {
        /// The name without its prefix.
        public let name: String
        /// The address of the namespace; nil for attributes without a prefix.
        public let namespace: String?
        /// The value, entities resolved.
        public let value: String
    }

    /// A piece of a document.
    public enum Event: Sendable, Equatable {
        /// A tag that opens; an empty tag is followed by its end as well.
        case start(name: String, namespace: String?, attributes: [Attribute])
        /// Text or a CDATA section, which are not always the whole text of an element.
        case text(String)
        /// The end of the element that was opened last.
        case end
    }

    private let reader: xmlTextReaderPtr
    /// What libxml2 reads from; it does not copy.
    private let bytes: UnsafeMutableBufferPointer<CChar>?
    private let depthLimit: Int
    private var isAtEmptyTag = false
    private var isOver = false

    /// Namespaces of declarations, which are no attributes.
    private static let declarations = "http://www.w3.org/2000/xmlns/"

    private static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    private static let options = Int32(
        bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)

    /// Reads a document in memory.
    /// - Throws: ``XMLReadingError/tooLarge(found:limit:)`` for more than 2^31 - 1 bytes, or a tag of more than 500 attributes.
    public init(_ document: [UInt8], depthLimit: Int = 200) throws(XMLReadingError) {
        guard document.count <= Int(Int32.max) else {
            throw .tooLarge(found: "bytes", limit: Int(Int32.max))
        }
        try TagScan.check(document)
        _ = Self.isReady
        let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: max(1, document.count))
        for (index, byte) in document.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        guard
            let reader = xmlReaderForMemory(
                buffer.baseAddress, Int32(document.count), nil, nil, Self.options)
        else {
            buffer.deallocate()
            throw .malformed(line: 1, reason: "there is no document")
        }
        self.reader = reader
        self.depthLimit = depthLimit
        bytes = buffer
    }

    /// Reads a file on disk.
    /// - Throws: ``XMLReadingError/unreadable(path:)`` when it cannot be opened.
    public init(path: String, depthLimit: Int = 200) throws(XMLReadingError) {
        _ = Self.isReady
        guard let reader = xmlReaderForFile(path, nil, Self.options) else { throw .unreadable(path: path) }
        self.reader = reader
        self.depthLimit = depthLimit
        bytes = nil
    }

    deinit {
        xmlFreeTextReader(reader)
        bytes?.deallocate()
    }

    /// The line that the tag or text that was read last stands in, from 1 on.
    public var line: Int {
        guard let node = xmlTextReaderCurrentNode(reader) else { return 1 }
        return max(1, xmlGetLineNo(node))
    }

    /// The next piece; nil at the end of the document.
    /// - Throws: ``XMLReadingError`` for what is not well-formed or not read here.
    public func next() throws(XMLReadingError) -> Event? {
        if isAtEmptyTag {
            isAtEmptyTag = false
            return .end
        }
        while !isOver {
            let state = xmlTextReaderRead(reader)
            guard state == 1 else {
                isOver = true
                if state < 0 { throw malformed() }
                return nil
            }
            switch xmlReaderTypes(rawValue: UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
            case XML_READER_TYPE_ELEMENT:
                guard xmlTextReaderDepth(reader) < depthLimit else {
                    throw .tooLarge(found: "levels of elements", limit: depthLimit)
                }
                isAtEmptyTag = xmlTextReaderIsEmptyElement(reader) == 1
                return .start(
                    name: Self.text(xmlTextReaderConstLocalName(reader)) ?? "",
                    namespace: Self.text(xmlTextReaderConstNamespaceUri(reader)), attributes: attributes())
            case XML_READER_TYPE_END_ELEMENT: return .end
            case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
                return .text(Self.text(xmlTextReaderConstValue(reader)) ?? "")
            case XML_READER_TYPE_DOCUMENT_TYPE:
                throw .forbidden(line: line, found: "a document type declaration")
            case XML_READER_TYPE_ENTITY_REFERENCE, XML_READER_TYPE_ENTITY:
                throw .forbidden(line: line, found: "a reference to an entity")
            default: continue
            }
        }
        return nil
    }

    private func attributes() -> [Attribute] {
        var found: [Attribute] = []
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            let namespace = Self.text(xmlTextReaderConstNamespaceUri(reader))
            if namespace == Self.declarations { continue }
            found.append(
                Attribute(
                    name: Self.text(xmlTextReaderConstLocalName(reader)) ?? "", namespace: namespace,
                    value: Self.text(xmlTextReaderConstValue(reader)) ?? ""))
        }
        xmlTextReaderMoveToElement(reader)
        return found
    }

    private func malformed() -> XMLReadingError {
        guard let error = xmlGetLastError(), let message = error.pointee.message else {
            return .malformed(line: line, reason: "it ends too early")
        }
        let reason = String(cString: message).split(separator: "\n").first.map(String.init) ?? ""
        return .malformed(line: Int(error.pointee.line), reason: String(reason.prefix(200)))
    }

    private static func text(_ characters: UnsafePointer<xmlChar>?) -> String? {
        characters.map { String(cString: $0) }
    }
}

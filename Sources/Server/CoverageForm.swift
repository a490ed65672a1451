internal import HEALPix
internal import HiPS
internal import MOC
internal import Maps

/// How the coverage of a map is wanted.
struct CoverageForm: Hashable {
    let format: MOCFormat
    /// The order to degrade it to; nil for its own.
    let order: Order?
    /// Whether `COORDSYS` is the body.
    let isBodyFramed: Bool

    /// Whether this is the file as the map has it.
    var isAsItIs: Bool { format == .fits && order == nil && !isBodyFramed }

    /// Why parameters make no sense.
    struct Mistake: Error {
        let text: String
    }

    /// - Throws: ``Mistake`` for an order or a frame that there is not.
    init(_ format: MOCFormat, _ query: RequestQuery) throws(Mistake) {
        self.format = format
        switch query["frame"]?.lowercased() {
        case nil, "celestial": isBodyFramed = false
        case "body": isBodyFramed = true
        case let frame?:
            throw Mistake(
                text: "frame is \(RequestText.quoted(frame)) where body or celestial is expected.\n")
        }
        if let text = query["order"] {
            guard let order = Int(text).flatMap({ Order($0) }) else {
                throw Mistake(text: "order is \(RequestText.quoted(text)) where 0 to 29 is expected.\n")
            }
            self.order = order
        } else {
            order = nil
        }
    }

    /// The coverage of a map in this form.
    func encode(_ document: MOCDocument, of map: MapName) throws -> [UInt8] {
        var document = document
        document.body = document.body ?? map.body
        if let order {
            document.coverage = .space(try document.coverage.ofSpace().degraded(to: order))
        }
        return try document.encoded(as: format, isBodyFramed: isBodyFramed)
    }
}

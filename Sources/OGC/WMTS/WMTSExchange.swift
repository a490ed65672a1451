internal import Maps
internal import XML

/// A request to the tile service as it was read, and the form in which its mistakes are told.
public struct WMTSExchange: Sendable {
    /// How a request was made.
    public enum Binding: Sendable, Hashable {
        /// Key-value pairs.
        case query
        /// A path of the WMTS standard (OGC 07-057r7, section 10).
        case resource
        /// A path as web maps have it.
        case webMap
    }

    /// The request, or why it is none.
    public let request: Result<WMTSRequest, OGCException>
    /// How it was made.
    public let binding: Binding

    /// Reads the part of an address after the question mark.
    public init(query: String) {
        binding = .query
        do {
            request = .success(try WMTSRequest(KVPQuery(query)))
        } catch {
            request = .failure(error)
        }
    }

    /// Reads a path below that of the service:
    /// `1.0.0/WMTSCapabilities.xml`, `1.0.0/<layer>/<style>/<set>/<level>/<row>/<column>.<format>`, or the same with
    /// `/<j>/<i>.<format>` behind the column.
    public init(resource parts: [String]) {
        binding = .resource
        request = Self.resource(parts).map { .success($0) } ?? .failure(.nothingThere)
    }

    /// Reads a path below `tiles`: `<layer>/<set>/<level>/<row>/<column>.<format>`, `<layer>/<set>/tilejson.json`.
    /// - Parameter query: the part of the address after the question mark: a style and what changes it.
    public init(tiles parts: [String], query: String) {
        binding = .webMap
        do throws(OGCException) {
            request = .success(try Self.tiles(parts, KVPQuery(query)))
        } catch {
            request = .failure(error)
        }
    }

    /// The layer that is asked for.
    public var layerName: String? {
        switch try? request.get() {
        case .tile(let tile), .featureInfo(let tile, _): tile.layer
        case .tileJSON(let layer, _, _, _): layer
        case .capabilities, nil: nil
        }
    }

    private static func resource(_ parts: [String]) -> WMTSRequest? {
        guard parts.first == "1.0.0" else { return nil }
        if parts.dropFirst() == ["WMTSCapabilities.xml"] { return .capabilities(WMTSDocumentParameters()) }
        guard parts.count == 7 || parts.count == 9, let (last, ending) = split(parts[parts.count - 1]) else {
            return nil
        }
        var tile = TileParameters(
            layer: parts[1], style: parts[2], format: .png, set: parts[3], matrix: parts[4], row: parts[5],
            column: last)
        if parts.count == 7 {
            guard let format = MapFormat(tileExtension: ending) else { return nil }
            tile.format = format
            return .tile(tile)
        }
        guard let format = FeatureInfoFormat(fileExtension: ending) else { return nil }
        tile.column = parts[6]
        return .featureInfo(tile, WMTSPoint(column: last, row: parts[7], format: format))
    }

    private static func tiles(_ parts: [String], _ query: KVPQuery) throws(OGCException) -> WMTSRequest {
        let style = try query.optional("STYLE") ?? ""
        if parts.count == 3, parts[2] == "tilejson.json" {
            let text = try query.optional("FORMAT") ?? "png"
            guard let format = MapFormat(tileExtension: text) else {
                throw .invalid("FORMAT", "is \(OGCException.quoted(text)); png, jpg or webp was expected")
            }
            return .tileJSON(layer: parts[0], set: parts[1], format: format, style: style)
        }
        guard parts.count == 5, let (column, ending) = split(parts[4]),
            let format = MapFormat(tileExtension: ending)
        else { throw .nothingThere }
        return .tile(
            TileParameters(
                layer: parts[0], style: style, styling: try query.styling(), format: format, set: parts[1],
                matrix: parts[2], row: parts[3], column: column))
    }

    /// The name of a file and its end.
    private static func split(_ name: String) -> (String, String)? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    /// The answer that tells why there is no other one (OGC 06-121r3, section 8).
    ///
    /// A path of the service that leads nowhere is not found, whatever is wrong with it (OGC 07-057r7, section 10).
    public func refusal(_ exception: OGCException) -> OGCAnswer {
        var answer = document(of: exception)
        if exception.status >= 500 { answer.fault = exception.text }
        return answer
    }

    private func document(of exception: OGCException) -> OGCAnswer {
        let status = binding != .query && exception.status == 400 ? 404 : exception.status
        guard binding != .webMap else {
            return OGCAnswer(
                status: status, mediaType: "text/plain; charset=utf-8",
                body: Array((exception.text + "\n").utf8),
                retryAfter: exception.retryAfter)
        }
        var writer = XMLWriter()
        writer.element(
            "ows:ExceptionReport",
            [
                "version": "1.0.0", "xml:lang": "en", "xmlns:ows": "http://www.opengis.net/ows/1.1",
                "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                "xsi:schemaLocation":
                    "http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd",
            ]
        ) { writer in
            writer.element(
                "ows:Exception",
                ["exceptionCode": exception.code.rawValue, "locator": exception.locator.map(Self.parameter)]
            ) { $0.element("ows:ExceptionText", text: exception.text) }
        }
        return OGCAnswer(
            status: status, mediaType: "text/xml", body: writer.bytes, retryAfter: exception.retryAfter)
    }

    /// The name of a parameter as the standard writes it.
    private static func parameter(_ name: String) -> String {
        let names = [
            "Service", "Request", "Version", "Layer", "Style", "Format", "TileMatrixSet", "TileMatrix",
            "TileRow",
            "TileCol", "InfoFormat", "I", "J", "AcceptVersions", "Sections", "AcceptFormats",
        ]
        return names.first { $0.uppercased() == name }
            ?? (name == "UPDATESEQUENCE" ? "updateSequence" : name)
    }
}

extension OGCException {
    /// For paths that no document has.
    static let nothingThere = OGCException(
        .invalidParameterValue,
        "There is nothing here; the capabilities of the service have the forms of its addresses.", status: 404
    )
}

extension FeatureInfoFormat {
    /// The end of the name of an answer.
    var fileExtension: String {
        switch self {
        case .text: "txt"
        case .json: "json"
        case .gml: "gml"
        case .html: "html"
        }
    }

    init?(fileExtension text: String) {
        guard let format = Self.allCases.first(where: { $0.fileExtension == text }) else { return nil }
        self = format
    }
}

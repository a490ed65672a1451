public import GridCoverages
public import Maps
internal import PlanetaryFrames
internal import XML

/// The Web Coverage Service of a body (OGC 09-110r4 and 03-065r6): from requests as they were read to answers.
public struct WebCoverageService: Sendable {
    /// The systems of the body.
    public let systems: MapSystems
    /// The systems that documents list.
    public let listed: [MapCRS]
    /// What makes the answers.
    public let maker: CoverageMaker

    /// A service.
    public init(systems: MapSystems, listed: [MapCRS], maker: CoverageMaker) {
        self.systems = systems
        self.listed = listed
        self.maker = maker
    }

    /// Answers a request for descriptions or for a coverage.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - coverages: those of the coverages named in it that there are, in the order of their names; all where none is.
    ///   - isCancelled: whether nobody waits for the answer any more.
    /// - Throws: `CancellationError` alone, when it was given up; every other mistake is an answer.
    public func answer(
        _ exchange: WCSExchange, coverages: [GridCoverage], isCancelled: @escaping @Sendable () -> Bool
    ) throws(CancellationError) -> OGCAnswer {
        do throws(Failure) {
            return try answer(exchange, coverages, isCancelled)
        } catch {
            switch error {
            case .exception(let exception): return exchange.refusal(exception)
            case .cancelled: throw CancellationError()
            }
        }
    }

    private enum Failure: Error {
        case exception(OGCException)
        case cancelled
    }

    private func answer(
        _ exchange: WCSExchange, _ coverages: [GridCoverage], _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(Failure) -> OGCAnswer {
        do {
            switch try exchange.request.get() {
            case .description(let version, let names):
                let found = try names.isEmpty ? coverages : names.map { try named($0, coverages, version) }
                return OGCAnswer(
                    mediaType: "text/xml",
                    body: version == .v201
                        ? CoverageDescription.document(found)
                        : PlainDescription.document(found, systems: listed),
                    mayBeCached: true)
            case .coverage(let wish):
                let coverage = try named(wish.coverage, coverages, .v201)
                let resolved = try WCSResolution(coverage: coverage, systems: systems).resolved(wish)
                return try sent(coverage, resolved, isMultipart: wish.isMultipart, isCancelled)
            case .plainCoverage(let wish):
                let coverage = try named(wish.coverage, coverages, .v100)
                let resolved = try WCSResolution(coverage: coverage, systems: systems).resolved(wish)
                return try sent(coverage, resolved, isMultipart: false, isCancelled)
            case .capabilities:
                throw OGCException(
                    .operationNotSupported, "GetCapabilities is answered elsewhere.", status: 500)
            }
        } catch let exception as OGCException {
            throw .exception(exception)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .exception(OGCException(.noApplicableCode, "\(error)", status: 500))
        }
    }

    private func named(
        _ name: String, _ coverages: [GridCoverage], _ version: WCSVersion
    ) throws(OGCException) -> GridCoverage {
        guard let coverage = coverages.first(where: { Self.isNamed($0.identifier, name) }) else {
            throw OGCException(
                version == .v201 ? .noSuchCoverage : .coverageNotDefined,
                locator: version == .v201 ? "COVERAGEID" : "COVERAGE",
                "There is no coverage \(OGCException.quoted(name)) of \(systems.body.name); GetCapabilities lists them.",
                status: 404)
        }
        return coverage
    }

    /// Whether a name in a request means a coverage: its identifier, or that as XML can hold it.
    public static func isNamed(_ identifier: String, _ name: String) -> Bool {
        identifier == name || CoverageText.identifier(identifier) == name
    }

    /// Up to so many bytes an answer is made at once, can be kept by caches and has a tag.
    private static let largestPiece = 4 << 20

    private func sent(
        _ coverage: GridCoverage, _ resolved: WCSResolution.Resolved, isMultipart: Bool,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws -> OGCAnswer {
        var answer: OGCAnswer
        do throws(CoverageError) {
            if resolved.format == .gml {
                answer = try document(coverage, resolved.request, isCancelled)
            } else if isMultipart {
                answer = try parts(coverage, resolved.request, isCancelled)
            } else {
                let product = try maker.product(resolved.request, of: coverage, cancelled: isCancelled)
                var pieces = ProductPieces(product)
                answer = OGCAnswer(mediaType: product.mediaType, body: [], mayBeCached: true)
                try Self.fill(&answer, from: &pieces, length: product.byteCount)
                answer.fileName = product.fileName
            }
        } catch .cancelled {
            throw Failure.cancelled
        } catch {
            throw OGCException(error, of: coverage)
        }
        answer.warnings = resolved.warnings
        return answer
    }

    /// Takes the first pieces into an answer, all of them where they are few.
    private static func fill(
        _ answer: inout OGCAnswer, from pieces: inout ProductPieces, length: Int?
    ) throws(CoverageError) {
        while answer.body.count < largestPiece {
            guard let piece = try pieces.product.next() else {
                answer.body += pieces.end
                return
            }
            if answer.body.isEmpty { answer.body = piece } else { answer.body += piece }
        }
        answer.rest = pieces
        answer.length = length
    }
}

// Several parts, and documents with values in them.
extension WebCoverageService {
    /// The description of the answer and the file with its values (OGC 09-146r2, section 11).
    private func parts(
        _ coverage: GridCoverage, _ request: CoverageRequest, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> OGCAnswer {
        let product = try maker.product(request, of: coverage, cancelled: isCancelled)
        var writer = XMLWriter()
        let crs = request.outputCRS ?? coverage.crs
        let bands = (request.bands ?? Array(coverage.bands.indices)).map { coverage.bands[$0] }
        CoverageDescription(coverage).writeCoverage(
            of: bands, on: try coverage.answerGrid(request), in: crs, &writer
        ) { writer in
            writer.element("gml:File") { writer in
                writer.element(
                    "gml:rangeParameters",
                    [
                        "xlink:href": "cid:" + Self.part,
                        "xlink:role":
                            "http://www.opengis.net/spec/GMLCOV_geotiff-coverages/1.0/conf/geotiff-coverage",
                        "xlink:arcrole": "fileReference",
                    ])
                writer.element("gml:fileReference", text: "cid:" + Self.part)
                writer.element("gml:fileStructure")
                writer.element("gml:mimeType", text: product.mediaType)
            }
        }
        let head =
            "--\(Self.boundary)\r\nContent-Type: application/gml+xml\r\nContent-ID: <coverage.xml>\r\n\r\n"
        let middle =
            "\r\n--\(Self.boundary)\r\nContent-Type: \(product.mediaType)\r\nContent-ID: <\(Self.part)>\r\n"
            + "Content-Disposition: attachment; filename=\"\(product.fileName)\"\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n"
        let end = Array("\r\n--\(Self.boundary)--\r\n".utf8)
        var pieces = ProductPieces(product, end: end)
        var answer = OGCAnswer(
            mediaType:
                "multipart/related; type=\"application/gml+xml\"; start=\"<coverage.xml>\"; boundary=\(Self.boundary)",
            body: Array(head.utf8) + writer.bytes + Array(middle.utf8), mayBeCached: true)
        let length = product.byteCount.map { [count = answer.body.count] in $0 + count + end.count }
        try Self.fill(&answer, from: &pieces, length: length)
        return answer
    }

    /// The name of the part that holds the file.
    private static let part = "coverage-data"
    /// What stands between parts: it cannot be in any of them by chance.
    private static let boundary = "tessera-8c1f2d5b7e904a36"

    /// Values in a document are for a look at a few of them.
    private static let mostValues = 1 << 18

    /// A coverage as one document (OGC 09-146r2, section 8).
    private func document(
        _ coverage: GridCoverage, _ request: CoverageRequest, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(CoverageError) -> OGCAnswer {
        let grid = try coverage.answerGrid(request)
        let numbers = request.bands ?? Array(coverage.bands.indices)
        let (pixels, isOver) = grid.width.multipliedReportingOverflow(by: grid.height)
        guard !isOver, pixels <= Self.mostValues / max(1, numbers.count) else {
            throw .tooLarge(
                found: isOver ? Int.max : pixels, limit: Self.mostValues / max(1, numbers.count),
                unit: "pixels in a document of GML")
        }
        let values = try maker.values(request, of: coverage, cancelled: isCancelled)
        var writer = XMLWriter()
        CoverageDescription(coverage).writeCoverage(
            of: numbers.map { coverage.bands[$0] }, on: grid, in: request.outputCRS ?? coverage.crs, &writer
        ) { writer in
            writer.element("gml:DataBlock") { writer in
                writer.element("gml:rangeParameters")
                writer.element("gml:tupleList", ["cs": ",", "ts": " "]) { writer in
                    writer.text(Self.tuples(values, bands: numbers.count))
                }
            }
        }
        return OGCAnswer(mediaType: "application/gml+xml", body: writer.bytes, mayBeCached: true)
    }

    /// Values of all bands of a pixel with commas between, pixels with blanks.
    private static func tuples(_ values: [Double], bands: Int) -> String {
        var text = ""
        text.reserveCapacity(values.count * 7)
        for (index, value) in values.enumerated() {
            if index > 0 { text += index % bands == 0 ? " " : "," }
            text += CoverageText.number(value)
        }
        return text
    }
}

/// The further pieces of a file, and what stands behind it.
private struct ProductPieces: OGCPieces {
    let product: CoverageProduct
    let end: [UInt8]
    private var isAtEnd = false

    init(_ product: CoverageProduct, end: [UInt8] = []) {
        self.product = product
        self.end = end
    }

    mutating func next() throws -> [UInt8]? {
        if let piece = try product.next() { return piece }
        guard !isAtEnd, !end.isEmpty else { return nil }
        isAtEnd = true
        return end
    }
}

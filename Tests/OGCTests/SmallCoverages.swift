import GridCoverages
import HiPS
import Maps
import PlanetaryFrames
import Testing
import XML

@testable import OGC

/// The coverages of the small maps, and their service: 384 x 192 pixels of 0.9375 degrees.
struct SmallCoverages {
    let coverages: [GridCoverage]
    let service: WebCoverageService
    static let turn = 2 * Double.pi * 3_396_190
    static let pixel = turn / 384

    init(limits: CoverageLimits = CoverageLimits()) throws {
        let maps = try SmallMaps()
        let maker = CoverageMaker(renderer: maps.service.renderer, options: .init(limits: limits))
        coverages = try maps.layers.flatMap { layer in
            try maker.coverages(
                of: layer, map: try MapName(body: "mars", name: layer.name), in: nil,
                systems: maps.service.systems, catalogue: try BodyCatalogue.standard())
        }
        service = WebCoverageService(
            systems: maps.service.systems, listed: maps.service.systems.advertised, maker: maker)
    }

    /// What a request is answered with, in the way of the server.
    func answer(_ query: String) throws -> OGCAnswer { try answer(WCSExchange(query: query)) }

    /// The same for a document.
    func answer(document: String) throws -> OGCAnswer {
        try answer(WCSExchange(document: Array(document.utf8)))
    }

    private func answer(_ exchange: WCSExchange) throws -> OGCAnswer {
        switch exchange.request {
        case .failure(let mistake): return exchange.refusal(mistake)
        case .success(.capabilities(let wish)):
            do throws(OGCException) {
                return try capabilities.answer(wish)
            } catch {
                return exchange.refusal(error)
            }
        case .success:
            let found = coverages.filter { coverage in
                exchange.coverageNames?.contains { WebCoverageService.isNamed(coverage.identifier, $0) }
                    ?? true
            }
            return try service.answer(exchange, coverages: found) { false }
        }
    }

    var capabilities: WCSCapabilities {
        WCSCapabilities(
            identity: ServiceIdentity(), body: "Mars", root: "http://h", path: "/mars/wcs",
            coverages: coverages, systems: service.listed, updateSequence: 100)
    }

    static let base = "SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID=heights"

    /// The root of the document that a request is answered with.
    func root(_ query: String) throws -> XMLElement {
        let answer = try answer(query)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try XMLElement.parse(answer.body, limits: .init(bytes: 1 << 26, elements: 1_000_000))
    }

    /// The code and the status of a refusal.
    func mistake(_ query: String) throws -> String { try Self.mistake(try answer(query)) }

    static func mistake(_ answer: OGCAnswer) throws -> String {
        guard answer.status != 200 else { return "200" }
        let root = try XMLElement.parse(answer.body)
        let exception = try #require(root.children.first)
        let code = exception.attribute("exceptionCode") ?? exception.attribute("code") ?? "-"
        let text = exception.child("ExceptionText")?.text ?? exception.text
        #expect(!text.isEmpty)
        return "\(code) \(answer.status)"
    }

    /// The grid and the values of a coverage that is asked for as GML.
    func grid(_ query: String) throws -> SmallGrid {
        try SmallGrid(try root(query + "&FORMAT=application/gml%2Bxml"))
    }
}

/// A coverage of GML as a client reads it.
struct SmallGrid {
    let labels: String
    let srsName: String
    let width: Int
    let height: Int
    /// Centre of the first pixel, in the order of the system.
    let origin: [Double]
    let offsets: [[Double]]
    let lower: [Double]
    let upper: [Double]
    /// Values of a pixel behind each other.
    let values: [Double]
    let fields: [String]

    init(_ root: XMLElement) throws {
        #expect(root.name == "RectifiedGridCoverage")
        let envelope = try #require(root.child("boundedBy")?.child("Envelope"))
        labels = try #require(envelope.attribute("axisLabels"))
        srsName = try #require(envelope.attribute("srsName"))
        lower = Self.numbers(envelope.child("lowerCorner"))
        upper = Self.numbers(envelope.child("upperCorner"))
        let grid = try #require(root.child("domainSet")?.child("RectifiedGrid"))
        let high = Self.numbers(grid.child("limits")?.child("GridEnvelope")?.child("high"))
        (width, height) = (Int(high[0]) + 1, Int(high[1]) + 1)
        origin = Self.numbers(grid.child("origin")?.child("Point")?.child("pos"))
        offsets = grid.children.filter { $0.name == "offsetVector" }.map { Self.numbers($0) }
        fields = (root.child("rangeType")?.child("DataRecord")?.children ?? []).compactMap {
            $0.attribute("name")
        }
        let list = root.child("rangeSet")?.child("DataBlock")?.child("tupleList")
        values = (list?.text ?? "").split { $0 == " " || $0 == "," }.compactMap { Double(String($0)) }
    }

    static func numbers(_ element: XMLElement?) -> [Double] {
        (element?.text ?? "").split(separator: " ").compactMap { Double(String($0)) }
    }
}

public import PlanetaryFrames
internal import Pixels
internal import Rasters
public import Settings
internal import Tiles

extension BuildRequest {
    /// The request that a survey makes.
    /// - Parameters:
    ///   - folder: what relative inputs are relative to: the folder of the survey file.
    ///   - catalogue: the known bodies.
    /// - Throws: ``TilerError/option(name:found:remedy:)`` for a value that no survey can ask for, and
    ///   ``TilerError/source(_:)`` for an unknown body.
    public init(_ survey: Survey, folder: String, catalogue: BodyCatalogue) throws(TilerError) {
        let inputs = survey.resolvedInputs(relativeTo: folder)
        guard inputs.count == 1 else {
            throw .option(
                name: "inputs", found: "\(inputs.count) files",
                remedy: "expected one raster; join several with gdalbuildvrt and gdal_translate first")
        }
        if let id = survey.id, !Survey.isIdentifier(id) {
            throw .option(
                name: "id", found: "\"\(id)\" is not an IVOA identifier",
                remedy: "expected ivo://authority/path without blanks, such as ivo://localhost/mars/viking")
        }
        var declaration = SourceDeclaration(crs: survey.crs)
        if let name = survey.body {
            do {
                declaration.body = try catalogue.body(named: name)
            } catch {
                throw .source(.frame(error))
            }
        }
        declaration.registration = survey.registration.flatMap {
            SourceDeclaration.Registration(rawValue: $0.rawValue)
        }
        declaration.latitudeKind = survey.latitudeKind
        declaration.longitudeSense = survey.longitudeSense
        declaration.longitudeSystem = survey.longitudeSystem
        declaration.bands = survey.bands
        if let extent = survey.extent {
            declaration.extent = SourceDeclaration.Extent(
                west: extent.west, south: extent.south,
                east: survey.longitudeSense == .west ? extent.east : extent.west + extent.widthDegrees,
                north: extent.north)
        }
        switch survey.nodata {
        case nil: break
        case .some(.none): declaration.noData = .some(nil)
        case .nan: declaration.noData = .some(.nan)
        case .value(let value): declaration.noData = .some(value)
        case .rule(let rule):
            declaration.noDataRule = NoDataRule(
                values: rule.values, range: rule.range, isEdgeConnected: rule.isEdgeConnected,
                erodePixels: rule.erodePixels)
        }
        self.init(source: inputs[0], declaration: declaration)
        name = survey.name
        id = survey.id
        title = survey.title
        description = survey.description
        credit = survey.credit
        licence = survey.licence
        order = survey.order
        formats = try Self.formats(survey.formats)
        cut = survey.cut.map { ($0.low, $0.high) }
        stretch = survey.stretch.flatMap { ByteStretch.Curve(rawValue: $0.rawValue) } ?? .linear
        colourMap = survey.colormap
        mocOrder = survey.mocOrder
        vertical = survey.vertical
        switch survey.resampling {
        case nil, .bilinear: resampling = .at(.bilinear)
        case .nearest: resampling = .at(.nearest)
        case .bicubic: resampling = .at(.bicubic)
        case .lanczos: resampling = .at(.lanczos)
        case .average: resampling = .average
        }
    }

    private static func formats(_ words: [String]?) throws(TilerError) -> [TileFormat]? {
        guard let words else { return nil }
        guard !words.isEmpty else {
            throw .option(
                name: "formats", found: "none", remedy: "expected some of fits, png, jpeg, webp")
        }
        var formats: [TileFormat] = []
        for word in words {
            guard let format = TileFormat(word: word) else {
                throw .option(
                    name: "formats", found: "\"\(word)\" is not a format of tiles",
                    remedy: "expected some of fits, png, jpeg, webp")
            }
            formats.append(format)
        }
        guard !formats.isEmpty else {
            throw .option(
                name: "formats", found: "the list is empty", remedy: "expected some of fits, png, jpeg, webp")
        }
        return formats
    }
}

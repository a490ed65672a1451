public import Maps
internal import PlanetaryFrames

/// The Web Map Service of a body (OGC 06-042 and 01-068r3): from requests as they were read to answers.
public struct WebMapService: Sendable {
    /// The systems of the body.
    public let systems: MapSystems
    /// What draws.
    public let renderer: MapRenderer
    /// What encodes.
    public let encoder: MapEncoder
    /// The styles that an empty name stands for, by the names of layers; the layer's own where there is none.
    public var defaultStyles: [String: String] = [:]
    /// How much one map may ask for.
    public var limits = WMSLimits()

    /// A service.
    public init(systems: MapSystems, renderer: MapRenderer, encoder: MapEncoder) {
        self.systems = systems
        self.renderer = renderer
        self.encoder = encoder
    }

    private func style(
        _ name: String, _ parameters: [String: String], of layer: MapLayer
    ) throws(MapsError) -> MapStyle {
        try MapStyle.parse(
            name.isEmpty ? defaultStyles[layer.name] ?? "" : name, parameters: parameters, layer: layer)
    }

    /// Answers a request for a map, for what lies at a place, or for a legend.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - layers: those of the layers named in it that there are.
    ///   - isCancelled: whether nobody waits for the answer any more.
    /// - Throws: `MapsError.cancelled` alone; every other mistake is an answer.
    public func answer(
        _ exchange: WMSExchange, layers: [MapLayer], isCancelled: @Sendable () -> Bool
    ) throws(MapsError) -> OGCAnswer {
        do {
            switch try exchange.request.get() {
            case .map(let map, let picture):
                return try draw(map, picture, layers, isCancelled)
            case .featureInfo(let map, let point):
                return try report(map, point, layers)
            case .legend(let legend):
                return try draw(legend, layers)
            case .capabilities:
                throw OGCException(
                    .operationNotSupported, "GetCapabilities is answered elsewhere.", status: 500)
            }
        } catch let error as OGCException {
            return exchange.refusal(error)
        } catch MapsError.cancelled {
            throw .cancelled
        } catch {
            return exchange.refusal(OGCException(error))
        }
    }

    private func draw(
        _ map: WMSMapParameters, _ picture: WMSPicture, _ layers: [MapLayer],
        _ isCancelled: @Sendable () -> Bool
    ) throws -> OGCAnswer {
        let drawings = try drawings(map, layers)
        let (window, warnings) = try window(of: map)
        let drawn = try renderer.draw(
            drawings, window: window, background: picture.ground,
            cancelled: isCancelled)
        return OGCAnswer(
            mediaType: picture.format.name,
            body: try encoder.encode(drawn, as: picture.format, cancelled: isCancelled),
            mayBeCached: true,
            warnings: warnings)
    }

    private func drawings(_ map: WMSMapParameters, _ layers: [MapLayer]) throws -> [LayerDrawing] {
        let found = try map.layers.map { try layer($0, in: layers, parameter: "LAYERS") }
        let drawings = try zip(found, zip(map.styles, map.opacities)).map { layer, look in
            let style = try style(look.0, map.styling, of: layer)
            return LayerDrawing(layer: layer, style: style, opacity: look.1)
        }
        let pixels = map.width * map.height
        let weight = drawings.reduce(0) { $0 + $1.style.weight }
        guard pixels * weight <= limits.mostPixels else {
            throw OGCException.invalid(
                "WIDTH",
                "and HEIGHT ask for \(map.width) x \(map.height) pixels, of which those in a style of slopes or light count "
                    + "\(MapStyle(kind: .hillshade).weight) times: \(pixels * weight) in all; at most "
                    + "\(limits.mostPixels) are drawn for one request")
        }
        return drawings
    }

    private func layer(
        _ name: String, in layers: [MapLayer], parameter: String
    ) throws(OGCException) -> MapLayer {
        guard let layer = layers.first(where: { $0.name == name }) else {
            throw OGCException(
                .layerNotDefined, locator: parameter,
                "There is no layer \(OGCException.quoted(name)) of \(systems.body.name); GetCapabilities lists them."
            )
        }
        return layer
    }

    /// The window of a request: the order of the four numbers of its box is that of the version and the system.
    func window(of map: WMSMapParameters) throws(MapsError) -> (window: MapWindow, warnings: [String]) {
        let (crs, warnings) = try systems.parse(map.crs)
        let box = MapBox(minX: map.box[0], minY: map.box[1], maxX: map.box[2], maxY: map.box[3])
        let isSwapped = map.version == .v130 && crs.axisOrder.isNorthFirst
        return (
            try MapWindow(crs: crs, box: isSwapped ? box.swapped : box, width: map.width, height: map.height),
            warnings
        )
    }

    private func report(
        _ map: WMSMapParameters, _ point: WMSPoint, _ layers: [MapLayer]
    ) throws -> OGCAnswer {
        for name in map.layers { _ = try layer(name, in: layers, parameter: "LAYERS") }
        let asked = try point.layers.map { name in
            guard map.layers.contains(name) else {
                throw OGCException(
                    .layerNotDefined, locator: "QUERY_LAYERS",
                    "QUERY_LAYERS names \(OGCException.quoted(name)), which LAYERS does not.")
            }
            return try layer(name, in: layers, parameter: "QUERY_LAYERS")
        }
        let (window, warnings) = try window(of: map)
        let report = try PlaceReport(
            systems.body, window, column: point.column, row: point.row, layers: asked, renderer: renderer)
        var answer = report.document(point.format)
        answer.warnings = warnings
        return answer
    }

    private func draw(_ legend: WMSLegend, _ layers: [MapLayer]) throws -> OGCAnswer {
        let layer = try layer(legend.layer, in: layers, parameter: "LAYER")
        let style = try style(legend.style, legend.styling, of: layer)
        let document = LegendDocument(title: layer.title, legend: renderer.legend(style, layer: layer))
        switch legend.format {
        case .json:
            return OGCAnswer(
                mediaType: "application/json", body: Array(document.json(layer: layer.name).utf8),
                mayBeCached: true)
        case .picture(let format):
            return OGCAnswer(
                mediaType: format.name, body: try encoder.encode(document.picture, as: format),
                mayBeCached: true)
        }
    }
}

extension OGCException {
    /// What a map cannot be drawn for, in the words of the services.
    public init(_ error: any Error) {
        guard let error = error as? MapsError else {
            self.init(.noApplicableCode, "\(error)", status: 500)
            return
        }
        switch error {
        case .unknownCRS, .otherBody:
            self.init(.invalidCRS, locator: "CRS", error.description)
        case .unknownStyle: self.init(.styleNotDefined, locator: "STYLES", error.description)
        case .badParameter(let name, _, _):
            self.init(.invalidParameterValue, locator: name, error.description)
        case .badBox, .tooManyTurns: self.init(.invalidParameterValue, locator: "BBOX", error.description)
        case .badSize: self.init(.invalidParameterValue, locator: "WIDTH", error.description)
        case .unavailable:
            self.init(.noApplicableCode, error.description, status: 503, retryAfter: 5)
        case .unusableLayer, .unusableTile, .encoding, .frame, .cancelled:
            self.init(.noApplicableCode, error.description, status: 500)
        }
    }
}

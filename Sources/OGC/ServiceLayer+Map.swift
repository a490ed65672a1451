public import Maps
internal import HiPS
internal import PlanetaryFrames

extension ServiceLayer {
    /// Describes a layer for the documents of the services.
    /// - Parameters:
    ///   - layer: the layer.
    ///   - systems: the systems that it is offered in, in their order.
    ///   - renderer: what draws it, and its legends.
    ///   - path: the path of the HiPS on the server, such as `/hips/mars/mola`.
    /// - Throws: ``MapsError`` when PROJ fails.
    public init(
        _ layer: MapLayer, in systems: [MapCRS], renderer: MapRenderer, path: String
    ) throws(MapsError) {
        var boxes: [SystemBox] = []
        for crs in systems {
            let covered = try layer.coverage == nil ? nil : layer.boundingBox(in: crs)
            // Where a map shows nothing of the layer its box is the whole map: QGIS takes a system without a box for one
            // of degrees, and then draws nothing at all.
            boxes.append(
                SystemBox(
                    crs: crs.wmsIdentifier, isNorthFirst: crs.axisOrder.isNorthFirst,
                    box: covered ?? crs.domain))
        }
        let whole = MapBox(minX: -180, minY: -90, maxX: 180, maxY: 90)
        // Clients take this box as planetocentric and to the east.
        let geographic = zip(systems, boxes).first {
            $0.0.isGeographic && $0.0.frame.longitudeSense == .east
                && $0.0.frame.latitudeKind == .planetocentric
        }?.1.box
        let styles = try layer.styles.map { name throws(MapsError) in
            let style = try MapStyle.parse(name, layer: layer)
            let legend = LegendDocument(title: layer.title, legend: renderer.legend(style, layer: layer))
            return Style(
                name: name, title: Self.title(of: name),
                legend: Size(width: legend.width, height: legend.height))
        }
        self.init(
            name: layer.name, title: layer.title, geographicExtent: geographic?.intersection(whole) ?? whole,
            boxes: boxes, styles: styles)
        abstract = Self.abstract(of: layer)
        keywords = Self.keywords(of: layer)
        credit = layer.credit
        creditURL = layer.creditURL
        licence = layer.licence
        identifier = layer.properties.creatorDID
        if layer.coverage != nil {
            coverage = Link(mediaType: HiPSFile.coverage.mediaType, path: path + "/" + HiPSFile.coverage.path)
        }
        data = Link(mediaType: HiPSFile.properties.mediaType, path: path + "/" + HiPSFile.properties.path)
    }

    /// Has the boxes of systems of degrees end a turn later than the layer does, for clients such as QGIS that ask for nothing
    /// beyond a box: the map goes on there. Clients that zoom to a layer show it twice then.
    /// - Parameter systems: the systems that the layer was described in, in the same order.
    public mutating func extendBoxes(in systems: [MapCRS]) {
        for (index, crs) in systems.enumerated() where crs.isGeographic && index < boxes.count {
            let box = boxes[index].box
            boxes[index].box = MapBox(minX: box.minX, minY: box.minY, maxX: box.maxX + 360, maxY: box.maxY)
        }
    }

    private static func title(of style: String) -> String {
        switch style {
        case MapStyle.Kind.plain.rawValue: "As its maker shows it"
        case MapStyle.Kind.hillshade.rawValue: "Hillshade"
        case MapStyle.Kind.slope.rawValue: "Slope in degrees"
        case MapStyle.Kind.relief.rawValue: "Colours by height and hillshade"
        default: "Colour map \(style)"
        }
    }

    /// What the map's maker says of it, and what its heights count from, which is nowhere else in the documents.
    private static func abstract(of layer: MapLayer) -> String? {
        guard case .values(let unit, let reference) = layer.kind else { return layer.abstract }
        let parts = [reference, unit.map { "in \($0)" }].compactMap { $0 }
        let values = parts.isEmpty ? nil : "Values: " + parts.joined(separator: ", ")
        guard let text = layer.abstract, let last = text.last else { return values }
        guard let values, let reference, !text.contains(reference) else { return text }
        return text + (".!?".contains(last) ? " " : ". ") + values
    }

    private static func keywords(of layer: MapLayer) -> [String] {
        switch layer.kind {
        case .values(_, let reference): ["values"] + (reference != nil ? ["topography"] : [])
        case .colour: ["colour"]
        case .grey: ["grey"]
        }
    }
}

extension MapCRS {
    /// The identifier as a map service writes it.
    var wmsIdentifier: String {
        identifier.authority == "OGC" && identifier.code == "CRS84" ? "CRS:84" : identifier.text(for: .wms)
    }
}

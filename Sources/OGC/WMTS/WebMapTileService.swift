public import Maps
internal import HEALPix
internal import PlanetaryFrames
public import Tiles

/// The Web Map Tile Service of a body (OGC 07-057r7): from requests as they were read to answers.
public struct WebMapTileService: Sendable {
    /// The tile matrix sets of the body.
    public let sets: TileMatrixSets
    /// The systems of the body.
    public let systems: MapSystems
    /// What draws.
    public let renderer: MapRenderer
    /// What encodes.
    public let encoder: MapEncoder

    /// A service.
    public init(sets: TileMatrixSets, systems: MapSystems, renderer: MapRenderer, encoder: MapEncoder) {
        self.sets = sets
        self.systems = systems
        self.renderer = renderer
        self.encoder = encoder
    }

    /// The tile that a request means.
    /// - Throws: `InvalidParameterValue` for a set or a level that there is not, `TileOutOfRange` for a row or column beyond
    ///   the level's (OGC 07-057r7, table 24).
    public func tile(
        _ parameters: TileParameters
    ) throws(OGCException) -> (set: TileMatrixSet, place: TilePlace) {
        guard let set = sets[parameters.set] else {
            throw .invalid(
                "TILEMATRIXSET",
                "is \(OGCException.quoted(parameters.set)); the sets are \(sets.all.map(\.identifier).joined(separator: ", "))"
            )
        }
        guard let level = Self.number(parameters.matrix), TileMatrixSet.levels.contains(level) else {
            throw .invalid(
                "TILEMATRIX",
                "is \(OGCException.quoted(parameters.matrix)); the levels are 0 to \(TileMatrixSet.levels.upperBound)"
            )
        }
        let (columns, rows) = set.size(of: level)
        let row = try Self.index(parameters.row, "TILEROW", below: rows)
        let column = try Self.index(parameters.column, "TILECOL", below: columns)
        return (set, TilePlace(level: level, row: row, column: column))
    }

    /// Digits alone: another spelling of a number would be another tile for every cache on the way.
    private static func number(_ text: String) -> Int? {
        guard isNumber(text), text.utf8.count <= 9, text == "0" || !text.hasPrefix("0") else { return nil }
        return Int(text)
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func index(_ text: String, _ name: String, below count: Int) throws(OGCException) -> Int {
        // Beyond what can be counted, and before the first one, is out of range as well.
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard isNumber(digits), digits == "0" || !digits.hasPrefix("0") else {
            throw .invalid(name, "is \(OGCException.quoted(text)); a whole number was expected")
        }
        guard let index = number(text), index < count else {
            throw OGCException(
                .tileOutOfRange, locator: name,
                "\(name) is \(OGCException.quoted(text)); this level has 0 to \(count - 1).")
        }
        return index
    }

    /// The style of a request.
    /// - Throws: `InvalidParameterValue` for one that the layer has not.
    public func style(
        _ parameters: TileParameters, of layer: MapLayer, default name: String?
    ) throws(OGCException) -> MapStyle {
        do {
            return try MapStyle.parse(
                parameters.style.isEmpty ? name ?? "" : parameters.style, parameters: parameters.styling,
                layer: layer)
        } catch {
            throw Self.mistake(error)
        }
    }

    /// A tile.
    /// - Parameter isCancelled: whether nobody waits for it any more.
    /// - Throws: ``MapsError``.
    public func draw(
        _ place: TilePlace, of set: TileMatrixSet, _ layer: MapLayer, _ style: MapStyle,
        isCancelled: () -> Bool
    ) throws(MapsError) -> TilePicture {
        let window = try set.window(place)
        if layer.hasNothing(in: window) { return .empty }
        return .drawn(
            try renderer.draw(
                [LayerDrawing(layer: layer, style: style)], window: window, cancelled: isCancelled))
    }

    /// What lies at a pixel of a tile.
    /// - Throws: `PointIJOutOfRange` and what ``tile(_:)`` throws.
    public func report(
        _ parameters: TileParameters, _ point: WMTSPoint, _ layer: MapLayer
    ) throws(OGCException) -> OGCAnswer {
        let (set, place) = try tile(parameters)
        _ = try style(parameters, of: layer, default: nil)
        let column = try Self.pixel(point.column, "I")
        let row = try Self.pixel(point.row, "J")
        do {
            let window = try set.window(place)
            return try PlaceReport(
                systems.body, window, column: column, row: row, layers: [layer], renderer: renderer
            ).document(point.format)
        } catch {
            throw Self.mistake(error)
        }
    }

    private static func pixel(_ text: String, _ name: String) throws(OGCException) -> Int {
        guard isNumber(text.hasPrefix("-") ? text.dropFirst() : text[...]) else {
            throw .invalid(name, "is \(OGCException.quoted(text)); a whole number was expected")
        }
        guard let index = number(text), index < TileMatrixSet.tileSize else {
            throw OGCException(
                .pointIJOutOfRange, locator: name,
                "\(name) is \(OGCException.quoted(text)); a tile has pixels 0 to \(TileMatrixSet.tileSize - 1)."
            )
        }
        return index
    }

    /// What a tile cannot be drawn for, in the words of this service.
    public static func mistake(_ error: MapsError) -> OGCException {
        switch error {
        case .unknownStyle: .init(.invalidParameterValue, locator: "STYLE", error.description)
        default: OGCException(error)
        }
    }
}

/// What came of drawing a tile.
public enum TilePicture: Sendable {
    /// The layer has nothing there.
    case empty
    /// A picture.
    case drawn(Picture)
}

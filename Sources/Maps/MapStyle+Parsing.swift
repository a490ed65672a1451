internal import HiPS
internal import Pixels

extension MapStyle {
    /// The parameters of a request that change a style, in capitals.
    public static let parameterNames = [
        "RANGE", "COLORMAP", "STRETCH", "AZIMUTH", "ALTITUDE", "EXAGGERATION",
    ]

    /// Reads the style of a layer in a request.
    ///
    /// - Parameters:
    ///   - name: The name of a style of the layer; empty for the default.
    ///   - parameters: What else the request says, by names in capitals; of it are read `RANGE=low,high`, `COLORMAP=name`,
    ///     `STRETCH=linear|sqrt|log|asinh`, `AZIMUTH` and `ALTITUDE` of the light in degrees, and `EXAGGERATION`. Empty
    ///     texts count as absent.
    ///   - layer: The layer.
    /// - Throws: ``MapsError/unknownStyle(name:layer:offered:)`` or ``MapsError/badParameter(name:value:expected:)``.
    public static func parse(
        _ name: String, parameters: [String: String] = [:], layer: MapLayer
    ) throws(MapsError) -> MapStyle {
        var style = try named(name, layer: layer)
        let given = parameters.filter { !$0.value.isEmpty }
        if layer.kind == .colour { return style }
        if let text = given["COLORMAP"] {
            guard let map = ColourMap(named: text) else {
                throw .badParameter(
                    name: "COLORMAP", value: text,
                    expected: "one of \(ColourMap.names.joined(separator: ", ")) is expected")
            }
            style.colourMap = map.name
            if style.kind == .plain { style.kind = .colours }
        }
        if let text = given["RANGE"] {
            let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            guard ends.count == 2, let low = ends[0], let high = ends[1], low.isFinite, high.isFinite,
                low < high, (high - low).isFinite
            else {
                throw .badParameter(
                    name: "RANGE", value: text, expected: "two numbers are expected, the lesser one first")
            }
            style.range = low...high
            if style.kind == .plain { style.kind = .colours }
        }
        if let text = given["STRETCH"] {
            guard let curve = ByteStretch.Curve(rawValue: text.lowercased()) else {
                throw .badParameter(
                    name: "STRETCH", value: text, expected: "linear, sqrt, log or asinh is expected")
            }
            style.curve = curve
            if style.kind == .plain { style.kind = .colours }
        }
        style.azimuthDegrees =
            try number(given, "AZIMUTH", in: -360...360, "degrees from -360 to 360") ?? style.azimuthDegrees
        style.altitudeDegrees =
            try number(given, "ALTITUDE", in: 0...90, "degrees from 0 to 90") ?? style.altitudeDegrees
        style.exaggeration =
            try number(given, "EXAGGERATION", in: 0...1000, "a number from 0 to 1000") ?? style.exaggeration
        return style
    }

    private static func number(
        _ given: [String: String], _ name: String, in limits: ClosedRange<Double>, _ expected: String
    ) throws(MapsError) -> Double? {
        guard let text = given[name] else { return nil }
        guard let value = Double(text), limits.contains(value) else {
            throw .badParameter(name: name, value: text, expected: expected + " are expected")
        }
        return value
    }

    private static func named(_ name: String, layer: MapLayer) throws(MapsError) -> MapStyle {
        let offered = layer.styles
        let word = name.isEmpty ? Kind.plain.rawValue : name.lowercased()
        guard offered.contains(word) else {
            throw .unknownStyle(name: name, layer: layer.name, offered: offered)
        }
        let own = layer.properties["tessera_colormap"].flatMap { ColourMap(named: $0) }?.name ?? "grey"
        let curve = layer.properties["tessera_stretch"].flatMap { ByteStretch.Curve(rawValue: $0) } ?? .linear
        switch word {
        case Kind.plain.rawValue: return MapStyle(kind: .plain, colourMap: own, curve: curve)
        case Kind.hillshade.rawValue: return MapStyle(kind: .hillshade)
        case Kind.slope.rawValue: return MapStyle(kind: .slope, colourMap: "magma", range: 0...30)
        case Kind.relief.rawValue:
            return MapStyle(kind: .relief, colourMap: own == "grey" ? "relief" : own, curve: curve)
        default: return MapStyle(kind: .colours, colourMap: word)
        }
    }
}

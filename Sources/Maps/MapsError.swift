public import PlanetaryFrames

/// Why a map cannot be drawn; `description` says what was found, what was expected and what to do.
public enum MapsError: Error, Sendable, CustomStringConvertible {
    /// An identifier or definition that stands for no known coordinate reference system.
    case unknownCRS(text: String, reason: String)
    /// A system of another body than the map's.
    case otherBody(text: String, found: String, expected: String)
    /// A box whose edges are no numbers, or are reversed.
    case badBox(MapBox)
    /// A box that goes around the body too many times; `most` is the width that a box may have.
    case tooManyTurns(MapBox, most: Double)
    /// A size that no picture has.
    case badSize(width: Int, height: Int)
    /// A style that a layer does not have.
    case unknownStyle(name: String, layer: String, offered: [String])
    /// A parameter of a style that is not understood.
    case badParameter(name: String, value: String, expected: String)
    /// A folder that is no HiPS that can be drawn.
    case unusableLayer(name: String, reason: String)
    /// A tile that is damaged or cannot be read.
    case unusableTile(layer: String, tile: String, reason: String)
    /// A file of a map that cannot be had at the moment, and may be later.
    case unavailable(layer: String, file: String, reason: String)
    /// The picture cannot be encoded.
    case encoding(reason: String)
    /// Nobody waits for the picture any more.
    case cancelled
    /// PROJ cannot compute the system.
    case frame(FrameError)

    /// A reason with one full stop: some are whole sentences of other modules.
    private static func ended(_ reason: String) -> String {
        reason.hasSuffix(".") ? reason : reason + "."
    }

    /// A sentence for people.
    public var description: String {
        switch self {
        case .unknownCRS(let text, let reason):
            "\(RequestText.quoted(text)) is no coordinate reference system that can be drawn here: \(Self.ended(reason))"
        case .otherBody(let text, let found, let expected):
            "\(RequestText.quoted(text)) is a coordinate reference system of \(found), but the map shows \(expected); "
                + "ask for one of \(expected)."
        case .badBox(let box):
            "The box from (\(box.minX), \(box.minY)) to (\(box.maxX), \(box.maxY)) has no area; "
                + "its edges are expected as numbers, the lesser one first."
        case .tooManyTurns(let box, let most):
            "The box from \(box.minX) to \(box.maxX) goes around the body more than 10 times; it may be \(most) wide."
        case .badSize(let width, let height):
            "A picture of \(width) x \(height) pixels cannot be drawn; each side may have 1 to 65535."
        case .unknownStyle(let name, let layer, let offered):
            "The layer \(layer) has no style \(RequestText.quoted(name)); it has \(offered.joined(separator: ", "))."
        case .badParameter(let name, let value, let expected):
            "\(name) is \(RequestText.quoted(value)), which is not understood; \(expected)."
        case .unusableLayer(let name, let reason): "\(name) cannot be drawn: \(Self.ended(reason))"
        case .unusableTile(let layer, let tile, let reason):
            "The tile \(tile) of \(layer) cannot be used: \(reason) Build or adopt the map again."
        case .unavailable(let layer, let file, let reason):
            "The file \(file) of \(layer) cannot be had at the moment: \(reason) Try again later."
        case .encoding(let reason): reason
        case .cancelled: "The picture was given up, for nobody waits for it any more."
        case .frame(let error): error.description
        }
    }
}

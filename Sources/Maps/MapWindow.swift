/// What a picture of a map shows: a box of a coordinate reference system, divided into pixels.
public struct MapWindow: Sendable, Hashable {
    /// The coordinate reference system of the box and of the picture.
    public let crs: MapCRS
    /// The outer edges of the picture.
    public let box: MapBox
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int

    /// A window.
    ///
    /// - Throws: ``MapsError/badBox(_:)`` for edges that are no numbers or are reversed, ``MapsError/tooManyTurns(_:most:)``
    ///   for boxes of more than 10 turns, ``MapsError/badSize(width:height:)`` for sizes outside of 1 to 65535.
    public init(crs: MapCRS, box: MapBox, width: Int, height: Int) throws(MapsError) {
        guard box.isProper else { throw .badBox(box) }
        // Each turn beyond costs places and shows the same again.
        if let turn = crs.periodX, box.width > Self.mostTurns * turn {
            throw .tooManyTurns(box, most: Self.mostTurns * turn)
        }
        guard (1...65535).contains(width), (1...65535).contains(height) else {
            throw .badSize(width: width, height: height)
        }
        self.init(checked: crs, box, width, height)
    }

    private init(checked crs: MapCRS, _ box: MapBox, _ width: Int, _ height: Int) {
        self.crs = crs
        self.box = box
        self.width = width
        self.height = height
    }

    /// The window with one more pixel on each side, however many turns that is.
    var widened: MapWindow {
        MapWindow(
            checked: crs,
            MapBox(
                minX: box.minX - pixelWidth, minY: box.minY - pixelHeight, maxX: box.maxX + pixelWidth,
                maxY: box.maxY + pixelHeight), width + 2, height + 2)
    }

    /// How many times a picture may go around the body.
    static let mostTurns = 10.0

    /// The length of a pixel in x.
    public var pixelWidth: Double { box.width / Double(width) }
    /// The length of a pixel in y.
    public var pixelHeight: Double { box.height / Double(height) }

    /// The x of a column, the middle of the first being column 0.
    public func x(column: Double) -> Double { box.minX + (column + 0.5) * pixelWidth }
    /// The y of a row, the middle of the uppermost being row 0.
    public func y(row: Double) -> Double { box.maxY - (row + 0.5) * pixelHeight }
}

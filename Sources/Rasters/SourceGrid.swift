public import PlanetaryFrames

/// Where the samples of a plate-carrée raster lie on the sphere.
///
/// Rows run south and columns east, at constant steps of latitude and east longitude; latitudes are planetocentric unless
/// an ellipsoid is given. The grid
/// knows whether it closes around the body and whether it reaches the poles, and then gives every direction
/// neighbours with their true positions: the gap that is left at the seam or at a pole is interpolated
/// across, however many pixels wide it is.
///
/// Columns are addressed by an *extended* index: turn `n` of the body holds the columns
/// `n * columns ..< (n + 1) * columns`. Rows -1, -2, ... are rows 0, 1, ... half a turn away, beyond the north
/// pole; rows `rows`, `rows + 1`, ... lie beyond the south pole.
public struct SourceGrid: Sendable, Equatable {
    /// Columns that are used; fewer than the file's where its last columns repeat its first.
    public let columns: Int
    /// Rows of the file.
    public let rows: Int
    /// East longitude of the centre of column 0, degrees.
    public let firstLongitude: Double
    /// Degrees from one column to the next, positive.
    public let longitudeStep: Double
    /// Latitude of the centre of row 0, degrees; planetographic where there is an ``ellipsoid``.
    public let firstLatitude: Double
    /// Degrees from one row to the next, positive (southwards).
    public let latitudeStep: Double
    /// The ellipsoid on which rows are at constant steps of planetographic latitude; nil where those are planetocentric.
    public let ellipsoid: Spheroid?
    /// Columns in 360 degrees: a real number.
    public let columnsPerTurn: Double
    /// Whether the last column and the first are neighbours.
    public let wraps: Bool
    /// First row whose centre is not beyond the north pole.
    public let firstRow: Int
    /// Last row whose centre is not beyond the south pole.
    public let lastRow: Int
    /// Distance in rows from ``firstRow`` to its neighbour beyond the north pole; nil when the grid ends before.
    public let northGap: Double?
    /// Distance in rows from ``lastRow`` to its neighbour beyond the south pole; nil when the grid ends before.
    public let southGap: Double?

    /// Whether the columns divide the turn evenly, so that no place along a row is a seam.
    public let isSeamless: Bool
    /// Whole steps from longitude 0 to the centre of column 0, rounded down.
    private let originStep: Int
    /// What is left of ``firstLongitude`` in steps, 0..<1.
    private let phase: Double

    /// How near to 360 degrees, and to a pole, a grid must come to be closed: pixels.
    public static let closingTolerance = 2.0

    /// Longitudes farther from 0 are no degrees: metres, most likely.
    private static let farthestLongitude = 720.0
    /// Steps in degrees that a map can have: from less than a tenth of a millimetre on any body.
    static let steps = 1e-9...360.0
    /// Gaps at a pole below this many rows are none: the row is the pole.
    private static let tiny = 1e-6

    /// A grid from the file's size and the positions of its samples.
    /// - Parameters: as the properties of the same names; steps positive.
    /// - Returns: nil when the samples lie more than ``closingTolerance`` pixels beyond a pole or span more
    ///   than a turn by that much, and when a number cannot be one of degrees on a body.
    public init?(
        columns: Int, rows: Int, firstLongitude: Double, longitudeStep: Double, firstLatitude: Double,
        latitudeStep: Double, ellipsoid: Spheroid? = nil
    ) {
        guard columns > 0, rows > 0, Self.steps.contains(longitudeStep), Self.steps.contains(latitudeStep),
            abs(firstLongitude) <= Self.farthestLongitude,
            abs(firstLatitude) <= 90 + (Self.closingTolerance + 1) * latitudeStep
        else { return nil }
        var turn = 360 / longitudeStep
        // A turn of 16384.0000000001 columns is one of 16384 with a step written in decimals.
        let whole = turn.rounded()
        if abs(turn - whole) < 1e-6 { turn = whole }
        let missing = turn - Double(columns)
        guard missing >= -Self.closingTolerance else { return nil }
        wraps = missing <= Self.closingTolerance
        // Repeated columns would leave no room between the last and the first.
        var used = columns
        if wraps { while used > 1, turn - Double(used - 1) < 0.5 { used -= 1 } }
        self.columns = used
        self.rows = rows
        self.firstLongitude = firstLongitude
        self.longitudeStep = longitudeStep
        self.firstLatitude = firstLatitude
        self.latitudeStep = latitudeStep
        self.ellipsoid = ellipsoid
        columnsPerTurn = turn
        isSeamless = wraps && turn == Double(used)
        // In 2^-26 of a column: the same map cut at another column has the same phase in spite of rounding, and
        // so the same tiles to the last bit.
        let settled = (firstLongitude / longitudeStep * 67_108_864).rounded() / 67_108_864
        originStep = Int(settled.rounded(.down))
        phase = settled - settled.rounded(.down)

        let northPole = (firstLatitude - 90) / latitudeStep
        let southPole = (firstLatitude + 90) / latitudeStep
        firstRow = max(0, Int((northPole - Self.tiny).rounded(.up)))
        lastRow = min(rows - 1, Int((southPole + Self.tiny).rounded(.down)))
        guard Double(firstRow) <= Self.closingTolerance,
            Double(rows - 1 - lastRow) <= Self.closingTolerance, firstRow <= lastRow
        else { return nil }
        let toNorth = Double(firstRow) - northPole
        let toSouth = southPole - Double(lastRow)
        // A pole can only be crossed where the row goes all the way around it.
        northGap = wraps && toNorth <= Self.closingTolerance + 0.5 ? Self.gap(toNorth) : nil
        southGap = wraps && toSouth <= Self.closingTolerance + 0.5 ? Self.gap(toSouth) : nil
    }

    /// Columns and rows alone, for sources whose places on the sphere are found otherwise.
    /// - Parameter columnsPerTurn: columns after which the map repeats itself; nil where it does not.
    static func lattice(columns: Int, rows: Int, columnsPerTurn: Double?) -> SourceGrid? {
        SourceGrid(
            columns: columns, rows: rows, firstLongitude: 0,
            longitudeStep: 360 / (columnsPerTurn ?? Double(2 * columns + 8)), firstLatitude: 0,
            latitudeStep: 1 / Double(rows))
    }

    /// The distance of a row to its own other half beyond the pole.
    private static func gap(_ toPole: Double) -> Double { toPole < tiny ? 0 : 2 * toPole }

    /// Degrees missing between the last column and the first (negative: overlap), less one step.
    public var seamGapPixels: Double { columnsPerTurn - Double(columns) }

    /// Latitude of the upper edge of the first row, at most 90 degrees.
    public var northEdge: Double { northGap != nil ? 90 : centric(min(90, firstLatitude + latitudeStep / 2)) }

    /// Latitude of the lower edge of the last row, at least -90 degrees.
    public var southEdge: Double {
        southGap != nil ? -90 : centric(max(-90, firstLatitude - (Double(rows) - 0.5) * latitudeStep))
    }

    /// Planetocentric latitude of a row's centre in degrees, as far as it is none beyond a pole.
    public func latitude(row: Int) -> Double { centric(firstLatitude - Double(row) * latitudeStep) }

    private func centric(_ latitude: Double) -> Double {
        guard let ellipsoid, abs(latitude) < 90 else { return latitude }
        return ellipsoid.planetocentricDegrees(planetographicDegrees: latitude)
    }

    /// East longitude of the left edge of the first column.
    public var westEdge: Double { firstLongitude - longitudeStep / 2 }

    /// Width in degrees, 360 where the grid closes.
    public var longitudeSpan: Double { wraps ? 360 : Double(columns) * longitudeStep }
}

extension SourceGrid {
    /// A lower neighbour and the way to the next one.
    public struct Position: Sendable, Equatable {
        /// Extended index of the neighbour before.
        public let index: Int
        /// Way to the next neighbour, 0...1.
        public let fraction: Double
    }

    /// Places slightly outside the edge are edge: rounding, that of the phase included, must not open a hole at the
    /// border of the file. In pixels.
    public static let edgeTolerance = 1e-6

    /// The rows between which a latitude lies.
    /// - Parameter row: fractional row, 0 at the centre of row 0.
    /// - Returns: nil outside the grid.
    public func rowPosition(_ row: Double) -> Position? {
        let first = Double(firstRow)
        let last = Double(lastRow)
        if row < first {
            if let northGap {
                guard northGap > 0 else { return Position(index: firstRow, fraction: 0) }
                let fraction = (row - first + northGap) / northGap
                return fraction >= 0 ? Position(index: firstRow - 1, fraction: fraction) : nil
            }
            return row >= first - 0.5 - Self.edgeTolerance ? Position(index: firstRow, fraction: 0) : nil
        }
        if row >= last {
            if let southGap {
                guard southGap > 0 else { return Position(index: lastRow, fraction: 0) }
                let fraction = (row - last) / southGap
                return fraction <= 1 ? Position(index: lastRow, fraction: fraction) : nil
            }
            return row <= last + 0.5 + Self.edgeTolerance ? Position(index: lastRow, fraction: 0) : nil
        }
        let index = row.rounded(.down)
        return Position(index: Int(index), fraction: row - index)
    }

    /// The columns between which a longitude lies.
    /// - Parameter steps: the longitude in steps, as ``steps(longitude:)`` gives it, in any turn.
    /// - Returns: an extended index (turn included); nil outside the grid.
    public func columnPosition(steps: Double) -> Position? {
        if isSeamless {
            let index = steps.rounded(.down)
            return Position(index: Int(index) - originStep, fraction: steps - index)
        }
        return position(fileColumn: steps - Double(originStep))
    }

    /// The columns between which a column of the file lies that need not be whole.
    /// - Parameter column: 0 at the centre of column 0, in any turn.
    /// - Returns: an extended index (turn included); nil outside the grid.
    func position(fileColumn column: Double) -> Position? {
        let last = Double(columns - 1)
        if wraps {
            let turn = (column / columnsPerTurn).rounded(.down)
            let within = column - turn * columnsPerTurn
            let base = Int(turn) * columns
            if within >= last {
                return Position(
                    index: base + columns - 1, fraction: min(1, (within - last) / (columnsPerTurn - last)))
            }
            let index = max(0, within.rounded(.down))
            return Position(index: base + Int(index), fraction: max(0, within - index))
        }
        let turn = ((column + 0.5 + Self.edgeTolerance) / columnsPerTurn).rounded(.down)
        let within = column - turn * columnsPerTurn
        guard within <= last + 0.5 + Self.edgeTolerance else { return nil }
        if within <= 0 { return Position(index: 0, fraction: 0) }
        if within >= last { return Position(index: columns - 1, fraction: 0) }
        let index = within.rounded(.down)
        return Position(index: Int(index), fraction: within - index)
    }

    /// Fractional row of a planetocentric latitude in degrees.
    public func row(latitude: Double) -> Double {
        guard let ellipsoid, abs(latitude) < 90 else { return (firstLatitude - latitude) / latitudeStep }
        return (firstLatitude - ellipsoid.planetographicDegrees(planetocentricDegrees: latitude))
            / latitudeStep
    }

    /// An east longitude in degrees as steps from longitude 0, less the phase of the grid: whole at the centres
    /// of columns.
    public func steps(longitude: Double) -> Double { longitude / longitudeStep - phase }

    /// Steps as a fractional column of the file, in their own turn.
    public func fileColumn(steps: Double) -> Double { steps - Double(originStep) }

    /// What makes steps into extended indices on a stretch of longitudes without seam or edge.
    /// - Parameters:
    ///   - low: the least number of steps on the stretch.
    ///   - high: the greatest.
    /// - Returns: a fraction to add to steps, and whole columns to add to their whole part; nil where the stretch
    ///   meets a seam or an edge.
    public func smoothOffset(low: Double, high: Double) -> (fraction: Double, columns: Int)? {
        if isSeamless { return (0, -originStep) }
        let origin = Double(originStep)
        let turn = ((low - origin) / columnsPerTurn).rounded(.down)
        guard low - origin - turn * columnsPerTurn >= 0,
            high - origin - turn * columnsPerTurn < Double(columns - 1)
        else { return nil }
        let missing = turn * (Double(columns) - columnsPerTurn)
        return wraps ? (missing, -originStep) : (-turn * columnsPerTurn, -originStep)
    }
}

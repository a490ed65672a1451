internal import Glibc
internal import Pixels

/// A part of a source in memory, addressed by extended columns and rows, with a border for the kernels.
///
/// Not shared between threads: each worker has one and reuses its memory. The pointers stay valid until the
/// next load.
public final class SourceWindow<Sample: SourcePixel> {
    /// Extended index of the first column.
    public internal(set) var firstColumn = 0
    /// Index of the first row; negative beyond the north pole.
    public internal(set) var firstRow = 0
    /// Columns held, which is also the distance of rows in samples.
    public internal(set) var width = 0
    /// Rows held.
    public internal(set) var height = 0
    /// Whether every sample held is valid.
    public internal(set) var isFullyValid = true
    /// Whether no sample held is valid.
    public internal(set) var isEmpty = false

    /// What was filled, from north to south; nothing where that is everything.
    private(set) var runs: [WindowRun] = []

    private(set) var samples: UnsafeMutablePointer<Sample>
    private(set) var mask: UnsafeMutablePointer<UInt8>?
    private var capacity: Int

    /// An empty window.
    public init() {
        capacity = 1
        samples = .allocate(capacity: 1)
    }

    deinit {
        samples.deallocate()
        mask?.deallocate()
    }

    /// The first sample; rows are ``width`` samples apart.
    public var base: UnsafePointer<Sample> { UnsafePointer(samples) }

    /// One byte per sample, 0 where invalid; nil when all are valid.
    public var validity: UnsafePointer<UInt8>? { isFullyValid ? nil : mask.map { UnsafePointer($0) } }

    /// Makes room for a window; contents are undefined afterwards.
    func resize(firstColumn: Int, firstRow: Int, width: Int, height: Int) {
        self.firstColumn = firstColumn
        self.firstRow = firstRow
        self.width = width
        self.height = height
        guard width * height > capacity else { return }
        samples.deallocate()
        mask?.deallocate()
        mask = nil
        capacity = width * height
        samples = .allocate(capacity: capacity)
    }

    /// In the mask, 0 is invalid, and what is not filled is told from valid samples.
    private static var unfilled: UInt8 { 1 }
    private static var valid: UInt8 { 255 }

    /// The mask, all valid where it is filled, to be cleared where samples are not.
    func freshMask(runs: [WindowRun]) -> UnsafeMutablePointer<UInt8> {
        let fresh = mask ?? .allocate(capacity: capacity)
        mask = fresh
        fresh.update(repeating: runs.isEmpty ? Self.valid : Self.unfilled, count: width * height)
        for run in runs {
            for row in run.rows {
                (fresh + (row - firstRow) * width + run.columns.lowerBound - firstColumn).update(
                    repeating: Self.valid, count: run.columns.count)
            }
        }
        return fresh
    }

    /// What is valid of a part of the window, as far as it was filled.
    public enum Content: Sendable {
        case allValid, noneValid, mixed
    }

    /// Looks at a part of the window; what lies outside the window is left out.
    public func content(columns: Range<Int>, rows: Range<Int>) -> Content {
        guard let mask, !isFullyValid else { return .allValid }
        let columns = columns.clamped(to: firstColumn..<(firstColumn + width))
        var hasValid = false
        var hasInvalid = false
        for row in rows.clamped(to: firstRow..<(firstRow + height)) {
            let line = mask + (row - firstRow) * width + columns.lowerBound - firstColumn
            if !hasValid { hasValid = memchr(line, Int32(Self.valid), columns.count) != nil }
            if !hasInvalid { hasInvalid = memchr(line, 0, columns.count) != nil }
            if hasValid, hasInvalid { return .mixed }
        }
        return hasInvalid ? .noneValid : .allValid
    }

    /// What was filled, from north to south.
    var filled: [WindowRun] {
        let everything = WindowRun(
            rows: firstRow..<(firstRow + height), columns: firstColumn..<(firstColumn + width))
        return runs.isEmpty ? [everything] : runs
    }

    /// Settles the flags after a load of some runs of rows, or of everything when there are none.
    func settle(masked: Bool, runs: [WindowRun] = []) {
        self.runs = runs
        guard masked, let mask else {
            isFullyValid = true
            isEmpty = false
            return
        }
        var hasValid = false
        var hasInvalid = false
        for run in filled where !(hasValid && hasInvalid) {
            for row in run.rows where !(hasValid && hasInvalid) {
                let line = mask + (row - firstRow) * width + run.columns.lowerBound - firstColumn
                if !hasValid { hasValid = memchr(line, Int32(Self.valid), run.columns.count) != nil }
                if !hasInvalid { hasInvalid = memchr(line, 0, run.columns.count) != nil }
            }
        }
        isFullyValid = !hasInvalid
        isEmpty = !hasValid
    }
}

/// Rows of a window of which the same columns are needed.
public struct WindowRun: Sendable, Equatable {
    /// Rows, as of the window.
    public let rows: Range<Int>
    /// Extended columns.
    public let columns: Range<Int>

    /// A run of rows.
    public init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }
}

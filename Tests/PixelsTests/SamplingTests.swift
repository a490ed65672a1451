import Pixels
import Testing

/// Neighbours and fractions that a table spells as `index:fraction`, "-" outside.
private final class Places {
    private let table: SampleTable
    var index: UnsafeMutablePointer<Int32> { table.index }
    var fraction: UnsafeMutablePointer<Double> { table.fraction }
    var count: Int { table.count }

    init(count: Int) { table = SampleTable(count: count) }

    convenience init(_ text: Substring, step: Int) throws {
        let words = text.split(separator: " ")
        self.init(count: words.count)
        for (i, word) in words.enumerated() {
            if word == "-" {
                index[i] = SampleTable.outside
                continue
            }
            let parts = word.split(separator: ":")
            index[i] = Int32(try parts[0].integer() * step)
            fraction[i] = try parts[1].number()
        }
    }
}

@Suite("Rows of samples against exact arithmetic")
struct SamplingTests {
    /// One line of a table: a window, places in it and the samples expected there.
    private struct Case<Sample: TablePixel> {
        let interpolation: Interpolation
        let width: Int
        let window: [Sample]
        let mask: [UInt8]?
        let blank: Sample?
        let expected: Substring
        let rows: Places
        let columns: Places
        let comment: Comment

        init(_ row: [Substring]) throws {
            interpolation = try #require(
                ["nearest": .nearest, "bilinear": .bilinear, "bicubic": .bicubic, "lanczos": .lanczos][row[1]]
            )
            width = try row[2].integer()
            window = try Sample.list(row[3])
            mask = row[4] == "-" ? nil : row[4].utf8.map { $0 == UInt8(ascii: "1") ? 255 : 0 }
            blank = try Sample.optional(row[5])
            rows = try Places(row[6], step: width)
            columns = try Places(row[7], step: 1)
            expected = row[8]
            comment = "\(row[0]) \(row[1]), mask \(row[4]), rows \(row[6]), columns \(row[7])"
        }

        var hasOutside: Bool {
            (0..<rows.count).contains {
                rows.index[$0] == SampleTable.outside || columns.index[$0] == SampleTable.outside
            }
        }

        var request: RowRequest {
            RowRequest(
                rowOffset: rows.index, rowFraction: rows.fraction, columnOffset: columns.index,
                columnFraction: columns.fraction, count: rows.count, stride: width)
        }
    }

    private func check<Sample: TablePixel>(_ row: [Substring], as type: Sample.Type) throws {
        let test = try Case<Sample>(row)
        let comment = test.comment
        let first = test.window[0]
        // A sample beyond the end shows writing too far.
        var out = [Sample](repeating: first, count: test.rows.count + 1)
        let valid = withExtendedLifetime(test) {
            Sample.maskedRow(
                test.request, test.interpolation, window: test.window, mask: test.mask, blank: test.blank,
                into: &out)
        }
        #expect(out.removeLast() == first)
        try expectSamples(out, test.expected, comment)
        if let blank = test.blank {
            let blanks = try Sample.list(test.expected).filter { $0.isBlank(blank) }
            #expect(valid == out.count - blanks.count, comment)
        }
        guard case .bilinear = test.interpolation, test.mask == nil, !test.hasOutside else { return }
        // The fast path knows no blank: its results are those before a blank is avoided.
        var fast = [Sample](repeating: first, count: test.rows.count)
        withExtendedLifetime(test) { Sample.bilinearRow(test.request, window: test.window, into: &fast) }
        for i in fast.indices {
            let settled = test.blank.map { fast[i].avoiding($0) } ?? fast[i]
            #expect(settled.agrees(with: out[i]), comment)
        }
    }

    private func checkAll(_ name: String, least: Int) throws {
        for row in try Tables.rows(name, least: least) {
            try withKind(row[0]) { try check(row, as: $0) }
        }
    }

    @Test("All interpolations and kinds, with holes and places outside")
    func rows() throws { try checkAll("rows.txt", least: 72) }

    @Test("All 16 patterns of valid neighbours")
    func patterns() throws { try checkAll("patterns.txt", least: 256) }

    @Test("Ties, negatives, overshoot, and values that equal the blank")
    func rounding() throws { try checkAll("rounding.txt", least: 60) }

    @Test("The fast bilinear row of each kind")
    func fastRows() throws {
        var seen = 0
        for row in try Tables.rows("rows.txt", least: 72) where row[1] == "bilinear" && row[4] == "-" {
            var inside = row
            // Places outside are never given to the fast path: the table's are its last three.
            for column in [6, 7] { inside[column] = trimmed(row[column], " ") }
            inside[8] = trimmed(row[8], ",")
            try withKind(row[0]) { try check(inside, as: $0) }
            seen += 1
        }
        #expect(seen == 6)
    }

    private func trimmed(_ text: Substring, _ separator: String) -> Substring {
        let words = text.split(separator: separator)
        return Substring(words.dropLast(3).joined(separator: separator))
    }

    @Test("A nil blank leaves zeros and extremes alone")
    func nilBlank() {
        let window: [UInt8] = [0, 0, 0, 0]
        let high: [UInt8] = [255, 255, 255, 255]
        let table = SampleTable(count: 1)
        table.fraction[0] = 0.5
        let request = RowRequest(
            rowOffset: table.index, rowFraction: table.fraction, columnOffset: table.index,
            columnFraction: table.fraction, count: 1, stride: 2)
        for interpolation in [Interpolation.nearest, .bilinear] {
            var out: [UInt8] = [9]
            #expect(
                UInt8.maskedRow(request, interpolation, window: window, mask: nil, blank: nil, into: &out)
                    == 1)
            #expect(out == [0])
            #expect(
                UInt8.maskedRow(request, interpolation, window: high, mask: nil, blank: nil, into: &out) == 1)
            #expect(out == [255])
        }
    }

    @Test("Nodata that is not a number does not leak through the mask")
    func maskedNotANumber() {
        let window: [Float] = [.nan, 3, .infinity, 5]
        let mask: [UInt8] = [0, 255, 0, 255]
        let table = SampleTable(count: 1)
        table.fraction[0] = 0.5
        let request = RowRequest(
            rowOffset: table.index, rowFraction: table.fraction, columnOffset: table.index,
            columnFraction: table.fraction, count: 1, stride: 2)
        var out: [Float] = [0]
        #expect(Float.maskedRow(request, .bilinear, window: window, mask: mask, blank: .nan, into: &out) == 1)
        #expect(out == [4])
    }

    @Test("Reach is what the kernels look at")
    func reach() {
        #expect(Interpolation.nearest.reach == 0 && Interpolation.bilinear.reach == 0)
        #expect(Interpolation.bicubic.reach == 1 && Interpolation.lanczos.reach == 2)
    }

    @Test("Means of sub-pixels")
    func averages() throws {
        for row in try Tables.rows("averages.txt", least: 24) {
            try withKind(row[0]) { try checkAverage(row, as: $0) }
        }
    }

    private func checkAverage<Sample: TablePixel>(_ row: [Substring], as type: Sample.Type) throws {
        let shift = try row[1].integer()
        let width = try row[2].integer()
        let window = try Sample.list(row[3])
        let mask: [UInt8]? = row[4] == "-" ? nil : row[4].utf8.map { $0 == UInt8(ascii: "1") ? 1 : 0 }
        let blank = try Sample.optional(row[5])
        let lines = row[6].split(separator: ";")
        let pixels = lines[0].split(separator: " ").count >> shift
        var sums = [Sample.Sum](repeating: Sample.zero, count: pixels)
        var weights = [Double](repeating: 0, count: pixels)
        var out = [Sample](repeating: window[0], count: pixels)
        // Twice: the sums must be cleared for the next row.
        for _ in 0..<2 {
            for line in lines {
                let words = line.split(separator: " ")
                let rows = Places(count: words.count)
                let columns = Places(count: words.count)
                for (i, word) in words.enumerated() {
                    if word == "-" {
                        rows.index[i] = SampleTable.outside
                        continue
                    }
                    let parts = word.split(separator: ":")
                    rows.index[i] = Int32(try parts[0].integer() * width)
                    rows.fraction[i] = try parts[1].number()
                    columns.index[i] = Int32(try parts[2].integer())
                    columns.fraction[i] = try parts[3].number()
                }
                let request = RowRequest(
                    rowOffset: rows.index, rowFraction: rows.fraction, columnOffset: columns.index,
                    columnFraction: columns.fraction, count: words.count, stride: width)
                withExtendedLifetime((rows, columns)) {
                    Sample.accumulateRow(
                        request, shift: shift, window: window, mask: mask, sums: &sums, weights: &weights)
                }
            }
            let valid = Sample.finishRow(
                sums: &sums, weights: &weights, count: pixels, blank: blank, into: &out)
            try expectSamples(out, row[7], "\(row[0]) shift \(shift)")
            #expect(valid == out.filter { !$0.isBlank(blank) }.count)
            #expect(weights.allSatisfy { $0 == 0 })
        }
    }
}

@Suite("Columns of a polar row")
struct LinearColumnsTests {
    @Test("Whole part and fraction make up the column", arguments: [0.0, 0.5, 8191.25, -3.5, 123_456.789])
    func columns(base: Double) {
        let count = 512
        let table = SampleTable(count: count)
        let perUnit = (0..<count).map { 0.25 + Double($0) / 1024 }
        LinearColumns.fill(table, count: count, base: base, offset: -17, perUnit: perUnit, difference: 300)
        for i in 0..<count {
            let column = base + perUnit[i] * (300 - Double(i))
            #expect((0...1).contains(table.fraction[i]))
            #expect(abs(Double(table.index[i]) + 17 + table.fraction[i] - column) < 1e-9)
        }
    }
}

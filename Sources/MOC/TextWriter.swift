/// Puts text forms together, digit by digit.
struct TextWriter {
    private(set) var bytes: [UInt8] = []

    mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func number(_ number: Int64) {
        guard number >= 10 else {
            bytes.append(UInt8(truncatingIfNeeded: 0x30 &+ number))
            return
        }
        let start = bytes.count
        var rest = UInt64(number)
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: digit))
            rest = quotient
        }
        bytes[start...].reverse()
    }

    /// The cells of ranges as `1/1 2 4 2/12-14`, and the finest order where none has it.
    mutating func ascii(_ ranges: [Range<Int64>], _ axis: Axis, finest: Int?) {
        let table = CellTable(ranges, axis: axis)
        bytes.reserveCapacity(bytes.count + 12 * table.count)
        var separator = ""
        for order in table.orders {
            text(separator + "\(order)/")
            separator = " "
            let numbers = table.numbers(at: order)
            var index = numbers.startIndex
            while index < numbers.endIndex {
                if index > numbers.startIndex { text(" ") }
                let first = numbers[index]
                var last = first
                index += 1
                while index < numbers.endIndex, numbers[index] == last + 1 {
                    last += 1
                    index += 1
                }
                number(first)
                if last > first {
                    text("-")
                    number(last)
                }
            }
        }
        if let finest, table.orders.last != finest { text(separator + "\(finest)/") }
    }

    /// The cells of ranges as `{"1":[1,2,4],"2":[12,13,14]}`, and the finest order where none has it.
    mutating func json(_ ranges: [Range<Int64>], _ axis: Axis, finest: Int?) {
        let table = CellTable(ranges, axis: axis)
        bytes.reserveCapacity(bytes.count + 12 * table.count)
        var separator = ""
        text("{")
        for order in table.orders {
            text(separator + "\"\(order)\":[")
            separator = ","
            let numbers = table.numbers(at: order)
            for index in numbers.indices {
                if index > numbers.startIndex { text(",") }
                number(numbers[index])
            }
            text("]")
        }
        if let finest, table.orders.last != finest { text(separator + "\"\(finest)\":[]") }
        text("}")
    }
}

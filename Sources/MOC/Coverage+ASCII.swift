import HEALPix

extension Coverage {
    /// The ASCII form (MOC 2.0, section 4.3.2), as in `1/1 2 4 2/12-14`; with times, as in `t61/1 3 s3/1-3`.
    ///
    /// The finest order is named at the end even where no cell has it: `1/1 29/`.
    var asciiBytes: [UInt8] {
        var writer = TextWriter()
        switch self {
        case .space(let moc):
            writer.ascii(moc.ranges, .space, finest: moc.order.value)
        case .time(let moc):
            writer.text("t")
            writer.ascii(moc.ranges, .time, finest: moc.order)
        case .spaceTime(let moc):
            for part in moc.parts {
                writer.text("t")
                writer.ascii(part.times, .time, finest: nil)
                writer.text(" s")
                writer.ascii(part.places, .space, finest: nil)
                writer.text(" ")
            }
            writer.text("t\(moc.timeOrder)/ s\(moc.spaceOrder)/")
        }
        return writer.bytes
    }

    /// Reads the ASCII form (MOC 2.0, section 4.3.2; also MOC 1.1 with commas).
    ///
    /// The orders of the coverage are the finest that are named.
    ///
    /// - Parameters:
    ///   - unnamedAxis: what cells without a letter before their order are of.
    ///   - repairs: what is put right rather than refused; overlaps alone, since the form has no end to miss.
    static func read(
        ascii bytes: [UInt8], unnamedAxis: Axis, accepting accepted: MOCRepairs
    ) throws(MOCError) -> (Coverage, [String]) {
        var scanner = TextScanner(bytes, form: "ASCII")
        var reading = TextReading(accepting: accepted)
        var axis = unnamedAxis
        var current: Int64?
        while scanner.skipSeparators() {
            if scanner.take("t") {
                (axis, current) = (.time, nil)
                // Times after places begin another part.
                if reading.hasPlaces { reading.beginPart() }
                reading.begin(.time)
                continue
            } else if scanner.take("s") {
                (axis, current) = (.space, nil)
                reading.begin(.space)
                continue
            } else if scanner.take("f") {
                throw scanner.failure("it has an axis of frequency; only space and time are read")
            }
            let position = scanner.position
            let number = try scanner.number()
            if scanner.take("/") {
                if current == nil { reading.begin(axis) }
                do throws(MOCError) {
                    try reading.note(axis, order: number)
                } catch {
                    throw scanner.failure(outside(error), at: position)
                }
                current = number
                continue
            }
            guard let current else { throw scanner.failure("an order such as 3/ must come first") }
            let last = scanner.take("-") ? try scanner.number() : number
            guard last >= number else { throw scanner.failure("the range \(number)-\(last) runs backwards") }
            do throws(MOCError) {
                try reading.append(axis, order: current, number, last, at: position)
            } catch {
                throw scanner.failure(outside(error), at: position)
            }
        }
        let coverage = try reading.coverage(scanner, emptyExample: "3/")
        return (coverage, reading.repairs)
    }

    /// The reason of an error as a part of a sentence, for one that says where as well.
    static func outside(_ error: MOCError) -> String {
        let text = error.description
        return (text.first?.lowercased() ?? "") + text.dropFirst().dropLast()
    }
}

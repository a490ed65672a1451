internal import HEALPix

/// Reads regions as `s_region` columns hold them (EPN-TAP 2.0; DALI 1.2, section 3.3; STC-S), in degrees.
public struct RegionStringReader {
    private var scanner: ShapeScanner
    private var builder: RingBuilder

    /// Hands each shape of a string to a closure.
    ///
    /// Read are `Polygon lon lat ...`, `Circle lon lat radius`, `Box lon lat width height`, `Position lon lat`,
    /// `Range lon lon lat lat`, and `Union ( ... )` or a mere sequence of them, in any case of letters. Words between the
    /// name of a shape and its numbers, such as `ICRS`, `UNKNOWNFrame` or `IAU2020:49900`, say the frame and are not
    /// used: the numbers are longitudes, positive to the east, and latitudes. The ring of a polygon may be closed.
    ///
    /// - Throws: ``RegionError`` with the byte where the string is something else, and where a shape is none.
    public static func read(
        _ bytes: [UInt8], options: ShapeOptions = ShapeOptions(), _ use: (Region) throws(RegionError) -> Void
    ) throws(RegionError) -> ShapeTally {
        var reader = RegionStringReader(
            scanner: ShapeScanner(bytes, form: "an s_region"),
            builder: RingBuilder(options: options, closes: false))
        reader.scanner.skipSpace()
        guard !reader.scanner.isAtEnd else { throw reader.scanner.failure("it is empty") }
        while !reader.scanner.isAtEnd {
            try reader.shape(use)
            reader.scanner.skipSpace()
        }
        return reader.builder.tally
    }

    private mutating func shape(_ use: (Region) throws(RegionError) -> Void) throws(RegionError) {
        if scanner.take("(") || scanner.take(")") || scanner.take(",") || scanner.take(";") { return }
        let start = scanner.position
        guard let name = scanner.word()?.lowercased() else {
            throw scanner.failure("the name of a shape is expected, not \(scanner.found)")
        }
        if name == "union" {
            while scanner.word() != nil {}
            return
        }
        while scanner.word() != nil {}
        switch name {
        case "polygon":
            let numbers = try numbers(nil, name, start)
            guard numbers.count % 2 == 0 else {
                throw scanner.failure(
                    "a polygon has pairs of numbers, not \(numbers.count) numbers", at: start)
            }
            var ring: [Direction] = []
            for index in stride(from: 0, to: numbers.count, by: 2) {
                do throws(RegionError) {
                    if let place = try builder.place(numbers[index], numbers[index + 1]) {
                        ring.append(place)
                    }
                } catch {
                    guard case .shape(let reason) = error else { throw error }
                    throw .vertex(ring: 0, vertex: index / 2, reason)
                }
            }
            if let region = try builder.polygon([ring]) { try use(region) }
        case "circle":
            let numbers = try numbers(3, name, start)
            guard let centre = try builder.place(numbers[0], numbers[1]) else { return }
            guard let cone = Cone(centre: centre, radiusRad: numbers[2] * .pi / 180) else {
                throw .shape("a circle has a radius of 0 to 180 degrees, not \(numbers[2])")
            }
            builder.tally.shapes += 1
            try use(.cone(cone))
        case "box":
            let numbers = try numbers(4, name, start)
            guard let centre = try builder.place(numbers[0], numbers[1]) else { return }
            builder.tally.shapes += 1
            try use(
                try .box(
                    centre: centre, halfWidthRad: numbers[2] * .pi / 360,
                    halfHeightRad: numbers[3] * .pi / 360))
        case "position", "point":
            let numbers = try numbers(2, name, start)
            guard let place = try builder.place(numbers[0], numbers[1]) else { return }
            builder.tally.shapes += 1
            try use(.point(place))
        case "range":
            let numbers = try numbers(4, name, start)
            let region = Region.zone(
                LonLatBounds(
                    westRad: numbers[0] * .pi / 180, eastRad: numbers[1] * .pi / 180,
                    southRad: numbers[2] * .pi / 180, northRad: numbers[3] * .pi / 180))
            try region.validated()
            builder.tally.shapes += 1
            try use(region)
        default:
            throw scanner.failure(
                "Polygon, Circle, Box, Position or Range is expected, not \"\(name.prefix(40))\"", at: start)
        }
    }

    private mutating func numbers(_ count: Int?, _ name: String, _ start: Int) throws(RegionError) -> [Double]
    {
        var numbers: [Double] = []
        scanner.skipSpace()
        while scanner.isAtNumber {
            numbers.append(try scanner.number())
            _ = scanner.take(",")
            scanner.skipSpace()
        }
        guard numbers.count == count ?? max(numbers.count, 2) else {
            throw scanner.failure(
                "a \(name) has \(count ?? 6) numbers\(count == nil ? " or more" : ""), not \(numbers.count); then comes \(scanner.found)",
                at: start)
        }
        return numbers
    }
}

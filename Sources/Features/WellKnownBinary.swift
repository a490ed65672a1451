/// Geometries in well-known binary (OGC 06-103r4, section 8).
public enum WellKnownBinary {
    /// What is wrong with bytes that are no geometry.
    public struct Mistake: Error, Equatable {
        /// One sentence.
        public let reason: String
    }

    /// Writes a geometry in the order of bytes of PCs.
    public static func bytes(of geometry: Geometry) -> [UInt8] {
        var writer = Writer()
        writer.write(geometry)
        return writer.bytes
    }

    /// Reads a geometry of either order of bytes. Third and fourth coordinates are left out.
    /// - Returns: the geometry, and whether there were more than two coordinates; the geometry is nil for an empty point.
    /// - Throws: ``Mistake`` for bytes that are cut short, or of a kind that is not known.
    public static func read(_ bytes: Span<UInt8>) throws(Mistake) -> (geometry: Geometry?, hasMore: Bool) {
        var reader = Reader(at: 0)
        let geometry = try reader.geometry(bytes, depth: 0)
        return (geometry, reader.hasMore)
    }

    private struct Writer {
        var bytes: [UInt8] = []

        mutating func write(_ geometry: Geometry) {
            switch geometry {
            case .point(let place):
                head(1)
                position(place)
            case .line(let places):
                head(2)
                list(places)
            case .polygon(let rings):
                head(3)
                count(rings.count)
                rings.forEach { list($0) }
            case .multiPoint(let places): parts(4, places.map { .point($0) })
            case .multiLine(let lines): parts(5, lines.map { .line($0) })
            case .multiPolygon(let polygons): parts(6, polygons.map { .polygon($0) })
            case .collection(let geometries): parts(7, geometries)
            }
        }

        private mutating func parts(_ type: UInt32, _ geometries: [Geometry]) {
            head(type)
            count(geometries.count)
            geometries.forEach { write($0) }
        }

        private mutating func head(_ type: UInt32) {
            bytes.append(1)
            number(type)
        }

        private mutating func count(_ count: Int) { number(UInt32(count)) }

        private mutating func list(_ places: [Position]) {
            count(places.count)
            bytes.reserveCapacity(bytes.count + 16 * places.count)
            places.forEach { position($0) }
        }

        private mutating func position(_ place: Position) {
            number(place.x.bitPattern)
            number(place.y.bitPattern)
        }

        private mutating func number(_ value: some FixedWidthInteger) {
            var rest = value.littleEndian
            withUnsafeBytes(of: &rest) { bytes.append(contentsOf: $0) }
        }
    }

    private struct Reader {
        var at: Int
        var hasMore = false

        init(at: Int) { self.at = at }

        mutating func geometry(_ bytes: Span<UInt8>, depth: Int) throws(Mistake) -> Geometry? {
            guard depth < 32 else { throw Mistake(reason: "collections are nested too deeply") }
            guard at < bytes.count, bytes[at] < 2 else { throw Mistake(reason: "no order of bytes") }
            let isLittle = bytes[at] == 1
            at += 1
            var type = try integer(bytes, isLittle)
            // ISO adds thousands for more coordinates, others set the highest bits.
            var more = 0
            if type & 0x8000_0000 != 0 { more += 1 }
            if type & 0x4000_0000 != 0 { more += 1 }
            if type & 0x2000_0000 != 0 { throw Mistake(reason: "an EWKB with its own system of coordinates") }
            type &= 0x1FFF_FFFF
            switch type / 1000 {
            case 0: break
            case 1, 2: more = 1
            case 3: more = 2
            default: throw Mistake(reason: "type \(type)")
            }
            if more > 0 { hasMore = true }
            switch type % 1000 {
            case 1:
                let place = try position(bytes, isLittle, more)
                return place.x.isNaN && place.y.isNaN ? nil : .point(place)
            case 2: return .line(try list(bytes, isLittle, more))
            case 3, 17: return .polygon(try rings(bytes, isLittle, more))
            case 4...7, 15, 16:
                return try collection(type % 1000, bytes, isLittle, depth: depth)
            default: throw Mistake(reason: "type \(type)")
            }
        }

        private mutating func collection(
            _ type: UInt32, _ bytes: Span<UInt8>, _ isLittle: Bool, depth: Int
        ) throws(Mistake) -> Geometry? {
            var parts: [Geometry] = []
            for _ in 0..<(try count(bytes, isLittle, atLeast: 5)) {
                if let part = try geometry(bytes, depth: depth + 1) { parts.append(part) }
            }
            switch type {
            case 4:
                return .multiPoint(parts.compactMap { if case .point(let place) = $0 { place } else { nil } })
            case 5:
                return .multiLine(parts.compactMap { if case .line(let places) = $0 { places } else { nil } })
            case 6, 15, 16:
                return .multiPolygon(
                    parts.compactMap { if case .polygon(let rings) = $0 { rings } else { nil } })
            default: return .collection(parts)
            }
        }

        private mutating func rings(_ bytes: Span<UInt8>, _ isLittle: Bool, _ more: Int) throws(Mistake)
            -> [[Position]]
        {
            var rings: [[Position]] = []
            for _ in 0..<(try count(bytes, isLittle, atLeast: 4)) {
                rings.append(try list(bytes, isLittle, more))
            }
            return rings
        }

        private mutating func list(_ bytes: Span<UInt8>, _ isLittle: Bool, _ more: Int) throws(Mistake)
            -> [Position]
        {
            let count = try count(bytes, isLittle, atLeast: 16 + 8 * more)
            var places: [Position] = []
            places.reserveCapacity(count)
            for _ in 0..<count { places.append(try position(bytes, isLittle, more)) }
            return places
        }

        private mutating func position(_ bytes: Span<UInt8>, _ isLittle: Bool, _ more: Int) throws(Mistake)
            -> Position
        {
            guard at + 16 + 8 * more <= bytes.count else { throw Mistake(reason: "it is cut short") }
            let place = Position(double(bytes, isLittle, at), double(bytes, isLittle, at + 8))
            at += 16 + 8 * more
            return place
        }

        /// A number of parts, each of which takes so many bytes at least: more than there are is a lie.
        private mutating func count(_ bytes: Span<UInt8>, _ isLittle: Bool, atLeast size: Int) throws(Mistake)
            -> Int
        {
            let count = Int(try integer(bytes, isLittle))
            guard count <= (bytes.count - at) / size else { throw Mistake(reason: "it is cut short") }
            return count
        }

        private mutating func integer(_ bytes: Span<UInt8>, _ isLittle: Bool) throws(Mistake) -> UInt32 {
            guard at + 4 <= bytes.count else { throw Mistake(reason: "it is cut short") }
            var value: UInt32 = 0
            for index in 0..<4 {
                value |= UInt32(bytes[at + index]) << UInt32(8 * (isLittle ? index : 3 - index))
            }
            at += 4
            return value
        }

        private func double(_ bytes: Span<UInt8>, _ isLittle: Bool, _ start: Int) -> Double {
            var value: UInt64 = 0
            for index in 0..<8 {
                value |= UInt64(bytes[start + index]) << UInt64(8 * (isLittle ? index : 7 - index))
            }
            return Double(bitPattern: value)
        }
    }
}

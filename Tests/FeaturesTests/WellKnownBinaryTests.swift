import Testing

@testable import Features

@Suite struct WellKnownBinaryTests {
    private let samples: [Geometry] = [
        .point(Position(1.5, -2)), .line([Position(0, 0), Position(1, 1)]),
        .polygon([[Position(0, 0), Position(1, 0), Position(1, 1), Position(0, 0)]]),
        .multiPoint([Position(0, 1), Position(2, 3)]), .multiLine([[Position(0, 0), Position(1, 1)]]),
        .multiPolygon([[[Position(0, 0), Position(1, 0), Position(1, 1), Position(0, 0)]]]),
        .collection([.point(Position(1, 2)), .line([Position(0, 0), Position(1, 1)])]),
    ]

    @Test func comesBackAsItWas() throws {
        for geometry in samples {
            let bytes = WellKnownBinary.bytes(of: geometry)
            let read = try WellKnownBinary.read(bytes.span)
            #expect(read.geometry == geometry)
            #expect(!read.hasMore)
            let blob = GeoPackageGeometry.blob(geometry, system: 49900, box: geometry.box)
            #expect(GeoPackageGeometry.geometry(blob.span) == geometry)
            #expect(GeoPackageGeometry.box(blob.span) == geometry.box)
        }
    }

    @Test func cutShortIsAMistake() {
        for geometry in samples {
            let bytes = WellKnownBinary.bytes(of: geometry)
            for count in bytes.indices {
                let part = Array(bytes[..<count])
                #expect(throws: WellKnownBinary.Mistake.self) { try WellKnownBinary.read(part.span) }
            }
        }
    }

    /// Bytes as PostGIS and GDAL write them: big-endian, with three coordinates of both kinds.
    @Test func otherWriters() throws {
        let big: [UInt8] = [0, 0, 0, 0, 1, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]
        #expect(try WellKnownBinary.read(big.span).geometry == .point(Position(1, 2)))
        let one: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
        for type in [[0xE9, 0x03, 0, 0], [1, 0, 0, 0x80]] as [[UInt8]] {
            let bytes = [1] + type + one + one + one
            let read = try WellKnownBinary.read(bytes.span)
            #expect(read.geometry == .point(Position(1, 1)))
            #expect(read.hasMore)
        }
        let nested =
            [UInt8](repeating: 0, count: 0)
            + (0..<40).flatMap { _ in [1, 7, 0, 0, 0, 1, 0, 0, 0] as [UInt8] }
        #expect(throws: WellKnownBinary.Mistake.self) { try WellKnownBinary.read(nested.span) }
    }
}

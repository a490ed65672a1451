import Pixels
import Testing

/// A sample that the tables of truth can spell.
protocol TablePixel: Pixel {
    /// A sample from its spelling in a table.
    static func parse(_ text: Substring) throws -> Self

    /// Whether the sample is what the table expects.
    func agrees(with expected: Self) -> Bool
}

extension TablePixel {
    static func list(_ text: Substring) throws -> [Self] { try text.split(separator: ",").map(parse) }

    /// Nil for "-".
    static func optional(_ text: Substring) throws -> Self? { text == "-" ? nil : try parse(text) }
}

extension TablePixel where Self: FixedWidthInteger {
    static func parse(_ text: Substring) throws -> Self { try #require(Self(text), "sample \(text)") }

    func agrees(with expected: Self) -> Bool { self == expected }
}

extension UInt8: TablePixel {}
extension Int16: TablePixel {}
extension Int32: TablePixel {}

extension Float: TablePixel {
    static func parse(_ text: Substring) throws -> Float { Float(try text.number()) }

    /// One unit in the last place, and rounding errors of sums of doubles up to 1e5 near zero.
    func agrees(with expected: Float) -> Bool {
        isNaN && expected.isNaN || abs(self - expected) <= max(expected.ulp, 1e-10)
    }
}

extension Double: TablePixel {
    static func parse(_ text: Substring) throws -> Double { try text.number() }

    func agrees(with expected: Double) -> Bool {
        isNaN && expected.isNaN || abs(self - expected) <= 1e-10
    }
}

extension RGBA8: TablePixel {
    static func parse(_ text: Substring) throws -> RGBA8 {
        let channels = try text.split(separator: "/").map { try #require(UInt8($0), "colour \(text)") }
        try #require(channels.count == 4, "colour \(text)")
        return RGBA8(red: channels[0], green: channels[1], blue: channels[2], alpha: channels[3])
    }

    func agrees(with expected: RGBA8) -> Bool { self == expected }
}

/// Runs `body` with the type of sample that a table names.
func withKind(_ name: Substring, _ body: (any TablePixel.Type) throws -> Void) throws {
    let types: [Substring: any TablePixel.Type] = [
        "u8": UInt8.self, "i16": Int16.self, "i32": Int32.self, "f32": Float.self, "f64": Double.self,
        "rgba": RGBA8.self,
    ]
    try body(try #require(types[name], "kind \(name)"))
}

/// Compares samples with a table's, in which "?" says that the last bit of a sum would decide.
func expectSamples<Sample: TablePixel>(
    _ found: [Sample], _ text: Substring, _ comment: @autoclosure () -> Comment
) throws {
    let expected = text.split(separator: ",")
    try #require(found.count == expected.count, comment())
    var judged = 0
    for i in expected.indices where expected[i] != "?" {
        judged += 1
        let value = try Sample.parse(expected[i])
        let agrees = found[i].agrees(with: value)
        #expect(agrees, "\(comment()), sample \(i): \(found[i]) instead of \(value)")
    }
    #expect(expected.count < 4 || judged > 0, "nothing to compare")
}

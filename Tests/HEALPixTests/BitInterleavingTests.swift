import Testing

@testable import HEALPix

@Suite("Interleaving of bits")
struct BitInterleavingTests {
    @Test("the masks do what a loop over the bits does")
    func loop() {
        var generator = SystemRandomNumberGenerator()
        let limit = Int64(1) << 29
        let random = (0..<2000).map { _ in
            (Int64.random(in: 0..<limit, using: &generator), Int64.random(in: 0..<limit, using: &generator))
        }
        let powers = (0..<29).flatMap { [(Int64(1) << $0, Int64(0)), (Int64(0), Int64(1) << $0)] }
        for (x, y) in random + powers + [(0, 0), (limit - 1, limit - 1), (limit - 1, 0), (0, limit - 1)] {
            var expected: Int64 = 0
            for bit in 0..<29 {
                expected |= ((x >> bit) & 1) << (2 * bit)
                expected |= ((y >> bit) & 1) << (2 * bit + 1)
            }
            let joined = BitInterleaving.interleave(x: x, y: y)
            #expect(joined == expected)
            let parted = BitInterleaving.deinterleave(expected)
            #expect(parted.x == x && parted.y == y)
        }
    }
}

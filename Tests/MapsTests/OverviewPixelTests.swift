import Pixels
import Testing

@testable import Maps

@Suite struct OverviewPixelTests {
    @Test func valuesWithoutDataDoNotCount() {
        #expect(Float.mean(1, 2, 3, 6) == 3)
        #expect(Float.mean(.nan, 2, .nan, 6) == 4)
        #expect(Float.mean(.nan, 2, .nan, .nan).isNaN)
        #expect(Float.mean(.nan, .nan, .nan, .nan).isNaN)
    }

    @Test func coloursCountAsMuchAsTheyCover() {
        func colour(_ level: UInt8, _ alpha: UInt8) -> RGBA8 {
            RGBA8(red: level, green: level, blue: level, alpha: alpha)
        }
        #expect(
            RGBA8.mean(colour(10, 255), colour(20, 255), colour(30, 255), colour(41, 255)) == colour(25, 255))
        #expect(
            RGBA8.mean(colour(10, 128), colour(10, 128), colour(10, 128), colour(10, 128)) == colour(10, 128))
        #expect(RGBA8.mean(colour(0, 255), colour(90, 51), colour(0, 0), colour(200, 0)) == colour(15, 153))
        #expect(RGBA8.mean(colour(9, 255), colour(0, 0), colour(0, 0), colour(0, 0)) == colour(0, 0))
    }
}

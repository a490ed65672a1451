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

    /// Two rows at a time are the same as one square after the other.
    @Test func rowsAreMeansOfTheirSquares() {
        func same<Sample: OverviewPixel>(_ upper: [Sample], _ lower: [Sample], _ none: Sample) -> Bool {
            let count = upper.count / 2
            var means = [Sample](repeating: none, count: count)
            Sample.means(upper, lower, count: count, into: &means)
            for i in 0..<count {
                let (left, right) = (2 * i, 2 * i + 1)
                let square = Sample.mean(upper[left], upper[right], lower[left], lower[right])
                if means[i] != square, means[i] == means[i] || square == square { return false }
            }
            return true
        }
        var values: [Float] = []
        var colours: [RGBA8] = []
        for i in 0..<40 {
            values.append(i % 7 == 3 ? .nan : Float(i * i % 31) / 4)
            let alpha: UInt8 = i % 9 == 4 ? 0 : i % 11 == 5 ? 77 : 255
            let (red, green) = (UInt8(i * 37 % 256), UInt8(i * 91 % 256))
            colours.append(RGBA8(red: red, green: green, blue: 255, alpha: alpha))
        }
        #expect(same(Array(values[..<20]), Array(values[20...]), Float.nan))
        #expect(same(Array(colours[..<20]), Array(colours[20...]), RGBA8.defaultBlank))
    }
}

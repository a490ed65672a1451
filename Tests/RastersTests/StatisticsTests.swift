import GDAL
import Testing

@testable import Rasters

@Suite("Ranges by area against numpy")
struct StatisticsTests {
    /// Width of the class that a stored value falls in: a 2048th of its binade, for floats and wide integers.
    private func classWidth(_ value: Double) -> Double {
        value == 0 ? 0 : 2 * abs(value) / 2048
    }

    @Test("All types, nodata, scales, outliers and not-a-number")
    func statistics() throws {
        for row in try Tables.rows("statistics.txt", least: 15) {
            let source = try TestRaster.source(Tables.path(String(row[0])))
            let numbers = try row[4...].map { try $0.number() }
            let found = try #require(try source.statistics())
            let inner = try #require(try source.statistics(quantiles: (0.1, 0.75)))
            #expect(abs(found.validFraction - numbers[0]) < 1e-9, "\(row[0])")
            #expect(found.minimum == numbers[1] && found.maximum == numbers[2], "\(row[0]): \(found)")
            let isExact =
                switch source.plan.storedType {
                case .uint8, .int8, .uint16, .int16: true
                default: false
                }
            let cuts = [found.lowCut, found.highCut, inner.lowCut, inner.highCut]
            for (cut, truth) in zip(cuts, numbers[3...]) {
                let tolerance = isExact ? 0 : classWidth(truth)
                #expect(abs(cut - truth) <= tolerance, "\(row[0]): \(cut) instead of \(truth)")
            }
            #expect(found.lowCut >= found.minimum && found.highCut <= found.maximum)
        }
    }

    @Test("Rows weigh by the cosine of their latitude, each by its own")
    func weights() throws {
        // Rows at 67.5, 22.5, -22.5 and -67.5 degrees: the outer ones have 0.38268 / 2.61313 / 2 of the area each.
        let samples: [Int16] = [1, 1, 2, 2, 3, 3, 4, 4]
        let source = try TestRaster(
            [samples], .int16, columns: 2, rows: 4, transform: [-180, 180, 0, 90, 0, -45]
        ).source()
        let found = try #require(try source.statistics(quantiles: (0.1464, 0.1465)))
        #expect(found.lowCut == 1 && found.highCut == 2)
        let upper = try #require(try source.statistics(quantiles: (0.8535, 0.8536)))
        #expect(upper.lowCut == 3 && upper.highCut == 4)
    }

    @Test("A mask and an alpha band take samples out")
    func masked() throws {
        let source = try TestRaster.source(Tables.path("mask_of_dataset.tif"))
        let found = try #require(try source.statistics(quantiles: (0, 1)))
        // Samples 0 and 31 hold the extremes and are masked.
        #expect(found.minimum == -900 && found.maximum == 2000)
        let cosines = [0.382_683_432_365_089_8, 0.923_879_532_511_286_7]
        let expected = (14 * cosines[0] + 15 * cosines[1]) / (16 * cosines[0] + 16 * cosines[1])
        #expect(abs(found.validFraction - expected) < 1e-12)
    }

    @Test("Nothing valid has no range")
    func nothing() throws {
        let source = try TestRaster(
            [[Int16](repeating: -1, count: 32)], .int16, columns: 8, rows: 4, noData: -1
        ).source()
        #expect(try source.statistics() == nil)
        let floats = try TestRaster(
            [[Float](repeating: .nan, count: 32)], .float32, columns: 8, rows: 4
        ).source()
        #expect(try floats.statistics() == nil)
    }

    @Test("A constant map has a range of no width")
    func constant() throws {
        let source = try TestRaster(
            [[Float](repeating: -7.25, count: 32)], .float32, columns: 8, rows: 4
        ).source()
        let found = try #require(try source.statistics())
        #expect(found.minimum == -7.25 && found.maximum == -7.25)
        #expect(found.lowCut == -7.25 && found.highCut == -7.25)
        #expect(found.validFraction <= 1 && found.validFraction > 1 - 1e-12)
    }

    @Test("Repeated columns and rows beyond the pole are not counted")
    func repeated() throws {
        // Nine columns of 45 degrees, the last repeating the first; a first row 90 degrees beyond the pole.
        let rows: [Int16] = [99, 1, 2, 3, 4]
        let samples: [Int16] = rows.flatMap { (value: Int16) -> [Int16] in
            [Int16](repeating: value, count: 8) + [77]
        }
        let source = try TestRaster(
            [samples], .int16, columns: 9, rows: 5, transform: [-202.5, 45, 0, 135, 0, -45]
        ).source()
        let found = try #require(try source.statistics(quantiles: (0, 1)))
        #expect(found.minimum == 1 && found.maximum == 4)
    }

    @Test("Channels of a picture are counted together")
    func colours() throws {
        let planes: [[UInt16]] = [
            [UInt16](repeating: 100, count: 32), [UInt16](repeating: 50, count: 32),
            [UInt16](repeating: 900, count: 32),
        ]
        let source = try TestRaster(planes, .uint16, columns: 8, rows: 4, options: ["PHOTOMETRIC=RGB"])
            .source()
        let found = try #require(try source.statistics(quantiles: (0.2, 0.9)))
        #expect(found.minimum == 50 && found.maximum == 900 && found.lowCut == 50 && found.highCut == 900)
        #expect(found.validFraction == 1)
    }
}

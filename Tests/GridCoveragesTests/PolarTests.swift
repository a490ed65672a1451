import FITS
import Foundation
import GridCoverages
import Maps
import Testing

/// FITS images of polar systems, whose scale is that of the pole whatever parallel the system is true to scale at.
///
/// The table is of PROJ and astropy (tools/truth/coverages_polar.py).
@Suite("Polar coverages as FITS")
struct PolarTests {
    private struct Case {
        let pole: Double
        let scale: String
        let meridian, cdelt: Double
        var places: [(lon: Double, lat: Double, column: Double, row: Double)] = []
    }

    private static func cases() throws -> [Case] {
        let url = Bundle.module.bundleURL.appendingPathComponent("Tables/polar_fits.txt")
        var cases: [Case] = []
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let numbers = words.map { Double($0) ?? .nan }
            switch words[0] {
            case "case":
                cases.append(
                    Case(pole: numbers[1], scale: words[2], meridian: numbers[3], cdelt: numbers[4]))
            case "place":
                cases[cases.count - 1].places.append((numbers[1], numbers[2], numbers[3], numbers[4]))
            default: break
            }
        }
        return cases
    }

    @Test("The scale is that with which astropy puts places where PROJ does")
    func scales() throws {
        let cases = try Self.cases()
        #expect(cases.count == 7 && cases.allSatisfy { $0.places.count == 40 })
        let maker = maker()
        let coverage = try maker.coverage(of: FieldMap(order: 0, plane).layer(order: 0))
        for (index, truth) in cases.enumerated() {
            let definition =
                "+proj=stere +lat_0=\(truth.pole) \(truth.scale) +lon_0=\(truth.meridian) +R=3396190 +units=m +no_defs"
            let crs = try Mars.systems.system(defined: definition, as: "TEST:\(index)")
            let box = MapBox(minX: -1e6, minY: -1e6, maxX: 1e6, maxY: 1e6)
            let request = CoverageRequest(
                area: .exactly(box), outputCRS: crs, width: 20, height: 20,
                format: CoverageFormat(.fits))
            let cards = try FITSImage.decode(maker.product(request, of: coverage).all()).cards
            func real(_ keyword: String) -> Double { cards.real(keyword) ?? .nan }
            #expect(cards.string("CTYPE1") == "MALN-STG" && cards.string("CTYPE2") == "MALT-STG")
            #expect(real("CRPIX1") == 10.5 && real("CRPIX2") == 10.5, "\(definition)")
            #expect(real("LONPOLE") == 180 && real("CRVAL2") == truth.pole, "\(definition)")
            #expect(abs(real("CRVAL1") - truth.meridian) < 1e-9, "\(definition) \(real("CRVAL1"))")
            // Pixels of 100 km, in a box of 2000.
            for keyword in ["CDELT1", "CDELT2"] {
                #expect(abs(real(keyword) / (100 * truth.cdelt) - 1) < 1e-9, "\(definition) \(real(keyword))")
            }
            let found = try crs.coordinates(of: truth.places.map { ($0.lon, $0.lat) })
            for (place, at) in zip(truth.places, found) {
                #expect(abs(at.x / 1000 + 1000.5 - place.column) < 1e-4)
                #expect(abs(at.y / 1000 + 1000.5 - place.row) < 1e-4)
            }
        }
    }
}

import PlanetaryFrames
import Testing

@testable import OGC

struct PlaceReportTests {
    private func report(_ findings: [PlaceReport.Finding], isOutside: Bool = false) throws -> PlaceReport {
        let mars = try #require(try BodyCatalogue.standard().body(naifCode: 499))
        let longitude = try #require(EastLongitude(degrees: 330))
        let latitude = try #require(PlanetocentricLatitude(degrees: 45))
        return PlaceReport(
            body: mars, place: isOutside ? nil : (longitude, latitude), crs: "IAU_2015:49900",
            coordinates: (330, 45), findings: findings)
    }

    private let height = PlaceReport.Finding(
        layer: "mola", title: "Heights <of> Mars",
        content: .value(-1234.5, unit: "m", reference: "elevation above the areoid"),
        order: 12, npix: 40_000_000_000)

    private func text(_ answer: OGCAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

    /// 45 degrees planetocentric are 45.33823195 planetographic on Mars (PROJ: IAU_2015:49902 to 49901).
    @Test(arguments: FeatureInfoFormat.allCases)
    func aPlaceIsToldInEveryWayOfCounting(_ format: FeatureInfoFormat) throws {
        let answer = try report([height]).document(format)
        #expect(answer.mediaType.hasPrefix(format.rawValue))
        let text = text(answer)
        for number in ["330.0", "30.0", "-30.0", "45.0", "45.338231", "-1234.5", "40000000000", "12"] {
            #expect(text.contains(number), "\(number) in \(text)")
        }
        #expect(text.contains("elevation above the areoid"))
        #expect(
            text.contains(
                format == .text || format == .json ? "Heights <of> Mars" : "Heights &lt;of&gt; Mars"))
    }

    @Test func coloursAndNothing() throws {
        let colour = PlaceReport.Finding(
            layer: "2 \"x\"", title: "t", content: .colour(red: 1, green: 2, blue: 3), order: 3, npix: 7)
        let gml = try text(report([colour]).document(.gml))
        #expect(gml.contains("<tessera:_2__x_>") && gml.contains("<tessera:green>2</tessera:green>"))
        #expect(try text(report([colour]).document(.json)).contains("\"layer\":\"2 \\\"x\\\"\""))
        #expect(try text(report([]).document(.text)).contains("No layer has data here."))
        #expect(try text(report([], isOutside: true).document(.html)).contains("outside"))
        #expect(try text(report([], isOutside: true).document(.json)).contains("\"features\":[]"))
    }
}

import Testing

@testable import PlanetaryFrames

@Suite struct CRSIdentifierTests {
    @Test func everySpellingHasOneCanonicalForm() throws {
        for row in try Table.rows("spellings.txt") {
            do {
                let identifier = try CRSIdentifier.parse(row[0])
                #expect(identifier?.description ?? "-" == row[1], "\(row[0])")
            } catch {
                #expect(row[1] == "!", "\(row[0]): \(error)")
                #expect(error.caseName == "unsupportedIdentifier")
            }
        }
    }

    @Test func blanksAroundAreIgnored() throws {
        #expect(try CRSIdentifier.parse(" IAU_2015:49900\r\n")?.description == "IAU_2015:49900")
        #expect(try CRSIdentifier.parse("") == nil)
    }

    @Test func bodiesOfCodes() throws {
        #expect(try CRSIdentifier.parse("IAU:200000115")?.naifCode == 2_000_001)
        #expect(try CRSIdentifier.parse("EPSG:49900")?.naifCode == nil)
    }
}

import Features
import Testing
import XML

@testable import OGC

/// Features as tables and as GeoJSON.
struct WFSFormatTests {
    private let small: SmallFeatures

    init() throws { small = try SmallFeatures.usual.get() }

    @Test func tablesHaveThePlaces() throws {
        let csv = try small.features("OUTPUTFORMAT=csv&COUNT=2")
        #expect(csv.mediaType.hasPrefix("text/csv"))
        let lines = csv.text.split(separator: "\r\n")
        #expect(lines[0] == "id,lon,lat,name,2nd Größe,seen,flag,number")
        #expect(lines[1] == "places.1,30,45,\"<1> & \"\"x\"\", y\",100,2013-07-01,false,0")
        let shapes = try small.features("OUTPUTFORMAT=csv&COUNT=1", type: "shapes").text
        #expect(shapes.contains("\"MULTIPOLYGON (((170 -10,180 -10,180 10,170 10,170 -10)),((-180 -10"))
        let metres = try small.features("OUTPUTFORMAT=csv&COUNT=1&SRSNAME=IAU_2015:49910").text
        #expect(metres.hasPrefix("id,x,y,") && metres.contains("places.1,1778240.9257,2667361.3885,"))
        let table = try small.features("OUTPUTFORMAT=votable").xml()
        #expect(table.name == "VOTABLE")
        let both = try small.features("OUTPUTFORMAT=csv", type: "(shapes)(places)")
        #expect(both.exceptionCode == "InvalidParameterValue")
    }

    /// A VOTable says behind its tables that features are missing, where they are.
    @Test func tablesTellThatTheyAreCut() throws {
        var options = WebFeatureService.Options()
        options.countDefault = 4
        let few = try SmallFeatures(options: options)
        for (service, asked, type, isCut) in [
            (small, "", "places", false), (few, "", "places", true), (few, "STARTINDEX=5", "places", false),
            (few, "STARTINDEX=4", "places", true), (few, "STARTINDEX=20", "places", false),
            (small, "COUNT=8", "places", true), (small, "COUNT=9", "places", false),
            (small, "COUNT=0", "places", true), (few, "", "shapes", false),
            (small, "COUNT=10", "(places)(shapes)", true), (small, "COUNT=11", "(places)(shapes)", false),
        ] {
            let document = try service.features("OUTPUTFORMAT=votable&" + asked, type: type).xml()
            let resource = try #require(document.child("RESOURCE"))
            let states = resource.children.compactMap {
                $0.attribute("name") == "QUERY_STATUS" ? $0.attribute("value") : nil
            }
            #expect(states == (isCut ? ["OK", "OVERFLOW"] : ["OK"]), "\(asked) \(type)")
            #expect(resource.children.last?.name == (isCut ? "INFO" : "TABLE"))
        }
    }

    /// A table has one line of names, and one system.
    @Test func tablesOfSeveralQueriesAreOfOneKind() throws {
        let type = "(places)(places)"
        for different in [
            "PROPERTYNAME=(name)(number)", "PROPERTYNAME=(name)()", "PROPERTYNAME=(name)(geom,name)",
            "SRSNAME=()(IAU_2015:49910)",
        ] {
            let refused = try small.features("OUTPUTFORMAT=csv&" + different, type: type)
            #expect(refused.status == 400 && refused.exceptionCode == "InvalidParameterValue", "\(different)")
            #expect(refused.text.contains("locator=\"OUTPUTFORMAT\""))
            // Other formats have a place for them.
            #expect(try small.features(different, type: type).status == 200)
            #expect(try small.features("OUTPUTFORMAT=votable&" + different, type: type).status == 200)
        }
        for same in [
            "", "PROPERTYNAME=(number,name)(name,number)", "SRSNAME=()(IAU_2015:49900)",
            "PROPERTYNAME=geom&SRSNAME=IAU_2015:49910",
        ] {
            let lines = try small.features("OUTPUTFORMAT=csv&" + same, type: type).text
                .split(separator: "\r\n")
            #expect(lines.count == 19 && lines[1...9] == lines[10...], "\(same)")
            let alone = try small.features(
                "OUTPUTFORMAT=csv&"
                    + same.replacing("()", with: "")
                    .replacing("(number,name)(name,number)", with: "name,number"))
            #expect(alone.text.split(separator: "\r\n") == Array(lines[0...9]))
        }
    }

    @Test func geoJSONIsAlwaysInDegrees() throws {
        for more in ["", "&SRSNAME=IAU_2015:49910"] {
            let answer = try small.features("OUTPUTFORMAT=application/geo%2Bjson&COUNT=1" + more)
            #expect(answer.mediaType == "application/geo+json")
            #expect(answer.text.contains("\"coordinates\":[30,45]"))
            #expect(answer.text.contains("\"name\":\"urn:ogc:def:crs:IAU_2015::49900\""))
            #expect(answer.text.contains("\"name\":\"<1> & \\\"x\\\", y\""))
        }
    }
}

import PlanetaryFrames
import Testing

@testable import Settings

@Suite struct FrameKeysTests {
    static let mistakes: [Faulty] = [
        Faulty(
            "latitude_kind: geodetic\n",
            "1:16 \"geodetic\" is no latitude_kind; planetocentric, planetographic are"),
        Faulty("latitude_kind: planetocentrc\n", "1:16 did you mean \"planetocentric\"?"),
        Faulty("longitude_sense: left\n", "1:18 \"left\" is no longitude_sense; east, west are"),
        Faulty("longitude_sytem: x\n", "1:1 did you mean \"longitude_system\"?"),
        Faulty(
            "longitude_system: [a]\n", "1:19 is a list; a mapping of name, offset_to_iau, source was expected"
        ),
        Faulty("longitude_system: {offset_to_iau: 150}\n", "1:19 lacks name"),
        Faulty(
            "longitude_system: {name: Claudia, ofset_to_iau: 150}\n", "1:35 did you mean \"offset_to_iau\"?"),
        Faulty("longitude_system: {name: Claudia, offset_to_iau: 370}\n", "1:50 -360 to 360"),
        Faulty("longitude_system: {name: Claudia, offset_to_iau: far}\n", "1:50 \"far\" is not a number"),
        Faulty("longitude_system: {name: ''}\n", "1:26 \"name\" is empty"),
        Faulty("longitude_system: {name: a, name: b}\n", "1:29 stands already"),
        Faulty("vertical: areoid\n", "1:11 is a single value; a mapping of quantity, reference"),
        Faulty("vertical: {quantity: elevation}\n", "1:11 lacks reference"),
        Faulty("vertical: {reference: aeroid}\n", "1:23 did you mean \"areoid\"?"),
        Faulty("vertical: {reference: sphere}\n", "1:11 without its radius"),
        Faulty("vertical: {reference: sphere, radius: -1}\n", "1:11 a positive one was expected"),
        Faulty("vertical: {reference: areoid, quantity: radius}\n", "1:11 radii are counted from the centre"),
        Faulty("vertical: {reference: centre, quantity: elevation}\n", "1:11 elevations from a surface"),
        Faulty("vertical: {reference: areoid, unit: feet}\n", "1:37 \"feet\" is no unit; m, km are"),
        Faulty("vertical: {reference: areoid, radius: \"3396000\"}\n", "1:39 without quotes"),
        Faulty("bands: [1, 2]\n", "1:8 has 2 numbers; one of a band of values, or three"),
        Faulty("bands: []\n", "1:8 has 0 numbers"),
        Faulty("bands: [3, 2, 0]\n", "1:15 is 0; 1 to 65536 was expected"),
        Faulty("bands: 2.5\n", "1:8 a whole number was expected"),
        Faulty("bands: red\n", "1:8 is not a number"),
    ]

    @Test(arguments: mistakes)
    func mistakesHaveTheirPlaces(_ faulty: Faulty) {
        let error = #expect(throws: SettingsError.self) { try Survey.parse(faulty.text, file: "s.yaml") }
        expect(error, faulty)
    }

    private func expect(_ error: SettingsError?, _ faulty: Faulty) {
        let found = error?.mistakes ?? []
        #expect(found.count == faulty.mistakes.count, "\(found)")
        for (mistake, wanted) in zip(found, faulty.mistakes) {
            let parts = wanted.split(separator: " ", maxSplits: 1).map(String.init)
            #expect("\(mistake.line):\(mistake.column)" == parts[0], "\(mistake)")
            #expect(mistake.message.contains(parts[1]), "\(mistake)")
        }
    }

    @Test func bandsAreOneOrThree() throws {
        #expect(try Survey.parse("bands: 4\n", file: "s.yaml").bands == [4])
        #expect(try Survey.parse("bands: [4]\n", file: "s.yaml").bands == [4])
        #expect(try Survey.parse("bands: [30, 12, 3]\n", file: "s.yaml").bands == [30, 12, 3])
        #expect(try Survey.parse("body: mars\n", file: "s.yaml").bands == nil)
    }

    @Test func keysAreRead() throws {
        let survey = try Survey.parse(
            """
            latitude_kind: Planetographic
            longitude_sense: west
            longitude_system:
              name: Claudia
              offset_to_iau: 150
              source: Dawn
            vertical: {quantity: elevation, reference: ellipsoid, radius: 285000, unit: km}
            """, file: "s.yaml")
        #expect(survey.latitudeKind == .planetographic)
        #expect(survey.longitudeSense == .west)
        #expect(
            survey.longitudeSystem
                == LongitudeSystem(name: "Claudia", offsetToIAUDegrees: 150, source: "Dawn"))
        #expect(
            survey.vertical
                == (try VerticalReference(
                    quantity: .elevation, surface: .ellipsoid, radiusMetres: 285_000, unit: .km)))
        let short = try Survey.parse(
            "longitude_system: System III\nvertical: {reference: centre}\n", file: "s.yaml")
        #expect(short.longitudeSystem?.name == "System III")
        #expect(short.vertical?.quantity == .radius)
    }

    static let bodies: [Faulty] = [
        Faulty("body: Mars\n", "1:1 a file of bodies has the one key \"bodies\""),
        Faulty("bodies: Mars\n", "1:9 is a single value; a list of mappings was expected"),
        Faulty("bodies: [Mars]\n", "1:10 a body is a single value"),
        Faulty(
            "bodies:\n  - name: Selam\n", "2:5 the body has no \"naif\"", "2:5 the body has no \"radii_m\""),
        Faulty("bodies: [{name: A, naif: 1.5, radii_m: 3}]\n", "1:26 a whole number was expected"),
        Faulty(
            "bodies: [{name: A, naif: 9, radii_m: [3, 2]}]\n",
            "1:38 has 2 values; one radius or three semi-axes"),
        Faulty("bodies: [{name: A, naif: 9, radii_m: [3, 2, a]}]\n", "1:45 \"a\" is not a number"),
        Faulty("bodies: [{name: A, naif: 9, radii_m: [1, 2, 3]}]\n", "1:10 from the largest to the smallest"),
        Faulty("bodies: [{name: A, naif: 9, radii_m: -4}]\n", "1:10 three semi-axes in metres were expected"),
        Faulty("bodies: [{name: A, naif: 9, radii_m: 4, sphere_m: 9}]\n", "1:10 lies outside"),
        Faulty("bodies: [{name: '?', naif: 9, radii_m: 4}]\n", "1:10 a name with letters"),
        Faulty("bodies: [{name: A, naif: 9, radii_m: 4, rotation: back}]\n", "1:51 \"back\" is no rotation"),
        Faulty(
            "bodies: [{name: A, naif: 9, radius_m: 4}]\n", "1:10 has no \"radii_m\"",
            "1:29 did you mean \"radii_m\"?"),
    ]

    @Test(arguments: bodies)
    func mistakesInFilesOfBodies(_ faulty: Faulty) {
        let error = #expect(throws: SettingsError.self) {
            try BodiesFile.parse(faulty.text, file: "bodies.yaml")
        }
        expect(error, faulty)
    }

    @Test func aFileOfBodiesAddsAndOverrides() throws {
        let bodies = try BodiesFile.parse(
            """
            bodies:
              - name: Selam
                naif: 120152830
                radii_m: [120, 110, 100]
                surface: radial projection
                certainty: estimated
                source: Levison et al. 2024
                aliases: [Dinkinesh's moon]
              - {name: Pluto, naif: 999, radii_m: 1187000, source: mine, rotation: retrograde}
            """, file: "bodies.yaml")
        let catalogue = try BodyCatalogue.standard().adding(bodies)
        let selam = try catalogue.body(named: "GCS_Selam")
        #expect(selam.naifCode == 120_152_830 && !selam.isFunctionOfDirection && !selam.hasIAUCodes)
        #expect(abs(selam.sphereRadiusMetres - 109.696_131) < 1e-5)
        let pluto = try catalogue.body(named: "Pluto")
        #expect(
            pluto.sphereRadiusMetres == 1_187_000 && pluto.radiiSource == "mine"
                && pluto.rotation == .retrograde)
        #expect(pluto.identifier(0) == nil)
        #expect(try BodyCatalogue.standard().body(named: "Pluto").identifier(0) != nil)
        #expect(throws: SettingsError.self) { try BodiesFile.load(path: "/nowhere/bodies.yaml") }
    }
}

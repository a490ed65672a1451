import Foundation
import Testing

@testable import PlanetaryFrames

@Suite struct MapBeliefTests {
    let catalogue: BodyCatalogue

    init() throws { catalogue = try BodyCatalogue.standard() }

    func frame(_ definition: String, _ body: String? = nil, _ overrides: FrameOverrides = FrameOverrides())
        throws -> MapFrame
    {
        try MapFrame(
            definition: definition, declaredBody: body.map { try catalogue.body(named: $0) },
            catalogue: catalogue, overrides: overrides, source: "map.tif")
    }

    @Test func whatCannotBeReadIsRefusedByItsOwnCase() throws {
        for row in try Table.rows("map_refusals.txt") {
            let definition = row.dropFirst(2).joined(separator: "|")
            do {
                let accepted = try frame(definition, row[1] == "-" ? nil : row[1])
                Issue.record("\(definition) was read as \(accepted.projection) of \(accepted.body.name)")
            } catch let error as FrameError {
                #expect(error.caseName == row[0], "\(definition): \(error)")
                #expect("\(error)".contains("map.tif"), "\(error)")
                #expect("\(error)".contains("survey file"), "\(error)")
            }
        }
    }

    @Test func theMendedScaleIsAccepted() throws {
        let polar = try Table.rows("map_refusals.txt").first { $0[0] == "zeroScale" }
        let error = #expect(throws: FrameError.self) { try frame(#require(polar).last ?? "", "Mars") }
        guard case .zeroScale(_, _, let use)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try frame(use, "Mars").projection == .polarStereographic)
    }

    @Test func realProjectedRastersAreRead() throws {
        let wanted: [String: (MapProjection, String, Double)] = [
            "MOLA128Hillshade_Mercator.tif": (.mercator, "Mars", 3_396_190),
            "Lunar_LOLA_Shade_Lambert.tif": (.lambertConformalConic, "Moon", 1_737_400),
            "mars_mola_npole_stere.tif": (.polarStereographic, "Mars", 3_396_190),
            "mars_mola_sinu.tif": (.sinusoidal, "Mars", 3_396_190),
            "cog_hirise_mars.tif": (.equirectangular, "Mars", 3_395_582.027_080_5),
        ]
        for line in try Table.text("raster_wkt.txt").split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            guard parts.count == 2, let (projection, body, radius) = wanted[parts[0]] else { continue }
            let frame = try frame(parts[1])
            #expect(frame.projection == projection && frame.body.name == body && frame.radiusMetres == radius)
            #expect(frame.longitudeSense == .east && frame.latitudeKind == .planetocentric)
            #expect(frame.notes.isEmpty == (radius != 3_395_582.027_080_5), "\(frame.notes)")
        }
    }

    @Test func anglesAreThoseOfTheSystem() throws {
        let graphic = try frame("IAU_2015:49901")
        #expect(graphic.latitudeKind == .planetographic && graphic.longitudeSense == .west)
        #expect(
            graphic.identifier?.description == "IAU_2015:49901"
                && graphic.periodX.map { abs($0 - 360) < 1e-9 } == true)
        let uranus = try frame("IAU_2015:79901")
        #expect(uranus.latitudeKind == .planetographic && uranus.longitudeSense == .east)
        #expect(try frame("IAU_2015:49902").identifier?.description == "IAU_2015:49900")
        #expect(try frame("IAU_2015:49931").longitudeSense == .west)
        #expect(try frame("IAU_2015:49920").periodX == nil)
        let esri = try frame("ESRI:104905")
        #expect(
            esri.latitudeKind == .planetographic && esri.longitudeSense == .east && esri.body.name == "Mars")
        #expect(esri.notes.contains { $0.contains("latitude_kind: planetocentric") })
    }

    @Test func overridesWinAndAreNoted() throws {
        let centric = try frame("ESRI:104905", nil, FrameOverrides(latitude: .planetocentric))
        #expect(centric.latitudeKind == .planetocentric && centric.kernel.graphicFactor == 1)
        #expect(centric.notes.contains { $0.contains("the file says planetographic") })
        let west = try frame("IAU_2015:59900", nil, FrameOverrides(longitude: .west))
        #expect(west.longitudeSense == .west && west.notes.contains { $0.contains("the file says east") })
        // The USGS's simple cylindrical map under the name of an ellipsoid.
        let simple = try frame(
            "IAU_2015:49911", nil, FrameOverrides(latitude: .planetocentric, longitude: .east))
        #expect(simple.latitudeKind == .planetocentric && simple.projection == .equirectangular)
        #expect(throws: FrameError.self) {
            try frame("IAU_2015:49900", nil, FrameOverrides(latitude: .planetographic))
        }
        #expect(throws: FrameError.self) {
            try frame(
                "+proj=stere +lat_0=90 +a=3396190 +b=3376200", "Mars",
                FrameOverrides(latitude: .planetocentric))
        }
    }

    @Test func radiiOfTheFileAreKeptAndNoted() throws {
        let hrsc = try frame("+proj=sinu +R=3396000 +lon_0=0", "Mars")
        #expect(hrsc.radiusMetres == 3_396_000)
        #expect(hrsc.notes.contains { $0.contains("-0.0056 %") && $0.contains("3396190") })
        #expect(try frame("+proj=longlat +R=2439400", "Mercury").notes.contains { $0.contains("-0.0463 %") })
        let other = try frame("+proj=stere +lat_0=90 +a=3396190 +b=3396000", "Mars")
        #expect(other.notes.contains { $0.contains("latitudes are converted with the file's") })
        #expect(try frame("IAU_2015:49920").notes.isEmpty)
    }

    @Test func bodiesWithTwoLobesAreLabelled() throws {
        for (name, radius) in [("67P", 1650.0), ("Itokawa", 173), ("Arrokoth", 9654)] {
            let frame = try frame("+proj=longlat +R=\(radius)", name)
            #expect(frame.notes.contains { $0.contains("radial projection") }, "\(name)")
        }
        #expect(try catalogue.body(named: "67P").identifier(0)?.description == "IAU_2015:100001200")
        #expect(try catalogue.body(named: "Arrokoth").identifier(0) == nil)
        let ryugu = try GridFrame(
            definition: "+proj=longlat +R=502", declaredBody: try catalogue.body(named: "Ryugu"),
            catalogue: catalogue, source: "map.tif")
        #expect(ryugu.identifier == nil && ryugu.body.name == "Ryugu")
    }

    @Test func longitudeSystems() throws {
        let vesta = try catalogue.body(named: "4 Vesta")
        #expect(vesta.needsLongitudeSystem && vesta.longitudeSystems.map(\.name) == ["IAU 2015", "Claudia"])
        let claudia = vesta.longitudeSystems[1]
        // The crater Claudia: 356 degrees east in its own system, 146 in the IAU's.
        #expect(claudia.iauLongitude(of: try #require(EastLongitude(degrees: 356)))?.degrees == 146)
        #expect(throws: FrameError.self) { try vesta.requireLongitudeSystem(nil, source: "vesta.tif") }
        try vesta.requireLongitudeSystem(claudia, source: "vesta.tif")
        let error = #expect(throws: FrameError.self) {
            try claudia.requireSame(as: vesta.longitudeSystems[0])
        }
        #expect("\(error!)".contains("150"))
        let jupiter = try catalogue.body(named: "Jupiter")
        #expect(jupiter.longitudeSystems.count == 3 && jupiter.longitudeSystems[1].offsetToIAUDegrees == nil)
        try catalogue.body(named: "Moon").requireLongitudeSystem(nil, source: "moon.tif")
        #expect(try catalogue.body(named: "Moon").longitudeSystems.count == 2)
        #expect(LongitudeSystem(name: " ", offsetToIAUDegrees: nil, source: "") == nil)
        #expect(LongitudeSystem(name: "x", offsetToIAUDegrees: .nan, source: "") == nil)
        for system in vesta.longitudeSystems + jupiter.longitudeSystems {
            #expect(LongitudeSystem(propertyText: system.propertyText) == system)
        }
        #expect(LongitudeSystem(propertyText: "mine")?.offsetToIAUDegrees == nil)
        #expect(LongitudeSystem(propertyText: "") == nil)
        #expect(claudia.propertyText.hasPrefix("Claudia; IAU longitude = longitude + 150.0 degrees east; "))
    }

    @Test func verticalReferences() throws {
        let mars = try catalogue.body(named: "Mars")
        let moon = try catalogue.body(named: "Moon")
        let mola = try #require(VerticalReference.known(product: "megt90n000cb.img", body: mars))
        #expect(mola.reference.surface == .areoid && mola.reason.contains("MOLA"))
        #expect(
            VerticalReference.known(product: "megr90n000cb.img", body: mars)?.reference.quantity == .radius)
        let lola = try #require(VerticalReference.known(product: "ldem_4.img", body: moon)).reference
        #expect(lola.propertyText == "elevation above the sphere of 1737400.0 m, in m")
        #expect(VerticalReference.known(product: "ldem_4.img", body: mars) == nil)
        // LOLA's floating-point products are in kilometres.
        #expect(VerticalReference.known(product: "ldem_4_float.img", body: moon) == nil)
        let radii = try #require(
            VerticalReference.known(product: "ldem_4.img", body: moon, offset: 1_737_400))
        #expect(radii.reference.propertyText == "radius from the centre, in m")
        #expect(radii.reason.contains("offset"))
        let ceres = try catalogue.body(named: "Ceres")
        let dawn = "Ceres_Dawn_FC_HAMO_DTM_DLR_Global_60ppd_Oct2016.tif"
        #expect(VerticalReference.known(product: dawn, body: ceres)?.reference.radiusMetres == 470_000)
        #expect(
            VerticalReference.known(product: dawn, body: ceres, offset: 470_000)?.reference.quantity
                == .radius)
        let vesta = try catalogue.body(named: "Vesta")
        #expect(
            VerticalReference.known(product: "VE_HAMO_G_00N_330E_EQU_DTM.IMG", body: vesta)?.reference
                .radiusMetres
                == 255_000)
        #expect(
            VerticalReference.known(product: "Vesta_Dawn_HAMO_DTM_DLR_Global_48ppd.tif", body: vesta) == nil)
        let venus = try catalogue.body(named: "Venus")
        #expect(
            VerticalReference.known(product: "Venus_Magellan_Topography_Global_4641m_v02.tif", body: venus)?
                .reference.radiusMetres == 6_051_000)
        #expect(VerticalReference.known(product: "Venus_Magellan_C3-MDIR.tif", body: venus) == nil)
        #expect(VerticalReference.known(product: "mars.tif", body: mars) == nil)
        #expect(throws: FrameError.self) { try lola.requireSame(as: mola.reference) }
        let kilometres = try VerticalReference(
            quantity: .elevation, surface: .sphere, radiusMetres: 1_737_400, unit: .km)
        try lola.requireSame(as: kilometres)
        for reference in [lola, kilometres, mola.reference, radii.reference] {
            #expect(VerticalReference(propertyText: reference.propertyText) == reference)
        }
        for text in [
            "", "elevation", "elevation above the sphere, in m", "elevation above the areoid, in feet",
        ] {
            #expect(VerticalReference(propertyText: text) == nil)
        }
        #expect(throws: FrameError.self) { try VerticalReference(quantity: .elevation, surface: .sphere) }
        #expect(throws: FrameError.self) { try VerticalReference(quantity: .radius, surface: .areoid) }
    }

    @Test func addedBodiesAreFound() throws {
        for (name, code) in [
            ("Bennu", 2_101_955), ("101955 Bennu", 2_101_955), ("2101955", 2_101_955),
            ("20101955", 2_101_955),
            ("RYUGU", 2_162_173), ("Dimorphos", 120_065_803), ("didymos", 920_065_803),
            ("GCS_Arrokoth_2019", 2_486_958),
            ("67P", 1_000_012), ("itokawa", 2_025_143), ("ESRI:104905", 499), ("ESRI:104903", 301),
            ("IAU_2015:49910", 499), ("urn:ogc:def:crs:IAU:2015:200000400", 2_000_004), ("D_Moon_2000", 301),
            ("GCS_Mars_2000_Sphere", 499), ("SimpleCylindrical_Mars", 499), ("Europa", 502),
            ("52 Europa", 2_000_052),
        ] {
            #expect(try catalogue.body(named: name).naifCode == code, "\(name)")
        }
        let error = #expect(throws: FrameError.self) { try catalogue.body(named: "Benu") }
        #expect("\(error!)".contains("Bennu"))
        for body in catalogue.bodies { #expect(try catalogue.body(named: body.name) == body) }
        #expect(try catalogue.body(named: "Venus").rotation == .retrograde)
        #expect(try catalogue.body(named: "Mars").rotation == .direct)
        #expect(try catalogue.body(named: "Himalia").rotation == nil)
        #expect(throws: FrameError.self) {
            try catalogue.adding([
                BodyDefinition(
                    name: "X", naifCode: 5, semiAxesMetres: [1, 2], certainty: .estimated, source: "")
            ])
        }
    }
}

/// What a frame's angles are, after the survey's overrides.
struct FrameAngles {
    var latitude: LatitudeKind
    var longitude: LongitudeSense
    /// (a/b)^2 where a planetocentric latitude has to become planetographic.
    var graphicFactor: Double
    var notes: [String]
}

/// The two axes of a system in the order of GDAL's geotransforms.
struct MapAxes {
    let x: PROJAxis
    let y: PROJAxis
    let isWest: Bool

    init(_ crs: CRSDescription, source: String) throws(FrameError) {
        let axes = Array(crs.axes.prefix(2))
        let directions = axes.map { $0.direction.lowercased() }
        if axes.count == 2, let x = directions.firstIndex(where: { $0 == "east" || $0 == "west" }),
            directions[1 - x] == "north"
        {
            (self.x, y, isWest) = (axes[x], axes[1 - x], directions[x] == "west")
        } else if axes.count == 2, directions[0] == directions[1], ["north", "south"].contains(directions[0])
        {
            // Polar systems: both axes leave the pole along meridians, easting first unless it says otherwise.
            let isSwapped = axes[0].name.lowercased().hasPrefix("north")
            (self.x, y, isWest) = (axes[isSwapped ? 1 : 0], axes[isSwapped ? 0 : 1], false)
        } else {
            throw .unsupportedAxes(
                source: source, crs: crs.name,
                found: directions.isEmpty ? "unknown" : directions.joined(separator: " and "))
        }
    }
}

extension MapFrameReader {
    /// Kind of latitude and sense of longitude: what the system says, unless the survey knows better.
    func angles(isWest: Bool, projection: MapProjection) throws(FrameError) -> FrameAngles {
        let isEllipsoid = crs.flattening != 0
        let isCentric = !isEllipsoid || crs.baseIsPlanetocentric
        let found: LatitudeKind = isCentric ? .planetocentric : .planetographic
        var angles = FrameAngles(
            latitude: found, longitude: isWest ? .west : .east, graphicFactor: 1, notes: [])
        if let stated = overrides.latitude, stated != found {
            angles.latitude = stated
            if isEllipsoid {
                angles.notes.append(
                    "latitudes are taken as \(stated.rawValue), as the survey states; the file says \(found.rawValue)"
                )
            } else {
                guard let ratio = overrides.axisRatio, ratio > 0, ratio.isFinite, ratio != 1 else {
                    throw .latitudeOnSphere(source: source, crs: crs.name)
                }
                angles.graphicFactor = 1 / (ratio * ratio)
                angles.notes.append(
                    "the map's latitudes are planetographic ones of an ellipsoid with axes of 1 to \(ratio), and enter the "
                        + "formulas for the sphere as they are")
            }
        }
        if let stated = overrides.longitude, stated != angles.longitude {
            angles.notes.append(
                "longitudes are taken to grow to the \(stated.rawValue), as the survey states; the file says "
                    + angles.longitude.rawValue)
            angles.longitude = stated
        }
        guard isEllipsoid else { return angles }
        let square = (crs.majorMetres / crs.minorMetres) * (crs.majorMetres / crs.minorMetres)
        if projection == .equirectangular, overrides.latitude == nil, !crs.baseIsPlanetocentric {
            throw .equirectangularOnEllipsoid(
                source: source, crs: crs.name, body: try grid.body().name, flattening: crs.flattening,
                use: "latitude_kind: planetocentric")
        }
        if [.obliqueCylindrical, .pointPerspective, .healpix].contains(projection) {
            throw .badParameter(
                source: source, crs: crs.name,
                name: "the flattening of a map whose formulas are those of a sphere",
                value: crs.flattening)
        }
        if projection == .geographic || projection.hasSphericalFormulasOnly {
            angles.graphicFactor = angles.latitude == .planetographic ? square : 1
        } else {
            // Formulas for the ellipsoid are written in its normal's latitude, whatever the base counts.
            angles.graphicFactor = square
            if overrides.latitude == .planetocentric, found == .planetographic {
                throw .latitudeInEllipsoidalFormula(
                    source: source, crs: crs.name, projection: projection.rawValue)
            }
        }
        if angles.latitude == .planetographic, projection == .geographic, overrides.latitude == nil {
            angles.notes.append(
                "latitudes are planetographic, for the system lies on an ellipsoid; many files mean planetocentric "
                    + "ones there: state `latitude_kind: planetocentric` in the survey file if this one does")
        }
        if projection.hasSphericalFormulasOnly, crs.baseIsPlanetocentric {
            angles.notes.append(
                "the map's planetocentric latitudes enter the formulas for the sphere of the equatorial radius as "
                    + "they are; PROJ turns them into planetographic ones first, up to "
                    + "\(metres(crs.flattening * crs.majorMetres)) away")
        }
        return angles
    }

    /// Refuses parameters that no map can have, or that writers use in two senses.
    func check(_ method: ProjectionMethod) throws(FrameError) {
        for (key, value) in method.parameters.sorted(by: { $0.key < $1.key }) {
            let isLatitude = key.hasPrefix("lat")
            guard value.isFinite, !isLatitude || abs(value) <= 90 else {
                throw bad("the parameter \(key)", value)
            }
        }
        if method["k_0"] == 0, method.parameters["k_0"] != nil {
            var mended = method
            mended.parameters["k_0"] = 1
            throw .zeroScale(
                source: source, crs: crs.name,
                use: mended.text(major: crs.majorMetres, minor: crs.minorMetres) + " +units=m")
        }
        if let scale = method.parameters["k_0"], scale < 0 { throw bad("the scale factor", scale) }
        let origin = method["lat_0"]
        switch method.projection {
        case .equirectangular:
            guard abs(method["lat_ts"]) < 90 else { throw bad("the standard parallel", method["lat_ts"]) }
            guard origin == 0 || grid.latitudeOfOriginIsCertain else {
                throw .ambiguousLatitudeOfOrigin(
                    source: source, crs: crs.name, degrees: origin,
                    use:
                        "+proj=eqc +lat_ts=\(origin) +lon_0=\(method["lon_0"]) +R=\(crs.majorMetres) +units=m"
                )
            }
        case .mercator:
            guard origin == 0 else { throw bad("the latitude of origin of a Mercator map", origin) }
            guard abs(method["lat_ts"]) < 90 else { throw bad("the standard parallel", method["lat_ts"]) }
        case .polarStereographic:
            guard abs(origin) == 90 else { throw bad("the latitude of origin of a polar map", origin) }
        case .lambertConformalConic, .albersEqualArea:
            let (first, second) = (method["lat_1"], method.parameters["lat_2"] ?? method["lat_1"])
            guard abs(first + second) > 1e-8, abs(first) < 90, abs(second) < 90 else {
                throw bad("the sum of the standard parallels of a cone", first + second)
            }
        case .pointPerspective:
            guard method["h"] > 0 else { throw bad("the height of the viewpoint", method["h"]) }
            guard method["surface"] == 0 else {
                throw bad("the height of the topocentric origin", method["surface"])
            }
        default: break
        }
    }

    /// Where longitudes grow to the west, offsets and centres have two readings.
    func refuseOffsets(of method: ProjectionMethod, on body: Body) throws(FrameError) {
        let centre = method["lon_0"]
        guard centre == 0 || abs(centre) == 180 else {
            throw bad(
                "the longitude of the centre, which a system with longitudes to the west may count either way,",
                centre)
        }
        for key in ["x_0", "y_0"] where method[key] != 0 {
            throw bad("the offset \(key) in a system with longitudes to the west", method[key])
        }
    }

    func geographicIdentifier(of body: Body, _ angles: FrameAngles) -> CRSIdentifier? {
        guard body.hasIAUCodes else { return nil }
        let isNamed = { (metres: Double, radius: Double) in abs(metres - radius) <= 1e-6 * radius }
        if angles.latitude == .planetocentric {
            guard angles.longitude == .east, isNamed(crs.majorMetres, body.sphereRadiusMetres) else {
                return nil
            }
            return body.identifier(0)
        }
        guard isNamed(crs.majorMetres, body.equatorialRadiusMetres),
            isNamed(crs.minorMetres, body.polarRadiusMetres),
            body.planetographicLongitudeIsWest == (angles.longitude == .west)
        else { return nil }
        return body.identifier(1)
    }

    /// What a reader should know of the file's radii beside the body's.
    func radiusNotes(_ body: Body) -> [String] {
        var notes: [String] = []
        let major = crs.majorMetres
        let isEllipsoid = crs.flattening != 0
        let reference = isEllipsoid ? body.equatorialRadiusMetres : body.sphereRadiusMetres
        if abs(major - reference) > 1e-6 * reference {
            let percent = ((major / reference - 1) * 1_000_000).rounded() / 10_000
            notes.append(
                "the file's radius is \(major) m, \(percent) % from \(body.name)'s \(reference) m "
                    + "(\(body.radiiSource)); longitudes and latitudes are those of the file")
        }
        let ratio = body.polarRadiusMetres / body.equatorialRadiusMetres
        if isEllipsoid, abs(crs.minorMetres / major - ratio) > 1e-5 {
            notes.append(
                "the file's ellipsoid has the axes \(major) and \(crs.minorMetres) m, \(body.name) has "
                    + "\(body.equatorialRadiusMetres) and \(body.polarRadiusMetres) m (\(body.radiiSource)); "
                    + "latitudes are converted with the file's")
        }
        return notes
    }

    private func bad(_ name: String, _ value: Double) -> FrameError {
        .badParameter(source: source, crs: crs.name, name: name, value: value)
    }

    private func metres(_ value: Double) -> String { "\(Int(value.rounded())) m" }
}

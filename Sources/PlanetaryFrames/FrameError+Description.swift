extension FrameError: CustomStringConvertible {
    /// What was read, what was expected and what to do, in one or two sentences.
    public var description: String {
        switch self {
        case .database(let reason):
            return "PROJ's database of coordinate systems cannot be used: \(reason). Install PROJ's data "
                + "(proj-data) or set PROJ_LIB to the folder with proj.db."
        case .unknownBody(let name, let nearest):
            let offer =
                nearest.isEmpty
                ? "Give an IAU name such as Mars or a NAIF code such as 499."
                : "Did you mean \(Self.list(nearest))?"
            return "no body is called \"\(Self.clipped(name))\". \(offer)"
        case .ambiguousBody(let source, let names, let text):
            return Self.prefix(source)
                + "\"\(Self.clipped(text))\" names several bodies (\(Self.list(names))). "
                + "Name one, and state the coordinate system with `crs:` in the survey file."
        case .unsupportedIdentifier(let text, let reason):
            return "\"\(Self.clipped(text))\" is not a coordinate system that can be used: \(reason)."
        case .noCRS(let source):
            return "\(source): the file has no coordinate reference system. State `crs:` (such as "
                + "`crs: IAU_2015:49900`), or `body:` and `extent:`, in the survey file."
        case .unreadableCRS(let source, let definition, let reason):
            return "\(source): the coordinate reference system cannot be read (\(reason)): "
                + "\"\(Self.clipped(definition))\". State a readable one with `crs:` in the survey file."
        case .unsupportedKind(let source, let crs, let kind):
            return "\(source): \"\(crs)\" is \(kind); a geographic or equirectangular grid on a sphere was "
                + "expected. State the real one with `crs:` in the survey file."
        case .noBody(let source, let crs, let radius, let candidates):
            let known = candidates.isEmpty ? "No body has" : "\(Self.list(candidates)) would have"
            return "\(source): \"\(crs)\" does not say which body it is. \(known) its radius of "
                + "\(Self.metres(radius)). State `body:` in the survey file."
        case .bodyConflict(let source, let crs, let found, let declared):
            return
                "\(source): the file is a map of \(found) (\"\(crs)\"), the survey says \(declared); "
                + "crossing bodies is refused. Mend `body:`, or state the real system with `crs:` "
                + "in the survey file."
        case .radiusConflict(let source, let crs, let radius, let body, let bodyRadius):
            return "\(source): \"\(crs)\" has a radius of \(Self.metres(radius)), which cannot be \(body)'s "
                + "(\(Self.metres(bodyRadius))); crossing bodies is refused. Mend `body:`, or state the real "
                + "system with `crs:` in the survey file."
        case .unsupportedAxes(let source, let crs, let found):
            return
                "\(source): the axes of \"\(crs)\" are \(found); east and north were expected. State the "
                + "real system with `crs:` in the survey file."
        case .unsupportedProjection(let source, let crs, let method):
            return "\(source): \"\(crs)\" is a map in the projection \"\(method)\", which is not "
                + "read; docs/frames.md names those that are. Warp it first to the body's sphere, for instance with "
                + "gdalwarp, and name the result in the survey file."
        case .badParameter(let source, let crs, let name, let value):
            return
                "\(source): \(name) of \"\(crs)\" is \(value), which cannot be used. State the real system "
                + "with `crs:` in the survey file."
        case .noLongitudeSystem(let source, let body, let known):
            return
                "\(source): maps of \(body) are made in several systems of longitude (\(Self.list(known))), and the "
                + "survey does not say which this one is. State `longitude_system: {name: ...}` in the survey file."
        case .badVertical(let reason):
            return "heights cannot be counted so: \(reason)."
        case .crossingBodies(let from, let fromBody, let to, let toBody):
            return
                "\"\(from)\" is a system of \(fromBody), \"\(to)\" one of \(toBody); crossing bodies is refused."
        case .notExpressible(let crs, let form, let reason):
            return "\"\(crs)\" cannot be written as \(form): \(reason)."
        case .mixedReferences(let what, let first, let second):
            return
                "\(what) of two kinds cannot be mixed: \(first), and \(second). Build a map of each, or bring "
                + "them to one kind first."
        case .badDefinition(let name, let reason):
            return "the body \"\(Self.clipped(name))\" cannot be used: \(reason)."
        case .latitudeOnSphere(let source, let crs):
            return
                "\(source): the survey says planetographic latitudes, but \"\(crs)\" lies on a sphere, which does "
                + "not say how to convert them. State `crs:` with the body's ellipsoid in the survey file."
        case .latitudeInEllipsoidalFormula(let source, let crs, let projection):
            return
                "\(source): the survey says planetocentric latitudes, but \"\(crs)\" is a \(projection) map on an "
                + "ellipsoid, whose formulas take planetographic ones. State `crs:` with the sphere that the map was "
                + "drawn on in the survey file."
        case .zeroScale(let source, let crs, let use):
            return
                "\(source): the scale factor of \"\(crs)\" is 0, which makes every place the same. If 1 was meant, "
                + "state `crs: \"\(use)\"` in the survey file."
        case .unusableProjection(let crs, let operation, let reason):
            return
                "\"\(crs)\" cannot be projected (\(reason)) as \"\(operation)\". State the real system with "
                + "`crs:` in the survey file."
        case .earth, .planetographicLatitude, .equirectangularOnEllipsoid, .westPositiveLongitude,
            .primeMeridian, .ambiguousLatitudeOfOrigin:
            return restatement
        }
    }

    /// The refusals that a survey file may answer with one certain identifier.
    private var restatement: String {
        switch self {
        case .earth(let source, let crs, let declared, let use):
            let advice =
                use.map {
                    "If it is a map of \(declared ?? "another body") under the Earth's name, state "
                        + "`crs: \($0)`"
                }
                ?? "If it is a map of another body under the Earth's name, state that body's system "
                + "with `crs:`"
            return "\(source): the file says Earth (\"\(crs)\"). \(advice) in the survey file."
        case .planetographicLatitude(let source, let crs, let body, let flattening, let use):
            return
                "\(source): \"\(crs)\" is on an ellipsoid (flattening \(Self.ratio(flattening))), so its "
                + "latitudes are planetographic, up to \(Self.degrees(flattening)) degrees from "
                + "planetocentric ones on \(body). If they really are planetocentric, state `crs: \(use)` "
                + "in the survey file; otherwise convert the map first."
        case .equirectangularOnEllipsoid(let source, let crs, let body, let flattening, let use):
            return "\(source): \"\(crs)\" is an equirectangular map on an ellipsoid (flattening "
                + "\(Self.ratio(flattening))), whose northings programs understand in different ways, "
                + "kilometres apart on \(body). If its northing is the planetocentric latitude times the "
                + "equatorial radius, state `crs: \(use)` in the survey file; otherwise convert the "
                + "map first."
        case .westPositiveLongitude(let source, let crs, let use):
            return
                "\(source): longitudes of \"\(crs)\" grow to the west; east-positive ones were expected. If "
                + "the columns of the file really run to the east, state `crs: \(use)` in the survey file."
        case .primeMeridian(let source, let crs, let longitude, let use):
            return
                "\(source): longitudes of \"\(crs)\" are counted from \(longitude) degrees east; the body's "
                + "own prime meridian was expected. If they really are, state `crs: \(use)` in the "
                + "survey file."
        case .ambiguousLatitudeOfOrigin(let source, let crs, let degrees, let use):
            return
                "\(source): \"\(crs)\" has a latitude of origin of \(degrees) degrees. Some writers mean the "
                + "latitude where northing is 0, others the standard parallel: the map would move by "
                + "\(abs(degrees)) degrees. State which with `crs:` in the survey file, for instance "
                + "`crs: \"\(use)\"`."
        default:
            return ""
        }
    }

    private static func prefix(_ source: String?) -> String {
        source.map { "\($0): " } ?? ""
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func clipped(_ text: String) -> String {
        text.count > 120 ? text.prefix(117) + "..." : text
    }

    private static func metres(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value)) m" : "\(value) m"
    }

    private static func ratio(_ flattening: Double) -> String {
        "1/" + "\(((1 / flattening) * 100).rounded() / 100)"
    }

    /// The largest difference of the two latitudes: atan2(f(2 - f), 2(1 - f)) and so about f radians.
    private static func degrees(_ flattening: Double) -> String {
        "\((flattening * 180 / .pi * 1000).rounded() / 1000)"
    }
}

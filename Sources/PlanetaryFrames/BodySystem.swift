/// The WKT2 of a system of a body that the IAU's list lacks, built like the IAU's own.
struct BodySystem {
    let body: Body
    let kind: Int
    let context: PROJContext

    /// The text of the system.
    ///
    /// - Throws: `FrameError.notExpressible` for a kind that the body cannot have.
    func wkt2() throws(FrameError) -> String {
        let base = kind % 5
        guard kind >= 0, kind < 100, base < 3, kind >= 10 || kind < 3 else {
            throw refuse("there is no kind \(kind)")
        }
        guard base == 0 || (!body.isTriaxial && body.equatorialRadiusMetres != body.polarRadiusMetres) else {
            throw refuse("\(body.name) has no ellipsoid of revolution")
        }
        guard base != 1 || body.planetographicLongitudeIsWest != nil else {
            throw refuse("the sense of planetographic longitudes of \(body.name) is not known")
        }
        let isWest = base == 1 && body.planetographicLongitudeIsWest == true
        guard kind >= 10 else { return geographic(base, isWest: isWest, isBase: false) }
        // The conversions and axes are those of a body with codes: Mars counts to the west, Uranus to the east.
        let model = (base == 1 && !isWest ? 799 : 499) * 100 + kind
        guard let crs = context.crs(authority: CRSIdentifier.iau2015, code: String(model)),
            let text = crs.wkt2,
            let conversion = text.range(of: "CONVERSION["), let end = text.range(of: ",ID[\"IAU\",\(model)")
        else { throw refuse("there is no kind \(kind)") }
        let method = crs.name.split(separator: " / ").last.map(String.init) ?? ""
        let tail = text[conversion.lowerBound..<end.lowerBound]
        return
            "PROJCRS[\"\(name(base)) / \(method)\",\(geographic(base, isWest: isWest, isBase: true)),\(tail)]"
    }

    private func name(_ base: Int) -> String {
        "\(body.name.filter { $0 != "\"" }) - "
            + ["Sphere / Ocentric", "Ellipsoid / Ographic", "Ellipsoid / Ocentric"][base]
    }

    private func geographic(_ base: Int, isWest: Bool, isBase: Bool) -> String {
        let shape: String
        if base == 0 {
            shape = "\(body.sphereRadiusMetres),0"
        } else {
            let (a, b) = (body.equatorialRadiusMetres, body.polarRadiusMetres)
            shape = "\(a),\(a / (a - b))"
        }
        let label = name(base)
        let degree = "ANGLEUNIT[\"degree\",0.0174532925199433]"
        let datum =
            "DATUM[\"\(label)\",ELLIPSOID[\"\(label)\",\(shape),LENGTHUNIT[\"metre\",1]]],"
            + "PRIMEM[\"Reference Meridian\",0,\(degree)]"
        let keyword = (isBase ? "BASE" : "") + (base == 2 ? "GEODCRS" : "GEOGCRS")
        // A base has no axes in WKT2: BASEGEODCRS against BASEGEOGCRS tells what its latitudes are.
        guard !isBase else { return "\(keyword)[\"\(label)\",\(datum)]" }
        return "\(keyword)[\"\(label)\",\(datum),\(axes(base, isWest, degree))]"
    }

    private func axes(_ base: Int, _ isWest: Bool, _ degree: String) -> String {
        let (lat, lon) =
            [
                ("latitude", "longitude"), ("geodetic latitude (Lat)", "geodetic longitude (Lon)"),
                ("planetocentric latitude (U)", "planetocentric longitude (V)"),
            ][base]
        return "CS[\(base == 2 ? "spherical" : "ellipsoidal"),2],AXIS[\"\(lat)\",north,ORDER[1],\(degree)],"
            + "AXIS[\"\(lon)\",\(isWest ? "west" : "east"),ORDER[2],\(degree)]"
    }

    private func refuse(_ reason: String) -> FrameError {
        .notExpressible(crs: "\(body.name), kind \(kind)", form: "WKT2", reason: reason)
    }
}

internal import CPROJ

/// Writes coordinate reference systems out, those of bodies without IAU codes too.
public enum CRSWriter {
    /// Writes the system of an identifier.
    ///
    /// - Throws: `FrameError.unsupportedIdentifier` for a code that PROJ's database has not, and
    ///   `FrameError.notExpressible` where PROJ cannot write it in the form.
    public static func text(_ identifier: CRSIdentifier, as form: CRSForm) throws(FrameError) -> CRSText {
        let context = try PROJContext()
        guard let crs = context.crs(authority: identifier.authority, code: identifier.code) else {
            throw .unsupportedIdentifier(
                text: identifier.description, reason: "PROJ's database has no \(identifier)")
        }
        return try write(crs, name: identifier.description, as: form, in: context)
    }

    /// Writes one of a body's systems, with `k` as in `Body.iauCode(_:)`.
    ///
    /// Bodies with IAU codes have PROJ's text. For others the text is composed of the body's radii and the same
    /// conversions and axes; it holds no identifier.
    ///
    /// - Throws: `FrameError.notExpressible` for a kind that the body cannot have: a planetographic system of a sphere
    ///   or of a triaxial body.
    public static func text(body: Body, kind k: Int, as form: CRSForm) throws(FrameError) -> CRSText {
        let context = try PROJContext()
        if let identifier = body.identifier(k) {
            guard let crs = context.crs(authority: identifier.authority, code: identifier.code) else {
                throw .notExpressible(
                    crs: body.name, form: form.rawValue, reason: "the IAU has no \(identifier)")
            }
            return try write(crs, name: identifier.description, as: form, in: context)
        }
        let definition = try BodySystem(body: body, kind: k, context: context).wkt2()
        guard let crs = context.parse(definition) else {
            throw .notExpressible(crs: body.name, form: form.rawValue, reason: context.lastMessage)
        }
        // PROJ 9.1 reads a planetocentric base without an identifier as a planetographic one: its text would say so.
        let isMisread = k >= 10 && k % 5 == 2
        if form == .wkt2 { return CRSText(text: definition, losses: []) }
        if isMisread, form == .projJSON {
            throw .notExpressible(
                crs: crs.name, form: form.rawValue, reason: "PROJ forgets that its base is planetocentric")
        }
        let written = try write(crs, name: crs.name, as: form, in: context)
        let forgotten = isMisread ? ["latitudes read as planetographic; they are planetocentric"] : []
        return CRSText(text: written.text, losses: forgotten + written.losses)
    }

    private static func write(
        _ crs: PROJObject, name: String, as form: CRSForm, in context: PROJContext
    ) throws(FrameError) -> CRSText {
        var text: String?
        switch form {
        case .wkt2: text = crs.wkt2
        case .projJSON: text = crs.projJSON
        case .wkt1ESRI: text = crs.wkt1ESRI
        }
        guard let text else {
            throw .notExpressible(crs: name, form: form.rawValue, reason: context.lastMessage)
        }
        return CRSText(text: text, losses: form == .wkt1ESRI ? losses(CRSDescription(crs)) : [])
    }

    /// WKT 1 has no planetocentric latitudes on an ellipsoid, no axes to the west and no identifiers of the IAU.
    private static func losses(_ crs: CRSDescription) -> [String] {
        var losses: [String] = []
        if crs.baseIsPlanetocentric, crs.flattening != 0 {
            losses.append("latitudes read as planetographic; they are planetocentric")
        }
        if crs.baseLongitudeIsWest {
            losses.append("longitudes read as growing to the east; they grow to the west")
        }
        if crs.identifier != nil { losses.append("the identifier is not in the text") }
        return losses
    }
}

extension PROJObject {
    /// WKT 1 in Esri's dialect on one line.
    var wkt1ESRI: String? { wkt(PJ_WKT1_ESRI) }
}

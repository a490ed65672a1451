internal import CPROJ

/// The text in which a coordinate reference system was given, and what PROJ's reading of it loses.
struct CRSDefinition {
    let text: String
    let source: String

    init(_ text: String, source: String) throws(FrameError) {
        self.text = text.trimmedASCII
        self.source = source
        guard !self.text.isEmpty else { throw .noCRS(source: source) }
    }

    /// Whether the text is a PROJ string, whose parameters have one meaning only.
    var isPROJString: Bool { text.hasPrefix("+") || text.hasPrefix("proj=") }

    /// Reads the text with PROJ.
    func read(in context: PROJContext) throws(FrameError) -> CRSDescription {
        if let identifier = try CRSIdentifier.parse(text) {
            guard let crs = context.crs(authority: identifier.authority, code: identifier.code) else {
                throw .unsupportedIdentifier(text: text, reason: "PROJ's database has no \(identifier)")
            }
            return CRSDescription(crs)
        }
        // PROJ would also search its database for a name like the text; only definitions are taken here.
        guard isPROJString || text.hasPrefix("{") || text.contains("[") || text.contains("(") else {
            throw unreadable("it is neither an identifier, WKT, PROJJSON nor a PROJ string")
        }
        try refuseSilentlyIgnoredParameters(in: isPROJString ? text : remark)
        let isCRS = !isPROJString || text.contains("type=crs")
        guard let object = context.parse(isCRS ? text : text + " +type=crs") else {
            throw unreadable(context.lastMessage)
        }
        var description = CRSDescription(object)
        // PROJ 9.1 takes a planetocentric base without an identifier for a planetographic one.
        if text.uppercased().contains("BASEGEODCRS[") { description.baseIsPlanetocentric = true }
        try refuseLostLatitudeOfOrigin(description)
        return description
    }

    func unreadable(_ reason: String) -> FrameError {
        .unreadableCRS(source: source, definition: text, reason: reason)
    }

    /// The PROJ string that PROJ keeps as a remark when WKT cannot express it.
    var remark: String {
        guard let start = text.range(of: "PROJ CRS string: ") else { return "" }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }

    /// Esri's WKT of an equidistant cylindrical map may hold a latitude of origin, which PROJ drops.
    private func refuseLostLatitudeOfOrigin(_ crs: CRSDescription) throws(FrameError) {
        let lower = text.lowercased()
        guard !crs.parameters.contains(where: { $0.equirectangularCode == 8801 }), crs.isEquirectangular,
            let key = lower.range(of: "\"latitude_of_origin\"")
        else { return }
        let number = lower[key.upperBound...].drop { $0 == "," || $0 == " " }.prefix {
            $0 != "]" && $0 != ")"
        }
        guard let degrees = Double(String(number).trimmedASCII), degrees != 0 else { return }
        throw .ambiguousLatitudeOfOrigin(
            source: source, crs: crs.name, degrees: degrees,
            use: "+proj=eqc +lat_ts=\(degrees) +R=\(crs.majorMetres) +units=m")
    }
}

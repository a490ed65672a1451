/// What PROJ reads without a word but gives no place in the system, though it moves the map.
extension CRSDefinition {
    private static let harmless: Set<String> = [
        "R", "a", "axis", "b", "datum", "ellps", "f", "geoc", "lat_0", "lat_ts", "lon_wrap", "nadgrids",
        "no_defs", "over", "pm", "proj", "rf", "title", "to_meter", "towgs84", "type", "units", "wktext",
        "x_0",
        "y_0",
    ]

    /// Parameters of the projections beside those that all have.
    private static let own: [String: Set<String>] = [
        "longlat": [], "latlong": [], "eqc": ["lon_0"], "sinu": ["lon_0"], "moll": ["lon_0"],
        "robin": ["lon_0"], "stere": ["lon_0", "k", "k_0"], "merc": ["lon_0", "k", "k_0"],
        "tmerc": ["lon_0", "k", "k_0"], "lcc": ["lon_0", "k", "k_0", "lat_1", "lat_2"],
        "aea": ["lon_0", "lat_1", "lat_2"], "laea": ["lon_0"], "aeqd": ["lon_0"], "ortho": ["lon_0"],
        "gnom": ["lon_0"], "healpix": ["lon_0"], "nsper": ["lon_0", "h"],
        "ob_tran": ["lon_0", "o_proj", "o_lat_p", "o_lon_p"],
    ]

    /// Projections that have no latitude of origin, and those that have no standard parallel of that name.
    private static let withoutOrigin: Set<String> = ["sinu", "moll", "robin", "merc", "ob_tran", "healpix"]
    private static let withoutStandard: Set<String> = [
        "sinu", "moll", "robin", "tmerc", "lcc", "aea", "laea", "aeqd", "ortho", "gnom", "nsper", "ob_tran",
        "healpix",
    ]

    /// Refuses parameters of a PROJ string that PROJ drops.
    func refuseSilentlyIgnoredParameters(in string: String) throws(FrameError) {
        let fields = string.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map { field in
            field.drop { $0 == "+" }.split(separator: "=", maxSplits: 1).map(String.init)
        }
        let method = fields.first { $0.first == "proj" }?.last ?? ""
        guard let own = Self.own[method] else { return }
        for field in fields {
            guard let key = field.first else { continue }
            let value = field.count == 2 ? Double(field[1]) : nil
            if Self.harmless.contains(key) {
                let isDropped =
                    key == "lat_0" && Self.withoutOrigin.contains(method)
                    || key == "lat_ts" && Self.withoutStandard.contains(method)
                if !isDropped || value == 0 { continue }
            } else if own.contains(key) {
                continue
            } else if key == "lon_0" && value == 0 || (key == "k" || key == "k_0") && value == 1 {
                continue
            }
            throw unreadable("the parameter \"\(key)\" has no defined effect on \(method)")
        }
    }

    /// Refuses what a described system no longer holds of its definition: `+geoc` on an ellipsoid, and parameters of
    /// WKT that the projection does not know.
    func refuseLosses(_ crs: CRSDescription) throws(FrameError) {
        let string = isPROJString ? text : remark
        let words = string.split { $0 == " " || $0 == "\t" || $0 == "\n" }
        if crs.flattening != 0, words.contains(where: { $0 == "+geoc" || $0 == "geoc" }) {
            throw unreadable(
                "PROJ drops +geoc; leave it away and state `latitude_kind: planetocentric` in the survey file"
            )
        }
        guard !isPROJString, case .projected = crs.kind else { return }
        for (name, value) in wktParameters {
            let isNeutral = value == 0 || value == 1 && name.lowercased().contains("scale")
            let isKept = crs.parameters.contains { abs($0.value - value) <= 1e-9 * abs(value) }
            guard isNeutral || isKept else {
                throw unreadable("the parameter \"\(name)\" of \(value) has no effect on \(crs.methodName)")
            }
        }
    }

    /// Names and values of the `PARAMETER` nodes of WKT.
    private var wktParameters: [(name: String, value: Double)] {
        let upper = text.uppercased()
        // Upper case may change the length of exotic letters; then nothing is compared.
        guard upper.count == text.count else { return [] }
        var found: [(name: String, value: Double)] = []
        for range in upper.ranges(of: "PARAMETER") {
            let rest = upper[range.upperBound...].drop { $0 == " " || $0 == "\n" || $0 == "\t" }
            guard rest.first == "[" || rest.first == "(" else { continue }
            let inner = rest.dropFirst().prefix { $0 != "]" && $0 != ")" }
            let parts = inner.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count >= 3 else { continue }
            let number = parts[2].drop { $0 == "," || $0 == " " || $0 == "\n" || $0 == "\t" }
            guard let value = Double(String(number.prefix { "0123456789+-.E".contains($0) })) else {
                continue
            }
            found.append((parts[1].lowercased(), value))
        }
        return found
    }
}

internal import HiPS
internal import MOC

/// Which maps of a body touch a region, as JSON.
struct RegionAnswer {
    let body: String
    let region: MOC
    let root: String
    private var maps: [String] = []
    private var unknown: [String] = []

    init(body: String, region: MOC, root: String) {
        self.body = body
        self.region = region
        self.root = root
    }

    /// Takes a map and what it covers; nil where it does not say.
    mutating func add(_ entry: MapEntry, _ coverage: MOC?) {
        let name = Self.quoted(entry.map.body + "/" + entry.map.name)
        guard let coverage else {
            unknown.append(name)
            return
        }
        guard coverage.intersects(region) else { return }
        let share = coverage.intersection(region).coverageFraction / region.coverageFraction
        let url = root + entry.map.urlPath
        maps.append(
            """
            {"map":\(name),"title":\(Self.quoted(entry.properties.title ?? "")),"url":\(Self.quoted(url)),\
            "moc":\(Self.quoted(url + "/Moc.fits")),"covered":\(share)}
            """)
    }

    /// The order of the region's cells, the maps that touch one of them with the covered share of their solid angle, and
    /// the maps that do not say what they cover.
    var json: String {
        """
        {"body":\(Self.quoted(body)),"order":\(region.order),"maps":[\(maps.joined(separator: ",\n"))],\
        "withoutCoverage":[\(unknown.joined(separator: ","))]}

        """
    }

    /// A text in the quotes of JSON.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

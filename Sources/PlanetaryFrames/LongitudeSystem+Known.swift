extension Body {
    /// Whether a map of this body has to say which longitudes it counts: Vesta and the giants.
    public var needsLongitudeSystem: Bool { [599, 699, 799, 899, 2_000_004].contains(naifCode) }

    /// The systems of longitude in which maps of this body are found; the IAU's own is the first. Empty where it is the
    /// only one.
    public var longitudeSystems: [LongitudeSystem] {
        (Self.knownSystems[naifCode] ?? []).compactMap {
            LongitudeSystem(name: $0.name, offsetToIAUDegrees: $0.offset, source: $0.source)
        }
    }

    /// Refuses a map that does not say which longitudes it counts, on a body where it must.
    ///
    /// - Throws: `FrameError.noLongitudeSystem` with the systems that are known.
    public func requireLongitudeSystem(_ stated: LongitudeSystem?, source: String) throws(FrameError) {
        guard needsLongitudeSystem, stated == nil else { return }
        throw .noLongitudeSystem(source: source, body: name, known: longitudeSystems.map(\.name))
    }

    /// A system that is known by its name stands for what is known of it, unless an offset is stated.
    public func resolved(_ stated: LongitudeSystem) -> LongitudeSystem {
        guard stated.offsetToIAUDegrees == nil else { return stated }
        return longitudeSystems.first { $0.name.lowercased() == stated.name.lowercased() } ?? stated
    }

    private static let report = "Archinal et al. 2018, doi:10.1007/s10569-017-9805-5"

    private static let knownSystems: [Int: [(name: String, offset: Double?, source: String)]] = [
        301: [
            ("mean Earth", 0, report),
            (
                "principal axes", nil,
                "DE421: 67.92, 78.56 and 0.30 arcseconds about z, y and x (NAIF, moon_080317.tf)"
            ),
        ],
        // The meridian of 2000 lies 0.238 degrees west of that of 1991: W0 went from 176.868 to 176.630 degrees.
        499: [
            ("IAU 2000", 0, report),
            ("IAU 1991", 0.238, "Seidelmann et al. 2002, doi:10.1023/A:1013939327465"),
        ],
        599: [
            ("System III", 0, "\(report): 870.536 degrees a day"),
            ("System I", nil, "\(report): 877.900 degrees a day"),
            ("System II", nil, "\(report): 870.270 degrees a day"),
        ],
        699: [
            ("System III", 0, "\(report): 810.794 degrees a day"),
            ("System I", nil, "equatorial clouds: 844.300 degrees a day"),
        ],
        799: [("IAU 2015", 0, report)],
        899: [("IAU 2015", 0, report)],
        // The crater Claudia lies at 146 degrees east in the IAU's system and at 356 in the Dawn team's.
        2_000_004: [
            ("IAU 2015", 0, report), ("Claudia", 150, "Russell et al. 2012, doi:10.1126/science.1219381"),
        ],
    ]
}

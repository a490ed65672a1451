/// The direction in which a body turns, seen from its north pole.
public enum RotationSense: String, Sendable, Hashable, CaseIterable {
    /// As the Earth: to the east.
    case direct
    /// As Venus and Uranus: to the west.
    case retrograde
}

extension Body {
    /// Retrograde bodies of the IAU's report: Venus, Uranus with its moons, Triton.
    ///
    /// USGS list of IAU 2015 radii, column `rotation`.
    static let retrograde: Set<Int> = Set(701...715).union([299, 799, 801])

    /// Bodies whose rotation the same list leaves open.
    static let rotationUnknown: Set<Int> = [
        506, 507, 508, 509, 510, 511, 512, 513, 607, 632, 633, 634, 635, 649, 653, 802, 1_000_036, 1_000_041,
        1_000_107, 2_000_016, 2_000_216, 2_000_253, 2_004_179,
    ]

    /// The sense of rotation of a body of the report.
    static func rotation(naifCode: Int) -> RotationSense? {
        rotationUnknown.contains(naifCode) ? nil : retrograde.contains(naifCode) ? .retrograde : .direct
    }
}

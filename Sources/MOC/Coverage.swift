/// A coverage of any of the kinds that are read and written.
public enum Coverage: Sendable, Equatable {
    /// Of the sphere.
    case space(MOC)
    /// Of time.
    case time(TimeMOC)
    /// Of both.
    case spaceTime(SpaceTimeMOC)

    /// The word of `MOCDIM` (MOC 2.0, section 4.3.1).
    public var dimension: String {
        switch self {
        case .space: "SPACE"
        case .time: "TIME"
        case .spaceTime: "TIME.SPACE"
        }
    }
}

/// What a survey says about the value that stands for no data, against what the file says.
public enum NoData: Sendable, Hashable {
    /// Every value is data, whatever the file declares.
    case none
    /// NaN stands for no data.
    case nan
    /// This value stands for no data.
    case value(Double)
}

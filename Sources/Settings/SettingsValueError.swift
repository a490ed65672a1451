/// Everything that is wrong with settings that stand in no file: variables of the environment, options.
public struct SettingsValueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each mistake: the variable or option, what was found and what was expected.
    public let mistakes: [String]

    /// The mistakes, each on its line.
    public var description: String { mistakes.joined(separator: "\n") }
}

/// Why a command cannot be carried out, where no module below has an error for it.
struct CommandError: Error, CustomStringConvertible {
    /// What was found, what was expected and what to do.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

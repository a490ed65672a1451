import ArgumentParser

/// The version that `--version` and the properties of built maps state.
let tesseraVersion = "0.1.0"

@main
struct Tessera: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tessera",
        abstract: "Turns planetary maps into HiPS, and serves them.",
        version: tesseraVersion,
        subcommands: [
            Adopt.self, Build.self, Import.self, Inspect.self, Layers.self, Lint.self, List.self, Moc.self,
            Outlines.self, Remove.self, Seed.self, Serve.self,
            SurveyCommand.self,
        ])
}

import ArgumentParser

struct Moc: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Combine, convert and question coverages (MOC).",
        discussion: """
            Coverages are read from FITS, ASCII and JSON, whichever a file is; - is standard input. The body is taken \
            from the file, or said with --body; coverages of two bodies are never combined.
            """,
        subcommands: [MocConvert.self, MocInfo.self, MocOp.self, MocQuery.self])
}

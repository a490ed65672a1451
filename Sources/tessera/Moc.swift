import ArgumentParser

struct Moc: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, combine, convert, question and draw coverages (MOC).",
        discussion: """
            Coverages are read from FITS, ASCII and JSON, whichever a file is; - is standard input. The body is taken \
            from the file, or said with --body; coverages of two bodies are never combined.
            """,
        subcommands: [
            MocConvert.self, MocCreate.self, MocDraw.self, MocInfo.self, MocOp.self, MocOutline.self,
            MocQuery.self,
        ])
}

import ArgumentParser
import Settings

struct SurveySchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of survey files, for editors.",
        discussion: """
            Editors with a YAML language server take it from a first line such as \
            # yaml-language-server: $schema=survey.schema.json
            """)

    @Flag(help: "That of files of bodies (--bodies) instead.")
    var bodies = false

    func run() {
        print(bodies ? BodiesSchema.text : SurveySchema.text, terminator: "")
    }
}

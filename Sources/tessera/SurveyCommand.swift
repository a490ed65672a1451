import ArgumentParser

struct SurveyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "survey",
        abstract: "Draft and check survey files, and print their schema.",
        subcommands: [SurveyCheckCommand.self, SurveyInitCommand.self, SurveySchemaCommand.self])
}

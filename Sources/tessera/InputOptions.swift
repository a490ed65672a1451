import ArgumentParser
import PlanetaryFrames
import Settings
import Tiler

/// What can be said of a source on the command line, over what its survey file says.
struct InputOptions: ParsableArguments {
    @Option(help: "The body, such as mars; needed where the file does not name it.")
    var body: String?

    @Option(
        help: "The coordinate reference system, such as IAU_2015:49900, where the file's is missing or wrong."
    )
    var crs: String?

    @Option(
        help: "The band of values, N, or those of red, green and blue, R,G,B, of an input with several.",
        transform: { text in
            let numbers = text.split(separator: ",").map { Int($0) }
            guard numbers.count == 1 || numbers.count == 3, numbers.allSatisfy({ $0 ?? 0 > 0 }) else {
                throw ValidationError(
                    "--bands \(text): expected one number of a band, counted from 1, or three with commas")
            }
            return numbers.compactMap { $0 }
        })
    var bands: [Int]?

    @Option(
        help: ArgumentHelp(
            "A file of bodies that adds to the known ones or overrides them.", valueName: "file"))
    var bodies: String?

    /// The known bodies, with those of the user's own file.
    func catalogue() throws -> BodyCatalogue {
        let known = try BodyCatalogue.standard()
        return try bodies.map { try known.adding(try BodiesFile.load(path: $0)) } ?? known
    }

    /// Reads a survey file, or makes the survey of a single raster.
    /// - Returns: the survey and the folder that its inputs are relative to.
    func survey(_ input: String) throws -> (survey: Survey, folder: String) {
        var (survey, folder) = try Self.survey(ofInput: input)
        if let body { survey.body = body }
        if let crs { survey.crs = crs }
        if let bands { survey.bands = bands }
        return (survey, folder)
    }

    /// The same without what the command line says.
    static func survey(ofInput input: String) throws -> (survey: Survey, folder: String) {
        let isSurvey = [".yaml", ".yml"].contains { input.lowercased().hasSuffix($0) }
        var survey: Survey
        var folder = ""
        if isSurvey {
            survey = try Survey.load(path: input)
            folder = input.lastIndex(of: "/").map { String(input[..<$0]) } ?? ""
        } else {
            survey = Survey()
            survey.inputs = [input]
        }
        return (survey, folder)
    }
}

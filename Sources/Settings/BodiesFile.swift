public import PlanetaryFrames

/// A file of bodies (`bodies.yaml`), which adds to the bodies that the program knows or overrides them.
///
/// One key `bodies` with a list of mappings: `name`, `naif` and `radii_m` (one radius, or three semi-axes from the
/// largest to the smallest, in metres) are needed; `sphere_m`, `rotation` (direct, retrograde), `surface`
/// (`direction`, or `radial projection` where one direction may meet the ground twice), `certainty` (report, measured,
/// estimated), `source` and `aliases` are not.
public enum BodiesFile {
    /// The keys of one body.
    static let keys = [
        "name", "naif", "radii_m", "sphere_m", "rotation", "surface", "certainty", "source", "aliases",
    ]

    /// Reads the text of a file of bodies.
    ///
    /// - Throws: `SettingsError` with every mistake found, each with line and column.
    public static func parse(_ text: String, file: String) throws(SettingsError) -> [BodyDefinition] {
        let document = try YAMLDocument(text, file: file)
        var reader = SurveyReader(document)
        let bodies = reader.readBodies(document)
        let mistakes = document.mistakes + reader.mistakes
        guard mistakes.isEmpty else { throw SettingsError(file: file, mistakes: mistakes) }
        return bodies
    }

    /// Reads a file of bodies.
    ///
    /// - Throws: `SettingsError`, also when the file cannot be read, is too large or is not UTF-8.
    public static func load(path: String) throws(SettingsError) -> [BodyDefinition] {
        try parse(try Survey.readText(path: path), file: path)
    }
}

internal import Yams

extension ServerSettings {
    /// Reads the text of a configuration file.
    ///
    /// - Parameters:
    ///   - text: YAML, one mapping, at most a megabyte; no anchors, aliases, tags or tabs in the indentation.
    ///   - file: the file's name, for messages.
    /// - Throws: `SettingsError` with every mistake found, each with line and column.
    public static func parse(_ text: String, file: String) throws(SettingsError) -> ServerSettings {
        let document = try YAMLDocument(text, file: file, kind: "configuration file", example: "port: 8080")
        var reader = SurveyReader(document)
        let settings = reader.readServer(document)
        let mistakes = document.mistakes + reader.mistakes
        guard mistakes.isEmpty else { throw SettingsError(file: file, mistakes: mistakes) }
        return settings
    }

    /// Reads a configuration file.
    ///
    /// - Throws: `SettingsError`, also when the file cannot be read, is too large or is not UTF-8.
    public static func load(path: String) throws(SettingsError) -> ServerSettings {
        try parse(try Survey.readText(path: path, kind: "configuration file"), file: path)
    }

    /// Reads the variables whose names begin with `TESSERA_`: `TESSERA_LIMITS_QUEUE` stands for `queue` in `limits`.
    ///
    /// An empty variable says nothing. One that is not known is no mistake, as others may use the same beginning; it is
    /// told of in `unknown`, with the one that was probably meant.
    /// - Parameter environment: names and values of all variables.
    /// - Throws: ``SettingsValueError`` with all mistakes.
    public static func reading(
        environment: [String: String]
    ) throws(SettingsValueError) -> (settings: ServerSettings, unknown: [String]) {
        let settings = try reading(
            ServerKey.all.compactMap { key in
                guard let value = environment[key.variable], !value.isEmpty else { return nil }
                return (key, key.variable, value)
            })
        let names = ServerKey.all.map(\.variable) + [configurationVariable]
        let unknown = environment.keys.filter { $0.hasPrefix("TESSERA_") && !names.contains($0) }.sorted()
        return (settings, unknown.map { "\($0) is not known" + Nearest.offer($0, among: names) })
    }

    /// Reads options of the command line.
    ///
    /// - Parameter options: for each the key that it stands for, with a dot behind the name of a section, its own name
    ///   and its value; lists have commas between their items.
    /// - Throws: ``SettingsValueError`` with all mistakes.
    public static func reading(
        options: [(key: String, option: String, value: String)]
    ) throws(SettingsValueError) -> ServerSettings {
        try reading(
            options.map { option in
                guard let key = ServerKey.all.first(where: { $0.name == option.key }) else {
                    preconditionFailure("there is no key \(option.key)")
                }
                return (key, option.option, option.value)
            })
    }

    private static func reading(
        _ values: [(key: ServerKey, source: String, value: String)]
    ) throws(SettingsValueError) -> ServerSettings {
        var settings = ServerSettings()
        var mistakes: [String] = []
        for (key, source, value) in values {
            var reader = SurveyReader()
            let node: Node
            switch key.field {
            case .texts, .networks:
                node = .sequence(.init(value.split(separator: ",").map { .scalar(.init(String($0))) }))
            default: node = .scalar(.init(value, .implicit, .plain))
            }
            reader.read(key, node, into: &settings)
            mistakes += reader.mistakes.map { source + ": " + $0.message }
        }
        guard mistakes.isEmpty else { throw SettingsValueError(mistakes: mistakes) }
        return settings
    }

    /// The variable that names the configuration file.
    public static let configurationVariable = "TESSERA_CONFIG"
}

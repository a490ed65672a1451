import ArgumentParser
import FoundationEssentials
import Logging
import Server
import Settings

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the maps of a data directory or an object store over HTTP.",
        discussion: """
            What is not given here is taken from variables of the environment, such as TESSERA_PORT, and then from the \
            configuration file; docs/serving.md names all keys.
            """)

    @Option(help: "A configuration file (YAML); by default the one that TESSERA_CONFIG names.")
    var config: String?

    @Option(
        help: "The data directory, or a place in an object store such as s3://bucket/prefix. (default: data)")
    var data: String?

    @Option(help: "The address to listen on; 0.0.0.0 for all. (default: 127.0.0.1)")
    var host: String?

    @Option(
        parsing: .unconditional, help: "The port to listen on; 0 for any free one. (default: 8080)")
    var port: String?

    @Option(parsing: .unconditional, help: "Memory for encoded tiles in megabytes. (default: 256)")
    var cache: String?

    @Option(help: "The folder for drawn tiles. (default: cache in the data directory, where that is there)")
    var cacheDirectory: String?

    @Option(
        parsing: .unconditional,
        help: "The room for drawn tiles in that folder in megabytes. (default: 10240)")
    var cacheDisk: String?

    @Option(help: "The address that clients see, such as https://maps.example.org/planets.")
    var baseURL: String?

    @Option(
        help: "An address or network of proxies whose X-Forwarded fields are believed; several with commas.")
    var trustedProxies: String?

    @Option(help: "A line for each request: off, logfmt or json. (default: off)")
    var accessLog: String?

    @Option(help: "The file that these lines are added to; - for standard output. (default: -)")
    var accessLogFile: String?

    @Flag(help: "Let EPSG:4326, CRS:84 and EPSG:3857 stand for the frames of the body that is asked for.")
    var earthAliases = false

    @Flag(help: "Check the settings and say nothing when they are right; serve nothing.")
    var check = false

    @Flag(help: "Log each request, for finding mistakes in the server.")
    var verbose = false

    func validate() throws {
        do {
            _ = try options()
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        var logger = Logger(label: "tessera")
        logger.logLevel = verbose ? .debug : .info
        let settings = try settings(ProcessInfo.processInfo.environment, logger: logger)
        let server = TileServer(configuration: try .init(settings), logger: logger)
        if check {
            let problems = try server.problems()
            if !problems.isEmpty { throw CommandError(problems.joined(separator: "\n")) }
            return
        }
        try await server.run()
    }

    /// What the file says, with what the environment says in its place, with what the options say in the place of both.
    func settings(_ environment: [String: String], logger: Logger) throws -> ServerSettings {
        var settings = ServerSettings()
        if let path = config
            ?? environment[ServerSettings.configurationVariable].flatMap({ $0.isEmpty ? nil : $0 })
        {
            settings = try ServerSettings.load(path: path)
        }
        let (variables, unknown) = try ServerSettings.reading(environment: environment)
        for sentence in unknown { logger.warning("the variable \(sentence)") }
        return settings.overridden(by: variables).overridden(by: try options())
    }

    private func options() throws(SettingsValueError) -> ServerSettings {
        let texts = [
            ("data", "--data", data), ("host", "--host", host), ("port", "--port", port),
            ("cache.tiles", "--cache", cache), ("cache.directory", "--cache-directory", cacheDirectory),
            ("cache.disk", "--cache-disk", cacheDisk),
            ("base_url", "--base-url", baseURL),
            ("trusted_proxies", "--trusted-proxies", trustedProxies),
            ("access_log.format", "--access-log", accessLog),
            ("access_log.file", "--access-log-file", accessLogFile),
            ("earth_aliases", "--earth-aliases", earthAliases ? "true" : nil),
        ]
        return try ServerSettings.reading(
            options: texts.compactMap { key, option, value in value.map { (key, option, $0) } })
    }
}

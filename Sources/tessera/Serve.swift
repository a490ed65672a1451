import ArgumentParser
import Logging
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the maps of a data directory or an object store over HTTP.")

    @Option(help: "The data directory, or a place in an object store such as s3://bucket/prefix.")
    var data = "data"

    @Option(help: "The address to listen on; 0.0.0.0 for all.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 for any free one.")
    var port = 8080

    @Option(help: "Memory for encoded tiles in megabytes.")
    var cache = 256

    @Flag(help: "Log each request.")
    var verbose = false

    func validate() throws {
        guard (0...65535).contains(port) else {
            throw ValidationError("--port \(port): expected 0 to 65535")
        }
        guard (0...1_000_000).contains(cache) else {
            throw ValidationError("--cache \(cache): expected 0 to 1000000 megabytes")
        }
    }

    func run() async throws {
        var logger = Logger(label: "tessera")
        logger.logLevel = verbose ? .debug : .info
        let configuration = TileServer.Configuration(
            data: try DataSource(data), host: host, port: port, cacheBytes: cache << 20)
        try await TileServer(configuration: configuration, logger: logger).run()
    }
}

import ArgumentParser
import FoundationEssentials
import HiPS
import Logging
import Server
import Settings
import Synchronization

struct Seed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw tiles of maps into the disk cache of the tile service.",
        discussion: """
            Tiles that are there are passed over, so that the same command goes on where an earlier one was stopped. What \
            the coverage of a map says is empty is not drawn. Settings are those of serve: the configuration file and \
            variables such as TESSERA_CACHE_DIRECTORY.
            """)

    @Argument(help: "Maps as <body>/<name>.")
    var maps: [String]

    @Option(help: "The levels, as in 0-6; those that show nothing more of a map are left out.")
    var zoom: String

    @Option(
        help:
            "Tile matrix sets with commas: equirectangular, north, south, geographic. (default: all that are served)"
    )
    var tms: String?

    @Option(help: "Formats with commas: png, jpg, webp.")
    var formats = "png"

    @Option(help: "Styles with commas. (default: the map's default style)")
    var styles: String?

    @Option(
        parsing: .unconditional, help: "How many tiles are drawn at a time. (default: the number of cores)")
    var workers: Int?

    @Option(help: "A configuration file (YAML); by default the one that TESSERA_CONFIG names.")
    var config: String?

    @Option(
        help: "The data directory, or a place in an object store such as s3://bucket/prefix. (default: data)")
    var data: String?

    @Option(help: "The folder for drawn tiles. (default: cache in the data directory)")
    var cacheDirectory: String?

    @Option(
        parsing: .unconditional,
        help: "The room for drawn tiles in that folder in megabytes. (default: 10240)")
    var cacheDisk: String?

    @Flag(help: "Say nothing but what is wrong.")
    var quiet = false

    func validate() throws {
        _ = try levels()
        for map in maps { _ = try name(map) }
        if let workers, workers < 1 {
            throw ValidationError("--workers is \(workers); at least 1 was expected")
        }
    }

    func run() async throws {
        var logger = Logger(label: "tessera")
        logger.logLevel = .warning
        let settings = try settings(ProcessInfo.processInfo.environment)
        var configuration = try TileServer.Configuration(settings)
        if configuration.cacheDirectory == nil, case .directory(let data) = configuration.data {
            configuration.cacheDirectory = data.path + "/cache"
        }
        let seeder = try TileSeeder(configuration: configuration, logger: logger)
        let interruption = Interruption()
        let hasBar = !quiet && ProgressLine.isTerminal
        let limit = workers ?? configuration.workers
        let wishes = try maps.map { map in
            TileSeeder.Wish(
                map: try name(map), sets: Self.words(tms), levels: try levels(), formats: Self.words(formats),
                styles: Self.words(styles))
        }
        var failed = 0
        try await interruption.heeding {
            for wish in wishes {
                let shown = Mutex(-1)
                do {
                    let done = try await interruption.cancellable {
                        try await seeder.run(wish, workers: limit) { progress in
                            guard hasBar, progress.total > 0 else { return }
                            guard progress.finished > 0 else {
                                Console.tell("\r\(wish.map): \(progress.total) tiles found\u{1B}[K")
                                return
                            }
                            let thousandth = 1000 * progress.finished / progress.total
                            let isNew = shown.withLock { last in
                                defer { last = max(last, thousandth) }
                                return thousandth > last
                            }
                            if isNew {
                                Console.tell(
                                    "\r\(wish.map): \(progress.finished)/\(progress.total) tiles\u{1B}[K")
                            }
                        }
                    }
                    if hasBar { Console.tell("\r\u{1B}[K") }
                    if !quiet {
                        print(
                            "\(wish.map): \(done.total) tiles in \(seeder.folder), \(done.made) of them new")
                    }
                    if let failure = done.firstFailure {
                        failed += done.failed
                        Console.tell(
                            "\(wish.map): \(done.failed) tiles could not be drawn, such as: \(failure)\n")
                    }
                } catch is CancellationError {
                    Console.tell("\(wish.map): stopped; the same command goes on from here.\n")
                    throw ExitCode(interruption.signal.map(Interruption.exitStatus) ?? 1)
                }
            }
        }
        if failed > 0 { throw ExitCode.failure }
    }

    private func settings(_ environment: [String: String]) throws -> ServerSettings {
        var settings = ServerSettings()
        if let path = config
            ?? environment[ServerSettings.configurationVariable].flatMap({ $0.isEmpty ? nil : $0 })
        {
            settings = try ServerSettings.load(path: path)
        }
        let options = try ServerSettings.reading(
            options: [
                ("data", "--data", data), ("cache.directory", "--cache-directory", cacheDirectory),
                ("cache.disk", "--cache-disk", cacheDisk),
            ].compactMap { key, option, value in value.map { (key, option, $0) } })
        let variables = try ServerSettings.reading(environment: environment).settings
        return settings.overridden(by: variables).overridden(by: options)
    }

    private func levels() throws -> ClosedRange<Int> {
        let ends = zoom.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let low = ends.first ?? nil, let high = ends.last ?? nil,
            low >= 0,
            low <= high, high <= 23
        else { throw ValidationError("--zoom is \(zoom); levels from 0 to 23 were expected, as in 0-6") }
        return low...high
    }

    private func name(_ map: String) throws -> MapName {
        let parts = map.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("\(map): expected <body>/<name>, such as mars/viking")
        }
        return try MapName(body: parts[0], name: parts[1])
    }

    private static func words(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}

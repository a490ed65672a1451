import HiPS
import Logging
import ServiceLifecycle
import Testing

@testable import Server

/// A data directory with two small maps and with things that nobody may see, and a server of it.
struct Fixture: Sendable {
    let files: TemporaryDirectory
    let port: Int

    /// Runs a server on a free port for as long as `body` takes.
    ///
    /// The limits in time are long, as the machine may have much else to do.
    /// - Parameters:
    ///   - source: what is served in the place of the directory.
    ///   - configure: changes further settings.
    static func serve(
        cacheBytes: Int = 1 << 20, idleTimeout: Int = 600, drainTimeout: Int = 300,
        source: DataSource? = nil,
        configure: (inout TileServer.Configuration, TemporaryDirectory) -> Void = { _, _ in },
        _ body: @Sendable @escaping (Fixture) async throws -> Void
    ) async throws {
        let files = TemporaryDirectory()
        fill(files)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var configuration = TileServer.Configuration(
            data: source ?? .directory(DataDirectory(path: files.path)), port: 0, cacheBytes: cacheBytes,
            idleTimeout: idleTimeout, drainTimeout: drainTimeout)
        configure(&configuration, files)
        let server = TileServer(configuration: configuration, logger: logger)
        let (addresses, continuation) = AsyncStream<String>.makeStream()
        let group = try server.makeGroup(signals: []) { continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await server.serve(group)
            }
            var iterator = addresses.makeAsyncIterator()
            let address = try #require(await iterator.next())
            #expect(address.hasPrefix("http://127.0.0.1:") && address.hasSuffix("/"))
            let port = try #require(Int(address.dropFirst(17).dropLast()))
            do {
                try await body(Fixture(files: files, port: port))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    static let tile = "Norder1/Dir0/Npix5.png"
    static let secret = "nobody may read this"

    private static func fill(_ files: TemporaryDirectory) {
        map(in: files, at: "hips/mars/viking", build: "one")
        files.write(
            "obs_title = <b>Rhea</b>\ncreator_did = ivo://localhost/rhea/iss\n",
            to: "hips/rhea/iss/properties")
        map(in: files, at: "hips/mars/.mola.partial", build: secret)
        files.write(secret, to: "secret.txt")
        files.write(secret, to: "hips/mars/viking/.hidden")
        files.write(secret, to: "hips/mars/viking/notes.txt")
        files.write(secret, to: "hips/secret.txt")
        files.write(secret, to: "outside/properties")
        files.makeDirectory("hips/mars/viking/Norder1/Dir0/Npix8.png")
        files.link("hips/mars/viking/Norder1/Dir0/Npix6.png", to: "../../../../../secret.txt")
        files.link("hips/mars/viking/Norder1/Dir0/Npix7.png", to: "Npix5.png")
        files.link("hips/mars/viking/Norder1/Dir0/Npix9.png", to: files.path + "/secret.txt")
        files.link("hips/mars/linked", to: files.path + "/outside")
    }

    /// Writes a map whose files all tell the build they belong to.
    static func map(in files: TemporaryDirectory, at path: String, build: String) {
        files.write(
            """
            creator_did = ivo://localhost/mars/viking
            obs_title = Mars & Viking \(build)
            hips_service_url = http://elsewhere/
            hips_order = 1

            """, to: path + "/properties")
        for name in [
            "Norder0/Dir0/Npix0.png", "Norder1/Dir0/Npix5.png", "Norder1/Dir0/Npix5.jpg",
            "Norder1/Dir0/Npix5.fits",
            "Norder1/Dir0/Npix5.webp", "Norder1/Allsky.jpg", "Moc.fits", "preview.jpg", "index.html",
            "metadata.xml",
        ] {
            files.write("\(name) of build \(build)", to: path + "/" + name)
        }
    }

    /// Sends a request until it is answered: a server with a short limit may close the connection before it has got to
    /// it.
    func askAgain(_ path: String) async throws -> Reply {
        let request = "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n"
        for _ in 0..<50 {
            let connection = Connection(port: port)
            await connection.send(request)
            var bytes = try #require(await connection.receive(), "no answer to \(path)")[...]
            if let reply = Reply(&bytes) { return reply }
        }
        throw NoAnswer()
    }

    struct NoAnswer: Error {}

    /// Sends one request and reads until the server closes.
    func ask(
        _ path: String, method: String = "GET", host: String? = "test.example:81", fields: [String] = []
    ) async throws -> Reply {
        let connection = Connection(port: port)
        let lines =
            ["\(method) \(path) HTTP/1.1"] + (host.map { ["Host: \($0)"] } ?? []) + fields + [
                "Connection: close", "", "",
            ]
        await connection.send(lines.joined(separator: "\r\n"))
        var bytes = try #require(await connection.receive(), "no answer to \(path)")[...]
        let reply = try #require(Reply(&bytes, isHead: method == "HEAD"), "no whole answer to \(path)")
        #expect(bytes.isEmpty, "bytes behind the answer to \(path)")
        return reply
    }
}

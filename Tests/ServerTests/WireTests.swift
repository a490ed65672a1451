import HiPS
import Logging
import Testing

@testable import Server

@Suite struct WireTests {
    @Test func severalRequestsOnOneConnection() async throws {
        try await Fixture.serve { server in
            let connection = Connection(port: server.port)
            let one = "GET /hips/mars/viking/\(Fixture.tile) HTTP/1.1\r\nHost: h\r\n\r\n"
            let absent = "GET /hips/mars/viking/Norder1/Dir0/Npix4.png HTTP/1.1\r\nHost: h\r\n\r\n"
            let head = "HEAD /hips/mars/viking/Moc.fits HTTP/1.1\r\nHost: h\r\n\r\n"
            let last = "GET /hipslist HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            await connection.send(one + absent + head + one + last)
            var bytes = try #require(await connection.receive())[...]
            var statuses: [Int] = []
            for isHead in [false, false, true, false, false] {
                statuses.append(try #require(Reply(&bytes, isHead: isHead)).status)
            }
            #expect(statuses == [200, 404, 200, 200, 200])
            #expect(bytes.isEmpty)
        }
    }

    @Test func malformedRequestsAreRefusedAndHurtNobody() async throws {
        try await Fixture.serve { server in
            for request in [
                "\r\n\r\n\r\n\r\nnonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                "GET / HTTP/1.1\r\nbad header\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
                "GET / HTTP/1.1\r\nA: " + String(repeating: "x", count: 200_000) + "\r\n\r\n",
                "GET /" + String(repeating: "x", count: 200_000) + " HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            ] {
                let connection = Connection(port: server.port)
                await connection.send(request)
                let bytes = try #require(await connection.receive(), "left hanging: \(request.prefix(40))")
                let first = String(decoding: bytes.prefix(12), as: UTF8.self)
                #expect(
                    bytes.isEmpty || first.hasPrefix("HTTP/1.1 4"), "\(request.prefix(40)): \(first)")
            }
            // Connections given up in the middle of a request or of an answer.
            for request in ["", "GE", "GET / HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"] {
                await Connection(port: server.port).send(request)
            }
            #expect(try await server.ask("/hipslist").status == 200)
        }
    }

    @Test func halfRequestsAndIdleConnectionsAreClosed() async throws {
        try await Fixture.serve(idleTimeout: 1) { server async throws in
            for request in ["", "GET /hipslist HTT", "GET /hipslist HTTP/1.1\r\nHost: h\r\n"] {
                let connection = Connection(port: server.port)
                await connection.send(request)
                #expect(await connection.receive() == [], "\(request)")
            }
            // The connection of an answered request is closed as well, which ends the reading.
            #expect(try await server.askAgain("/hips/mars/viking/\(Fixture.tile)").status == 200)
        }
    }

    @Test func bigFilesArriveWhole() async throws {
        try await Fixture.serve { server in
            let text = String((0..<400_000).map { "\($0) " }.joined())
            server.files.write(text, to: "hips/mars/viking/Norder1/Allsky.fits")
            // Larger than a shard of the cache, so that it is read each time.
            for _ in 1...2 {
                let reply = try await server.ask("/hips/mars/viking/Norder1/Allsky.fits")
                #expect(reply.status == 200)
                #expect(reply.text == text)
            }
            server.files.write("", to: "hips/mars/viking/Norder0/Allsky.fits")
            let empty = try await server.ask("/hips/mars/viking/Norder0/Allsky.fits")
            #expect(empty.status == 200)
            #expect(empty.fields["content-length"] == "0")
        }
    }

    static let bigRequest = "GET /hips/mars/viking/Moc.fits HTTP/1.1\r\nHost: h\r\n\r\n"

    /// More than the buffers of the system hold for a connection with a small one at the client's end.
    static let bigText = String(repeating: "0123456789abcdef", count: 500_000)

    @Test func stoppingAnswersWhatWasAsked() async throws {
        let box = Box()
        try await Fixture.serve { server in
            server.files.write(Self.bigText, to: "hips/mars/viking/Moc.fits")
            let idle = Connection(port: server.port)
            await idle.send("GET /hipslist HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await idle.receive(atLeast: 1)?.isEmpty == false)
            // In the middle of a long answer when the server is told to stop.
            let busy = Connection(port: server.port, receiveBuffer: 65536)
            await box.start([], idle, rest: await Self.take(Self.bigRequest, by: busy, delayMilliseconds: 1))
        }
        let rest = try #require(await box.rest?.value)
        var bytes = (await box.bytes + rest)[...]
        #expect(Reply(&bytes)?.body.count == Self.bigText.utf8.count)
        #expect(await box.idle?.receive() == [])
    }

    /// The limit for idle connections passes while the rest of an answer goes out of a server that stops.
    @Test func stoppingWaitsForWhoTakesSlowly() async throws {
        let (box, text) = (Box(), String(repeating: Self.bigText, count: 5))
        let start = ContinuousClock.now
        // Takes something at least every two seconds, and fifteen seconds in all.
        try await Fixture.serve(idleTimeout: 10) { server in
            server.files.write(text, to: "hips/mars/viking/Moc.fits")
            let busy = Connection(port: server.port, receiveBuffer: 65536)
            await box.start([], busy, rest: await Self.take(Self.bigRequest, by: busy, delayMilliseconds: 25))
            try await Task.sleep(for: .milliseconds(300))
        }
        let rest = try #require(await box.rest?.value)
        #expect(start.duration(to: .now) > .seconds(10))
        var bytes = (await box.bytes + rest)[...]
        #expect(Reply(&bytes)?.body.count == text.utf8.count)
    }

    @Test func whoAsksNoMoreGetsTheWholeAnswer() async throws {
        try await Fixture.serve { server in
            server.files.write(Self.bigText, to: "hips/mars/viking/Moc.fits")
            let connection = Connection(port: server.port, receiveBuffer: 65536)
            await connection.send(Self.bigRequest)
            connection.endSending()
            var bytes = try #require(await connection.receive(delayMilliseconds: 1))[...]
            #expect(Reply(&bytes)?.body.count == Self.bigText.utf8.count)
        }
    }

    @Test func whoTakesNothingIsCutOff() async throws {
        for stopping in [false, true] {
            let box = Box()
            try await Fixture.serve(idleTimeout: stopping ? 600 : 1, drainTimeout: stopping ? 1 : 300) {
                server in
                server.files.write(Self.bigText, to: "hips/mars/viking/Moc.fits")
                let stalled = Connection(port: server.port, receiveBuffer: 65536)
                await stalled.send(Self.bigRequest)
                await box.start([], stalled, rest: nil)
                guard !stopping else {
                    // In the middle of the answer.
                    #expect(await stalled.receive(atLeast: 1)?.isEmpty == false)
                    return
                }
                #expect(await stalled.waitUntilAbandoned(by: server.port))
                #expect(try await server.askAgain("/hipslist").status == 200)
                // What is left in the buffers of the system comes, then the end.
                let bytes = try #require(await stalled.receive())
                #expect(bytes.count < Self.bigText.utf8.count)
            }
            if stopping {
                let bytes = try #require(await box.idle?.receive())
                #expect(bytes.count < Self.bigText.utf8.count)
            }
        }
    }

    /// Has a client take an answer slowly; returns when it has begun.
    private static func take(
        _ request: String, by client: Connection, delayMilliseconds: UInt32
    ) async -> Task<[UInt8]?, Never> {
        let (starts, continuation) = AsyncStream<Void>.makeStream()
        let whole = Task {
            let bytes = await client.exchange(request, delayMilliseconds: delayMilliseconds) {
                continuation.finish()
            }
            continuation.finish()
            return bytes
        }
        for await _ in starts {}
        return whole
    }

    actor Box {
        var bytes: [UInt8] = []
        var idle: Connection?
        var rest: Task<[UInt8]?, Never>?

        func start(_ bytes: [UInt8], _ idle: Connection, rest: Task<[UInt8]?, Never>?) {
            (self.bytes, self.idle, self.rest) = (bytes, idle, rest)
        }
    }

    @Test func whyItDoesNotStart() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let missing = TileServer(
            configuration: .init(data: .directory(DataDirectory(path: "/none/such"))), logger: logger)
        await #expect(throws: ServerError.missingDataDirectory("/none/such")) { try await missing.run() }
        try await Fixture.serve { server in
            let data = DataSource.directory(DataDirectory(path: server.files.path))
            let second = TileServer(configuration: .init(data: data, port: server.port), logger: logger)
            await #expect(throws: ServerError.portTaken(host: "127.0.0.1", port: server.port)) {
                try await second.run()
            }
            // 192.0.2.0/24 is kept for documents and belongs to no machine.
            let elsewhere = TileServer(
                configuration: .init(data: data, host: "192.0.2.1", port: 0), logger: logger)
            do throws(ServerError) {
                try await elsewhere.run()
                Issue.record("it listens on an address that is not its own")
            } catch {
                guard case .cannotListen("192.0.2.1", 0, _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
        #expect(ServerError.portTaken(host: "h", port: 8080).description.contains("--port"))
    }
}

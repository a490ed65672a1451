import Foundation
import HTTPTypes
import HiPS
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

/// What is in memory is answered by another way than the rest; nobody may see a difference.
@Suite struct AtHandTests {
    private static let path = "/hips/mars/viking/\(Fixture.tile)"

    private static func request(_ path: String, _ fields: String...) -> String {
        (["GET \(path) HTTP/1.1", "Host: h"] + fields + ["", ""]).joined(separator: "\r\n")
    }

    /// Sends requests in one piece, the last of which has the connection closed, and reads all answers.
    private func answers(_ server: Fixture, _ requests: [String]) async throws -> [Reply] {
        let connection = Connection(port: server.port)
        await connection.send(requests.joined() + Self.request("/health", "Connection: close"))
        var bytes = try #require(await connection.receive())[...]
        var replies: [Reply] = []
        while let reply = Reply(&bytes) { replies.append(reply) }
        #expect(bytes.isEmpty)
        #expect(replies.last?.text == "ok\n")
        return replies.dropLast()
    }

    @Test func theSameAnswerFromMemory() async throws {
        try await Fixture.serve { server in
            let read = try await server.ask(Self.path)
            for _ in 0..<3 {
                let kept = try #require(try await answers(server, [Self.request(Self.path)]).first)
                #expect(kept.status == 200)
                #expect(kept.body == read.body)
                let names = Set(read.fields.keys).union(kept.fields.keys).subtracting(["connection"])
                for name in names where name != "date" {
                    #expect(kept.fields[name] == read.fields[name], "\(name)")
                }
                // Of the same form, and at most minutes apart.
                #expect(kept.fields["date"]?.utf8.count == 29)
                #expect(kept.fields["date"]?.prefix(16) == read.fields["date"]?.prefix(16))
            }
        }
    }

    @Test func dates() {
        // RFC 9110, section 5.6.7, and the first second of a leap day.
        #expect(DateText.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(DateText.text(1_709_164_800) == "Thu, 29 Feb 2024 00:00:00 GMT")
    }

    @Test func answersKeepTheOrderOfTheRequests() async throws {
        try await Fixture.serve { server in
            _ = try await server.ask(Self.path)
            let paths = [
                Self.path, "/hips/mars/viking/properties", Self.path, "/hips/mars/viking/nothing", Self.path,
                Self.path,
                "/hipslist", "/hips/mars/viking/Norder1/Dir0/Npix5.jpg", Self.path,
            ]
            for _ in 0..<20 {
                let replies = try await answers(server, paths.map { Self.request($0) })
                #expect(replies.map(\.status) == [200, 200, 200, 404, 200, 200, 200, 200, 200])
                #expect(replies[0].text == "Norder1/Dir0/Npix5.png of build one")
                for i in [2, 4, 5, 8] { #expect(replies[i].body == replies[0].body) }
                #expect(replies[1].text.contains("hips_service_url"))
                #expect(replies[7].text == "Norder1/Dir0/Npix5.jpg of build one")
            }
        }
    }

    @Test func whatTheClientHasIsNotSentAgain() async throws {
        try await Fixture.serve { server in
            let tag = try #require(try await server.ask(Self.path).fields["etag"])
            let replies = try await answers(
                server,
                [
                    Self.request(Self.path, "If-None-Match: \(tag)"),
                    Self.request(Self.path, "If-None-Match: \"other\""),
                ])
            #expect(replies.map(\.status) == [304, 200])
            #expect(replies.first?.fields["etag"] == tag)
            #expect(replies.first?.fields["content-length"] == nil)
        }
    }

    @Test func otherMethodsAndRequestsWithBodiesGoTheLongWay() async throws {
        try await Fixture.serve { server in
            let whole = try await server.ask(Self.path)
            #expect(
                try await server.ask(Self.path, method: "HEAD").fields["content-length"]
                    == "\(whole.body.count)")
            #expect(try await server.ask(Self.path, method: "DELETE").status == 405)
            let replies = try await answers(
                server, [Self.request(Self.path, "Content-Length: 5") + "abcde", Self.request(Self.path)])
            #expect(replies.map(\.status) == [200, 200])
            #expect(replies.map(\.body) == [whole.body, whole.body])
            let connection = Connection(port: server.port)
            await connection.send(Self.request(Self.path, "Connection: close"))
            #expect(await connection.receive()?.isEmpty == false)
        }
    }

    @Test func requestsAreCountedAndCarryTheirIdentifier() async throws {
        try await Fixture.serve { server in
            _ = try await server.ask(Self.path)
            let replies = try await answers(
                server, [Self.request(Self.path, "X-Request-Id: mine-1"), Self.request(Self.path)])
            #expect(replies.map { $0.fields["x-request-id"] } == ["mine-1", nil])
            let metrics = try await server.ask("/metrics").text
            #expect(
                metrics.contains(
                    "tessera_http_requests_total{service=\"hips\",operation=\"tile\",status=\"200\"} 3\n"))
            #expect(metrics.contains("tessera_tile_cache_hits_total 2\n"))
            #expect(metrics.contains("tessera_tile_cache_misses_total 1\n"))
        }
    }

    /// Requests that the rest of the pipeline does not see keep a connection alive, and the last one does not for ever.
    ///
    /// The tasks of the connection run when the test has them run, so that a busy machine changes nothing.
    @Test func connectionsAreIdleWhenNothingIsAsked() async throws {
        let outcome = await withCheckedContinuation {
            (done: CheckedContinuation<Result<[Bool], any Error>, Never>) in
            // An embedded channel belongs to one thread, and this one may sleep.
            Thread { done.resume(returning: Result { try Self.connectionThatIsAskedLate() }) }.start()
        }
        #expect(try outcome.get() == [true, true, true, false])
        try await Fixture.serve(idleTimeout: 1) { server in
            _ = try await server.askAgain(Self.path)
            let connection = Connection(port: server.port)
            await connection.send(Self.request(Self.path))
            #expect(await connection.receive()?.starts(with: Array("HTTP/1.1 200 OK".utf8)) == true)
        }
    }

    /// Whether a connection is open after each of three late requests, and after none.
    private static func connectionThatIsAskedLate() throws -> [Bool] {
        let configuration = TileServer.Configuration(
            data: .directory(DataDirectory(path: "/nowhere")), port: 0, cacheBytes: 0, idleTimeout: 1)
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers(
            TileServer.connectionHandlers(
                configuration, atHand: { _, _ in (HTTPResponse(status: .ok), nil) },
                logger: Logger(label: "test")))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        return try [true, true, true, false].map { isAsked in
            Thread.sleep(forTimeInterval: 1.05)
            if isAsked {
                try channel.writeInbound(
                    HTTPRequestPart.head(.init(method: .get, scheme: nil, authority: nil, path: path)))
                try channel.writeInbound(HTTPRequestPart.end(nil))
            }
            channel.embeddedEventLoop.advanceTime(by: .milliseconds(1050))
            return channel.isActive
        }
    }
}

import Glibc
import HiPS
import Logging
import Settings
import Testing

@testable import Server

@Suite struct ObservingTests {
    @Test func healthAndReadiness() async throws {
        try await Fixture.serve { server in
            let health = try await server.ask("/health")
            #expect(health.status == 200 && health.text == "ok\n")
            #expect(health.fields["cache-control"] == "no-store")
            #expect(try await server.ask("/ready").status == 200)
            #expect(try await server.ask("/ready", method: "HEAD").status == 200)
            rename(server.files.path, server.files.path + ".away")
            let ready = try await server.ask("/ready")
            #expect(ready.status == 503 && ready.text.contains(server.files.path))
            #expect(try await server.ask("/health").status == 200, "the process is well")
            rename(server.files.path + ".away", server.files.path)
            #expect(try await server.ask("/ready").status == 200)
        }
    }

    /// The samples of an exposition by name and labels.
    private func samples(_ text: String) throws -> [String: Double] {
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            try #require(parts.count == 2, "\(line)")
            #expect(
                samples.updateValue(try #require(Double(parts[1])), forKey: String(parts[0])) == nil,
                "\(line)")
        }
        return samples
    }

    @Test func metricsCountWhatHappened() async throws {
        try await Fixture.serve { server in
            let tile = "/hips/mars/viking/" + Fixture.tile
            let bytes = try await server.ask(tile).text.utf8.count
            for _ in 0..<4 { _ = try await server.ask(tile) }
            _ = try await server.ask(tile, method: "HEAD")
            _ = try await server.ask("/hips/mars/viking/Norder1/Dir0/Npix40.png")
            _ = try await server.ask("/nothing")
            _ = try await server.ask("/hips/mars/viking/properties")
            let reply = try await server.ask("/metrics")
            #expect(reply.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let found = try samples(reply.text)
            let tiles = "{service=\"hips\",operation=\"tile\""
            #expect(found["tessera_http_requests_total\(tiles),status=\"200\"}"] == 6)
            #expect(found["tessera_http_requests_total\(tiles),status=\"404\"}"] == 1)
            #expect(
                found["tessera_http_requests_total{service=\"site\",operation=\"unknown\",status=\"404\"}"]
                    == 1)
            #expect(found["tessera_http_request_duration_seconds_count\(tiles)}"] == 7)
            #expect(found["tessera_http_request_duration_seconds_bucket\(tiles),le=\"+Inf\"}"] == 7)
            #expect((found["tessera_http_request_duration_seconds_sum\(tiles)}"] ?? 0) > 0)
            let missing = try await server.ask("/hips/mars/viking/Norder1/Dir0/Npix40.png").text.utf8.count
            #expect(found["tessera_http_response_bytes_total\(tiles)}"] == Double(5 * bytes + missing))
            #expect(found["tessera_tile_cache_hits_total"] == 5)
            #expect(found["tessera_tile_cache_misses_total"] == 2)
            #expect((found["tessera_tile_cache_bytes"] ?? 0) > 0)
            #expect(found["tessera_http_requests_in_progress"] == 1, "this one")
            #expect((found["process_resident_memory_bytes"] ?? 0) > 1e6)
            for name in ["tessera_work_running", "tessera_work_waiting", "tessera_errors_total"] {
                #expect(found[name] == 0)
            }
            // Each family is announced once, and buckets never decrease.
            let types = reply.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            #expect(Set(types).count == types.count)
            var last = 0.0
            for line in reply.text.split(separator: "\n")
            where line.hasPrefix("tessera_http_request_duration_seconds_bucket\(tiles)") {
                let value = try #require(Double(line.split(separator: " ")[1]))
                #expect(value >= last)
                last = value
            }
        }
    }

    @Test func identifiersAreTakenWhenSane() async throws {
        try await Fixture.serve { server in
            let without = try await server.ask("/health")
            #expect(without.fields["x-request-id"] == nil, "nobody would look for it")
            let sane = "b3/A-9_z.q:1+2=@"
            #expect(
                try await server.ask("/health", fields: ["X-Request-Id: \(sane)"]).fields["x-request-id"]
                    == sane)
            for bad in ["a b", "<i>", String(repeating: "a", count: 129)] {
                #expect(
                    try await server.ask("/health", fields: ["X-Request-Id: \(bad)"]).fields["x-request-id"]
                        == nil)
            }
            let made = Set((0..<100).map { _ in RequestIdentifier.made() })
            #expect(made.count == 100 && made.allSatisfy { $0.count == 32 })
        }
    }

    @Test(arguments: [ServerSettings.AccessLog.Format.json, .logfmt])
    func theAccessLogHasALineForEachRequest(_ format: ServerSettings.AccessLog.Format) async throws {
        let place = TemporaryDirectory()
        let file = place.path + "/access.log"
        try await Fixture.serve(configure: { configuration, _ in
            configuration.accessLog = .init(format: format, file: file)
        }) { server in
            let made = try await server.ask("/hips/mars/viking/" + Fixture.tile).fields["x-request-id"]
            #expect(made?.count == 32)
            let reply = try await server.ask(
                "/nothing?a=%0A\u{85}\u{202E}\"",
                fields: ["X-Request-Id: mine", "User-Agent: a\tb \u{1b}[2J=\"x\""])
            #expect(reply.status >= 400)
        }
        // The server has stopped: all lines are there.
        let text = try #require(TemporaryDirectory.text(file))
        let lines = text.split(separator: "\n")
        #expect(lines.count >= 1)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
        let first = String(try #require(lines.first))
        if format == .json {
            for part in [
                "\"client\":\"127.0.0.1\"", "\"method\":\"GET\"",
                "\"path\":\"/hips/mars/viking/\(Fixture.tile)\"",
                "\"status\":200", "\"service\":\"hips\"", "\"operation\":\"tile\"", "\"cache\":\"miss\"",
            ] {
                #expect(first.contains(part), "\(part)")
            }
            #expect(first.hasPrefix("{\"time\":\"2") && first.hasSuffix("}"))
        } else {
            for part in [
                " client=127.0.0.1 ", " method=GET ", " path=/hips/mars/viking/\(Fixture.tile) ",
                " status=200 ",
                " service=hips ", " operation=tile ", " cache=miss",
            ] {
                #expect(first.contains(part), "\(part)")
            }
            #expect(first.hasPrefix("time=2"))
        }
    }

    /// A pipe that nobody reads from takes some lines, and must not keep the server from stopping.
    @Test func aReaderOfTheLogThatStallsHoldsNothingUp() async throws {
        let place = TemporaryDirectory()
        let pipe = place.path + "/access.log"
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDWR | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        // 50 lines of 2000 signs: more than a pipe of 64 kB takes.
        let count = 50
        try await Fixture.serve(configure: { configuration, _ in
            configuration.accessLog = .init(format: .logfmt, file: pipe)
        }) { server async throws in
            for number in 0..<count {
                let path = "/\(number)/" + String(repeating: "x", count: 2000)
                #expect(try await server.ask(path).status == 404)
            }
        }
        // The server has stopped. What the pipe took are whole lines from the first one on, but for the last.
        var text: [UInt8] = []
        var space = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let taken = read(reader, &space, space.count)
            guard taken > 0 else { break }
            text += space[..<taken]
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").dropLast()
        #expect(lines.count > 1 && lines.count < count)
        for (number, line) in lines.enumerated() { #expect(line.contains(" path=/\(number)/xxx")) }
    }

    @Test func textsFromOutsideAreEscaped() {
        #expect(LogText.logfmt("plain/text?x&y") == "plain/text?x&y")
        #expect(LogText.logfmt("") == "\"\"")
        #expect(LogText.logfmt("a b") == "\"a b\"")
        #expect(LogText.logfmt("a=b") == "\"a=b\"")
        #expect(LogText.quoted("\"\\\n\r\t") == #""\"\\\n\r\t""#)
        #expect(LogText.quoted("\u{1b}\u{7f}\u{9b}") == #""\u001b\u007f\u009b""#)
        #expect(LogText.quoted("\u{2028}\u{202e}\u{feff}") == #""\u2028\u202e\ufeff""#)
        #expect(LogText.quoted("Mare Crisium, \u{e9}\u{1F315}") == "\"Mare Crisium, \u{e9}\u{1F315}\"")
        #expect(LogText.quoted("\u{E0001}") == #""\udb40\udc01""#)
        #expect(LogText.escaped(String(repeating: "a", count: 5000)).count == LogText.longest + 3)
    }

    @Test func timesAreWrittenAsRFC3339() {
        let line = AccessLine(
            time: 1_709_209_805_067_000_000, identifier: "i", client: nil, method: "GET", target: "/",
            status: 200,
            count: 0, nanoseconds: 12_034_567, operation: .landingPage, cacheUse: .none)
        #expect(
            String(decoding: line.bytes(asJSON: false), as: UTF8.self)
                == "time=2024-02-29T12:30:05.067Z id=i client=- method=GET path=/ status=200 bytes=0 ms=12.034 "
                + "service=site operation=page\n")
        #expect(
            String(decoding: line.bytes(asJSON: true), as: UTF8.self)
                == #"{"time":"2024-02-29T12:30:05.067Z","id":"i","client":"-","method":"GET","path":"/","status":200,"#
                + #""bytes":0,"ms":12.034,"service":"site","operation":"page"}"# + "\n")
    }

    @Test func aLogThatCannotBeWrittenIsSaidAtTheStart() throws {
        #expect(throws: ServerError.self) {
            _ = try AccessLog(
                .init(format: .json, file: "/nowhere/at/all/access.log"), logger: .init(label: "test"))
        }
    }
}

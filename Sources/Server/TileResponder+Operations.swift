internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Maps
internal import NIOCore
internal import NIOPosix

extension TileResponder {
    /// `/ready`: whether the place that the maps lie in answers.
    func readiness() async -> Response {
        do {
            let source = catalogue.source
            try await source.pool.runIfActive { try source.check() }
            return .state(.ok, "ready\n")
        } catch {
            logger.warning("not ready: \(error)")
            return .state(.serviceUnavailable, "\(error)\n")
        }
    }

    /// Adds to the metrics what only the responder can tell.
    func registerReadings() {
        let (cache, gates) = (cache, [gate, remoteGate])
        metrics.register("tessera_tile_cache_bytes", .gauge, "Memory of the files of HiPS that are kept.") {
            Double(cache.cost)
        }
        metrics.register("tessera_work_running", .gauge, "Requests that calculate at the moment.") {
            gates.reduce(0) { $0 + Double($1.load.running) }
        }
        metrics.register("tessera_work_waiting", .gauge, "Requests that wait for a thread to calculate on.") {
            gates.reduce(0) { $0 + Double($1.load.waiting) }
        }
        metrics.register(
            "tessera_work_refused_total", .counter,
            "Requests that were turned away as there was too much to do or to send."
        ) { gates.reduce(0) { $0 + Double($1.refused.value) } }
        metrics.register(
            "tessera_work_abandoned_total", .counter,
            "Requests whose client had gone before the answer was there."
        ) { gates.reduce(0) { $0 + Double($1.abandoned.value) } }
        let unsent = unsent
        metrics.register(
            "tessera_unsent_bytes", .gauge, "Bytes of large answers that their clients have not taken yet."
        ) { Double(unsent.bytes) }
        let tiles = services.renderer.tiles
        metrics.register(
            "tessera_decoded_tiles_hits_total", .counter, "Tiles for maps that were in memory, decoded."
        ) { Double(tiles.statistics.hits) }
        metrics.register(
            "tessera_decoded_tiles_misses_total", .counter,
            "Tiles for maps that were read and decoded, or found not to exist."
        ) { Double(tiles.statistics.misses) }
        metrics.register(
            "tessera_decoded_tiles_bytes", .gauge, "Memory of the decoded tiles that are kept."
        ) { Double(tiles.statistics.bytes) }
        metrics.register("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.") {
            ProcessNumbers.residentBytes
        }
        metrics.register(
            "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds."
        ) { ProcessNumbers.processorSeconds }
        let start = ProcessNumbers.now
        metrics.register(
            "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds."
        ) { start }
    }
}

extension Response {
    /// A text about the server's own state, which nobody in between may keep.
    static func state(
        _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
    )
        -> Response
    {
        let body = ByteBuffer(string: text)
        let headers = headers(type: type, count: body.readableBytes, tag: nil, caching: "no-store")
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
    }
}

internal import Glibc
internal import HiPS
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import UnixSignals

/// The HTTP server of the maps in a data directory or an object store.
public struct TileServer: Sendable {
    let configuration: Configuration
    let logger: Logger

    /// A server that does not listen yet.
    public init(configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until the process is told to stop by SIGTERM or SIGINT.
    ///
    /// Then no new request is taken, those in progress are answered, and the call returns.
    /// - Parameter onListening: called once with the address, such as `http://127.0.0.1:8080/`.
    /// - Throws: ``ServerError`` when the data directory is missing, the store does not answer, or the address cannot be
    ///   had.
    public func run(onListening: @escaping @Sendable (String) -> Void = { _ in }) async throws(ServerError) {
        Allocator.keepLittle()
        for problem in try problems() { logger.error("\(problem)") }
        let group = try makeGroup(signals: [.sigterm, .sigint], onListening: onListening)
        try await serve(group)
    }

    /// What the settings say of bodies and coordinate systems that is not so, one sentence each. The server leaves that out
    /// and serves the rest.
    /// - Throws: ``ServerError/stopped(reason:)`` when PROJ does not work at all.
    public func problems() throws(ServerError) -> [String] {
        do {
            return try MapServices(settings: configuration.settings).problems()
        } catch {
            throw .stopped(reason: "\(error)")
        }
    }

    /// The server as a group of services that can be run once.
    func makeGroup(
        signals: [UnixSignal], onListening: @escaping @Sendable (String) -> Void
    ) throws(ServerError) -> ServiceGroup {
        try configuration.data.maps.check()
        if configuration.diskBytes > 0, let folder = configuration.cacheDirectory {
            try DiskTiles.prepare(folder)
        }
        // Hummingbird reports each start and stop at the level info; the line below says it once.
        let quiet = { [logger] in
            var quiet = logger
            quiet.logLevel = max(logger.logLevel, .warning)
            return quiet
        }()
        let configuration = configuration
        let logger = logger
        let log = try AccessLog(configuration.accessLog, logger: logger)
        let responder = TileResponder(configuration: configuration, logger: logger)
        if let log {
            responder.metrics.register(
                "tessera_access_log_dropped_lines_total", .counter,
                "Lines of the access log that could not be written."
            ) { Double(log.dropped.value) }
        }
        let observer = ObservingResponder(
            responder: responder, log: log,
            bodies: .init(timeout: .seconds(Int64(configuration.idleTimeout))))
        let application = Application(
            responder: observer,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: Self.connectionHandlers(
                        configuration, atHand: observer.atHand, logger: quiet))),
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    OpenFiles.connections(stated: configuration.connections, files: OpenFiles.raise()),
                    logger: quiet)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                let address = "http://" + Self.authority(host: configuration.host, port: port) + "/"
                logger.info("listening on \(address)")
                onListening(address)
            },
            logger: quiet)
        // Services stop in the opposite order: the log is there until the last answer has been given.
        let services: [any Service] = (log.map { [$0] } ?? []) + [application]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals, logger: quiet)
        // The connections keep to the limit themselves; this one is for the rest.
        group.maximumGracefulShutdownDuration = .seconds(configuration.drainTimeout + 5)
        return ServiceGroup(configuration: group)
    }

    /// What stands in the pipeline of each connection behind the parts of HTTP, in this order.
    static func connectionHandlers(
        _ configuration: Configuration, atHand: @escaping AtHand.Answer, logger: Logger
    ) -> [any RemovableChannelHandler] {
        [
            ClientPresence(),
            CloseAfterSending(
                stallTimeout: .seconds(Int64(configuration.idleTimeout)),
                drainTimeout: .seconds(Int64(configuration.drainTimeout))),
            // Hummingbird's own one comes behind the next and would not see what is answered there.
            HTTPConnectionStateHandler(
                idleTimeout: .seconds(Int64(configuration.idleTimeout)), logger: logger),
            AtHand(atHand),
        ]
    }

    /// Runs the group and tells the errors of the system apart.
    func serve(_ group: ServiceGroup) async throws(ServerError) {
        let (host, port) = (configuration.host, configuration.port)
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .portTaken(host: host, port: port)
        } catch let error as IOError {
            throw .cannotListen(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
        } catch let error as SocketAddressError {
            throw .cannotListen(host: host, port: port, reason: "\(error)")
        } catch is CancellationError {
            return
        } catch {
            throw .stopped(reason: "\(error)")
        }
    }

    /// The host and the port as they stand in a URL.
    static func authority(host: String, port: Int) -> String {
        (host.contains(":") ? "[" + host + "]" : host) + ":" + String(port)
    }
}

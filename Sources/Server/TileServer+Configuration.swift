public import Settings
internal import NIOCore

extension TileServer {
    /// What to serve, where, and within what limits.
    public struct Configuration: Sendable {
        /// Where the maps lie.
        public var data: DataSource
        /// The address or the name of the interface to listen on.
        public var host: String
        /// The port to listen on; 0 takes any free one.
        public var port: Int
        /// The memory for encoded tiles in bytes; 0 keeps none.
        public var cacheBytes: Int
        /// The memory for tiles of the tile service in bytes; 0 keeps none.
        public var renderedBytes = 128 << 20
        /// The folder for such tiles on disk; nil for `cache` in the data directory, if there is one.
        public var cacheDirectory: String?
        /// The room for them there in bytes; 0 keeps none.
        public var diskBytes = 10 << 30
        /// How long a client may use a tile without asking again, in seconds.
        public var tileMaxAge: Int
        /// After how long a connection without a request in progress is closed, in seconds.
        public var idleTimeout: Int
        /// How long requests in progress may take once the server has been told to stop, in seconds.
        public var drainTimeout: Int
        /// How many connections may be open at a time; nil for as many as the files of the process leave room for.
        public var connections: Int?
        /// How many requests may calculate at a time.
        public var workers = System.coreCount
        /// How many requests may wait for that beside them; more are turned away.
        public var queue = 64
        /// How many bytes of large answers may wait for their clients to take them; beyond that, requests for more are
        /// turned away.
        public var unsentBytes = 1 << 30
        /// The address that clients see, without a slash at its end; nil to take it from each request.
        public var baseURL: String?
        /// Addresses and networks of proxies whose `X-Forwarded-*` is believed, such as `10.0.0.0/8`.
        public var trustedProxies: [String] = []
        /// What is written down about each request; nothing by default.
        public var accessLog = ServerSettings.AccessLog()
        /// All that was said, for what the services of maps offer.
        public var settings = ServerSettings()

        /// A configuration; all but the source of the maps has a default.
        public init(
            data: DataSource, host: String = "127.0.0.1", port: Int = 8080, cacheBytes: Int = 256 << 20,
            tileMaxAge: Int = 300, idleTimeout: Int = 60, drainTimeout: Int = 15
        ) {
            self.data = data
            self.host = host
            self.port = port
            self.cacheBytes = cacheBytes
            self.tileMaxAge = tileMaxAge
            self.idleTimeout = idleTimeout
            self.drainTimeout = drainTimeout
        }

        /// The configuration that settings ask for, with defaults for what they do not say: the data directory is
        /// `data` in the working directory.
        /// - Throws: ``ServerError/unusableSource(reason:)`` when the address of the data is of no kind that is known.
        public init(_ settings: ServerSettings) throws(ServerError) {
            self.init(data: try DataSource(settings.data ?? "data"))
            host = settings.host ?? host
            port = settings.port ?? port
            cacheBytes = settings.cache.tiles.map { $0 << 20 } ?? cacheBytes
            renderedBytes = settings.cache.rendered.map { $0 << 20 } ?? renderedBytes
            diskBytes = settings.cache.disk.map { $0 << 20 } ?? diskBytes
            cacheDirectory = settings.cache.directory
            tileMaxAge = settings.tileMaxAge ?? tileMaxAge
            idleTimeout = settings.limits.idleSeconds ?? idleTimeout
            drainTimeout = settings.limits.drainSeconds ?? drainTimeout
            connections = settings.limits.connections
            workers = settings.limits.workers ?? workers
            queue = settings.limits.queue ?? queue
            unsentBytes = settings.limits.unsent.map { $0 << 20 } ?? unsentBytes
            baseURL = settings.baseURL
            trustedProxies = settings.trustedProxies ?? trustedProxies
            accessLog = settings.accessLog
            self.settings = settings
        }
    }
}

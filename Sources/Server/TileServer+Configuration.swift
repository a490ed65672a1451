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
        /// How long a client may use a tile without asking again, in seconds.
        public var tileMaxAge: Int
        /// After how long a connection without a request in progress is closed, in seconds.
        public var idleTimeout: Int
        /// How long requests in progress may take once the server has been told to stop, in seconds.
        public var drainTimeout: Int

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
    }
}

/// What a configuration file of the server, or its environment, says; nil stands for what is not said.
///
/// A file is read by ``parse(_:file:)``, the environment by ``reading(environment:)``; what stands in one of them goes
/// over what stands in another by ``overridden(by:)``.
public struct ServerSettings: Sendable, Hashable {
    /// The data directory, or a place in an object store.
    public var data: String?
    /// The address to listen on.
    public var host: String?
    /// The port to listen on; 0 for any free one.
    public var port: Int?
    /// The address that clients see, such as `https://maps.example.org/planets`, without a slash at its end.
    public var baseURL: String?
    /// Addresses (`10.1.2.3`) and networks (`10.0.0.0/8`, `fd00::/8`) of proxies whose `X-Forwarded-*` is believed.
    public var trustedProxies: [String]?
    /// For how long a client may use a tile without asking again, in seconds.
    public var tileMaxAge: Int?
    /// Whether `EPSG:4326`, `CRS:84` and `EPSG:3857` stand for the frames of the body that is asked for.
    public var earthAliases: Bool?
    /// Whether tiles are offered in degrees as well.
    public var geographicTiles: Bool?
    /// What is particular to the map service.
    public var wms = WMS()
    /// What capabilities and the page at the root say about the server.
    public var service = Service()
    /// Whom to write to.
    public var contact = Contact()
    /// Memory that keeps what was read or decoded.
    public var cache = Cache()
    /// How much one request, and all together, may ask for.
    public var limits = Limits()
    /// What the coverage service offers, and how much one answer of it may cost.
    public var coverages = Coverages()
    /// What is written down about each request.
    public var accessLog = AccessLog()
    /// How features are offered.
    public var features = Features()
    /// What is said about single bodies, by their names in lower case.
    public var bodies: [String: Body] = [:]
    /// What is said about single maps, by `body/name`.
    public var maps: [String: Map] = [:]

    /// Settings that say nothing.
    public init() {}

    /// The map service.
    public struct WMS: Sendable, Hashable {
        /// Whether documents say that maps in degrees go on beyond the body's edges, for clients that ask for nothing
        /// beyond the box of a layer.
        public var wrapExtent: Bool?
    }

    /// A server in the words of its keeper.
    public struct Service: Sendable, Hashable {
        /// The title of the server.
        public var title: String?
        /// A few sentences about it.
        public var description: String?
        /// Words to find it by.
        public var keywords: [String]?
        /// What using it costs.
        public var fees: String?
        /// Who may use it for what.
        public var accessConstraints: String?
    }

    /// The one to write to.
    public struct Contact: Sendable, Hashable {
        /// A person's name.
        public var person: String?
        /// The person's position.
        public var position: String?
        /// The institute.
        public var organization: String?
        /// A mail address.
        public var email: String?
        /// A telephone number.
        public var phone: String?
        /// A web page.
        public var url: String?
        /// Street and number.
        public var address: String?
        /// The city.
        public var city: String?
        /// The state or province.
        public var state: String?
        /// The postal code.
        public var postcode: String?
        /// The country.
        public var country: String?
    }

    /// The caches; sizes are in megabytes of 2^20 bytes, and 0 keeps nothing.
    public struct Cache: Sendable, Hashable {
        /// For files of the HiPS as they are sent.
        public var tiles: Int?
        /// For decoded tiles that maps are drawn from.
        public var decoded: Int?
        /// For decoded parts of the files that maps were built from, which coverages are taken from.
        public var sources: Int?
        /// For tiles of the tile service as they are sent.
        public var rendered: Int?
        /// For such tiles on disk.
        public var disk: Int?
        /// The folder in which they lie there.
        public var directory: String?
    }

    /// Limits.
    public struct Limits: Sendable, Hashable {
        /// The largest width of a map in pixels.
        public var mapWidth: Int?
        /// The largest height of a map in pixels.
        public var mapHeight: Int?
        /// The most pixels of one map in units of 2^20, those of styles that need more memory counted more than once.
        public var mapMegapixels: Int?
        /// The largest number of layers in one map.
        public var mapLayers: Int?
        /// How many requests may calculate at a time.
        public var workers: Int?
        /// How many may wait for that beside them.
        public var queue: Int?
        /// How many megabytes of large answers may wait for their clients to take them.
        public var unsent: Int?
        /// How many connections may be open at a time.
        public var connections: Int?
        /// After how many seconds a connection without a request is closed.
        public var idleSeconds: Int?
        /// For how many seconds requests in progress are waited for when the server is to stop.
        public var drainSeconds: Int?
    }

    /// The coverage service; sizes are in megabytes of 2^20 bytes.
    public struct Coverages: Sendable, Hashable {
        /// Whether the files that maps were built from are offered beside them.
        public var native: Bool?
        /// Whether those that lie on servers and in object stores are as well.
        public var remote: Bool?
        /// The most pixels of an answer, in units of 2^20.
        public var megapixels: Int?
        /// The most bytes of samples in an answer, before compression.
        public var megabytes: Int?
        /// The room on disk for one answer that is put together there: compressed and tiled files.
        public var spool: Int?
        /// The memory for the samples of one answer.
        public var memory: Int?
    }

    /// The access log.
    public struct AccessLog: Sendable, Hashable {
        /// How its lines are written.
        public enum Format: String, Sendable, Hashable, CaseIterable {
            /// No access log.
            case off
            /// `key=value` with blanks between.
            case logfmt
            /// One JSON object a line.
            case json
        }

        /// How its lines are written.
        public var format: Format?
        /// The path of the file that lines are added to; `-` for standard output.
        public var file: String?

        /// An access log.
        public init(format: Format? = nil, file: String? = nil) {
            self.format = format
            self.file = file
        }
    }

    /// The service of features.
    public struct Features: Sendable, Hashable {
        /// The order of longitudes and latitudes in GML.
        public enum Axis: String, Sendable, Hashable, CaseIterable {
            /// As the authority of the system has it: latitudes first.
            case authority
            /// Longitudes first, as today's clients read systems of the IAU.
            case xy
        }

        /// The system of answers to requests that name none.
        public enum DefaultCRS: String, Sendable, Hashable, CaseIterable {
            /// The equirectangular map.
            case projected
            /// Longitudes and latitudes.
            case geographic
        }

        /// The order of longitudes and latitudes in GML.
        public var gmlAxis: Axis?
        /// The system of answers to requests that name none.
        public var defaultCRS: DefaultCRS?
        /// How many features a request that says nothing gets at most.
        public var countDefault: Int?
    }

    /// What is offered for all maps of a body.
    public struct Body: Sendable, Hashable {
        /// The title of the body's service.
        public var title: String?
        /// The identifiers of the CRSs that are advertised, in their order.
        public var crs: [String]?
        /// Further CRSs by identifiers of the keeper's own, such as `SITE:1`: each a PROJ string or WKT2.
        public var definitions: [String: String] = [:]
    }

    /// How a map is offered.
    public struct Map: Sendable, Hashable {
        /// Its title.
        public var title: String?
        /// A few sentences about it.
        public var description: String?
        /// The styles that are advertised, the default one first.
        public var styles: [String]?
        /// Whether it is left out of the documents of the map services.
        public var hidden: Bool?
    }

    /// These settings, with whatever the others say in the place of what these say.
    public func overridden(by other: ServerSettings) -> ServerSettings {
        var result = self
        for scalar in ServerKey.all { scalar.copy(from: other, into: &result) }
        result.bodies.merge(other.bodies) { $1 }
        result.maps.merge(other.maps) { $1 }
        return result
    }
}

public import Maps

/// A layer as the documents of the services describe it.
public struct ServiceLayer: Sendable, Hashable {
    /// A way of drawing the layer.
    public struct Style: Sendable, Hashable {
        /// The name in requests.
        public var name: String
        /// The name for people.
        public var title: String
        /// What it shows.
        public var abstract: String?
        /// The size of the picture of its legend in pixels; nil where it has none.
        public var legend: Size?

        /// A style.
        public init(name: String, title: String, abstract: String? = nil, legend: Size? = nil) {
            self.name = name
            self.title = title
            self.abstract = abstract
            self.legend = legend
        }
    }

    /// Pixels of a picture.
    public struct Size: Sendable, Hashable {
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int

        /// A size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// A document about the layer on the same server.
    public struct Link: Sendable, Hashable {
        /// The media type that its address answers with.
        public var mediaType: String
        /// The path on the server.
        public var path: String

        /// A link.
        public init(mediaType: String, path: String) {
            self.mediaType = mediaType
            self.path = path
        }
    }

    /// The name in requests.
    public var name: String
    /// The name for people.
    public var title: String
    /// What it shows.
    public var abstract: String?
    /// Words to find it by.
    public var keywords: [String] = []
    /// Whose data these are.
    public var credit: String?
    /// A page on the origin of the data.
    public var creditURL: String?
    /// The licence of the data.
    public var licence: String?
    /// The identifier of the HiPS.
    public var identifier: String?
    /// The coverage of the layer as a MOC.
    public var coverage: Link?
    /// The description of the HiPS itself.
    public var data: Link?
    /// The least longitude and latitude, and the greatest ones: planetocentric degrees, east, -180 to 180.
    public var geographicExtent: MapBox
    /// The smallest box in each coordinate system that it is offered in, in x and y.
    public var boxes: [SystemBox]
    /// The styles, the default one first.
    public var styles: [Style]
    /// Whether values or colours can be asked for at a place.
    public var isQueryable = true

    /// A layer; what is left out can be set afterwards.
    public init(
        name: String, title: String, geographicExtent: MapBox, boxes: [SystemBox], styles: [Style]
    ) {
        self.name = name
        self.title = title
        self.geographicExtent = geographicExtent
        self.boxes = boxes
        self.styles = styles
    }
}

/// A box in a coordinate system.
public struct SystemBox: Sendable, Hashable {
    /// The system as the service spells it, such as `IAU_2015:49900`.
    public var crs: String
    /// Whether the first axis of the system's definition is the one that points upwards: latitude before longitude.
    public var isNorthFirst: Bool
    /// The box in x and y.
    public var box: MapBox

    /// A box in a coordinate system.
    public init(crs: String, isNorthFirst: Bool, box: MapBox) {
        self.crs = crs
        self.isNorthFirst = isNorthFirst
        self.box = box
    }
}

extension MapBox {
    /// The box with its axes exchanged, as protocols write it that put the latitude first.
    var swapped: MapBox { MapBox(minX: minY, minY: minX, maxX: maxY, maxY: maxX) }

    /// The smallest box around two.
    func union(_ other: MapBox) -> MapBox {
        MapBox(
            minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
            maxY: max(maxY, other.maxY))
    }
}

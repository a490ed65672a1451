public import PlanetaryFrames

/// What lies at a place of a body, for the answers to GetFeatureInfo.
public struct PlaceReport: Sendable {
    /// What a layer has there.
    public enum Content: Sendable, Hashable {
        /// A value, its unit, and what it is counted from.
        case value(Double, unit: String?, reference: String?)
        /// A colour: red, green, blue.
        case colour(red: UInt8, green: UInt8, blue: UInt8)
    }

    /// A layer's part.
    public struct Finding: Sendable, Hashable {
        /// The name of the layer.
        public var layer: String
        /// Its title.
        public var title: String
        /// What it has.
        public var content: Content
        /// The order of the HEALPix cell of the layer's finest pixels.
        public var order: Int
        /// The number of that cell in the nested scheme.
        public var npix: Int64

        /// A finding.
        public init(layer: String, title: String, content: Content, order: Int, npix: Int64) {
            self.layer = layer
            self.title = title
            self.content = content
            self.order = order
            self.npix = npix
        }
    }

    /// The body.
    public var body: Body
    /// The place; nil outside of the map.
    public var place: (longitude: EastLongitude, latitude: PlanetocentricLatitude)?
    /// The coordinate system of the request.
    public var crs: String
    /// The place in that system, in the order x, y.
    public var coordinates: (x: Double, y: Double)
    /// What the layers have; none for those without data there.
    public var findings: [Finding]

    /// A report.
    public init(
        body: Body, place: (longitude: EastLongitude, latitude: PlanetocentricLatitude)?, crs: String,
        coordinates: (x: Double, y: Double), findings: [Finding]
    ) {
        self.body = body
        self.place = place
        self.crs = crs
        self.coordinates = coordinates
        self.findings = findings
    }

    /// The value of a field.
    enum Field {
        case text(String)
        case number(Double)
        case integer(Int64)

        var text: String {
            switch self {
            case .text(let text): text
            case .number(let number): "\(number)"
            case .integer(let integer): "\(integer)"
            }
        }

        var json: String {
            switch self {
            case .text(let text): JSONText.quoted(text)
            case .number(let number): JSONText.number(number)
            case .integer(let integer): "\(integer)"
            }
        }
    }

    /// Where the place is, in every way of counting.
    var placeFields: [(name: String, value: Field)] {
        guard let place else { return [] }
        let graphic = place.latitude.planetographic(on: body.spheroid)
        return [
            ("longitude_east", .number(Self.rounded(place.longitude.degrees))),
            ("longitude_west", .number(Self.rounded(place.longitude.west.degrees))),
            ("longitude_signed", .number(Self.rounded(place.longitude.signedDegrees))),
            ("latitude_planetocentric", .number(Self.rounded(place.latitude.degrees))),
            ("latitude_planetographic", .number(Self.rounded(graphic.degrees))),
        ]
    }

    /// What a layer has.
    func fields(of finding: Finding) -> [(name: String, value: Field)] {
        var fields: [(name: String, value: Field)] = []
        switch finding.content {
        case .value(let value, let unit, let reference):
            fields.append(("value", .number(value)))
            if let unit { fields.append(("unit", .text(unit))) }
            if let reference { fields.append(("reference", .text(reference))) }
        case .colour(let red, let green, let blue):
            fields += [
                ("red", .integer(Int64(red))), ("green", .integer(Int64(green))),
                ("blue", .integer(Int64(blue))),
            ]
        }
        fields.append(("healpix_order", .integer(Int64(finding.order))))
        fields.append(("healpix_nested", .integer(finding.npix)))
        return fields
    }

    /// Degrees to a billionth, which is a tenth of a millimetre on Jupiter's moons and says nothing that is not meant.
    private static func rounded(_ degrees: Double) -> Double { (degrees * 1e9).rounded() / 1e9 }
}

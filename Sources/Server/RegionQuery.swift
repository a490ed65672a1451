internal import HEALPix
internal import MOC
internal import Maps
internal import Regions

/// A region of a body as the parameters of a request say it.
struct RegionQuery {
    /// The parameters that were given, as they are needed on another thread.
    private let text: String?
    private let circle: (lon: String?, lat: String?, radius: String?)
    private let order: String?
    private let edges: String?
    private let interior: String?

    /// Vertices, circles and points that a region may have.
    static let mostShapes = 4096
    /// Cells along the border at the order that is chosen when none is asked for, and the most for one that is.
    static let usualCells = 16384.0
    static let mostCells = 1_000_000.0

    /// Why parameters are no region.
    struct Mistake: Error {
        let text: String
    }

    init(_ query: RequestQuery) {
        text = query["intersects"]
        circle = (query["lon"], query["lat"], query["radius"])
        order = query["order"]
        edges = query["edges"]
        interior = query["interior"]
    }

    /// What the region covers: a coverage as it is; of shapes every cell that they touch.
    ///
    /// - Parameter address: the address of the request, for messages.
    /// - Throws: ``Mistake`` with what to say to the client.
    func coverage(_ address: String) throws(Mistake) -> MOC {
        let hasCircle = circle.lon != nil || circle.lat != nil || circle.radius != nil
        guard (text != nil) != hasCircle else {
            throw Mistake(
                text: """
                    Say one region: \(address)?intersects=REGION with a coverage (3/12-14), an s_region (Circle 77.5 18.4 0.4), \
                    well-known text or GeoJSON, or \(address)?lon=77.5&lat=18.4&radius=0.4 in degrees.

                    """)
        }
        guard let text else { return try covered(try [cone()]) }
        let bytes = Array(text.utf8)
        guard let form = ShapeText(detecting: bytes) else {
            do {
                return try MOCDocument(reading: bytes, accepting: .overlaps).coverage.ofSpace()
            } catch {
                throw Mistake(text: "\(error)\n")
            }
        }
        let options = ShapeOptions(
            interior: try choice(interior, "interior", .smaller),
            edges: try choice(edges, "edges", .greatCircle))
        var regions: [Region] = []
        var count = 0
        do {
            _ = try form.read(bytes, options: options) { region throws(RegionError) in
                if case .polygon(let polygon) = region {
                    count += polygon.rings.reduce(0) { $0 + $1.count }
                } else {
                    count += 1
                }
                guard count <= Self.mostShapes else {
                    throw .shape(
                        "a region of a request has at most \(Self.mostShapes) vertices, circles and points")
                }
                regions.append(region)
            }
        } catch {
            throw Mistake(text: "intersects: \(error)\n")
        }
        return try covered(regions)
    }

    private func covered(_ regions: [Region]) throws(Mistake) -> MOC {
        func cells(_ order: Order) -> Double { regions.reduce(0) { $0 + $1.borderCells(order: order) } }
        var chosen = Order.maximum
        if let text = order {
            guard let order = Int(text).flatMap({ Order($0) }) else {
                throw Mistake(text: "order is \(RequestText.quoted(text)) where 0 to 29 is expected.\n")
            }
            chosen = order
            let estimate = cells(order)
            guard estimate <= Self.mostCells else {
                throw Mistake(
                    text: """
                        order is \(order), where the border of the region runs through about \(Int64(estimate)) cells; \
                        at most \(Int(Self.mostCells)) are allowed. Ask for a coarser order, or for none.

                        """)
            }
        } else {
            let finest = cells(.maximum)
            while chosen.value > 0, finest / Double(1 << (29 - chosen.value)) > Self.usualCells,
                let coarser = Order(chosen.value - 1)
            {
                chosen = coarser
            }
        }
        do {
            return try MOC(order: chosen, regions: regions)
        } catch {
            throw Mistake(text: "\(error)\n")
        }
    }

    /// The circle of `lon`, `lat` and `radius`; without a radius the place alone.
    private func cone() throws(Mistake) -> Region {
        let centre = Direction(
            lonDeg: try number(circle.lon, "lon", 720), latDeg: try number(circle.lat, "lat", 90))
        guard circle.radius != nil else { return .point(centre) }
        guard let cone = Cone(centre: centre, radiusRad: try number(circle.radius, "radius", 180) * .pi / 180)
        else {
            throw Mistake(
                text:
                    "radius is \(RequestText.quoted(circle.radius ?? "")) where 0 to 180 degrees are expected.\n"
            )
        }
        return .cone(cone)
    }

    private func number(_ text: String?, _ name: String, _ limit: Double) throws(Mistake) -> Double {
        guard let value = text.flatMap({ Double($0) }), abs(value) <= limit else {
            throw Mistake(
                text:
                    "\(name) is \(text.map(RequestText.quoted) ?? "missing") where degrees are expected, at most \(Int(limit)).\n"
            )
        }
        return value
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String?, _ name: String, _ usual: Choice
    ) throws(Mistake) -> Choice where Choice.RawValue == String {
        guard let text else { return usual }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw Mistake(text: "\(name) is \(RequestText.quoted(text)) where one of \(known) is expected.\n")
    }
}

public import PlanetaryFrames
internal import Synchronization

/// The coordinate reference systems in which maps of one body are drawn.
///
/// Systems that were asked for are kept, for PROJ takes milliseconds to read one.
public final class MapSystems: Sendable {
    /// What is understood beside the body's own systems.
    public struct Options: Sendable {
        /// Whether `EPSG:4326`, `CRS:84`, `EPSG:3857`, `EPSG:4087` and `EPSG:32662` stand for the body's own systems, in
        /// degrees or in metres of the Earth, for clients that know no other body.
        public var earthAliases: Bool
        /// Further systems: identifiers, such as `SITE:1`, and their definitions as WKT or PROJ strings.
        public var definitions: [(identifier: String, definition: String)]

        /// Options; without arguments the body's own systems alone.
        public init(
            earthAliases: Bool = false, definitions: [(identifier: String, definition: String)] = []
        ) {
            self.earthAliases = earthAliases
            self.definitions = definitions
        }
    }

    /// A system that was asked for by some text, and what is to be said of it.
    public typealias Reading = (crs: MapCRS, warnings: [String])

    /// The body.
    public let body: Body
    /// The systems that documents list, the geographic one first.
    public let advertised: [MapCRS]

    /// Identifiers of the options' definitions that cannot be used, and why.
    public let refused: [(identifier: String, reason: MapsError)]

    let catalogue: BodyCatalogue
    let options: Options
    /// Texts come from outside: their number is limited.
    private let known = Mutex<[String: Reading]>([:])
    private static let largestCount = 500

    /// The kinds of the IAU's systems that are advertised: geographic; equirectangular, sinusoidal, polar
    /// stereographic, Mollweide, Robinson and orthographic maps of the sphere.
    static let advertisedKinds = [0, 1, 2, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 65, 70]

    /// Reads the systems of a body.
    ///
    /// A definition of the options that cannot be used is left out; ``refused`` tells of it.
    ///
    /// - Throws: ``MapsError`` when PROJ cannot read the body's own systems.
    public init(
        body: Body, catalogue: BodyCatalogue, options: Options = Options()
    ) throws(MapsError) {
        self.body = body
        self.catalogue = catalogue
        let reader = MapCRSReader(body: body, catalogue: catalogue, options: options)
        var systems: [MapCRS] = []
        for kind in Self.advertisedKinds {
            if let crs = try reader.ownSystem(kind) { systems.append(crs) }
        }
        var (options, refused) = (options, [(identifier: String, reason: MapsError)]())
        for (identifier, _) in options.definitions {
            do throws(MapsError) {
                let crs = try reader.read(identifier).crs
                guard !systems.contains(where: { $0.identifier == crs.identifier }) else {
                    throw .unknownCRS(
                        text: identifier, reason: "another system of \(body.name) has this identifier")
                }
                systems.append(crs)
            } catch {
                refused.append((identifier, error))
                options.definitions.removeAll { $0.identifier == identifier }
            }
        }
        if options.earthAliases {
            for text in MapCRSReader.aliases { systems.append(try reader.read(text).crs) }
        }
        advertised = systems
        self.options = options
        self.refused = refused
    }

    /// The system of an identifier in any spelling that `CRSIdentifier` reads.
    ///
    /// - Returns: the system, and warnings where its definition has several readings.
    /// - Throws: ``MapsError/unknownCRS(text:reason:)``, or ``MapsError/otherBody(text:found:expected:)`` for a system of
    ///   another body.
    public func parse(_ text: String) throws(MapsError) -> Reading {
        guard text.utf8.count <= 1000 else {
            throw .unknownCRS(
                text: String(text.prefix(60)) + "...", reason: "an identifier has at most 1000 characters")
        }
        if let found = known.withLock({ $0[text] }) { return found }
        let reading = try MapCRSReader(body: body, catalogue: catalogue, options: options).read(text)
        known.withLock {
            if $0.count >= Self.largestCount { $0.removeAll() }
            $0[text] = reading
        }
        return reading
    }

    /// A system of one map alone, such as that of the file that it was built from.
    ///
    /// - Parameters:
    ///   - definition: WKT or a PROJ string.
    ///   - identifier: What documents call it; one of the body's own systems with the same numbers has its own identifier.
    /// - Throws: ``MapsError/unknownCRS(text:reason:)``, ``MapsError/otherBody(text:found:expected:)``.
    public func system(defined definition: String, as identifier: String) throws(MapsError) -> MapCRS {
        var options = options
        options.definitions = [(identifier, definition)]
        return try MapCRSReader(body: body, catalogue: catalogue, options: options).read(identifier).crs
    }
}

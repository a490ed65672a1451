internal import CPROJ

/// The bodies of the IAU's 2015 report, as PROJ's database lists them, and what was added to them.
public struct BodyCatalogue: Sendable {
    /// All bodies, by NAIF code.
    public let bodies: [Body]
    private let byCode: [Int: Body]
    /// The words of each body's name, for finding it inside longer names.
    let nameWords: [(words: [String], body: Body)]

    private static let cached = Result<BodyCatalogue, FrameError> { () throws(FrameError) in
        try BodyCatalogue(readingFrom: try PROJContext())
    }

    /// The catalogue of PROJ's `IAU_2015` authority, read once in a process.
    ///
    /// - Throws: `FrameError.database` when PROJ's database is missing or older than version 8.
    public static func iau2015() throws(FrameError) -> BodyCatalogue {
        try cached.get()
    }

    /// The body with a NAIF code, such as 499; nil when the catalogue has none.
    public func body(naifCode: Int) -> Body? {
        byCode[naifCode]
    }

    init(readingFrom context: PROJContext) throws(FrameError) {
        let authority = "IAU_2015"
        let systems = context.geographicCRSList(authority: authority)
        let planetographic = Set(systems.compactMap { Int($0.code) }.filter { $0 % 100 == 1 })
        var bodies: [Body] = []
        for system in systems {
            guard let code = Int(system.code), code % 100 == 0 else { continue }
            guard
                let radius = context.ellipsoid(authority: authority, code: system.code)?.semiAxesMetres()?
                    .major
            else { throw .database(reason: "\(authority):\(code) has no radius") }
            let naif = code / 100
            let suffix = system.name.range(of: " (2015)")?.lowerBound ?? system.name.endIndex
            let hasPlanetographic = planetographic.contains(code + 1)
            var axes = (a: radius, b: radius, c: radius)
            if let known = Body.triaxialSemiAxesMetres[naif] {
                axes = known
            } else if hasPlanetographic {
                let ellipsoid = context.ellipsoid(authority: authority, code: String(code + 1))
                guard let semiAxes = ellipsoid?.semiAxesMetres() else {
                    throw .database(reason: "\(authority):\(code + 1) has no ellipsoid")
                }
                axes = (semiAxes.major, semiAxes.major, semiAxes.minor)
            }
            var isWest: Bool?
            if hasPlanetographic {
                let crs = context.crs(authority: authority, code: String(code + 1))
                isWest = crs?.coordinateSystem()?.axes().contains { $0.direction == "west" }
            }
            var body = Body(
                name: String(system.name[..<suffix]), naifCode: naif, sphereRadiusMetres: radius,
                equatorialRadiusMetres: axes.a, intermediateRadiusMetres: axes.b,
                polarRadiusMetres: axes.c, planetographicLongitudeIsWest: isWest)
            body.rotation = Body.rotation(naifCode: naif)
            body.aliases = Body.otherNames[naif] ?? []
            bodies.append(body)
        }
        guard !bodies.isEmpty else {
            throw .database(reason: "it lists no \(authority) bodies (PROJ 8.1 or newer is needed)")
        }
        self.init(bodies)
    }

    /// A catalogue of bodies with different NAIF codes.
    init(_ bodies: [Body]) {
        self.bodies = bodies.sorted { $0.naifCode < $1.naifCode }
        byCode = Dictionary(bodies.map { ($0.naifCode, $0) }, uniquingKeysWith: { first, _ in first })
        nameWords = self.bodies.flatMap { body in
            ([body.name] + body.aliases).map { (NameWords.split($0), body) }
        }
    }
}

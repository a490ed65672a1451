/// Why a body or a coordinate reference system cannot be used; `description` says what to do about it.
///
/// `source` is the file's name, `crs` the name of its coordinate reference system and `use` the identifier
/// that a survey file would state if the map really were what the refused system is not.
public enum FrameError: Error, Sendable, Hashable {
    /// PROJ's database cannot be read.
    case database(reason: String)
    /// No body has this name or NAIF code.
    case unknownBody(name: String, nearest: [String])
    /// One text names several bodies.
    case ambiguousBody(source: String?, names: [String], text: String)
    /// An identifier that stands for no known system.
    case unsupportedIdentifier(text: String, reason: String)
    /// The file has no coordinate reference system.
    case noCRS(source: String)
    /// A definition that PROJ cannot read.
    case unreadableCRS(source: String, definition: String, reason: String)
    /// Not a geographic or projected system: local, vertical, geocentric, rotated.
    case unsupportedKind(source: String, crs: String, kind: String)
    /// A system of the Earth.
    case earth(source: String, crs: String, declared: String?, use: String?)
    /// Neither the system nor the survey names a body.
    case noBody(source: String, crs: String, radiusMetres: Double, candidates: [String])
    /// The file's body is not the declared one.
    case bodyConflict(source: String, crs: String, found: String, declared: String)
    /// The file's radius cannot belong to the body.
    case radiusConflict(
        source: String, crs: String, radiusMetres: Double, body: String, bodyRadiusMetres: Double)
    /// Geographic latitudes on an ellipsoid are planetographic.
    case planetographicLatitude(source: String, crs: String, body: String, flattening: Double, use: String)
    /// An equirectangular map whose northings are not the planetocentric latitude times the radius.
    case equirectangularOnEllipsoid(
        source: String, crs: String, body: String, flattening: Double, use: String)
    /// Longitudes or eastings that grow to the west.
    case westPositiveLongitude(source: String, crs: String, use: String)
    /// Axes that are not east and north.
    case unsupportedAxes(source: String, crs: String, found: String)
    /// Longitudes counted from another meridian than the body's own.
    case primeMeridian(source: String, crs: String, longitudeDegrees: Double, use: String)
    /// A map projection other than equirectangular.
    case unsupportedProjection(source: String, crs: String, method: String)
    /// A latitude of origin that writers use in two senses, kilometres apart.
    case ambiguousLatitudeOfOrigin(source: String, crs: String, degrees: Double, use: String)
    /// A radius, angle, offset or unit that is not usable.
    case badParameter(source: String, crs: String, name: String, value: Double)
    /// The survey gives a sphere planetographic latitudes, which are the same as planetocentric ones there.
    case latitudeOnSphere(source: String, crs: String)
    /// Planetocentric latitudes under formulas that are made for planetographic ones.
    case latitudeInEllipsoidalFormula(source: String, crs: String, projection: String)
    /// A scale factor of 0, which some writers leave where they mean 1.
    case zeroScale(source: String, crs: String, use: String)
    /// PROJ cannot make the projection.
    case unusableProjection(crs: String, operation: String, reason: String)
    /// A definition of a body that cannot be.
    case badDefinition(name: String, reason: String)
    /// Two systems of two bodies.
    case crossingBodies(from: String, fromBody: String, to: String, toBody: String)
    /// A code that cannot be written in a form without loss, or a body without codes.
    case notExpressible(crs: String, form: String, reason: String)
    /// Two maps of heights, or of longitudes, that count from different zeros.
    case mixedReferences(what: String, first: String, second: String)
    /// A map of a body with several systems of longitude that does not say which is its own.
    case noLongitudeSystem(source: String, body: String, known: [String])
    /// A reference of heights that cannot be.
    case badVertical(reason: String)
}

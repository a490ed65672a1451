public import PlanetaryFrames

/// How the samples of a source lie on the sphere.
public enum SourcePlacement: Sendable {
    /// Columns are longitudes and rows latitudes.
    case grid(SourceGrid)
    /// Columns and rows are those of a map projection.
    case projected(ProjectedPlacement)

    /// Whether the whole body is covered, so that nothing outside the source is asked for.
    public var isComplete: Bool {
        guard case .grid(let grid) = self else { return false }
        return grid.wraps && grid.northGap != nil && grid.southGap != nil
    }
}

/// What is believed of a source's coordinate reference system, whatever its projection.
public struct SourceFrame: Sendable {
    /// The body.
    public let body: Body
    /// The equatorial radius in metres that the file was made with.
    public let radiusMetres: Double
    /// The name of the coordinate reference system in the file.
    public let crsName: String
    /// The IAU code of the same system, such as `IAU_2015:49910`; nil where there is none.
    public let identifier: String?
    /// The system as WKT2:2019.
    public let wkt2: String
    /// How the file's radius differs from the IAU's; nil where it does not.
    public let radiusNote: String?
    /// The projection's name for people.
    public let projectionName: String

    init(_ frame: GridFrame) {
        body = frame.body
        radiusMetres = frame.radiusMetres
        crsName = frame.crsName
        identifier = frame.identifier
        wkt2 = frame.wkt2
        radiusNote = frame.radiusNote
        switch frame.kind {
        case .geographic: projectionName = MapProjection.geographic.rawValue
        case .equirectangular: projectionName = MapProjection.equirectangular.rawValue
        }
    }

    init(_ frame: MapFrame) {
        body = frame.body
        radiusMetres = frame.radiusMetres
        crsName = frame.crsName
        identifier = frame.identifier.map { "\($0)" }
        wkt2 = frame.wkt2
        radiusNote = frame.notes.isEmpty ? nil : frame.notes.joined(separator: "; ")
        projectionName = frame.projection.rawValue
    }
}

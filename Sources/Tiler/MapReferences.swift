internal import HiPS
public import PlanetaryFrames
public import Rasters

/// What the longitudes and the heights of a map are counted from, for holding it against another map.
public struct MapReferences: Sendable {
    /// The meridian; nil where nothing is said of it.
    public let longitudes: LongitudeSystem?
    /// What heights count from; nil for colours and where nothing is known.
    public let heights: VerticalReference?

    /// Those of a raster that is asked for.
    public init(_ request: BuildRequest, _ source: RasterSource) {
        longitudes = request.declaration.longitudeSystem.map { source.frame.body.resolved($0) }
        heights = HiPSPlan.vertical(request, source)?.reference
    }

    /// Those that the properties of a HiPS tell.
    public init(hips folder: String, body: Body) {
        let properties = HiPSFolder.properties(folder)
        longitudes = properties?["tessera_longitude_system"].flatMap { LongitudeSystem(propertyText: $0) }
            .map { body.resolved($0) }
        heights = properties?["tessera_vertical"].flatMap { VerticalReference(propertyText: $0) }
    }

    /// Refuses maps whose longitudes no offset brings together: of systems that turn at different rates. Others have been
    /// brought to the IAU's.
    ///
    /// - Throws: `FrameError.mixedReferences`.
    public func requireSameMeridian(as other: MapReferences, of body: Body) throws(FrameError) {
        guard body.needsLongitudeSystem, let mine = longitudes, let theirs = other.longitudes,
            mine.offsetToIAUDegrees == nil || theirs.offsetToIAUDegrees == nil
        else { return }
        try mine.requireSame(as: theirs)
    }

    /// What has to be known before heights of the two maps are compared or put together; nil where nothing has. Where they
    /// lie can be compared all the same.
    public func noteOnHeights(with other: MapReferences) -> String? {
        guard let heights, let theirs = other.heights else { return nil }
        do {
            try heights.requireSame(as: theirs)
            return nil
        } catch {
            return error.description
        }
    }
}

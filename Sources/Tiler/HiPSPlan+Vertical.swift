public import PlanetaryFrames
internal import Rasters

extension HiPSPlan {
    /// What heights are counted from, as the survey says, or as the name of a known product does with its reason; nil for
    /// colours and where nothing is known.
    public var vertical: (reference: VerticalReference, reason: String?)? { Self.vertical(request, source) }

    /// The same of a raster that is not planned.
    static func vertical(
        _ request: BuildRequest, _ source: RasterSource
    ) -> (reference: VerticalReference, reason: String?)? {
        guard source.plan.isValues else { return nil }
        if let stated = request.vertical { return (stated, nil) }
        // Bytes are brightness as a rule, also in relief that is made of heights and named after them.
        guard !source.plan.isBytes else { return nil }
        for name in [MapProperties.progenitor(request), request.title ?? ""] {
            let known = VerticalReference.known(
                product: name, body: source.frame.body, offset: source.plan.offset)
            if let known { return (known.reference, known.reason) }
        }
        return nil
    }
}

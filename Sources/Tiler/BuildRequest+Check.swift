internal import HEALPix
internal import HiPS
public import PlanetaryFrames
internal import Pixels
internal import Rasters

extension BuildRequest {
    /// Finds the mistakes that show without the source.
    /// - Returns: the map that it would make, such as `mars/viking`; nil where only the source says the body.
    /// - Throws: ``TilerError`` for an identifier, order, colour map, coordinate reference system or system of longitudes
    ///   that no source could make right.
    public func check(catalogue: BodyCatalogue) throws(TilerError) -> String? {
        try HiPSPlan.checkIdentifier(self)
        _ = try HiPSPlan.colourMap(self)
        if let order { _ = try HiPSPlan.checkedOrder(order) }
        do {
            if let body = declaration.body {
                try body.requireLongitudeSystem(declaration.longitudeSystem, source: source)
            }
            if let crs = declaration.crs { try checkCRS(crs, catalogue) }
        } catch {
            throw .source(.frame(error))
        }
        guard let body = declaration.body else { return nil }
        let name = HiPSPlan.slug(self)
        guard !name.isEmpty else { return nil }
        return "\(body.pathName)/\(name)"
    }

    /// Refuses a system that is none, or another body's; what it means of a source, the source decides.
    private func checkCRS(_ crs: String, _ catalogue: BodyCatalogue) throws(FrameError) {
        do {
            _ = try GridFrame(
                definition: crs, declaredBody: declaration.body, catalogue: catalogue, source: source)
        } catch {
            switch error {
            case .unknownBody, .ambiguousBody, .unsupportedIdentifier, .unreadableCRS, .earth, .bodyConflict,
                .radiusConflict, .badDefinition:
                throw error
            default: return
            }
        }
    }
}

internal import Glibc
internal import HEALPix
internal import HiPS
internal import MOC
internal import PlanetaryFrames
internal import Pixels
internal import Rasters
internal import Tiles

/// The `properties` of a built HiPS (HiPS 1.0, section 4.4; planetary keys as both Aladins read them).
enum MapProperties {
    static func make(
        _ plan: HiPSPlan, _ statistics: BuildStatistics, moc: MOC, fingerprint: String, version: String,
        bytes: Int
    ) -> HiPSProperties {
        let request = plan.request
        let body = plan.source.frame.body
        let now = HiPSProperties.timestamp(buildTime())
        var properties = HiPSProperties()
        properties["creator_did"] = request.id ?? "ivo://localhost/\(plan.map.body)/\(plan.map.name)"
        properties["obs_title"] = request.title ?? "\(body.name) \(plan.map.name)"
        properties["obs_description"] = request.description ?? description(plan)
        properties["obs_copyright"] = request.credit
        properties["tessera_licence"] = request.licence
        properties["prov_progenitor"] = progenitor(request)
        properties["dataproduct_type"] = "image"
        // Aladin Desktop shows PNG and JPEG tiles as grey values unless it is told that they are colours, and
        // takes FITS tiles for colours when it is told so.
        let coloured = !plan.source.plan.isValues || plan.tiles.palette?.colours.isGrey == false
        if coloured, !plan.tiles.formats.contains(.fits) { properties["dataproduct_subtype"] = "color" }
        properties["hips_version"] = "1.4"
        properties["hips_builder"] = "Tessera \(version)"
        properties["hips_creation_date"] = now
        properties["hips_release_date"] = now
        properties["hips_status"] = "public master clonableOnce"
        properties["hips_frame"] = plan.map.body
        properties["hips_body"] = plan.map.body
        properties["hips_order"] = String(plan.tiles.leafOrder.value)
        properties["hips_order_min"] = "0"
        properties["hips_tile_width"] = String(tileWidth)
        properties["hips_tile_format"] = plan.tiles.formats.map(\.propertyWord).joined(separator: " ")
        properties["hips_pixel_scale"] = number(TilePlan.pixelDegrees(order: plan.tiles.leafOrder.value))
        properties["s_pixel_scale"] = number(plan.source.resolutionDegrees)
        properties["hips_pixel_bitpix"] = String(plan.source.plan.kind.bitpix)
        if plan.source.plan.isValues, let cut = plan.cut { properties.pixelCut = cut }
        if let range = statistics.dataRange { properties.dataRange = range }
        if !plan.source.unit.isEmpty { properties["hips_pixel_unit"] = plan.source.unit }
        properties["moc_order"] = String(plan.tiles.mocOrder.value)
        properties["moc_sky_fraction"] = number(moc.coverageFraction)
        properties["hips_nb_tiles"] = String(statistics.tiles.reduce(0, +))
        properties["hips_estsize"] = String((bytes + 1023) / 1024)
        let view = MapView(plan.source.placement)
        properties["hips_initial_ra"] = number(view.centre.lonRad * 180 / .pi)
        properties["hips_initial_dec"] = number(view.centre.latRad * 180 / .pi)
        properties["hips_initial_fov"] = number(view.fieldDegrees)
        properties["tessera_crs"] = body.sphereDefinition
        properties["tessera_source_crs"] = plan.source.frame.identifier ?? plan.source.frame.crsName
        properties["tessera_radii"] = [
            body.equatorialRadiusMetres, body.intermediateRadiusMetres, body.polarRadiusMetres,
        ].map(number).joined(separator: " ")
        properties["tessera_source_radius"] = number(plan.source.frame.radiusMetres)
        properties["tessera_latitude"] = "planetocentric"
        properties["tessera_longitude"] = "east"
        properties["tessera_longitude_system"] =
            request.declaration.longitudeSystem.map { body.resolved($0).propertyText }
        if !body.isFunctionOfDirection { properties["tessera_surface"] = "radial projection" }
        if let vertical = plan.vertical {
            properties["tessera_vertical"] = vertical.reference.propertyText
            properties["tessera_vertical_reason"] = vertical.reason
        }
        properties["tessera_resampling"] = word(plan.tiles.resampling)
        if plan.source.plan.isValues {
            properties["tessera_stretch"] = request.stretch.rawValue
            properties["tessera_colormap"] = plan.tiles.palette?.colours.name
        }
        properties["tessera_build_id"] = fingerprint
        return properties
    }

    /// The source's file name: what a later build is compared with.
    ///
    /// Everybody may read it. What follows the path of an address may be a signature, also where the address is that of
    /// an archive, and what stands before the name of a server a password: both are left out.
    static func progenitor(_ request: BuildRequest) -> String {
        let isAddress = ["/vsicurl", "/vsiwebhdfs", "://"].contains { request.source.contains($0) }
        guard isAddress else {
            return request.source.split(separator: "/").last.map(String.init) ?? request.source
        }
        let source = request.source.prefix { $0 != "?" && $0 != "#" }
        let parts = source.split(separator: "/")
        guard let last = parts.last else { return "source" }
        // An address without a path ends with its server.
        guard parts.dropLast().last?.hasSuffix(":") ?? false else { return String(last) }
        return last.split(separator: "@").last.map(String.init) ?? "source"
    }

    private static func description(_ plan: HiPSPlan) -> String {
        let body = plan.source.frame.body.name
        let resolution = plan.source.resolutionMetres
        let metres =
            resolution < 10 ? number((resolution * 100).rounded() / 100) : number(resolution.rounded())
        return "Map of \(body) at about \(metres) m per pixel, in planetocentric latitude and east longitude "
            + "(\(plan.source.frame.body.sphereDefinition))."
    }

    static func word(_ resampling: Resampling) -> String {
        switch resampling {
        case .at(.nearest): "nearest"
        case .at(.bilinear): "bilinear"
        case .at(.bicubic): "bicubic"
        case .at(.lanczos): "lanczos"
        case .average: "average"
        }
    }

    /// Now, or the time that reproducible builds set (SOURCE_DATE_EPOCH, reproducible-builds.org).
    private static func buildTime() -> Int64 {
        if let text = getenv("SOURCE_DATE_EPOCH"), let seconds = Int64(String(cString: text)) {
            return seconds
        }
        return Int64(time(nil))
    }

    /// Digits as they are needed: whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}

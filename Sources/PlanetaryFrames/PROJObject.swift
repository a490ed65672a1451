internal import CPROJ

/// One PROJ object with its context: freed when the last user lets go.
final class PROJObject {
    private let context: PROJContext
    private let pointer: OpaquePointer

    init?(_ context: PROJContext, _ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.context = context
        self.pointer = pointer
    }

    deinit { proj_destroy(pointer) }

    var type: PJ_TYPE { proj_get_type(pointer) }
    var name: String { proj_get_name(pointer).map { String(cString: $0) } ?? "" }

    /// Authority and code written in the object itself.
    var identifier: (authority: String, code: String)? {
        guard let authority = proj_get_id_auth_name(pointer, 0), let code = proj_get_id_code(pointer, 0)
        else {
            return nil
        }
        return (String(cString: authority), String(cString: code))
    }

    /// WKT2:2019 on one line; nil where PROJ cannot write the object so.
    var wkt2: String? { wkt(PJ_WKT2_2019) }

    /// WKT of a dialect on one line; nil where PROJ cannot write the object so.
    func wkt(_ dialect: PJ_WKT_TYPE) -> String? {
        let option = "MULTILINE=NO"
        return option.withCString { line in
            var options: [UnsafePointer<CChar>?] = [line, nil]
            // PROJ owns the text and keeps it until the object goes: it is copied here.
            return proj_as_wkt(context.pointer, pointer, dialect, &options).map { String(cString: $0) }
        }
    }

    /// PROJJSON on one line; nil where PROJ cannot write the object so.
    var projJSON: String? {
        let option = "MULTILINE=NO"
        return option.withCString { line in
            var options: [UnsafePointer<CChar>?] = [line, nil]
            return proj_as_projjson(context.pointer, pointer, &options).map { String(cString: $0) }
        }
    }

    func sourceCRS() -> PROJObject? { PROJObject(context, proj_get_source_crs(context.pointer, pointer)) }
    func subCRS(_ index: Int32) -> PROJObject? {
        PROJObject(context, proj_crs_get_sub_crs(context.pointer, pointer, index))
    }
    func geodeticCRS() -> PROJObject? {
        PROJObject(context, proj_crs_get_geodetic_crs(context.pointer, pointer))
    }
    func datum() -> PROJObject? { PROJObject(context, proj_crs_get_datum_forced(context.pointer, pointer)) }
    func ellipsoid() -> PROJObject? { PROJObject(context, proj_get_ellipsoid(context.pointer, pointer)) }
    func primeMeridian() -> PROJObject? {
        PROJObject(context, proj_get_prime_meridian(context.pointer, pointer))
    }
    func conversion() -> PROJObject? {
        PROJObject(context, proj_crs_get_coordoperation(context.pointer, pointer))
    }
    func coordinateSystem() -> PROJObject? {
        PROJObject(context, proj_crs_get_coordinate_system(context.pointer, pointer))
    }

    /// Semi-axes of an ellipsoid in metres.
    func semiAxesMetres() -> (major: Double, minor: Double)? {
        var major = 0.0
        var minor = 0.0
        var computed: Int32 = 0
        var inverseFlattening = 0.0
        guard
            proj_ellipsoid_get_parameters(
                context.pointer, pointer, &major, &minor, &computed, &inverseFlattening) != 0
        else { return nil }
        return (major, minor)
    }

    /// Longitude of a prime meridian in degrees.
    func primeMeridianDegrees() -> Double? {
        var value = 0.0
        var factor = 0.0
        guard proj_prime_meridian_get_parameters(context.pointer, pointer, &value, &factor, nil) != 0 else {
            return nil
        }
        return degrees(value, radiansPerUnit: factor)
    }

    /// The kind of a coordinate system.
    var coordinateSystemType: PJ_COORDINATE_SYSTEM_TYPE { proj_cs_get_type(context.pointer, pointer) }

    /// The axes of a coordinate system in its own order.
    func axes() -> [PROJAxis] {
        let count = proj_cs_get_axis_count(context.pointer, pointer)
        guard count > 0 else { return [] }
        return (0..<count).compactMap { index in
            var name: UnsafePointer<CChar>?
            var direction: UnsafePointer<CChar>?
            var unit: UnsafePointer<CChar>?
            var factor = 0.0
            guard
                proj_cs_get_axis_info(
                    context.pointer, pointer, index, &name, nil, &direction, &factor, &unit, nil, nil) != 0
            else { return nil }
            return PROJAxis(
                name: name.map { String(cString: $0) } ?? "",
                direction: direction.map { String(cString: $0) } ?? "",
                unitName: unit.map { String(cString: $0) } ?? "", unitFactor: factor)
        }
    }

    /// Name of the method of a conversion and its EPSG code, 0 when it has none.
    func method() -> (name: String, epsgCode: Int) {
        var name: UnsafePointer<CChar>?
        var authority: UnsafePointer<CChar>?
        var code: UnsafePointer<CChar>?
        guard
            proj_coordoperation_get_method_info(context.pointer, pointer, &name, &authority, &code) != 0
        else { return ("unknown", 0) }
        let isEPSG = authority.map { String(cString: $0) == "EPSG" } ?? false
        return (
            name.map { String(cString: $0) } ?? "unknown",
            isEPSG ? code.flatMap { Int(String(cString: $0)) } ?? 0 : 0
        )
    }

    /// The parameters of a conversion.
    func parameters() -> [PROJParameter] {
        let count = proj_coordoperation_get_param_count(context.pointer, pointer)
        guard count > 0 else { return [] }
        return (0..<count).compactMap { index in
            var name: UnsafePointer<CChar>?
            var code: UnsafePointer<CChar>?
            var value = 0.0
            var factor = 0.0
            guard
                proj_coordoperation_get_param(
                    context.pointer, pointer, index, &name, nil, &code, &value, nil, &factor, nil, nil, nil,
                    nil)
                    != 0
            else { return nil }
            return PROJParameter(
                name: name.map { String(cString: $0) } ?? "",
                epsgCode: code.flatMap { Int(String(cString: $0)) } ?? 0, value: value, unitFactor: factor)
        }
    }
}

/// An axis of a coordinate system; `unitFactor` is metres or radians per unit.
struct PROJAxis {
    let name: String
    let direction: String
    let unitName: String
    let unitFactor: Double
}

/// A parameter of a conversion; `unitFactor` is metres or radians per unit.
struct PROJParameter {
    let name: String
    let epsgCode: Int
    let value: Double
    let unitFactor: Double
}

/// An angle in degrees, left untouched where it already was in degrees (WKT rounds that factor to 15 digits).
func degrees(_ value: Double, radiansPerUnit factor: Double) -> Double {
    let scale = factor * (180 / Double.pi)
    return abs(scale - 1) < 1e-12 ? value : value * scale
}

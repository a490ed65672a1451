internal import CPROJ

/// One PROJ context, owned by the call that made it and never shared between threads.
///
/// PROJ's rule is one context per thread at a time; the class is deliberately not `Sendable`, so that the
/// compiler keeps it to that. What PROJ would print is kept in `messages`.
final class PROJContext {
    let pointer: OpaquePointer
    private(set) var messages: [String] = []

    /// Opens PROJ and its database, without network access.
    init() throws(FrameError) {
        guard let made = proj_context_create() else {
            throw .database(reason: "PROJ could not make a context")
        }
        pointer = made
        proj_log_level(made, PJ_LOG_ERROR)
        proj_context_set_enable_network(made, 0)
        // The pointer to self is unretained: PROJ uses it only inside calls on this context, which `deinit`
        // ends.
        proj_log_func(made, Unmanaged.passUnretained(self).toOpaque()) { owner, _, text in
            guard let owner, let text else { return }
            Unmanaged<PROJContext>.fromOpaque(owner).takeUnretainedValue().messages.append(
                String(cString: text))
        }
    }

    deinit { proj_context_destroy(pointer) }

    /// Parses WKT, PROJJSON or a PROJ string; nil when PROJ cannot read it (see `lastMessage`).
    func parse(_ definition: String) -> PROJObject? {
        messages.removeAll()
        return PROJObject(self, proj_create(pointer, definition))
    }

    /// Reads a coordinate reference system from PROJ's database; nil when it has no such code.
    func crs(authority: String, code: String) -> PROJObject? {
        PROJObject(self, proj_create_from_database(pointer, authority, code, PJ_CATEGORY_CRS, 0, nil))
    }

    /// Reads an ellipsoid from PROJ's database; nil when it has no such code.
    func ellipsoid(authority: String, code: String) -> PROJObject? {
        PROJObject(self, proj_create_from_database(pointer, authority, code, PJ_CATEGORY_ELLIPSOID, 0, nil))
    }

    /// What PROJ said last, without its own name in front.
    var lastMessage: String {
        guard let last = messages.last else { return "PROJ gives no reason" }
        guard let colon = last.range(of: ": ") else { return last }
        return last.hasPrefix("proj_") ? String(last[colon.upperBound...]) : last
    }

    /// Names and codes of an authority's geographic systems, as PROJ lists them.
    func geographicCRSList(authority: String) -> [(name: String, code: String)] {
        guard let parameters = proj_get_crs_list_parameters_create() else { return [] }
        defer { proj_get_crs_list_parameters_destroy(parameters) }
        var count: Int32 = 0
        return withUnsafeTemporaryAllocation(of: PJ_TYPE.self, capacity: 1) { types in
            types.initialize(repeating: PJ_TYPE_GEOGRAPHIC_2D_CRS)
            parameters.pointee.types = UnsafePointer(types.baseAddress)
            parameters.pointee.typesCount = 1
            guard let list = proj_get_crs_info_list_from_database(pointer, authority, parameters, &count)
            else {
                return []
            }
            defer { proj_crs_info_list_destroy(list) }
            // PROJ promises `count` non-null entries and owns them until the list is destroyed.
            return (0..<Int(count)).compactMap { index in
                guard let entry = list[index]?.pointee, let name = entry.name, let code = entry.code else {
                    return nil
                }
                return (String(cString: name), String(cString: code))
            }
        }
    }
}

extension String {
    /// The first place of a short ASCII text, without Foundation.
    func range(of needle: String) -> Range<String.Index>? {
        ranges(of: needle).first
    }
}

extension WCS1CoverageParameters {
    /// Reads the parameters of GetCoverage (OGC 03-065r6, table 9).
    init(_ query: KVPQuery) throws(OGCException) {
        self.init(coverage: try query.required("COVERAGE"), format: try query.required("FORMAT"))
        // GDAL writes an empty one for systems that it has no EPSG code for, and means the coverage's own.
        crs = try query.optional("CRS")
        responseCRS = try query.optional("RESPONSE_CRS")
        box = try query.optional("BBOX").map { (text) throws(OGCException) in try Self.box(text) }
        size = try Self.size(query)
        interpolation = try query.optional("INTERPOLATION")
        var bands = try query.optional("BAND")
        if bands == nil { bands = try query.optional("BANDS") }
        range = try Self.range(bands ?? "")
    }

    private static func box(_ text: String) throws(OGCException) -> [Double] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { NumberText.double(WCSText.trimmed($0)) }
        // Least and greatest height may follow; coverages have none.
        guard numbers.count == parts.count, numbers.count == 4 || numbers.count == 6 else {
            throw .invalid("BBOX", "is \(OGCException.quoted(text)); minx,miny,maxx,maxy was expected")
        }
        let box = Array(numbers.prefix(4))
        guard box[0] <= box[2], box[1] <= box[3] else {
            throw .invalid("BBOX", "is \(OGCException.quoted(text)); the lesser bounds come first")
        }
        return box
    }

    private static func size(_ query: KVPQuery) throws(OGCException) -> Size? {
        let (width, height) = (try query.optional("WIDTH"), try query.optional("HEIGHT"))
        let (x, y) = (try query.optional("RESX"), try query.optional("RESY"))
        if width != nil || height != nil {
            guard let width else { throw .missing("WIDTH") }
            guard let height else { throw .missing("HEIGHT") }
            return .pixels(width: try pixels(width, "WIDTH"), height: try pixels(height, "HEIGHT"))
        }
        guard x != nil || y != nil else { return nil }
        guard let x else { throw .missing("RESX") }
        guard let y else { throw .missing("RESY") }
        return .resolution(x: try resolution(x, "RESX"), y: try resolution(y, "RESY"))
    }

    private static func pixels(_ text: String, _ name: String) throws(OGCException) -> Int {
        guard let number = NumberText.integer(text), number > 0 else {
            throw .invalid(name, "is \(OGCException.quoted(text)); a whole number above 0 was expected")
        }
        return number
    }

    private static func resolution(_ text: String, _ name: String) throws(OGCException) -> Double {
        // The size of a pixel downwards is written below 0 by some.
        guard let number = NumberText.double(text), number != 0 else {
            throw .invalid(name, "is \(OGCException.quoted(text)); the size of a pixel was expected")
        }
        return abs(number)
    }

    /// Reads fields of the axis `band`: names or numbers from 1, or `first/last` (OGC 03-065r6, section 9.2.2.8).
    private static func range(_ text: String) throws(OGCException) -> [WCSRangeItem] {
        var items: [WCSRangeItem] = []
        for word in WCSText.words(text) {
            let ends = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard (1...3).contains(ends.count), ends.allSatisfy({ !$0.isEmpty }) else {
                throw .invalid(
                    "BAND", "is \(OGCException.quoted(text)); names of bands or first/last were expected")
            }
            items.append(ends.count == 1 ? .component(ends[0]) : .interval(ends[0], ends[1]))
        }
        return items
    }
}

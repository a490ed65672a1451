public import GDAL

/// The kind of sample that a source is worked on in, and that its FITS tiles hold.
public enum SampleKind: String, Sendable {
    case uint8, int16, int32, float32, float64, colour

    /// FITS BITPIX of the kind; colour has none of its own and counts as bytes.
    public var bitpix: Int {
        switch self {
        case .uint8, .colour: 8
        case .int16: 16
        case .int32: 32
        case .float32: -32
        case .float64: -64
        }
    }
}

/// What decides besides the samples themselves which of them are valid.
public enum MaskOrigin: Sendable, Equatable {
    /// Nothing.
    case none
    /// A band, counted from 1: where it is 0 there are no data.
    case alpha(band: Int)
    /// The mask that belongs to the file.
    case file
}

/// How stored samples become the samples that are worked on.
public struct SamplePlan: Sendable, Equatable {
    /// The working kind.
    public let kind: SampleKind
    /// Stored type of the band or bands.
    public let storedType: SampleType
    /// Bands that are used, counted from 1: one for values, three for colour, four with alpha.
    public let bands: [Int]
    /// physical = stored * scale + offset; 1 and 0 where values are used as stored.
    public let scale: Double
    /// See ``scale``.
    public let offset: Double
    /// The stored value that means "no data".
    public let noData: Double?
    /// Further stored values that mean "no data", wherever they are.
    public let pointRule: NoDataRule?
    /// What means "no data" in its place in the image, for which a mask of the whole image has to be made.
    public let imageRule: NoDataRule?
    /// The mask or alpha band that decides on validity.
    public let mask: MaskOrigin
    /// Whether a mask or alpha band decides on validity.
    public var usesMask: Bool { mask != .none }
    /// Colour of each stored index, for palette bands; empty otherwise.
    public let palette: [Band.PaletteEntry]
    /// Whether any sample can be invalid.
    public let mayBeInvalid: Bool
    /// The working value that stands for "no data" in integer tiles; nil for floats and colour.
    public let blank: Int?

    /// Whether a valid sample of the file can equal ``blank``: then it is moved by one unit.
    public var blankMayOccur: Bool {
        guard let blank, noData != Double(blank) else { return false }
        switch (kind, storedType) {
        case (.int16, .int16), (.int32, .int32): return true
        default: return false
        }
    }

    /// Whether the samples are physical values rather than colours.
    public var isValues: Bool { kind != .colour }

    /// Name of the stored type, such as "int16".
    public var storedTypeName: String { storedType.rawValue }

    /// Whether samples are stored as bytes and used as they are.
    public var isBytes: Bool { storedType == .uint8 && scale == 1 && offset == 0 }

    /// Chooses the working kind for the bands of a file.
    /// - Parameters:
    ///   - noData: what the survey says instead of the file: nil keeps the file's, `.some(nil)` means none.
    ///   - rule: what the survey says besides, or in the place of the file where it names values or a range.
    ///   - special: stored values that stand for no data beside that.
    ///   - complete: whether the grid covers the whole body, so that nothing outside it is asked for.
    ///   - choice: the band of values, or those of red, green and blue; nil leaves it to the file.
    ///   - meanings: what the bands show, for messages.
    /// - Throws: ``RasterError/bands(path:found:remedy:)`` where the file has several bands that are no colours, and none
    ///   is chosen.
    public init(
        bands: [Band], path: String, noData override: Double??, rule: NoDataRule? = nil,
        special: [Double] = [],
        complete: Bool, choice: [Int]? = nil, meanings: [SourceBand] = []
    ) throws(RasterError) {
        let layout = try Self.layout(bands, path: path, choice: choice, meanings: meanings)
        let first = bands[layout.bands[0] - 1]
        guard let type = first.type else {
            throw .bands(
                path: path, found: "its samples are of type \(first.typeName)",
                remedy: "expected 8, 16 or 32-bit integers or 32 or 64-bit floats; convert it first")
        }
        storedType = type
        self.bands = layout.bands
        palette = layout.isPalette ? first.palette : []
        // GDAL's own mask leaves out an alpha band that comes first, and one beside a nodata value.
        mask = layout.alpha.map { .alpha(band: $0) } ?? (first.hasMask ? .file : .none)
        var declared = first.noData
        if let override { declared = override }
        let rules = Self.rules(rule, special: special, declared: &declared, type)
        (pointRule, imageRule) = (rules.point, rules.image)
        noData = declared
        scale = layout.isColour ? 1 : first.scale
        offset = layout.isColour ? 0 : first.offset
        guard scale.isFinite, scale != 0, offset.isFinite else {
            throw .bands(
                path: path, found: "its values are declared as stored * \(scale) + \(offset)",
                remedy:
                    "expected a finite scale other than 0 and a finite offset; correct them, for instance "
                    + "with gdal_edit.py -scale -offset")
        }
        let scaled = scale != 1 || offset != 0
        let kind =
            layout.isColour ? .colour : Self.valueKind(type, scaled: scaled, scale: scale, offset: offset)
        mayBeInvalid =
            !complete || mask != .none || declared != nil || pointRule != nil || imageRule != nil
            || kind == .float32 || kind == .float64
            || !type.isInteger || !palette.isEmpty
        (self.kind, blank) = Self.withBlank(
            kind, noData: declared, needed: mayBeInvalid, storedType: type)
    }

    /// Settles what decides by value alone and what by place.
    ///
    /// One value that decides alone is the nodata value itself. Only values that may be data where they are not connected
    /// to the edge are asked for their place: special values of a label, and numbers of a float that no map holds, are none
    /// wherever they are, unless the survey names them.
    private static func rules(
        _ rule: NoDataRule?, special: [Double], declared: inout Double?, _ type: SampleType
    ) -> (point: NoDataRule?, image: NoDataRule?) {
        let rounding: NoDataRule.FloatingPointRounding = type == .float32 ? .float32 : .none
        var image: NoDataRule?
        var point = NoDataRule(values: special.filter { $0 != declared && !$0.isNaN })
        if var rule {
            rule.values.removeAll { $0.isNaN }
            let names = !rule.values.isEmpty || rule.range != nil
            if names {
                point.values = []
                if !rule.needsWholeImage {
                    (point.values, point.range) = (rule.values, rule.range)
                }
            } else if rule.needsWholeImage {
                rule.values = point.values + (declared.map { [$0] } ?? [])
                point.values = []
            }
            if rule.isEdgeConnected {
                let named = names ? rule.rounded(to: rounding) : NoDataRule()
                let extreme = declared.flatMap { Self.isNeverData($0, type) ? $0 : nil }
                for value in special + (extreme.map { [$0] } ?? []) where !value.isNaN {
                    let value = type == .float32 ? Double(Float(value)) : value
                    let isNeverData = Self.isNeverData(value, type)
                    let isNamed =
                        named.values.contains(value) || (!isNeverData && named.matches(value))
                        || (!names && !isNeverData && value == declared)
                    if !isNamed, !point.values.contains(value) { point.values.append(value) }
                }
            }
            if names || rule.needsWholeImage { declared = nil }
            if rule.needsWholeImage { image = rule.rounded(to: rounding) }
        }
        if point.range == nil, declared == nil, point.values.count == 1 {
            declared = point.values[0]
            point.values = []
        }
        let isEmpty = point.values.isEmpty && point.range == nil
        return (isEmpty ? nil : point.rounded(to: rounding), image)
    }

    /// Whether a value is one that only files write, and no instrument: the least of a signed type, or a float as large as
    /// the largest.
    private static func isNeverData(_ value: Double, _ type: SampleType) -> Bool {
        switch type {
        case .int16: value == Double(Int16.min)
        case .int32: value == Double(Int32.min)
        case .float32, .float64: abs(value) >= 1e30
        default: false
        }
    }

    private struct Layout {
        var bands: [Int]
        var isColour = false
        /// The number of the alpha band, the last of ``bands`` where these are colours.
        var alpha: Int?
        var isPalette = false
    }

    private static func layout(
        _ bands: [Band], path: String, choice: [Int]?, meanings: [SourceBand]
    ) throws(RasterError) -> Layout {
        if bands[0].role == .palette, !bands[0].palette.isEmpty, bands[0].type != .uint8 || bands.count > 1 {
            throw .bands(
                path: path,
                found: "its first band is a palette of type \(bands[0].typeName) in \(bands.count) band(s)",
                remedy: "expected one band of bytes; expand the palette first, for instance with "
                    + "gdal_translate -expand rgb")
        }
        let layout =
            try choice.map { numbers throws(RasterError) in try chosen(numbers, bands, path) }
            ?? stated(bands)
        guard let layout else {
            let list =
                meanings.isEmpty
                ? bands.map(\.role.rawValue).joined(separator: ", ") : SourceBand.words(meanings)
            throw .bands(
                path: path, found: "it has \(bands.count) bands and no colours (\(list))",
                remedy: "choose one of them for values or three for red, green and blue: `bands: [n]` or "
                    + "`bands: [r, g, b]` in a survey file, or --bands")
        }
        let used = layout.bands.map { bands[$0 - 1] }
        guard used.prefix(layout.isColour ? 3 : 1).allSatisfy({ $0.type == used[0].type }) else {
            throw .bands(
                path: path, found: "its colour bands differ in type", remedy: "convert them to one type first"
            )
        }
        return layout
    }

    /// What a file is by itself; nil where it has to be said.
    private static func stated(_ bands: [Band]) -> Layout? {
        if let coloured = coloured(bands) { return coloured }
        let alphaLast = bands.last?.role == .alpha
        switch (bands.count, alphaLast) {
        case (1, false) where bands[0].role == .palette && !bands[0].palette.isEmpty:
            return Layout(bands: [1], isColour: true, isPalette: true)
        case (1, false): return Layout(bands: [1])
        case (2, true): return Layout(bands: [1], alpha: 2)
        case (3, false), (4, true):
            // Three bands of bytes are a picture; three of anything else may be anything else.
            return bands.prefix(3).allSatisfy { $0.type == .uint8 }
                ? Layout(bands: Array(1...bands.count), isColour: true, alpha: alphaLast ? 4 : nil) : nil
        default: return nil
        }
    }

    /// A picture whose bands are said to be red, green and blue, in whatever order they come, alone or with a mask.
    private static func coloured(_ bands: [Band]) -> Layout? {
        let roles = bands.map(\.role)
        let alpha = roles.firstIndex(of: .alpha).map { $0 + 1 }
        guard bands.count == (alpha == nil ? 3 : 4), let red = roles.firstIndex(of: .red),
            let green = roles.firstIndex(of: .green), let blue = roles.firstIndex(of: .blue)
        else { return nil }
        return Layout(
            bands: [red + 1, green + 1, blue + 1] + (alpha.map { [$0] } ?? []), isColour: true, alpha: alpha)
    }

    /// What the survey says; an alpha band that is not chosen stays one.
    private static func chosen(
        _ numbers: [Int], _ bands: [Band], _ path: String
    ) throws(RasterError) -> Layout {
        guard numbers.count == 1 || numbers.count == 3, numbers.allSatisfy({ (1...bands.count).contains($0) })
        else {
            throw .bands(
                path: path,
                found: "the bands \(numbers.map(String.init).joined(separator: ", ")) were chosen of "
                    + "\(bands.count)",
                remedy: "expected one number or three, from 1 to \(bands.count)")
        }
        let isPalette =
            numbers == [1] && bands.count == 1 && bands[0].role == .palette && !bands[0].palette.isEmpty
        let alpha = bands.firstIndex { $0.role == .alpha }.map { $0 + 1 }.flatMap {
            numbers.contains($0) ? nil : $0
        }
        let isColour = numbers.count == 3
        return Layout(
            bands: isColour ? numbers + (alpha.map { [$0] } ?? []) : numbers,
            isColour: isColour || isPalette, alpha: alpha, isPalette: isPalette)
    }

    /// The narrowest kind that holds every physical value of the stored type exactly, as far as one does.
    private static func valueKind(
        _ type: SampleType, scaled: Bool, scale: Double, offset: Double
    ) -> SampleKind {
        guard scaled else {
            switch type {
            case .uint8: return .uint8
            case .int8, .int16: return .int16
            case .uint16, .int32: return .int32
            case .uint32, .float64: return .float64
            case .float32: return .float32
            }
        }
        switch type {
        case .uint32, .int32, .float64: return .float64
        case .float32: return .float32
        case .uint8, .int8, .uint16, .int16:
            // Float32 has 24 bits: it holds stored * scale + offset where that is fewer steps from zero.
            let largest = type == .uint16 ? 65535.0 : 32768.0
            let steps = largest + abs(offset / scale)
            return steps < 16_777_216 ? .float32 : .float64
        }
    }

    /// An integer kind with room for a value that means "no data" and that no valid sample takes.
    ///
    /// A declared nodata value serves where it is an extreme of the type: no mean of valid samples reaches it.
    /// Otherwise the least value of the kind serves, and bytes, which have none to spare, become 16 bits.
    private static func withBlank(
        _ kind: SampleKind, noData: Double?, needed: Bool, storedType: SampleType
    ) -> (SampleKind, Int?) {
        guard needed else { return (kind, nil) }
        switch kind {
        case .uint8:
            if let noData, noData == 0 || noData == 255 { return (.uint8, Int(noData)) }
            return (.int16, Int(Int16.min))
        case .int16:
            if storedType == .int16, noData == Double(Int16.max) { return (.int16, Int(Int16.max)) }
            return (.int16, Int(Int16.min))
        case .int32:
            if storedType == .int32, noData == Double(Int32.max) { return (.int32, Int(Int32.max)) }
            return (.int32, Int(Int32.min))
        case .float32, .float64, .colour: return (kind, nil)
        }
    }
}

internal import Maps

/// What a request for a map says, before anything is known of layers and coordinate systems.
public struct WMSMapParameters: Sendable, Hashable {
    /// The version of the request.
    public var version: WMSVersion
    /// The names of the layers, from the lowest.
    public var layers: [String]
    /// The names of the styles, one for each layer; an empty one is the layer's default.
    public var styles: [String]
    /// The coordinate system as the request spells it.
    public var crs: String
    /// The four numbers of the box as they stand: the first two are the least values of the first and the second axis.
    public var box: [Double]
    /// Columns of the map.
    public var width: Int
    /// Rows of the map.
    public var height: Int
    /// The opacity of each layer, 0 to 1.
    public var opacities: [Double]
    /// What else the request says of how values become colours: `RANGE`, `COLORMAP` and the others of `MapStyle`.
    public var styling: [String: String]

    /// Reads the parameters that GetMap and GetFeatureInfo share (OGC 06-042, section 7.3.3).
    init(_ query: KVPQuery, version: WMSVersion, limits: WMSLimits) throws(OGCException) {
        self.version = version
        for name in ["SLD", "SLD_BODY"] where try query.optional(name) != nil {
            throw OGCException(
                .operationNotSupported, locator: name,
                "Styled layer descriptors are not taken; the capabilities list the styles, and RANGE and COLORMAP change them."
            )
        }
        layers = try query.required("LAYERS").split(separator: ",", omittingEmptySubsequences: false).map(
            String.init)
        guard layers.count <= limits.mostLayers else {
            throw .invalid(
                "LAYERS", "names \(layers.count) layers; at most \(limits.mostLayers) are drawn in one map")
        }
        styles = try Self.styles(query, count: layers.count)
        crs = try query.required(version.crsParameter)
        box = try Self.box(try query.required("BBOX"))
        (width, height) = (
            try Self.side("WIDTH", query, atMost: limits.largestWidth),
            try Self.side("HEIGHT", query, atMost: limits.largestHeight)
        )
        let pixels = width * height * layers.count
        guard pixels <= limits.mostPixels else {
            throw .invalid(
                "WIDTH",
                "and HEIGHT ask for \(width) x \(height) pixels of \(layers.count) layers, \(pixels) in all; "
                    + "at most \(limits.mostPixels) are drawn for one request")
        }
        opacities = try Self.opacities(query, count: layers.count)
        styling = try query.styling()
    }

    private static func styles(_ query: KVPQuery, count: Int) throws(OGCException) -> [String] {
        guard let text = try query.optional("STYLES") else { return Array(repeating: "", count: count) }
        let styles = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard styles.count == count else {
            throw .invalid(
                "STYLES", "names \(styles.count) styles for \(count) layers; one for each was expected")
        }
        return styles
    }

    private static func box(_ text: String) throws(OGCException) -> [Double] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
            NumberText.double($0)
        }
        let box = numbers.compactMap { $0 }
        guard numbers.count == 4, box.count == 4 else {
            throw .invalid("BBOX", "is \(OGCException.quoted(text)); four finite numbers were expected")
        }
        guard box[0] < box[2], box[1] < box[3] else {
            throw .invalid(
                "BBOX",
                "is \(OGCException.quoted(text)); the third number must exceed the first and the fourth the second"
            )
        }
        return box
    }

    private static func side(
        _ name: String, _ query: KVPQuery, atMost most: Int
    ) throws(OGCException) -> Int {
        let text = try query.required(name)
        guard let side = NumberText.integer(text), side > 0 else {
            throw .invalid(
                name, "is \(OGCException.quoted(text)); a whole number of pixels above 0 was expected")
        }
        guard side <= most else {
            throw .invalid(name, "is \(side); at most \(most) pixels are drawn")
        }
        return side
    }

    private static func opacities(_ query: KVPQuery, count: Int) throws(OGCException) -> [Double] {
        guard let text = try query.optional("OPACITIES") else { return Array(repeating: 1, count: count) }
        let given = text.split(separator: ",", omittingEmptySubsequences: false).map {
            NumberText.integer($0)
        }
        let opacities = given.compactMap { $0 }.filter { (0...255).contains($0) }
        guard given.count == count, opacities.count == count else {
            throw .invalid(
                "OPACITIES",
                "is \(OGCException.quoted(text)); a number from 0 to 255 for each layer was expected")
        }
        return opacities.map { Double($0) / 255 }
    }
}

extension KVPQuery {
    /// The parameters of this service's own that change a style.
    func styling() throws(OGCException) -> [String: String] {
        var styling: [String: String] = [:]
        for name in MapStyle.parameterNames { styling[name] = try optional(name) }
        return styling
    }
}

/// Numbers in parameters.
enum NumberText {
    /// A finite number in decimal notation, with an exponent or without.
    static func double(_ text: some StringProtocol) -> Double? {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal, text.utf8.count <= 64, let number = Double(String(text)), number.isFinite else {
            return nil
        }
        return number
    }

    /// A whole number with a sign or without.
    static func integer(_ text: some StringProtocol) -> Int? {
        text.utf8.count <= 18 ? Int(text) : nil
    }
}

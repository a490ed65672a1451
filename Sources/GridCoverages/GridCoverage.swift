public import Maps

/// A map as numbers on a grid: what one identifier of a coverage service stands for.
public struct GridCoverage: Sendable {
    /// Where the numbers come from.
    public enum Kind: Sendable {
        /// The tiles of a map, drawn on the body's equirectangular system at the resolution of the deepest ones.
        case map(MapLayer)
        /// The file that a map was built from, on its own grid.
        case native(NativeSource)
    }

    /// The name in requests: the map's, with `__native` behind it for the source's own grid.
    public let identifier: String
    /// The name for people.
    public let title: String
    /// What it shows, and where its numbers come from.
    public let abstract: String?
    /// Where the numbers come from.
    public let kind: Kind
    /// The coordinate reference system of ``grid``.
    ///
    /// That of a file whose radius is not the IAU's has an identifier of the authority `TESSERA`, which no other program
    /// knows; its frame has the definition.
    public let crs: MapCRS
    /// The grid.
    public let grid: CoverageGrid
    /// The bands, at least one.
    public let bands: [CoverageBand]
    /// What heights are counted from, in words; nil where there are none or nobody knows.
    public let vertical: String?
    /// The ways in which values between the grid's are found, the default first.
    public let interpolations: [CoverageInterpolation]
    /// Whether answers may be in other systems than ``crs``.
    public let isReprojected: Bool

    /// The suffix of the names of coverages on the source's own grid.
    public static let nativeSuffix = "__native"

    /// For how many seconds a server that did not answer is not asked for its file again.
    public static let restSeconds = SourceWatch.restSeconds

    /// Whether this is the source's own grid.
    public var isNative: Bool { if case .native = kind { true } else { false } }

    /// Whether the numbers can be had: what is known of the file behind a coverage on the source's own grid, of one on a
    /// server without asking that.
    public var knownState: SourceState {
        if case .native(let native) = kind { native.knownState } else { .unchanged }
    }

    /// Whether the numbers come from a server, which is waited for.
    public var isRemote: Bool { if case .native(let native) = kind { native.isRemote } else { false } }

    /// Whether what is known of a file on a server is so old that it is to be asked for again.
    public var isDue: Bool { if case .native(let native) = kind { native.isDue } else { false } }

    /// The same as ``knownState`` by the word of the server, which is waited for where what is known is old.
    public func state() -> SourceState {
        if case .native(let native) = kind { native.look().state } else { .unchanged }
    }

    /// Names of the axes in the order of ``crs``'s definition: `E N`, or `Lat Long`.
    ///
    /// Those that run west are called `W` and `Long`.
    public var axisLabels: [String] {
        switch crs.axisOrder {
        case .eastNorth: crs.isGeographic ? ["Long", "Lat"] : ["E", "N"]
        case .northEast, .northWest: ["Lat", "Long"]
        case .westNorth: crs.isGeographic ? ["Long", "Lat"] : ["W", "N"]
        }
    }

    /// Formats in which the coverage is sent, the native one first.
    public var formats: [CoverageFormat.Kind] {
        // A picture of 2 or more than 4 bands is none, and numbers of a file have no style to be drawn in.
        let isDrawn = !isNative || bands[0].type == .uint8
        let isPicture =
            isDrawn
            && (bands.count == 1 || bands.count == 3 || (bands.count == 4 && bands[3].name == "alpha"))
        return isPicture ? [.geoTIFF, .fits, .png, .jpeg] : [.geoTIFF, .fits]
    }
}

/// How a value between those of a grid is found.
public enum CoverageInterpolation: String, Sendable, Hashable, CaseIterable {
    /// The value of the nearest pixel.
    case nearest
    /// By the four pixels around it, linearly in both directions.
    case linear
    /// By the sixteen pixels around it, with the cubic convolution of R. Keys (1981), a = -1/2; linearly where one of them
    /// is missing.
    case cubic
}

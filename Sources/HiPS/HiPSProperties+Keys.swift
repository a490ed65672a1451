public import HEALPix
public import Tiles

/// The keys that the builder and the server deal in, with their types. A getter gives nil where the key is
/// absent or its text is not of the type; setting nil removes the key.
extension HiPSProperties {
    /// `hips_order`: the order of the deepest tiles.
    public var order: Order? {
        get { integer("hips_order").flatMap { Order($0) } }
        set { self["hips_order"] = newValue.map { String($0.value) } }
    }

    /// `hips_order_min`: the order of the first tiles; Aladin Lite reads it although HiPS 2.0 drops it.
    public var orderMin: Order? {
        get { integer("hips_order_min").flatMap { Order($0) } }
        set { self["hips_order_min"] = newValue.map { String($0.value) } }
    }

    /// `hips_tile_width`: the width of a tile in pixels; 512 where the key is absent (HiPS 1.0, section
    /// 4.4.1).
    public var tileWidth: Int? {
        get { self["hips_tile_width"] == nil ? 512 : integer("hips_tile_width") }
        set { self["hips_tile_width"] = newValue.map { String($0) } }
    }

    /// `hips_tile_format`: the formats of the tiles; words that are none are passed over.
    public var formats: [TileFormat]? {
        get {
            self["hips_tile_format"].map { words in
                words.split { $0 == " " || $0 == "," }.compactMap { TileFormat(word: String($0)) }
            }
        }
        set { self["hips_tile_format"] = newValue.map { $0.map(\.propertyWord).joined(separator: " ") } }
    }

    /// `hips_frame`: the frame; for a planet the word of the body, which is what Aladin Desktop reads.
    public var frame: String? {
        get { self["hips_frame"] }
        set { self["hips_frame"] = newValue }
    }

    /// `hips_body`: the body, which is what Aladin Lite reads (HiPS 2.0).
    public var body: String? {
        get { self["hips_body"] }
        set { self["hips_body"] = newValue }
    }

    /// `obs_title`: the title.
    public var title: String? {
        get { self["obs_title"] }
        set { self["obs_title"] = newValue }
    }

    /// `obs_description`: what the map shows.
    public var abstract: String? {
        get { self["obs_description"] }
        set { self["obs_description"] = newValue }
    }

    /// `obs_copyright`: whose data these are, the credit line.
    public var credit: String? {
        get { self["obs_copyright"] }
        set { self["obs_copyright"] = newValue }
    }

    /// `obs_copyright_url`: a page on the origin of the data.
    public var creditURL: String? {
        get { self["obs_copyright_url"] }
        set { self["obs_copyright_url"] = newValue }
    }

    /// `tessera_licence`: the licence of the data; the standard has no key for it.
    public var licence: String? {
        get { self["tessera_licence"] }
        set { self["tessera_licence"] = newValue }
    }

    /// `creator_did`: the identifier of the HiPS, an `ivo://` URI.
    public var creatorDID: String? {
        get { self["creator_did"] }
        set { self["creator_did"] = newValue }
    }

    /// `hips_release_date`: when the tiles were last changed, as ``timestamp(_:)`` writes it.
    public var releaseDate: String? {
        get { self["hips_release_date"] }
        set { self["hips_release_date"] = newValue }
    }

    /// `hips_status`: words such as `public master clonableOnce`.
    public var status: String? {
        get { self["hips_status"] }
        set { self["hips_status"] = newValue }
    }

    /// `hips_pixel_cut`: the values shown as the darkest and the brightest.
    public var pixelCut: (low: Double, high: Double)? {
        get { pair("hips_pixel_cut") }
        set { self["hips_pixel_cut"] = newValue.map { Self.number($0.low) + " " + Self.number($0.high) } }
    }

    /// `hips_data_range`: the least and the greatest value of all pixels.
    public var dataRange: (low: Double, high: Double)? {
        get { pair("hips_data_range") }
        set { self["hips_data_range"] = newValue.map { Self.number($0.low) + " " + Self.number($0.high) } }
    }

    /// `hips_estsize`: the size of the whole HiPS in kilobytes.
    public var estSizeKB: Int? {
        get { integer("hips_estsize") }
        set { self["hips_estsize"] = newValue.map { String($0) } }
    }

    /// Writes a time as HiPS does, `YYYY-mm-ddTHH:MMZ` (HiPS 1.0, section 4.4.1).
    /// - Parameter secondsSince1970: seconds of Unix time, of any sign; less than a minute is dropped.
    public static func timestamp(_ secondsSince1970: Int64) -> String {
        let minutes = secondsSince1970.flooredQuotient(60)
        let days = minutes.flooredQuotient(1440)
        let minuteOfDay = minutes - days * 1440
        // Days to a Gregorian date in years that begin on 1 March, so that the leap day comes last.
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func digits(_ value: Int64, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day, 2) + "T"
            + digits(minuteOfDay / 60, 2) + ":" + digits(minuteOfDay % 60, 2) + "Z"
    }

    private func integer(_ key: String) -> Int? {
        self[key].flatMap { Int($0) }
    }

    private func pair(_ key: String) -> (low: Double, high: Double)? {
        guard let text = self[key] else { return nil }
        let parts = text.split(separator: " ").map { Double($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1] else { return nil }
        return (low, high)
    }

    /// The shortest text that gives the same number back, without `.0` behind whole numbers.
    private static func number(_ value: Double) -> String {
        let text = String(describing: value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

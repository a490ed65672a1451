/// The form that the value of a key must have.
struct KeySyntax: Sendable {
    /// What to say that was expected.
    let expected: String
    /// Whether a value, which is never empty, has the form.
    let accepts: @Sendable (String) -> Bool

    private init(_ expected: String, _ accepts: @escaping @Sendable (String) -> Bool) {
        self.expected = expected
        self.accepts = accepts
    }

    /// Keys that every HiPS must have (HiPS 1.0, section 4.4.1).
    static let mandatory = [
        "creator_did", "obs_title", "dataproduct_type", "hips_version", "hips_release_date", "hips_status",
        "hips_tile_format", "hips_order", "hips_frame",
    ]

    /// Keys whose values have a form (HiPS 1.0, section 4.4.1; `hips_body` and the types from HiPS 2.0).
    static let known: [String: KeySyntax] = [
        "creator_did": KeySyntax("an IVOA identifier, ivo://authority/path, without blanks") {
            $0.hasPrefix("ivo://") && $0.count > 6 && !$0.contains(where: \.isWhitespace)
        },
        "publisher_did": KeySyntax("an IVOA identifier, ivo://authority/path, without blanks") {
            $0.hasPrefix("ivo://") && !$0.contains(where: \.isWhitespace)
        },
        "dataproduct_type": words(
            ["image", "catalog", "cube", "spectral-cube", "time-cube"], atMost: 1),
        "dataproduct_subtype": words(["color", "live"], atMost: 2),
        "hips_version": KeySyntax("a version such as 1.4") { text in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { isDigits($0) }
        },
        "hips_release_date": date,
        "hips_creation_date": date,
        "hips_status": KeySyntax(
            "one word of each of public|private, master|mirror|partial, clonable|unclonable|clonableOnce, "
                + "with blanks between"
        ) { isStatus($0) },
        "hips_tile_format": words(["jpeg", "png", "fits", "webp", "tsv"], atMost: 5),
        "hips_order": integer(0...29),
        "hips_order_min": integer(0...29),
        "hips_order4": integer(0...29),
        "hips_tile_width": KeySyntax("a power of two, 1 to 8192") { text in
            guard isDigits(text), let width = Int(text) else { return false }
            return (1...8192).contains(width) && width & (width - 1) == 0
        },
        "hips_pixel_bitpix": words(["8", "16", "32", "64", "-32", "-64"], atMost: 1),
        "data_pixel_bitpix": words(["8", "16", "32", "64", "-32", "-64"], atMost: 1),
        "hips_pixel_cut": interval,
        "hips_data_range": interval,
        "hips_sampling": words(["none", "nearest", "bilinear"], atMost: 1),
        "hips_initial_ra": number("a longitude in degrees, -180 to 360") { $0 >= -180 && $0 <= 360 },
        "hips_initial_dec": number("a latitude in degrees, -90 to 90") { abs($0) <= 90 },
        "hips_initial_fov": number("an angle in degrees above 0") { $0 > 0 },
        "hips_pixel_scale": number("an angle in degrees above 0") { $0 > 0 },
        "s_pixel_scale": number("an angle in degrees above 0") { $0 > 0 },
        "hips_estsize": integer(0...Int.max),
        "hips_nb_tiles": integer(0...Int.max),
        "hips_cube_depth": integer(1...Int.max),
        "hips_cat_nrows": integer(0...Int.max),
        "moc_order": integer(0...29),
        "moc_sky_fraction": number("a fraction, 0 to 1") { $0 >= 0 && $0 <= 1 },
        "t_min": number("a modified Julian date") { _ in true },
        "t_max": number("a modified Julian date") { _ in true },
        "em_min": number("a wavelength in metres") { $0 >= 0 },
        "em_max": number("a wavelength in metres") { $0 >= 0 },
        "hips_service_url": url,
        "moc_access_url": url,
        "obs_copyright_url": url,
        "bib_reference_url": url,
        "hips_progenitor_url": url,
        "hips_copyright_url": url,
        "hips_frame": KeySyntax("one word: equatorial, galactic, ecliptic, or a body") {
            !$0.contains(where: \.isWhitespace)
        },
        "hips_body": KeySyntax("the name of a body in lower case") { $0 == $0.lowercased() },
    ]

    // MARK: - Forms

    private static let date = KeySyntax("a time YYYY-mm-ddTHH:MMZ") { isDate($0) }

    private static let url = KeySyntax("an address with http:// or https://, without blanks") { text in
        (text.hasPrefix("http://") || text.hasPrefix("https://"))
            && !text.contains(where: \.isWhitespace)
    }

    private static let interval = KeySyntax("two numbers, the lower first") { text in
        let numbers = text.split { $0 == " " || $0 == "\t" }.map { Double($0) }
        guard numbers.count == 2, let low = numbers[0], let high = numbers[1] else { return false }
        return low.isFinite && high.isFinite && low <= high
    }

    private static func number(
        _ expected: String, _ accepts: @escaping @Sendable (Double) -> Bool
    ) -> KeySyntax {
        KeySyntax(expected) { text in
            guard let value = Double(text), value.isFinite else { return false }
            return accepts(value)
        }
    }

    private static func integer(_ range: ClosedRange<Int>) -> KeySyntax {
        let expected =
            range.upperBound == Int.max
            ? "a whole number, \(range.lowerBound) or more"
            : "a whole number, \(range.lowerBound) to \(range.upperBound)"
        return KeySyntax(expected) { text in
            guard isDigits(text), let value = Int(text) else { return false }
            return range.contains(value)
        }
    }

    private static func words(_ accepted: [String], atMost count: Int) -> KeySyntax {
        let list = accepted.joined(separator: ", ")
        let expected = count == 1 ? "one of \(list)" : "words out of \(list), with blanks between, none twice"
        return KeySyntax(expected) { text in
            let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
            return (1...count).contains(words.count) && Set(words).count == words.count
                && words.allSatisfy { accepted.contains($0) }
        }
    }

    private static func isStatus(_ text: String) -> Bool {
        let groups: [Set<String>] = [
            ["public", "private"], ["master", "mirror", "partial"],
            ["clonable", "unclonable", "clonableOnce"],
        ]
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        let places = words.map { word in groups.firstIndex { $0.contains(word) } }
        return places.count == 3 && Set(places) == [0, 1, 2]
    }

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func isDate(_ text: String) -> Bool {
        let pattern = "0000-00-00T00:00Z"
        guard text.utf8.count == pattern.utf8.count else { return false }
        for (byte, form) in zip(text.utf8, pattern.utf8) {
            let fits = form == 0x30 ? (0x30...0x39).contains(byte) : byte == form
            guard fits else { return false }
        }
        let numbers = text.split { "-T:Z".contains($0) }.compactMap { Int($0) }
        return numbers.count == 5 && (1...12).contains(numbers[1]) && (1...31).contains(numbers[2])
            && (0...23).contains(numbers[3]) && (0...59).contains(numbers[4])
    }
}

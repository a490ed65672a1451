internal import HEALPix
internal import HiPS
internal import Tiles

/// Checks the text of a `properties` file by itself: keys, their forms, and what a planetary HiPS needs.
enum PropertiesCheck {
    static let path = "properties"

    /// Words of `hips_frame` that Aladin Desktop takes for the sky; every other one is a body to it.
    static let skyFrames: Set<String> = [
        "g", "gal", "galactic", "e", "ecl", "ecliptic", "c", "equ", "equatorial",
    ]

    static func check(_ text: String, _ properties: HiPSProperties, _ findings: inout Findings) {
        checkLines(text, &findings)
        for key in KeySyntax.mandatory where properties[key]?.isEmpty ?? true {
            findings.add(.keyMissing, path, found: "no \(key)", expected: "\(key), which is mandatory")
        }
        for pair in properties.pairs {
            guard let syntax = KeySyntax.known[pair.key] else { continue }
            if pair.value.isEmpty {
                if !KeySyntax.mandatory.contains(pair.key) {
                    findings.add(
                        .keySyntax, path, found: "\(pair.key) without a value", expected: syntax.expected)
                }
            } else if !syntax.accepts(pair.value) {
                findings.add(
                    .keySyntax, path, found: "\(pair.key) = \(short(pair.value))", expected: syntax.expected)
            }
        }
        checkPlanet(properties, &findings)
        checkClients(properties, &findings)
        if let low = properties.orderMin, let high = properties.order, low > high {
            findings.add(
                .keySyntax, path, found: "hips_order_min = \(low)", expected: "at most hips_order = \(high)")
        }
    }

    private static func checkLines(_ text: String, _ findings: inout Findings) {
        var seen: Set<String> = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let line = line.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
            guard !line.isEmpty, line.first != "#" else { continue }
            let key = line.prefix { $0 != "=" }
            guard key.endIndex < line.endIndex, !key.allSatisfy(\.isWhitespace) else {
                findings.add(
                    .lineMalformed, path, found: "line \(number): \(short(String(line)))",
                    expected: "key = value, or a comment that begins with #")
                continue
            }
            let name = String(key.filter { !$0.isWhitespace })
            if !seen.insert(name).inserted {
                findings.add(
                    .keyDuplicate, path, found: "\(name) a second time in line \(number)",
                    expected: "each key once, as readers differ in which one they take")
            }
        }
    }

    private static func checkPlanet(_ properties: HiPSProperties, _ findings: inout Findings) {
        guard let frame = properties.frame?.lowercased(), !frame.isEmpty else { return }
        let isSky = skyFrames.contains(frame)
        guard let body = properties.body?.lowercased(), !body.isEmpty else {
            if !isSky {
                findings.add(
                    .bodyMissing, path, found: "hips_frame = \(frame) without hips_body",
                    expected: "hips_body = \(frame) too: without it Aladin Lite mirrors the map")
            }
            return
        }
        if body != frame {
            findings.add(
                .bodyFrameDiffer, path, found: "hips_frame = \(frame), hips_body = \(body)",
                expected: "the same word in both: Aladin Desktop goes by hips_frame, Aladin Lite by hips_body"
            )
        }
    }

    private static func checkClients(_ properties: HiPSProperties, _ findings: inout Findings) {
        guard properties["dataproduct_type"] == "image" else { return }
        if properties["hips_order_min"] == nil {
            findings.add(
                .keyAdvised, path, found: "no hips_order_min",
                expected: "hips_order_min: readers take 0 or 3 where it is absent")
        }
        if properties.formats?.contains(.fits) == true, properties["hips_pixel_bitpix"] == nil {
            findings.add(
                .keyAdvised, path, found: "no hips_pixel_bitpix",
                expected: "hips_pixel_bitpix: Aladin Lite shows no FITS tiles without it")
        }
        if properties.order?.value == 0 {
            findings.add(
                .orderZero, path, found: "hips_order = 0",
                expected: "1 or more: Aladin Lite shows nothing of a map of order 0")
        }
    }

    /// A value cut to what fits a line.
    static func short(_ text: String) -> String {
        text.count <= 80 ? text : text.prefix(77) + "..."
    }
}

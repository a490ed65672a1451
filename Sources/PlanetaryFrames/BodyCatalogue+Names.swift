extension BodyCatalogue {
    /// The body of a name in any usual spelling.
    ///
    /// Taken are names in any case (`Mars`, `MARS`), NAIF codes (`499`), small-body designations (`4 Vesta`,
    /// `67P`), `luna`, identifiers of
    /// coordinate systems (`ESRI:104905`, `IAU_2015:49910`), and names of coordinate systems and datums that hold one body's name (`GCS_Mars_2000`,
    /// `Mars (2015) - Sphere / Ocentric`, `SimpleCylindrical_Mars`). `Europa` is Jupiter's moon,
    /// `52 Europa` the asteroid.
    ///
    /// - Throws: `FrameError.unknownBody` with the nearest names, or `FrameError.ambiguousBody`.
    public func body(named name: String) throws(FrameError) -> Body {
        let trimmed = name.trimmedASCII
        if let code = Int(trimmed) {
            if let body = body(naifCode: code) ?? body(longNAIFCode: code) { return body }
            throw .unknownBody(name: trimmed, nearest: [])
        }
        if trimmed.contains(":"), let body = try body(identified: trimmed) { return body }
        let words = NameWords.split(trimmed)
        let found = occurrences(in: words)
        let distinct = found.map(\.body).uniqued()
        if distinct.count > 1 {
            throw .ambiguousBody(source: nil, names: distinct.map(\.name), text: trimmed)
        }
        if let only = distinct.first {
            let used = Set(found.flatMap { Array($0.range) })
            let rest = words.indices.filter { !used.contains($0) }.map { words[$0] }
            // Anything but numbers and words about mapping may mean some other body: "Mars Trojan".
            if rest.allSatisfy({ Int($0) != nil || NameWords.aboutMapping.contains($0) }) { return only }
        }
        throw .unknownBody(name: trimmed, nearest: nearestNames(to: words))
    }

    /// NAIF writes numbered asteroids with a leading 2 and six digits, or, since 2021, with a leading 20 and six or more.
    private func body(longNAIFCode code: Int) -> Body? {
        (20_000_001...20_999_999).contains(code) ? body(naifCode: code - 18_000_000) : nil
    }

    /// The body of a coordinate system's identifier: by the NAIF number of an IAU code, else by the system's name.
    private func body(identified text: String) throws(FrameError) -> Body? {
        guard let identifier = try CRSIdentifier.parse(text) else { return nil }
        if let code = identifier.naifCode { return body(naifCode: code) }
        let crs = try PROJContext().crs(authority: identifier.authority, code: identifier.code)
        let found = (crs.map { bodies(namedIn: $0.name) } ?? []).uniqued()
        return found.count == 1 ? found[0] : nil
    }

    /// The distinct bodies that a free text names, such as the name of a datum.
    func bodies(namedIn text: String) -> [Body] {
        occurrences(in: NameWords.split(text)).map(\.body).uniqued()
    }

    /// The bodies one of whose radii is the given one to a millionth.
    func bodies(withRadius metres: Double) -> [Body] {
        bodies.filter { body in
            [body.sphereRadiusMetres, body.equatorialRadiusMetres, body.polarRadiusMetres]
                .contains { abs($0 - metres) <= 1e-6 * $0 }
        }
    }

    private func occurrences(in words: [String]) -> [(range: Range<Int>, body: Body)] {
        var hits: [(range: Range<Int>, body: Body)] = []
        for (name, body) in nameWords {
            for start in words.indices where words[start...].starts(with: name) {
                hits.append((start..<start + name.count, body))
            }
        }
        // "52 Europa" holds "Europa": the longer name is meant.
        return hits.filter { hit in
            !hits.contains {
                $0.range.count > hit.range.count && $0.range.clamped(to: hit.range) == hit.range
            }
        }
    }

    private func nearestNames(to words: [String]) -> [String] {
        let candidates = words + [words.joined(separator: " ")]
        let scored = nameWords.compactMap { entry -> (score: Int, name: String)? in
            let name = entry.words.joined(separator: " ")
            let score = candidates.map { NameWords.editDistance($0, name) }.min() ?? name.count
            return score * 3 <= name.count + 2 ? (score, entry.body.name) : nil
        }
        return scored.sorted { ($0.score, $0.name) < ($1.score, $1.name) }.prefix(3).map(\.name)
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetition, in their first order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension String {
    /// The text without blanks, tabs and line ends around it.
    var trimmedASCII: String {
        let blanks: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        guard let first = firstIndex(where: { !blanks.contains($0) }),
            let last = lastIndex(where: { !blanks.contains($0) })
        else { return "" }
        return String(self[first...last])
    }
}
